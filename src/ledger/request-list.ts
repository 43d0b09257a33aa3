import type { Actor } from "../protocol/actor.ts";
import type { AskedScopes } from "./approval.ts";
import type { Connections } from "./connections.ts";
import type { PermissionName, RequestsQuery, RequestsReply, RequestView } from "./contract.ts";
import type { OwnersDecision, PendingRequest, PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";
import { answerUnavailable, Unavailable } from "./unavailable.ts";

interface RequestListParts {
  readonly connections: Connections;
  readonly pendingRequests: PendingRequests;
}

/** Tells an owner what waits for them, and what was decided of late. */
export class RequestList {
  readonly #parts: RequestListParts;
  readonly #ports: Pick<LedgerPorts, "sealer" | "now">;

  constructor(parts: RequestListParts, ports: Pick<LedgerPorts, "sealer" | "now">) {
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
      return { outcome: "listed", items: await Promise.all(items.map((item) => this.#describe(item))), next };
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
    const word = sealedWord === null ? null : await this.#openWord(sealedWord);
    return { at, by, allowed: allowed.map(nameOf), policyIds, until, word };
  }

  async #openWord(sealed: string): Promise<string | null> {
    const word = await this.#ports.sealer.open("owners_word", sealed).catch((cause: unknown) => {
      throw new Unavailable("claims_unopened", { cause });
    });
    return typeof word === "string" ? word : null;
  }
}

/** The resource as a whole has no scopes to name. */
function nameOf({ resourceId, scopes }: AskedScopes): PermissionName {
  return { resourceId, scopes: scopes.filter((scope) => scope !== null) };
}
