import { createAccessTokenSigner } from "./crypto/access-token.ts";
import { createClaimTokenVerifier } from "./crypto/claim-token.ts";
import { createClientAssertions } from "./crypto/client-assertion.ts";
import { createGuardedFetch } from "./crypto/guarded-fetch.ts";
import { KeySets } from "./crypto/key-sets.ts";
import { createPairwiseSubjects } from "./crypto/pairwise.ts";
import { RemoteDocuments } from "./crypto/remote-documents.ts";
import { randomness, secrets } from "./crypto/secret.ts";
import type { Services } from "./http/context.ts";
import { clock, isolate } from "./isolate.ts";
import { D1ClientStore } from "./storage/d1/clients.ts";
import { D1ConnectionStore } from "./storage/d1/connections.ts";
import { D1Counts } from "./storage/d1/counts.ts";
import { D1OwnerStore } from "./storage/d1/owners.ts";
import { D1PolicyStore } from "./storage/d1/policies.ts";
import { D1ResourceStore } from "./storage/d1/resources.ts";
import { D1SystemOfRecord } from "./storage/d1/system-of-record.ts";
import { D1TrustedIssuerStore } from "./storage/d1/trusted-issuers.ts";
import { findOwnerLedgers } from "./storage/durable/find-owner-ledger.ts";
import { findReplayGuard } from "./storage/durable/find-replay-guard.ts";
import { KvPublicDocuments } from "./storage/kv/public-documents.ts";

/**
 * Joins what operations ask for to what the bindings give. Made once for each isolate: the stores keep what they have
 * learned from one request to the next.
 * @throws Error naming the setting that is wrong.
 */
export function createServices(env: Env): Services {
  const { config, keyRing, keys, sealer } = isolate();
  const stores = createStores(env.DB);
  return {
    config,
    sealer,
    ...stores,
    ...createVerifiers(env, config.issuer, stores),
    ledgers: findOwnerLedgers(env.OWNER_LEDGER),
    tokens: createAccessTokenSigner(keys, config.issuer, clock),
    pairwise: createPairwiseSubjects(keys, clock),
    keys: { ...keyRing, jwks: (now) => keys.publicJwks(now) },
    failures: { record: async (key) => (await env.FAILURES.limit({ key })).success },
    randomness,
    secrets,
  };
}

function createStores(db: D1Database) {
  return {
    clients: new D1ClientStore(db),
    trustedIssuers: new D1TrustedIssuerStore(db),
    owners: new D1OwnerStore(db),
    connections: new D1ConnectionStore(db),
    resources: new D1ResourceStore(db),
    policies: new D1PolicyStore(db),
    record: new D1SystemOfRecord(db),
    counts: new D1Counts(db),
  };
}

/** Everything that works with the keys of others. */
function createVerifiers(env: Env, issuer: string, { trustedIssuers }: Pick<Services, "trustedIssuers">) {
  const guardedFetch = createGuardedFetch((input, init) => fetch(input, init), issuer);
  const keySets = new KeySets(new RemoteDocuments(guardedFetch, new KvPublicDocuments(env.PUBLIC_DOCUMENTS)));
  return {
    claimTokens: createClaimTokenVerifier({ trustedIssuers, keySets, issuer }),
    clientAssertions: createClientAssertions({ keySets, replayGuard: findReplayGuard(env.REPLAY_GUARD) }),
  };
}
