import type { ClaimTokenFormat } from "./claim-token-format.ts";
import type { Client } from "./client.ts";
import { PAT_LIFETIME_SECONDS, RPT_LIFETIME_SECONDS, TICKET_LIFETIME_SECONDS } from "./lifetimes.ts";
import { CLIENT_AUTHENTICATION_METHODS, type ClientAuthenticationMethod } from "./wire/client.ts";
import { PROFILE_PATH } from "./wire/endpoints.ts";
import { OPENID_SCOPE } from "./wire/identity.ts";

/**
 * Where the specifications leave something open, deployments differ. What they may choose stands here, with the words of
 * the settings; docs/profile.md tells what each is about, and what is not left to them.
 */
export const CHOICES = {
  /** Whether access tokens must be bound to a key or a certificate (RFC 9700 §2.2.1). */
  senderConstrainedTokens: ["offered", "required"],
  /** Whether a DPoP proof must bear a nonce of ours (RFC 9449 §8 and §9). */
  dpopNonces: ["unused", "required"],
  /** Whether authorization requests must be pushed (RFC 9126 §5). */
  pushedRequests: ["offered", "required"],
  /** Which clients are served: all, those that prove who they are, or those that prove it by a key (RFC 9700 §2.5). */
  clientAuthentication: ["any", "confidential", "keys"],
  /** What a client assertion may name as its audience: this server by any of its names, or the issuer alone. */
  assertionAudience: ["any", "issuer"],
  /**
   * Who may introspect beside a resource server with its PAT (FedAuthz §5.1.1): nobody, clients that are registered for
   * it, or every client, each about tokens made for it.
   */
  introspectionCallers: ["pat", "registered", "any"],
  /** What becomes of the scope `openid` in a request with a ticket, where it can mean nothing (Grant §3.3.1). */
  openidScope: ["refuse", "ignore"],
  /** In which forms the word of a trusted issuer counts: in each that its entry names, or in signed ones alone. */
  claimTokens: ["any", "signed"],
} as const;

export type Choices = { readonly [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name][number] } & {
  /** What a token that is bound to nothing is called (RFC 6749 §7.1): readers that compare letters differ. */
  readonly bearerName: string;
};

/** Seconds that things live where no setting says otherwise. */
export interface Lifetimes {
  readonly ticket: number;
  readonly rpt: number;
  readonly pat: number;
}

/** Choices that fit together, under a name that clients can look for (Grant §2, `uma_profiles_supported`). */
export interface Profile {
  readonly choices: Choices;
  readonly lifetimes: Lifetimes;
}

export const PROFILE_NAMES = ["default", "strict", "lenient"] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const DEFAULT_CHOICES: Choices = {
  senderConstrainedTokens: "offered",
  dpopNonces: "unused",
  pushedRequests: "offered",
  clientAuthentication: "any",
  assertionAudience: "any",
  introspectionCallers: "registered",
  openidScope: "refuse",
  claimTokens: "any",
  bearerName: "Bearer",
};

const DEFAULT_LIFETIMES: Lifetimes = {
  ticket: TICKET_LIFETIME_SECONDS,
  rpt: RPT_LIFETIME_SECONDS,
  pat: PAT_LIFETIME_SECONDS,
};

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  default: { choices: DEFAULT_CHOICES, lifetimes: DEFAULT_LIFETIMES },
  /** What the FAPI 2.0 Security Profile asks for, as far as it is about this side. */
  strict: {
    choices: {
      senderConstrainedTokens: "required",
      dpopNonces: "required",
      pushedRequests: "required",
      clientAuthentication: "keys",
      assertionAudience: "issuer",
      introspectionCallers: "pat",
      openidScope: "refuse",
      claimTokens: "signed",
      bearerName: "Bearer",
    },
    lifetimes: { ...DEFAULT_LIFETIMES, pat: 600 },
  },
  /** What clients and resource servers need that were written for other servers. */
  lenient: {
    choices: { ...DEFAULT_CHOICES, introspectionCallers: "any", openidScope: "ignore" },
    lifetimes: DEFAULT_LIFETIMES,
  },
};

/** Whoever checks these holds what would pass for the client. */
const SHARED_SECRETS: readonly ClientAuthenticationMethod[] = ["client_secret_basic", "client_secret_post"];

/** Of the configuration, what says which clients are served. */
export interface ServedClients {
  readonly profile: Pick<Choices, "clientAuthentication">;
  /** Whether the certificates of clients are known here (RFC 8705). */
  readonly clientCertificates: boolean;
}

/** Whether clients that authenticate like this are served. */
export function isServed(
  { profile: { clientAuthentication }, clientCertificates }: ServedClients,
  method: ClientAuthenticationMethod,
): boolean {
  if (method === "tls_client_auth") return clientCertificates;
  if (clientAuthentication === "any") return true;
  return method !== "none" && (clientAuthentication === "confidential" || !SHARED_SECRETS.includes(method));
}

/** Whether a resource server may introspect as the client that it is, without a PAT. */
export function mayIntrospect(
  { introspectionCallers }: Pick<Choices, "introspectionCallers">,
  client: Pick<Client, "authenticationMethod" | "introspectsWithOwnCredentials">,
): boolean {
  if (introspectionCallers === "pat" || client.authenticationMethod === "none") return false;
  return introspectionCallers === "any" || client.introspectsWithOwnCredentials;
}

/** Of the forms in which an issuer's word may come, those in which it counts: whoever asks about an access token holds it. */
export function countedForms(
  { claimTokens }: Pick<Choices, "claimTokens">,
  formats: readonly ClaimTokenFormat[],
): readonly ClaimTokenFormat[] {
  return claimTokens === "any" ? formats : formats.filter(({ kind }) => kind !== "access_token");
}

/** Why such a client gets nothing: which clients a server has at all is no secret, discovery says it. */
export function notServed(method: ClientAuthenticationMethod): string {
  return `this server serves no clients of the method ${method}`;
}

/** How clients may authenticate here. */
export function servedMethods(served: ServedClients): readonly ClientAuthenticationMethod[] {
  return CLIENT_AUTHENTICATION_METHODS.filter((method) => isServed(served, method));
}

/** The scopes of a request with a ticket, without the one that clients of OpenID Providers add to every request. */
export function withoutMeaningless(
  { openidScope }: Pick<Choices, "openidScope">,
  scopes: readonly string[],
): readonly string[] {
  return openidScope === "ignore" ? scopes.filter((scope) => scope !== OPENID_SCOPE) : scopes;
}

/** Names a profile to others: where the page tells of it. */
export function profileUri(issuer: string, name: ProfileName): string {
  return `${issuer}${PROFILE_PATH}#${name}`;
}

/** The profiles whose choices are all as this server makes them: a client that looks for one finds what it expects. */
export function profilesKept(choices: Choices): readonly ProfileName[] {
  return PROFILE_NAMES.filter((name) => choicesBeside(name, choices).length === 0);
}

/** Which choices are others than those of this profile. */
export function choicesBeside(name: ProfileName, choices: Choices): readonly string[] {
  const profile = Object.entries(PROFILES[name].choices);
  return profile.filter(([choice, value]) => Reflect.get(choices, choice) !== value).map(([choice]) => choice);
}
