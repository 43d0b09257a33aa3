import type { Config } from "../config.ts";
import type { LedgerDirectory } from "../ledger/contract.ts";
import type { IssuerWords } from "../ledger/ports.ts";
import type { SystemOfRecord } from "../ledger/record.ts";
import type { AccessTokenSigner } from "./ports/access-token.ts";
import type { AccountStore } from "./ports/account.ts";
import type { AccountOverviewStore } from "./ports/account-overview.ts";
import type { AccountSeals } from "./ports/account-seal.ts";
import type { ActingViewStore } from "./ports/acting-view.ts";
import type { ActivityNameStore } from "./ports/activity-names.ts";
import type { AdministratorStore } from "./ports/administrator.ts";
import type { AssertionVerifier } from "./ports/assertion.ts";
import type { ClaimTokenVerifier } from "./ports/claim-token.ts";
import type { ClientAssertions, ClientStore } from "./ports/client.ts";
import type { ConnectedAppStore } from "./ports/connected-app.ts";
import type { ConnectionStore } from "./ports/connection.ts";
import type { ConsentStore } from "./ports/consent.ts";
import type { ConsoleVisitStore } from "./ports/console-visit.ts";
import type { Counts } from "./ports/counts.ts";
import type { DeletionStore } from "./ports/deletion.ts";
import type { DoorStore } from "./ports/door.ts";
import type { EmailCodes } from "./ports/email-code.ts";
import type { EventSink, RequestLog } from "./ports/event.ts";
import type { FailureLimiter } from "./ports/failure.ts";
import type { IdTokenSigner } from "./ports/id-token.ts";
import type { IdentityConsentStore } from "./ports/identity-consent.ts";
import type { ClientKeys, IdentityProviderStore, OpenIdProviders } from "./ports/identity-provider.ts";
import type { InvitationStore } from "./ports/invitation.ts";
import type { TrustedIssuerStore } from "./ports/issuer.ts";
import type { Keys } from "./ports/keys.ts";
import type { NoticeStore } from "./ports/notice.ts";
import type { OpenPagesStore } from "./ports/open-pages.ts";
import type { OwnGroupStore } from "./ports/own-group.ts";
import type { OwnedResourceStore } from "./ports/owned-resource.ts";
import type { OwnerStore } from "./ports/owner.ts";
import type { Pacer } from "./ports/pace.ts";
import type { PairwiseSubjects } from "./ports/party.ts";
import type { Passkeys } from "./ports/passkey.ts";
import type { PctStore } from "./ports/pct.ts";
import type { PolicyStore } from "./ports/policy.ts";
import type { DevelopmentMailbox, Post } from "./ports/post.ts";
import type { Probes } from "./ports/probes.ts";
import type { Proofs } from "./ports/proof.ts";
import type { PublishedKeys } from "./ports/published-keys.ts";
import type { InitialAccessTokenStore, RegistrationStore } from "./ports/registration.ts";
import type { ReplayGuard } from "./ports/replay.ts";
import type { ResourceStore } from "./ports/resource.ts";
import type { ReviewStore } from "./ports/review.ts";
import type { Sealer } from "./ports/seal.ts";
import type { Randomness, Secrets } from "./ports/secret.ts";
import type { SessionStore } from "./ports/session.ts";
import type { SharedWithMeStore } from "./ports/shared-with-me.ts";
import type { Signer } from "./ports/signer.ts";
import type { SoftwareStatements } from "./ports/software-statement.ts";
import type { ThingStore } from "./ports/thing.ts";
import type { UsageStore } from "./ports/usage.ts";
import type { Vault } from "./ports/vault.ts";
import type { VisitStore } from "./ports/visit.ts";
import type { WebhookQueues, WebhookSecrets, WebhookStore } from "./ports/webhook.ts";

/**
 * Everything the operations ask for; each names the few of these it uses. HTTP hands the whole on; for rendering it
 * reads the issuer, and asks what an outage is.
 */
export interface Services extends SharedServices {
  /** Where the events of the request at hand go. */
  readonly events: EventSink;
}

/** What the requests of an isolate share. */
export interface SharedServices {
  readonly config: Config;
  readonly clients: ClientStore;
  readonly registrations: RegistrationStore;
  readonly initialAccessTokens: InitialAccessTokenStore;
  readonly trustedIssuers: TrustedIssuerStore;
  readonly identityProviders: IdentityProviderStore;
  readonly openIdProviders: OpenIdProviders;
  readonly clientKeys: ClientKeys;
  /** Whose word people can bring by coming here in a browser. */
  readonly inPerson: IssuerWords;
  readonly owners: OwnerStore;
  readonly ownGroups: OwnGroupStore;
  readonly accounts: AccountStore;
  readonly accountOverviews: AccountOverviewStore;
  readonly accountSeals: AccountSeals;
  readonly administrators: AdministratorStore;
  readonly invitations: InvitationStore;
  readonly actingViews: ActingViewStore;
  readonly sessions: SessionStore;
  readonly sharedWithMe: SharedWithMeStore;
  readonly post: Post;
  /** Null: letters are really sent, or not at all. */
  readonly developmentMailbox: DevelopmentMailbox | null;
  readonly emailCodes: EmailCodes;
  readonly pacer: Pacer;
  readonly connections: ConnectionStore;
  readonly consoleVisits: ConsoleVisitStore;
  readonly consents: ConsentStore;
  readonly resources: ResourceStore;
  readonly ownedResources: OwnedResourceStore;
  readonly things: ThingStore;
  readonly activityNames: ActivityNameStore;
  readonly connectedApps: ConnectedAppStore;
  readonly policies: PolicyStore;
  readonly reviews: ReviewStore;
  readonly record: SystemOfRecord;
  readonly ledgers: LedgerDirectory;
  readonly openPages: OpenPagesStore;
  readonly sealer: Sealer;
  readonly signer: Signer;
  readonly vault: Vault;
  readonly tokens: AccessTokenSigner;
  readonly claimTokens: ClaimTokenVerifier;
  readonly assertions: AssertionVerifier;
  readonly clientAssertions: ClientAssertions;
  readonly softwareStatements: SoftwareStatements;
  readonly proofs: Proofs;
  readonly publishedKeys: PublishedKeys;
  readonly pairwise: PairwiseSubjects;
  readonly passkeys: Passkeys;
  readonly replayGuard: ReplayGuard;
  readonly randomness: Randomness;
  readonly secrets: Secrets;
  readonly failures: FailureLimiter;
  readonly keys: Keys;
  readonly counts: Counts;
  readonly deletions: DeletionStore;
  readonly usage: UsageStore;
  readonly pcts: PctStore;
  readonly identityConsents: IdentityConsentStore;
  readonly idTokens: IdTokenSigner;
  readonly visits: VisitStore;
  readonly doors: DoorStore;
  readonly notices: NoticeStore;
  readonly webhooks: WebhookStore;
  readonly webhookQueues: WebhookQueues;
  readonly webhookSecrets: WebhookSecrets;
  readonly requestLog: RequestLog;
  readonly probes: Probes;
  /** Whether something that was thrown is an outage of the platform, and so worth another try. */
  readonly isOutage: (error: unknown) => boolean;
}
