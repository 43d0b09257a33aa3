import { type Config, readConfig } from "./config.ts";
import { createAccessTokenSigner } from "./crypto/access-token.ts";
import { createAccountSeals } from "./crypto/account-seals.ts";
import { createAssertionVerifier } from "./crypto/assertion-grant.ts";
import { createClaimTokenVerifier } from "./crypto/claim-token.ts";
import { createClientAssertions } from "./crypto/client-assertion.ts";
import { clientKeys } from "./crypto/client-keys.ts";
import { createProofs } from "./crypto/dpop-proof.ts";
import { KeySets } from "./crypto/key-sets.ts";
import { createIdTokenSigner } from "./crypto/own-id-token.ts";
import { createOwnerSeals } from "./crypto/owner-seals.ts";
import { createPairwiseSubjects } from "./crypto/pairwise.ts";
import { createPasskeys } from "./crypto/passkeys.ts";
import { createSealer } from "./crypto/sealer.ts";
import { randomness, secrets } from "./crypto/secret.ts";
import { createSigner } from "./crypto/signer.ts";
import { createSoftwareStatements } from "./crypto/software-statement.ts";
import { createVault } from "./crypto/vault.ts";
import { createWebhookSecrets } from "./crypto/webhook-secrets.ts";
import { KeyCache } from "./keys/cache.ts";
import { findKeyRing, type KeyRing } from "./keys/ring.ts";
import { createInPersonIssuers } from "./ledger/in-person-issuers.ts";
import type { IssuerWords, LedgerPorts, Notices } from "./ledger/ports.ts";
import { SharedTurn } from "./ledger/shared-turn.ts";
import type { Sealer } from "./operations/ports/seal.ts";
import type { Vault } from "./operations/ports/vault.ts";
import type { WebhookSecrets } from "./operations/ports/webhook.ts";
import type { SharedServices } from "./operations/services.ts";
import { audiencesOf } from "./protocol/assertion.ts";
import type { KeySource } from "./protocol/jwt.ts";
import type { Quotas } from "./shared/quotas.ts";
import { epochSeconds } from "./shared/time.ts";
import { isLoopback } from "./shared/uri.ts";
import { D1AccountOverviewStore } from "./storage/d1/account-overviews.ts";
import { D1AccountStore } from "./storage/d1/accounts.ts";
import { D1ActingViewStore } from "./storage/d1/acting-views.ts";
import { D1ActivityNameStore } from "./storage/d1/activity-names.ts";
import { D1AdministratorStore } from "./storage/d1/administrators.ts";
import { D1ClientStore } from "./storage/d1/clients.ts";
import { D1ConnectedAppStore } from "./storage/d1/connected-apps.ts";
import { D1ConnectionStore } from "./storage/d1/connections.ts";
import { D1ConsentStore } from "./storage/d1/consents.ts";
import { D1ConsoleVisitStore } from "./storage/d1/console-visits.ts";
import { D1Counts } from "./storage/d1/counts.ts";
import { D1DeletionStore } from "./storage/d1/deletions.ts";
import { D1DoorStore } from "./storage/d1/doors.ts";
import { D1IdentityConsentStore } from "./storage/d1/identity-consents.ts";
import { D1IdentityProviderStore } from "./storage/d1/identity-providers.ts";
import { D1InitialAccessTokenStore } from "./storage/d1/initial-access-tokens.ts";
import { D1InvitationStore } from "./storage/d1/invitations.ts";
import { D1NoticeStore } from "./storage/d1/notices.ts";
import { D1OwnGroupStore } from "./storage/d1/own-groups.ts";
import { D1OwnedResourceStore } from "./storage/d1/owned-resources.ts";
import { D1OwnerErasure } from "./storage/d1/owner-erasure.ts";
import { D1OwnerStore } from "./storage/d1/owners.ts";
import { D1PctStore } from "./storage/d1/pcts.ts";
import { D1PolicyStore } from "./storage/d1/policies.ts";
import { D1RegistrationStore } from "./storage/d1/registrations.ts";
import { D1ResourceStore } from "./storage/d1/resources.ts";
import { D1ReviewStore } from "./storage/d1/review-facts.ts";
import { D1SessionStore } from "./storage/d1/sessions.ts";
import { D1SharedWithMeStore } from "./storage/d1/shared-with-me.ts";
import { D1SystemOfRecord } from "./storage/d1/system-of-record.ts";
import { D1ThingStore } from "./storage/d1/things.ts";
import { D1TrustedIssuerStore } from "./storage/d1/trusted-issuers.ts";
import { D1UsageStore } from "./storage/d1/usage.ts";
import { D1VisitStore } from "./storage/d1/visits.ts";
import { D1WebhookStore } from "./storage/d1/webhooks.ts";
import { findEmailCodes } from "./storage/durable/email-codes.ts";
import { FailureCounters } from "./storage/durable/failure-counters.ts";
import { findOpenPages, openPagesOf } from "./storage/durable/open-pages.ts";
import { findOwnerLedgers } from "./storage/durable/owner-ledgers.ts";
import { Pacers } from "./storage/durable/pacers.ts";
import { findReplayGuard } from "./storage/durable/replay-guards.ts";
import { RequestLogs } from "./storage/durable/request-logs.ts";
import type { WebhookPorts } from "./storage/durable/webhook.ts";
import { findWebhookQueues } from "./storage/durable/webhooks.ts";
import { finishDeletions } from "./storage/finish-deletions.ts";
import { KvPublicDocuments } from "./storage/kv/public-documents.ts";
import { createCloudflarePost } from "./storage/mail/cloudflare-post.ts";
import { createDevelopmentMailbox } from "./storage/mail/development-mailbox.ts";
import { isOutage } from "./storage/outage.ts";
import { createProbes } from "./storage/probes.ts";
import { ClientDocuments } from "./storage/remote/client-documents.ts";
import { RemoteDocuments } from "./storage/remote/documents.ts";
import { createGuardedFetch, createGuardedRequest } from "./storage/remote/guarded-fetch.ts";
import { createOpenIdProviders } from "./storage/remote/openid-providers.ts";
import { createTokenIntrospections } from "./storage/remote/token-introspections.ts";
import { createWebhookSender } from "./storage/remote/webhook-sender.ts";

