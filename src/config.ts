import * as v from "valibot";
import { reviewSettings } from "./config/review.ts";
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from "./keys/key.ts";
import { parseAddress } from "./protocol/email-address.ts";
import {
  PAT_LIFETIME_MAX_SECONDS,
  RPT_LIFETIME_MAX_SECONDS,
  TICKET_LIFETIME_MAX_SECONDS,
} from "./protocol/lifetimes.ts";
import type { ServerDocuments } from "./protocol/metadata.ts";
import { CHOICES, type Choices, PROFILE_NAMES, PROFILES, type ProfileName } from "./protocol/profile.ts";
import { CLIENT_REGISTRATIONS, type ClientRegistrationMode } from "./protocol/wire/registration.ts";
import { DEFAULT_QUOTAS, type Quotas } from "./shared/quotas.ts";
import { isLoopback, isUriAsWritten } from "./shared/uri.ts";
import type { Warning } from "./shared/warning.ts";

/** Segments of unreserved characters: whatever needs an escape, or means something to a router, would be found nowhere. */
const ISSUER_PATH = /^(?:\/|(?:\/[A-Za-z0-9._~-]+)+)$/;

/** RFC 8414 §2: https without query or fragment; plain http only on loopback, for development. */
function isIssuer(value: string): boolean {
  if (!isUriAsWritten(value) || /[?#]|\/$/.test(value)) return false;
  const url = new URL(value);
  if (!ISSUER_PATH.test(url.pathname)) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}

const bounded = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  const digits = v.pipe(v.string(), v.regex(/^\d{1,11}$/, message), v.toNumber());
  return v.pipe(digits, v.minValue(min, message), v.maxValue(max, message));
};

const wholeNumber = (byDefault: number, min: number, max: number) => v.optional(bounded(min, max), String(byDefault));

/** Left out, it is what the profile says. */
const ofProfile = <Choice extends keyof typeof CHOICES>(choice: Choice) => v.optional(v.picklist(CHOICES[choice]));

/** RFC 6749 appendix A.13: a registered name, not a URI. */
const TOKEN_TYPE = /^[A-Za-z0-9._-]{1,50}$/;

/** What is pasted with a blank or a line end would be another secret, and one that no header can carry. */
const secret = v.optional(
  v.pipe(v.string(), v.regex(/^[\x21-\x7e]{32,}$/, "must have at least 32 characters, all of them visible ASCII")),
);

/** Of a page that people read: anybody's browser is sent there. */
const pageUri = v.optional(
  v.pipe(
    v.string(),
    v.check(
      (uri) => isUriAsWritten(uri) && uri.startsWith("https://"),
      "must be an https URL, as a browser writes it and without credentials",
    ),
  ),
);

const MEGABYTE = 1_000_000;
/** What one D1 database holds. */
const DATABASE_BYTES = 10_000_000_000;

const Settings = v.object({
  ISSUER: v.pipe(
    v.optional(v.string(), ""),
    v.nonEmpty("must be set"),
    v.check(
      isIssuer,
      "must be an https URL (http on loopback), in lower case as far as its host goes, without credentials, default port, " +
        "query, fragment or trailing slash, and with a path, if any, of letters, digits and - . _ ~",
    ),
  ),
  ADMIN_SECRET: secret,
  ADMIN_SECRET_PREVIOUS: secret,
  KEY_ENCRYPTION_KEY: secret,
  KEY_ENCRYPTION_KEY_PREVIOUS: secret,
  SIGNING_ALGORITHM: v.optional(v.picklist(SIGNING_ALGORITHMS), "ES256"),
  PROFILE: v.optional(v.picklist(PROFILE_NAMES), "default"),
  SENDER_CONSTRAINED_TOKENS: ofProfile("senderConstrainedTokens"),
  DPOP_NONCES: ofProfile("dpopNonces"),
  PUSHED_REQUESTS: ofProfile("pushedRequests"),
  CLIENT_AUTHENTICATION: ofProfile("clientAuthentication"),
  ASSERTION_AUDIENCE: ofProfile("assertionAudience"),
  INTROSPECTION_CALLERS: ofProfile("introspectionCallers"),
  OPENID_SCOPE: ofProfile("openidScope"),
  CLAIM_TOKENS: ofProfile("claimTokens"),
  BEARER_NAME: v.optional(
    v.pipe(v.string(), v.regex(TOKEN_TYPE, "must be 1 to 50 letters, digits, dots, hyphens or underscores")),
  ),
  CLIENT_CERTIFICATES: v.optional(v.picklist(["ignored", "verified"]), "ignored"),
  TICKET_LIFETIME: v.optional(bounded(30, TICKET_LIFETIME_MAX_SECONDS)),
  RPT_LIFETIME: v.optional(bounded(10, RPT_LIFETIME_MAX_SECONDS)),
  PAT_LIFETIME: v.optional(bounded(60, PAT_LIFETIME_MAX_SECONDS)),
  CONNECTION_IDLE_DAYS: wholeNumber(0, 0, 3_650),
  RPT_SIZE_LIMIT: wholeNumber(4_096, 512, 8_192),
  PARTIAL_GRANTS: v.optional(v.picklist(["allow", "refuse"]), "allow"),
  LOG_LEVEL: v.optional(v.picklist(["info", "warn", "error"]), "warn"),
  REPLAY_WITHDRAWS: v.optional(v.picklist(["yes", "no"]), "yes"),
  RESOURCES_PER_CONNECTION: wholeNumber(DEFAULT_QUOTAS.resourcesPerConnection, 1, 10_000_000),
  RESOURCE_BYTES_PER_CONNECTION: wholeNumber(DEFAULT_QUOTAS.resourceBytesPerConnection, MEGABYTE, DATABASE_BYTES),
  POLICIES_PER_OWNER: wholeNumber(DEFAULT_QUOTAS.policiesPerOwner, 1, 1_000_000),
  GROUPS_PER_OWNER: wholeNumber(DEFAULT_QUOTAS.groupsPerOwner, 1, 1_000_000),
  POLICY_BYTES_PER_OWNER: wholeNumber(DEFAULT_QUOTAS.policyBytesPerOwner, MEGABYTE, DATABASE_BYTES),
  MAIL_FROM: v.optional(
    v.pipe(
      v.string(),
      v.check((address) => parseAddress(address) !== null, "must be an e-mail address, without a name beside it"),
    ),
  ),
  CLIENT_REGISTRATION: v.optional(v.picklist(CLIENT_REGISTRATIONS), "initial_access_token"),
  CLIENT_METADATA_DOCUMENTS: v.optional(v.picklist(["refuse", "accept"]), "refuse"),
  REGISTRATIONS_PER_HOUR: wholeNumber(100, 10, 100_000),
  MAILS_PER_HOUR: wholeNumber(1_000, 10, 1_000_000),
  SERVICE_DOCUMENTATION: pageUri,
  OP_POLICY_URI: pageUri,
  OP_TOS_URI: pageUri,
});

/** The names of all settings, and of those that are secrets: whoever deploys a server tells them apart. */
export const SETTINGS: readonly string[] = Object.keys(Settings.entries);
export const SECRETS: readonly string[] = SETTINGS.filter((name) => Reflect.get(Settings.entries, name) === secret);

/** A secret on its way out has another beside it; alone it would stand there as if it did something. */
const CheckedSettings = v.pipe(
  Settings,
  v.forward(
    v.check((all) => isBeside(all.ADMIN_SECRET, all.ADMIN_SECRET_PREVIOUS), "needs ADMIN_SECRET beside it"),
    ["ADMIN_SECRET_PREVIOUS"],
  ),
  v.forward(
    v.check(
      (all) => isBeside(all.KEY_ENCRYPTION_KEY, all.KEY_ENCRYPTION_KEY_PREVIOUS),
      "needs KEY_ENCRYPTION_KEY beside it",
    ),
    ["KEY_ENCRYPTION_KEY_PREVIOUS"],
  ),
);

function isBeside(secret: string | undefined, previous: string | undefined): boolean {
  return secret !== undefined || previous === undefined;
}

/** Everything an operator can set, checked; docs/operations.md, "Settings", explains each. Lifetimes are seconds. */
export interface Config extends Quotas {
  /** The issuer identifier, byte for byte as configured. */
  readonly issuer: string;
  /** Null: the admin API is off. */
  readonly adminSecret: string | null;
  /** The one that it takes over from, good until it is removed. */
  readonly adminSecretPrevious: string | null;
  /** Null: keys are kept unsealed in the key ring. */
  readonly keyEncryptionKey: string | null;
  /** The one that it takes over from, under which keys are kept as well until it is removed. */
  readonly keyEncryptionKeyPrevious: string | null;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly profileName: ProfileName;
  /** What this server chooses where the specifications leave it open: as its profile does, but for what is set beside it. */
  readonly profile: Choices;
  /** Whether what the edge says of the certificates of clients counts (RFC 8705). */
  readonly clientCertificates: boolean;
  readonly ticketLifetime: number;
  readonly rptLifetime: number;
  readonly patLifetime: number;
  /** 0: a refresh token of a connection may lie idle for ever. */
  readonly connectionIdleDays: number;
  /** Bytes; a JWT RPT longer than this is handed out as a handle instead. */
  readonly rptSizeLimit: number;
  /** Whether an RPT may hold less than was asked for (Grant §3.3.4). */
  readonly partialGrants: boolean;
  /** Whether a late repeat of a ticket by its own client withdraws what its process issued (Grant §5.5). */
  readonly replayWithdraws: boolean;
  /** The sender of letters; null: there are none, or they land in the development mailbox. */
  readonly mailFrom: string | null;
  /** How many letters go out within an hour to browsers that are not known, and as many again to those that are. */
  readonly mailsPerHour: number;
  /** Whether programs register clients themselves (RFC 7591 §3). */
  readonly clientRegistration: ClientRegistrationMode;
  /** Whether clients are served that nobody registered, by the document at the URL that is their id. */
  readonly clientDocuments: boolean;
  /** How many may within an hour, of those that need no token for it. */
  readonly registrationsPerHour: number;
  /** Pages about this server, for those who make clients (RFC 8414 §2). */
  readonly documents: ServerDocuments;
  /** The least important events that get a line in the log (docs/events.md). */
  readonly logLevel: "info" | "warn" | "error";
  /** What these settings do that the operator may not expect; each by the name of a setting. */
  readonly warnings: readonly Warning[];
}

/** @throws Error naming the variable that is wrong; a misconfigured server must not answer at all. */
export function readConfig(environment: unknown): Config {
  const parsed = v.safeParse(CheckedSettings, environment);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new Error(`configuration: ${v.getDotPath(issue) ?? "variables"}: ${issue.message}`);
  }
  const settings = parsed.output;
  const { lifetimes } = PROFILES[settings.PROFILE];
  const config = {
    issuer: settings.ISSUER,
    adminSecret: settings.ADMIN_SECRET ?? null,
    adminSecretPrevious: settings.ADMIN_SECRET_PREVIOUS ?? null,
    keyEncryptionKey: settings.KEY_ENCRYPTION_KEY ?? null,
    keyEncryptionKeyPrevious: settings.KEY_ENCRYPTION_KEY_PREVIOUS ?? null,
    signingAlgorithm: settings.SIGNING_ALGORITHM,
    profileName: settings.PROFILE,
    profile: chooseFrom(settings),
    clientCertificates: settings.CLIENT_CERTIFICATES === "verified",
    ticketLifetime: settings.TICKET_LIFETIME ?? lifetimes.ticket,
    rptLifetime: settings.RPT_LIFETIME ?? lifetimes.rpt,
    patLifetime: settings.PAT_LIFETIME ?? lifetimes.pat,
    connectionIdleDays: settings.CONNECTION_IDLE_DAYS,
    rptSizeLimit: settings.RPT_SIZE_LIMIT,
    partialGrants: settings.PARTIAL_GRANTS === "allow",
    replayWithdraws: settings.REPLAY_WITHDRAWS === "yes",
    logLevel: settings.LOG_LEVEL,
    resourcesPerConnection: settings.RESOURCES_PER_CONNECTION,
    resourceBytesPerConnection: settings.RESOURCE_BYTES_PER_CONNECTION,
    policiesPerOwner: settings.POLICIES_PER_OWNER,
    groupsPerOwner: settings.GROUPS_PER_OWNER,
    policyBytesPerOwner: settings.POLICY_BYTES_PER_OWNER,
    mailFrom: settings.MAIL_FROM ?? null,
    documents: {
      service_documentation: settings.SERVICE_DOCUMENTATION,
      op_policy_uri: settings.OP_POLICY_URI,
      op_tos_uri: settings.OP_TOS_URI,
    },
    mailsPerHour: settings.MAILS_PER_HOUR,
    clientRegistration: settings.CLIENT_REGISTRATION,
    clientDocuments: settings.CLIENT_METADATA_DOCUMENTS === "accept",
    registrationsPerHour: settings.REGISTRATIONS_PER_HOUR,
  };
  return Object.freeze({ ...config, warnings: reviewSettings(config) });
}

function chooseFrom(settings: v.InferOutput<typeof Settings>): Choices {
  const { choices } = PROFILES[settings.PROFILE];
  return Object.freeze({
    senderConstrainedTokens: settings.SENDER_CONSTRAINED_TOKENS ?? choices.senderConstrainedTokens,
    dpopNonces: settings.DPOP_NONCES ?? choices.dpopNonces,
    pushedRequests: settings.PUSHED_REQUESTS ?? choices.pushedRequests,
    clientAuthentication: settings.CLIENT_AUTHENTICATION ?? choices.clientAuthentication,
    assertionAudience: settings.ASSERTION_AUDIENCE ?? choices.assertionAudience,
    introspectionCallers: settings.INTROSPECTION_CALLERS ?? choices.introspectionCallers,
    openidScope: settings.OPENID_SCOPE ?? choices.openidScope,
    claimTokens: settings.CLAIM_TOKENS ?? choices.claimTokens,
    bearerName: settings.BEARER_NAME ?? choices.bearerName,
  });
}
