import type { Actor } from "../protocol/actor.ts";
import type { AskedScopes } from "./approval.ts";
import type { Connections } from "./connections.ts";
import type { PermissionName, RequestsQuery, RequestsReply, RequestView } from "./contract.ts";
import type { OwnSeal } from "./own-seal.ts";
import type { Parties } from "./parties.ts";
import type { OwnersDecision, PendingRequest, PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";
import { answerUnavailable } from "./unavailable.ts";

interface RequestListParts {
  readonly connections: Connections;
  readonly ownSeal: OwnSeal;
  readonly parties: Parties;
  readonly pendingRequests: PendingRequests;
}

/** Tells an owner what waits for them, and what was decided of late. */
export class RequestList {
  readonly #parts: RequestListParts;
  readonly #ports: Pick<LedgerPorts, "now">;

  constructor(parts: RequestListParts, ports: Pick<LedgerPorts, "now">) {
    this.#parts = parts;
    this.#ports = ports;
  }

  list(ownerId: string, caller: Actor, { status, after, limit }: RequestsQuery): Promise<RequestsReply> {
    return this.#tell(ownerId, caller, () => {
      const found = this.#parts.pendingRequests.list(status, after, limit + 1);
      const items = found.slice(0, limit);
      return { items, next: found.length > limit ? (items.at(-1)?.sequence ?? null) : null };
    });
  }

  /** One of them, or none. */
  find(ownerId: string, caller: Actor, requestId: string): Promise<RequestsReply> {
    return this.#tell(ownerId, caller, () => {
      const found = this.#parts.pendingRequests.findById(requestId);
      return { items: found === null ? [] : [found], next: null };
    });
  }

  async #tell(
    ownerId: string,
    caller: Actor,
    look: () => { readonly items: readonly PendingRequest[]; readonly next: number | null },
  ): Promise<RequestsReply> {
    if (!this.#parts.connections.mayAct(caller)) return { outcome: "not_connected" };
    const { items, next } = look();
    try {
      const described = await Promise.all(items.map((item) => this.#describe(item)));
      return { outcome: "listed", items: await this.#parts.parties.introduce(described), next };
    } catch (error) {
      return answerUnavailable(error, ownerId);
    }
  }

  async #describe(request: PendingRequest): Promise<RequestView> {
    const { id, version, clientId, resourceServerId, partyReference, asked, decision, ...rest } = request;
    const { createdAt, lastAskedAt, timesAsked, endsAt, isTold } = rest;
    // The alarm may be a little late.
    const status = rest.status === "waiting" && endsAt <= this.#ports.now() ? "expired" : rest.status;
    return {
      ...{ id, version, status, clientId, resourceServerId, partyReference },
      asked: asked.map(nameOf),
      ...{ createdAt, lastAskedAt, timesAsked, endsAt, isTold },
      decision: decision && (await this.#describeDecision(decision)),
    };
  }

  async #describeDecision(decision: OwnersDecision): Promise<RequestView["decision"]> {
    const { at, author: by, allowed, policyIds, until, sealedWord } = decision;
    const word = sealedWord === null ? null : await this.#parts.ownSeal.findWord(sealedWord);
    return { at, by, allowed: allowed.map(nameOf), policyIds, until, word };
  }
}

/** The resource as a whole has no scopes to name. */
function nameOf({ resourceId, scopes }: AskedScopes): PermissionName {
  return { resourceId, scopes: scopes.filter((scope) => scope !== null) };
}