/**
 * What the Worker and the Durable Objects of one isolate share: the settings, read once, and the keys, so that a warm
 * isolate asks nobody for them.
 */
export interface Foundation {
  readonly config: Config;
  readonly keyRing: KeyRing;
  readonly keys: KeyCache;
  readonly sealer: Sealer;
  readonly vault: Vault;
  readonly webhookSecrets: WebhookSecrets;
  /** One for Worker and ledgers, so that an isolate knows what it was just told. */
  readonly trustedIssuers: D1TrustedIssuerStore;
  /** Likewise. */
  readonly identityProviders: D1IdentityProviderStore;
  readonly inPerson: IssuerWords;
  readonly mail: Pick<SharedServices, "post" | "developmentMailbox">;
}

/** @throws Error naming the setting that is wrong. */
export function createFoundation(env: Env): Foundation {
  const config = readConfig(env);
  const keyRing = findKeyRing(env.KEY_RING, config.signingAlgorithm);
  const keys = new KeyCache(keyRing);
  const sealer = createSealer(keys, config.issuer, epochSeconds);
  const vault = createVault(keys, config.issuer, epochSeconds);
  const webhookSecrets = createWebhookSecrets(vault, secrets);
  const trustedIssuers = new D1TrustedIssuerStore(env.DB, config.profile);
  const identityProviders = new D1IdentityProviderStore(env.DB);
  const mail = createPost(env, config);
  const inPerson = createInPersonIssuers(config.issuer, identityProviders, mail.post.isAvailable);
  const sealing = { keys, sealer, vault, webhookSecrets };
  return { config, keyRing, ...sealing, trustedIssuers, identityProviders, inPerson, mail };
}

/**
 * Tells the operator, in one line, what is wrong with settings that can be worked with; not where a request comes to a
 * loopback address, since there somebody is only trying.
 * @param url of the request that an isolate begins with.
 */
export function logWarnings({ warnings }: Pick<Config, "warnings">, url: string): void {
  const target = URL.parse(url);
  if (warnings.length === 0 || target === null || isLoopback(target)) return;
  console.warn({ event: "settings_doubtful", warnings: warnings.map(({ path, message }) => `${path} ${message}`) });
}

