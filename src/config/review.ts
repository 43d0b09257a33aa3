import { isLoopback } from "../shared/uri.ts";
import type { Warning } from "../shared/warning.ts";

/** Of the configuration, what there may be something to say about. */
interface Reviewed {
  readonly issuer: string;
  readonly adminSecret: string | null;
  readonly keyEncryptionKey: string | null;
}

interface Rule extends Warning {
  readonly holds: (config: Reviewed) => boolean;
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
];

/** What can be worked with, and yet will surprise somebody once others use this server. */
export function reviewSettings(config: Reviewed): readonly Warning[] {
  return RULES.filter(({ holds }) => holds(config)).map(({ path, message }) => ({ path, message }));
}
