import type { SigningAlgorithm } from "../keys/key.ts";
import { CLOCK_SKEW_SECONDS } from "../protocol/lifetimes.ts";
import { type Choices, choicesBeside, type ProfileName } from "../protocol/profile.ts";
import { MINUTE } from "../shared/time.ts";
import { isLoopback } from "../shared/uri.ts";
import type { Warning } from "../shared/warning.ts";

/** A sign-in at an identity provider takes about as long. */
const SIGN_IN_SECONDS = MINUTE;

/** Of the configuration, what there may be something to say about. */
interface Reviewed {
  readonly issuer: string;
  readonly adminSecret: string | null;
  readonly adminSecretPrevious: string | null;
  readonly keyEncryptionKey: string | null;
  readonly keyEncryptionKeyPrevious: string | null;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly profileName: ProfileName;
  readonly profile: Choices;
  readonly ticketLifetime: number;
  readonly rptLifetime: number;
  readonly patLifetime: number;
}

interface Rule {
  readonly path: Warning["path"];
  readonly holds: (config: Reviewed) => boolean;
  readonly message: string | ((config: Reviewed) => string);
}

const RULES: readonly Rule[] = [
  {
    path: "ISSUER",
    holds: ({ issuer }) => isLoopback(new URL(issuer)),
    message: "is on loopback, where only this machine reaches it: before others use this server, set its https URL",
  },
  {
    path: "ADMIN_SECRET",
    holds: ({ adminSecret }) => adminSecret === null,
    message: "is not set, so nobody can administer this server: set it, and /admin is there",
  },
  {
    path: "KEY_ENCRYPTION_KEY",
    holds: ({ keyEncryptionKey }) => keyEncryptionKey === null,
    message: "is not set, so keys are kept unsealed: set it, and what is there is sealed",
  },
  {
    path: "KEY_ENCRYPTION_KEY",
    holds: ({ keyEncryptionKey, adminSecret }) => keyEncryptionKey !== null && keyEncryptionKey === adminSecret,
    message: "is the same as ADMIN_SECRET: whoever learns the one has the other; draw a secret of its own",
  },
  {
    path: "KEY_ENCRYPTION_KEY_PREVIOUS",
    holds: ({ keyEncryptionKeyPrevious }) => keyEncryptionKeyPrevious !== null,
    message: "is still set: once GET /admin/keys names both for every key, delete it",
  },
  {
    path: "ADMIN_SECRET_PREVIOUS",
    holds: ({ adminSecretPrevious }) => adminSecretPrevious !== null,
    message: "is still set: once the log has no previous_admin_secret_used any more, delete it",
  },
  {
    path: "PROFILE",
    // Whoever named none asked for none.
    holds: ({ profileName, profile }) => profileName !== "default" && choicesBeside(profileName, profile).length > 0,
    message: ({ profileName, profile }) =>
      `is not kept, because a setting beside it chooses otherwise (${settingsBeside(profileName, profile)}): ` +
      "clients that look for this profile do not find it",
  },
  {
    path: "SIGNING_ALGORITHM",
    holds: ({ profileName, signingAlgorithm }) => profileName === "strict" && signingAlgorithm === "RS256",
    message: "is RS256, which the FAPI 2.0 Security Profile does not take: with PROFILE strict choose another",
  },
  {
    path: "TICKET_LIFETIME",
    holds: ({ ticketLifetime }) => ticketLifetime < SIGN_IN_SECONDS,
    message: "is under a minute: a ticket may have expired before its client has an ID Token to bring with it",
  },
  {
    path: "RPT_LIFETIME",
    holds: ({ rptLifetime }) => rptLifetime <= CLOCK_SKEW_SECONDS,
    message: `is ${CLOCK_SKEW_SECONDS} seconds or less: a resource server whose clock is that much ahead takes no RPT`,
  },
  {
    path: "PAT_LIFETIME",
    holds: ({ patLifetime, rptLifetime }) => patLifetime < rptLifetime,
    message: "is shorter than RPT_LIFETIME: resource servers ask for tokens more often than the clients they serve",
  },
];

/** The settings of the choices that are others than those of the profile: a setting is called like what it chooses. */
function settingsBeside(name: ProfileName, profile: Choices): string {
  return choicesBeside(name, profile)
    .map((choice) => choice.replace(/[A-Z]/g, "_$&").toUpperCase())
    .join(", ");
}

/** What can be worked with, and yet will surprise somebody once others use this server. */
export function reviewSettings(config: Reviewed): readonly Warning[] {
  return RULES.filter(({ holds }) => holds(config)).map(({ path, message }) => ({
    path,
    message: typeof message === "string" ? message : message(config),
  }));
}