/**
 * Once a day: keys that have served their time get successors; sessions, rights, invitations and initial access tokens
 * that ended go, and deletions that something kept from beginning begin.
 */
export async function keepHouse(env: Env, { keyRing }: Pick<Foundation, "keyRing">): Promise<void> {
  await keyRing.rotateIfDue();
  const now = epochSeconds();
  await new D1SessionStore(env.DB).removeExpired(now);
  await new D1InvitationStore(env.DB).removeExpired(now);
  await new D1AdministratorStore(env.DB).removeEnded(now);
  await new D1InitialAccessTokenStore(env.DB).removeExpired(now);
  await finishDeletions(
    new D1DeletionStore(env.DB),
    findOwnerLedgers(env.OWNER_LEDGER, () => undefined),
    now,
  );
}

/** What an owner ledger asks of the world. */
export function createLedgerPorts(
  state: DurableObjectState,
  env: Env,
  { config, sealer, vault, trustedIssuers, inPerson }: Foundation,
  notices: Notices,
): LedgerPorts {
  const turn = new SharedTurn(() => scheduler.wait(0));
  return {
    storage: state.storage,
    openPages: openPagesOf(state),
    record: new D1SystemOfRecord(env.DB, config),
    erasure: new D1OwnerErasure(env.DB),
    sealer,
    ownerSeals: createOwnerSeals(vault, config.issuer),
    trustedIssuers,
    inPerson,
    notices,
    settings: config,
    drawId: randomness.id,
    now: epochSeconds,
    sleep: (seconds) => scheduler.wait(seconds * 1_000),
    nextTurn: () => turn.join(),
  };
}

/** What the queue of a webhook asks of the world. */
export function createWebhookPorts(env: Env, { config, webhookSecrets }: Foundation): WebhookPorts {
  const request = createGuardedRequest((input, init) => fetch(input, init), config.issuer);
  return {
    endpoints: new D1WebhookStore(env.DB),
    send: createWebhookSender({ request, secrets: webhookSecrets, clock: epochSeconds }),
    draw: Math.random,
  };
}

/**
 * Joins what operations ask for to what the bindings give. Made once for each isolate: the stores keep what they have
 * learned from one request to the next.
 */
export function createServices(
  env: Env,
  { trustedIssuers, identityProviders, ...foundation }: Foundation,
): SharedServices {
  const { config, keyRing, keys, sealer, vault, webhookSecrets, inPerson, mail } = foundation;
  const stores = { ...createStores(env, config), trustedIssuers, identityProviders };
  return {
    config,
    sealer,
    inPerson,
    ...stores,
    ...createVerifiers(env, config, { ...stores, vault }),
    ledgers: findOwnerLedgers(env.OWNER_LEDGER, (ownerId) => stores.resources.forgetCopies(ownerId)),
    openPages: findOpenPages(env.OWNER_LEDGER),
    tokens: createAccessTokenSigner(keys, config.issuer, epochSeconds),
    signer: createSigner(keys, epochSeconds),
    idTokens: createIdTokenSigner(keys, config.issuer, epochSeconds),
    pairwise: createPairwiseSubjects(keys, epochSeconds),
    passkeys: createPasskeys(config.issuer),
    proofs: createProofs(),
    accountSeals: createAccountSeals(vault, config.issuer),
    vault,
    webhookSecrets,
    webhookQueues: findWebhookQueues(env.WEBHOOK),
    clientKeys,
    keys: { ...keyRing, jwks: (now) => keys.publicJwks(now) },
    failures: new FailureCounters(env.FAILURE_COUNTER),
    emailCodes: findEmailCodes(env.EMAIL_CODE),
    pacer: new Pacers(env.PACER),
    ...mail,
    requestLog: new RequestLogs(env.REQUEST_LOG),
    probes: createProbes(env),
    randomness,
    isOutage,
    secrets,
  };
}

