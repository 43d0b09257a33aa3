import type { LiveGrant, RequestView } from "../../ledger/contract.ts";
import type { Group, Policy } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { Connection } from "../../protocol/connection.ts";
import type { NoticeSettings } from "../../protocol/notice-kind.ts";
import { MAX_PAGE_ENTRIES } from "../../shared/limits.ts";
import { listRemembered, type RememberedFacts } from "../interact/remembered.ts";
import { readNoticeSettings } from "../notices/settings.ts";
import { type ActivityServices, type NamedActivity, readAllActivity } from "../own/read-activity.ts";
import { listGrants } from "../own/read-grants.ts";
import { listOwnedResources } from "../own/read-resources.ts";
import { listRequests } from "../own/requests.ts";
import type { ConnectionStore, UnderConnection } from "../ports/connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { IdentityConsent, IdentityConsentStore } from "../ports/identity-consent.ts";
import type { OwnedResource, OwnedResourceStore } from "../ports/owned-resource.ts";
import type { PolicyStore } from "../ports/policy.ts";
import { requireStanding } from "../under-connection.ts";
import { walkPages } from "../walk-pages.ts";
import { describeIdentities, type LinkedIdentity } from "./linked-identities.ts";
import type { AccountOverview } from "./overview.ts";

type ExportServices = Parameters<typeof describeIdentities>[0] &
  Parameters<typeof listRemembered>[0] &
  Parameters<typeof readNoticeSettings>[0] &
  ActivityServices & {
    readonly connections: Pick<ConnectionStore, "listByOwner">;
    readonly ownedResources: OwnedResourceStore;
    readonly policies: PolicyStore;
    readonly identityConsents: Pick<IdentityConsentStore, "list">;
    readonly events: EventSink;
  };

/** Everything that is kept about a person and what they own; what may be much comes by and by. */
export interface AccountExport {
  readonly overview: AccountOverview;
  readonly identities: readonly LinkedIdentity[];
  readonly remembered: readonly RememberedFacts[];
  /** Apps that learn who they are when they sign in there. */
  readonly signIns: readonly IdentityConsent[];
  readonly connections: readonly Connection[];
  /** What they want to be written about. */
  readonly notices: NoticeSettings;
  readonly resources: AsyncIterable<OwnedResource>;
  readonly policies: AsyncIterable<Policy>;
  readonly groups: AsyncIterable<Group>;
  readonly grants: AsyncIterable<LiveGrant>;
  /** What waits for the person, and what was decided of late. */
  readonly requests: AsyncIterable<RequestView>;
  /** Newest first. */
  readonly activity: AsyncIterable<NamedActivity>;
}

/** What a person takes along. Each list is read as it is at its time, so what changes meanwhile may be in one alone. */
export async function exportAccount(
  services: ExportServices,
  overview: AccountOverview,
  now: number,
): Promise<AccountExport> {
  const { account } = overview.signedIn;
  const { id: accountId, ownerId } = account;
  const actor: Actor = { ownerId, accountId, now };
  const [identities, remembered, signIns, connections, notices] = await Promise.all([
    describeIdentities(services, account, overview.identities),
    listRemembered(services, account, now).then((all) => all.map(({ client: _, ...facts }) => facts)),
    services.identityConsents.list(accountId),
    services.connections.listByOwner(ownerId),
    readNoticeSettings(services, accountId),
  ]);
  services.events.emit({ kind: "account_exported", accountId, ownerId });
  const limit = MAX_PAGE_ENTRIES;
  const anyGrant = { caller: actor, clientId: null, partyReference: null, resourceId: null };
  return {
    ...{ overview, identities, remembered, signIns, connections, notices },
    resources: walkPages((cursor) => listOwnedResources(services, actor, { text: null, cursor, limit })),
    policies: walkPages((cursor) => listOwn(services.policies.list(actor, cursor, limit))),
    groups: walkPages((cursor) => listOwn(services.policies.listGroups(actor, cursor, limit))),
    grants: walkPages((after) => listGrants(services, { ...anyGrant, after, limit })),
    requests: walkPages((after) => {
      return listRequests(services, actor, { status: null, after: after === null ? null : Number(after), limit });
    }),
    activity: walkActivity(services, actor),
  };
}

async function listOwn<T>(answer: Promise<UnderConnection<T>>): Promise<T> {
  return requireStanding(await answer);
}

async function* walkActivity(services: ActivityServices, actor: Actor): AsyncGenerator<NamedActivity, void> {
  for await (const entries of readAllActivity(services, actor)) yield* entries;
}
