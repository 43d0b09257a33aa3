import type { Hono } from "hono";
import type { Config } from "../config.ts";
import type { KeyDescription } from "../keys/key.ts";
import type { LedgerDirectory } from "../ledger/contract.ts";
import type { SystemOfRecord } from "../ledger/record.ts";
import type { AccessTokenSigner } from "../operations/ports/access-token.ts";
import type { ClaimTokenVerifier } from "../operations/ports/claim-token.ts";
import type { ClientAssertions, ClientStore } from "../operations/ports/client.ts";
import type { ConnectionStore } from "../operations/ports/connection.ts";
import type { Counts } from "../operations/ports/counts.ts";
import type { FailureLimiter } from "../operations/ports/failure.ts";
import type { TrustedIssuerStore } from "../operations/ports/issuer.ts";
import type { OwnerStore } from "../operations/ports/owner.ts";
import type { PairwiseSubjects } from "../operations/ports/party.ts";
import type { PolicyStore } from "../operations/ports/policy.ts";
import type { ResourceStore } from "../operations/ports/resource.ts";
import type { Sealer } from "../operations/ports/seal.ts";
import type { Randomness, Secrets } from "../operations/ports/secret.ts";

export interface Keys {
  /** The public JWK Set of every unexpired signing key (RFC 7517 §5). */
  jwks(now: number): Promise<{ readonly keys: readonly object[] }>;
  list(): Promise<readonly KeyDescription[]>;
  /** Makes the next keys, or names those that already wait for their turn. */
  rotate(): Promise<readonly KeyDescription[]>;
}

/** Everything the endpoints work with; services.ts joins it from the bindings. */
export interface Services {
  readonly config: Config;
  readonly clients: ClientStore;
  readonly trustedIssuers: TrustedIssuerStore;
  readonly owners: OwnerStore;
  readonly connections: ConnectionStore;
  readonly resources: ResourceStore;
  readonly policies: PolicyStore;
  readonly record: SystemOfRecord;
  readonly ledgers: LedgerDirectory;
  readonly sealer: Sealer;
  readonly tokens: AccessTokenSigner;
  readonly claimTokens: ClaimTokenVerifier;
  readonly clientAssertions: ClientAssertions;
  readonly pairwise: PairwiseSubjects;
  readonly randomness: Randomness;
  readonly secrets: Secrets;
  readonly failures: FailureLimiter;
  readonly keys: Keys;
  readonly counts: Counts;
  /** Whether something that was thrown is an outage of the platform, and so worth another try. */
  readonly isOutage: (error: unknown) => boolean;
}

/** What every route finds on its request. `now` (epoch seconds) is read once, when the request comes in. */
export interface UsherVariables {
  readonly services: Services;
  readonly now: number;
}

export type UsherEnv = { Variables: UsherVariables };
export type UsherHono = Hono<UsherEnv>;