function createStores(env: Env, config: Config) {
  const { DB: db } = env;
  const quotas: Quotas = config;
  return {
    clients: new D1ClientStore(db, undefined, createClientDocuments(env, config)),
    registrations: new D1RegistrationStore(db),
    initialAccessTokens: new D1InitialAccessTokenStore(db),
    owners: new D1OwnerStore(db),
    accounts: new D1AccountStore(db),
    accountOverviews: new D1AccountOverviewStore(db),
    administrators: new D1AdministratorStore(db),
    invitations: new D1InvitationStore(db),
    actingViews: new D1ActingViewStore(db),
    sessions: new D1SessionStore(db),
    sharedWithMe: new D1SharedWithMeStore(db),
    ownGroups: new D1OwnGroupStore(db),
    connections: new D1ConnectionStore(db),
    consoleVisits: new D1ConsoleVisitStore(db),
    consents: new D1ConsentStore(db),
    identityConsents: new D1IdentityConsentStore(db),
    resources: new D1ResourceStore(db, quotas),
    ownedResources: new D1OwnedResourceStore(db),
    things: new D1ThingStore(db),
    activityNames: new D1ActivityNameStore(db),
    connectedApps: new D1ConnectedAppStore(db),
    policies: new D1PolicyStore(db),
    reviews: new D1ReviewStore(db),
    record: new D1SystemOfRecord(db, quotas),
    counts: new D1Counts(db),
    deletions: new D1DeletionStore(db),
    usage: new D1UsageStore(db),
    pcts: new D1PctStore(db),
    visits: new D1VisitStore(db),
    doors: new D1DoorStore(db),
    notices: new D1NoticeStore(db),
    webhooks: new D1WebhookStore(db),
  };
}

/**
 * What strangers name has documents of its own, so that nobody's keys make room for it, and no host is left alone because
 * somebody had it asked for something else.
 */
function createClientDocuments(env: Env, config: Config): ClientDocuments | null {
  return config.clientDocuments ? new ClientDocuments(createDocuments(env, config.issuer), config) : null;
}

function createDocuments(env: Env, issuer: string): RemoteDocuments {
  const guardedFetch = createGuardedFetch((input, init) => fetch(input, init), issuer);
  return new RemoteDocuments(guardedFetch, new KvPublicDocuments(env.PUBLIC_DOCUMENTS));
}

/** Letters leave by the platform; on a machine of one's own, where nobody has said who sends them, they stay on a page. */
function createPost(env: Env, { issuer, mailFrom }: Config): Foundation["mail"] {
  if (mailFrom !== null || !isLoopback(new URL(issuer))) {
    return { post: createCloudflarePost(env, mailFrom), developmentMailbox: null };
  }
  const mailbox = createDevelopmentMailbox(epochSeconds);
  return { post: mailbox, developmentMailbox: mailbox };
}

/** Everything that works with the keys of others. */
function createVerifiers(
  env: Env,
  { issuer, profile }: Pick<Config, "issuer" | "profile">,
  { trustedIssuers, vault }: Pick<SharedServices, "trustedIssuers" | "vault">,
) {
  const request = createGuardedRequest((input, init) => fetch(input, init), issuer);
  const documents = createDocuments(env, issuer);
  const keySets = new KeySets(documents, issuer);
  // Where their keys are, clients say themselves.
  const clientKeySets = new KeySets(createDocuments(env, issuer), issuer);
  const keySetsOf = (source: KeySource) => (source.issuer === undefined ? clientKeySets : keySets);
  const publishedKeys = { renew: (source: KeySource) => keySetsOf(source).renew(source, epochSeconds()) };
  const replayGuard = findReplayGuard(env.REPLAY_GUARD);
  return {
    replayGuard,
    publishedKeys,
    claimTokens: createClaimTokenVerifier({
      trustedIssuers,
      keySets,
      introspections: createTokenIntrospections({ request, vault }),
      issuer,
    }),
    assertions: createAssertionVerifier({
      trustedIssuers,
      keySets,
      audiencesOf: (kind) => audiencesOf(kind, issuer, profile),
    }),
    clientAssertions: createClientAssertions({ keySets: clientKeySets, replayGuard }),
    softwareStatements: createSoftwareStatements({ trustedIssuers, keySets, issuer }),
    openIdProviders: createOpenIdProviders({
      request,
      documents,
      publishedKeys,
      verify: (token, source, now) => keySets.verify(token, source, now),
      issuer,
    }),
  };
}
