import type { Connections } from "./connections.ts";
import type { GrantsReply, GrantsRequest, LiveGrant } from "./contract.ts";
import type { JudgedGrant } from "./grant.ts";
import type { Grants } from "./grants.ts";
import { type HeldPermission, permissionBodies } from "./held-permission.ts";
import type { Judge } from "./judge.ts";
import type { Parties } from "./parties.ts";
import type { LedgerPorts } from "./ports.ts";
import { answerUnavailable } from "./unavailable.ts";

/** Grants judged in one call, as many as the alarm does in one slice: each takes as long as there are entries to apply. */
const JUDGED_AT_ONCE = 20;

interface GrantListParts {
  readonly connections: Connections;
  readonly grants: Grants;
  readonly judge: Judge;
  readonly parties: Parties;
}

/**
 * Tells an owner what is granted at present. Each grant is judged first, so that nothing is shown as live that was
 * withdrawn (ledger/README.md, rule 6), and a call looks at so many and no more (rule 11).
 */
export class GrantList {
  readonly #parts: GrantListParts;
  readonly #ports: Pick<LedgerPorts, "now">;

  constructor(parts: GrantListParts, ports: Pick<LedgerPorts, "now">) {
    this.#parts = parts;
    this.#ports = ports;
  }

  async list(ownerId: string, request: GrantsRequest): Promise<GrantsReply> {
    if (!this.#parts.connections.mayAct(request.caller)) return { outcome: "not_connected" };
    return this.#list(request).catch((error) => answerUnavailable(error, ownerId));
  }

  async #list(request: GrantsRequest): Promise<GrantsReply> {
    const { grants, judge, parties } = this.#parts;
    const { found, last } = grants.look(request.after ?? "", request, this.#ports.now());
    const ids = found.slice(0, Math.min(request.limit, JUDGED_AT_ONCE));
    const items: LiveGrant[] = [];
    for (const id of ids) {
      const live = await judge.use(id, (judged) => this.#describe(judged, request));
      if (live !== null) items.push(live);
    }
    const next = found.length > ids.length ? (ids.at(-1) ?? null) : last;
    return { outcome: "listed", items: await parties.introduce(items), next };
  }

  #describe(judged: JudgedGrant | null, { resourceId }: GrantsRequest): LiveGrant | null {
    if (judged === null) return null;
    const { id, clientId, resourceServerId, partyReference, partyKnown, ...grant } = judged.current;
    const { createdAt, usedAt, expiresAt } = grant;
    const permissions = permissionBodies(grant.permissions, this.#ports.now(), expiresAt);
    const isSought = permissions.some(({ resource_id }) => resourceId === null || resource_id === resourceId);
    if (!isSought) return null;
    const refreshable = grant.refreshGeneration !== null;
    const parties = { clientId, resourceServerId, partyReference, partyKnown };
    const policyIds = groundsOf(grant.permissions, resourceId);
    return { id, ...parties, permissions, policyIds, createdAt, usedAt, expiresAt, refreshable };
  }
}

/** The policies that carry something of this resource, or of any (null). */
function groundsOf(permissions: readonly HeldPermission[], resourceId: string | null): readonly string[] {
  const sought = permissions.filter((permission) => resourceId === null || permission.resourceId === resourceId);
  const grounds = sought.flatMap(({ scopes }) => scopes.flatMap((held) => held.grounds));
  return [...new Set(grounds.map(({ policyId }) => policyId))];
}
