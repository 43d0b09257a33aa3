import type { RequestsQuery, RequestView } from "../../ledger/contract.ts";
import type { Actor } from "../../protocol/actor.ts";
import type { Client } from "../../protocol/client.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import { readName } from "../account/create-account.ts";
import { listRequests, readRequest } from "../own/requests.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ActivityNameStore } from "../ports/activity-names.ts";
import type { ClientStore } from "../ports/client.ts";
import type { PolicyStore } from "../ports/policy.ts";
import { requireStanding } from "../under-connection.ts";

type NameServices = Parameters<typeof listRequests>[0] & {
  readonly activityNames: ActivityNameStore;
  readonly accountSeals: AccountSeals;
};

/** What requests name by ids, as people call it. */
export interface RequestNames {
  /** Of resources, clients and accounts, by id; what is gone or was never named has none. */
  readonly names: ReadonlyMap<string, string>;
  /** By the id of a resource that is there: what its resource server calls its scopes. */
  readonly scopeNames: ReadonlyMap<string, ScopeNames>;
  /** The apps for which nobody vouches, by id, and the host of each; null: it is on somebody's device. */
  readonly unchecked: ReadonlyMap<string, string | null>;
}

export interface NamedRequests extends RequestNames {
  readonly items: readonly RequestView[];
  readonly next: string | null;
}

/** What waits for the owner, or was decided of late, with the names of all that it is about. @throws as `listRequests` */
export async function listNamedRequests(
  services: NameServices,
  actor: Actor,
  query: RequestsQuery,
): Promise<NamedRequests> {
  const page = await listRequests(services, actor, query);
  return { ...page, ...(await nameAll(services, actor, page.items)) };
}

type OneServices = NameServices & {
  readonly config: { readonly partialGrants: boolean };
  readonly clients: Pick<ClientStore, "find">;
  readonly policies: Pick<PolicyStore, "find">;
};

/** One request, with all that its page tells. */
export interface NamedRequest extends RequestNames {
  readonly request: RequestView;
  /** The app through which it came; null: that is gone. */
  readonly app: Client | null;
  /** Whether anything of what was allowed has not been ended since. */
  readonly isStanding: boolean;
  /** Whether who is allowed less than they ask for gets nothing. */
  readonly isAllOrNothing: boolean;
}

/** The same of one of them. @throws as `readRequest` */
export async function readNamedRequest(services: OneServices, actor: Actor, id: string): Promise<NamedRequest> {
  const request = await readRequest(services, actor, id);
  const policyIds = request.decision?.policyIds ?? [];
  const [names, app, ...policies] = await Promise.all([
    nameAll(services, actor, [request]),
    services.clients.find(request.clientId),
    ...policyIds.map((policyId) => services.policies.find(actor, policyId)),
  ]);
  const isStanding = policies.some((one) => one.standing && one.value !== null);
  return { request, app, isStanding, isAllOrNothing: !services.config.partialGrants, ...names };
}

async function nameAll(services: NameServices, actor: Actor, requests: readonly RequestView[]): Promise<RequestNames> {
  const ids = new Set(requests.flatMap(idsOf));
  if (ids.size === 0) return { names: new Map(), scopeNames: new Map(), unchecked: new Map() };
  const stored = requireStanding(await services.activityNames.load(actor, [...ids]));
  const opened = await Promise.all(
    [...stored.sealedNames].map(async ([id, sealed]) => [id, await readName(services, sealed)] as const),
  );
  const names = new Map([...stored.names, ...opened.filter(([, name]) => name !== "")]);
  return { names, scopeNames: stored.scopeNames, unchecked: stored.unchecked };
}

function idsOf({ clientId, asked, decision }: RequestView): readonly string[] {
  const { clientId: tool = null, accountId = null } = decision?.by ?? {};
  const ids = [clientId, tool, accountId, ...asked.map(({ resourceId }) => resourceId)];
  return ids.filter((id) => id !== null);
}
