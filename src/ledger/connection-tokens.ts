import type { ConnectedCaller } from "../protocol/connection.ts";
import { PAT_LIFETIME_MAX_SECONDS } from "../protocol/lifetimes.ts";
import type { ConnectionScope } from "../protocol/wire/connection.ts";
import { DAY } from "../shared/time.ts";
import type { ActivityLog } from "./activity.ts";
import type { Changing } from "./changing.ts";
import type { Connections } from "./connections.ts";
import type {
  ConnectionRefreshReply,
  ConnectionRefreshRequest,
  RedeemCodeReply,
  RedeemCodeRequest,
  SpentCode,
} from "./contract.ts";
import type { Families, Family } from "./families.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { LedgerPorts } from "./ports.ts";
import { isRepeat, nextGeneration } from "./rotation.ts";
import type { SpentTickets } from "./spent-tickets.ts";

const INVALID: ConnectionRefreshReply = { outcome: "invalid" };
const REUSED: ConnectionRefreshReply = { outcome: "invalid", isReused: true };

interface ConnectionTokensParts {
  readonly connections: Connections;
  readonly families: Families;
  readonly spent: SpentTickets;
  readonly activity: ActivityLog;
  readonly changing: Changing;
  readonly housekeeping: Housekeeping;
}

/** What is decided, and the operation that was booked with it and has yet to reach D1; null: none. */
export interface Decided<Reply> {
  readonly reply: Reply;
  readonly booked: string | null;
}

/** The tokens that come of a consent (RFC 6749 §4.1.3 and §6). INVARIANT: each call runs inside one block. */
export class ConnectionTokens {
  readonly #parts: ConnectionTokensParts;
  readonly #settings: LedgerPorts["settings"];

  constructor(parts: ConnectionTokensParts, settings: LedgerPorts["settings"]) {
    this.#parts = parts;
    this.#settings = settings;
  }

  /** Spends a code. One that comes again ends what it gave (RFC 6749 §4.1.2). */
  redeemCode(ownerId: string, request: RedeemCodeRequest, now: number): Decided<RedeemCodeReply> {
    const { spent, connections } = this.#parts;
    const { code, attemptId } = request;
    if (code.expiresAt <= Math.max(now, spent.horizon())) return decided({ outcome: "invalid", fault: "expired" });
    const before = spent.find<SpentCode>(code);
    if (before?.attemptId === attemptId) return decided({ outcome: "redeemed", ...before.reply });
    const family = { ownerId, clientId: code.clientId, generation: code.connectionGeneration, tokenId: code.id };
    if (before) return this.#replayed({ ...family, scopes: code.scopes }, code.accountId, now);
    if (!connections.stands({ ...family, scopes: code.scopes })) {
      return decided({ outcome: "invalid", fault: "not_connected" });
    }
    return decided({ outcome: "redeemed", ...this.#spend(request, now) });
  }

  #spend({ code, attemptId, mayRefresh }: RedeemCodeRequest, now: number): SpentCode {
    const { spent, families, activity, housekeeping } = this.#parts;
    const { id, clientId, connectionGeneration, scopes, accountId } = code;
    const rotation = { refreshGeneration: mayRefresh ? 0 : null, refreshRotatedAt: null, refreshAttempt: null };
    if (mayRefresh) {
      families.insert({ id, clientId, connectionGeneration, scopes, createdAt: now, usedAt: now, ...rotation });
    }
    const reply: SpentCode = { issuedAt: now, refreshGeneration: rotation.refreshGeneration };
    housekeeping.wakeBy(spent.endOf(code));
    spent.spend(code, { attemptId, clientId, at: now, reply });
    const event = { kind: "authorized", accountId, scope: scopes.join(" ") } as const;
    activity.merge({ at: now, event, clientId, partyReference: null });
    return reply;
  }

  #replayed(family: ConnectedCaller, accountId: string, now: number): Decided<RedeemCodeReply> {
    const event = { kind: "code_replayed", accountId } as const;
    this.#parts.activity.merge({ at: now, event, clientId: family.clientId, partyReference: null });
    return { reply: { outcome: "invalid", fault: "spent" }, booked: this.#end(family, now) };
  }

  /** The right client, the right generation (an old one ends the family), the scopes it has, the next generation. */
  refresh(ownerId: string, request: ConnectionRefreshRequest, now: number): Decided<ConnectionRefreshReply> {
    const { connections, families } = this.#parts;
    const { clientId, familyId, connectionGeneration } = request;
    const caller = { ownerId, clientId, generation: connectionGeneration, tokenId: familyId, scopes: [] };
    const family = families.find(familyId);
    if (family?.clientId !== clientId || !connections.stands(caller) || this.#isIdle(family, now)) {
      return decided(INVALID);
    }
    const repeated = isRepeat(family, request, now);
    if (request.generation !== family.refreshGeneration && !repeated) return this.#reused(caller, now);
    const scopes = narrow(family.scopes, request.scopes);
    if (scopes === null) return decided({ outcome: "invalid_scope" });
    const { refreshGeneration } = this.#renew(family, request, repeated, now);
    return decided({ outcome: "refreshed", issuedAt: now, scopes, refreshGeneration: refreshGeneration ?? 0 });
  }

  #isIdle({ usedAt }: Family, now: number): boolean {
    const { connectionIdleDays } = this.#settings;
    return connectionIdleDays > 0 && usedAt + connectionIdleDays * DAY <= now;
  }

  #renew(family: Family, { attemptId, rotate }: ConnectionRefreshRequest, repeated: boolean, now: number): Family {
    const used = { ...family, usedAt: now };
    const renewed = repeated ? used : { ...used, ...nextGeneration(family, rotate, now), refreshAttempt: attemptId };
    this.#parts.families.update(renewed);
    return renewed;
  }

  /** Somebody holds a refresh token that was rotated away: the family ends (RFC 9700 §4.14.2). */
  #reused(family: ConnectedCaller, now: number): Decided<ConnectionRefreshReply> {
    const event = { kind: "refresh_reused" } as const;
    this.#parts.activity.merge({ at: now, event, clientId: family.clientId, partyReference: null });
    return { reply: REUSED, booked: this.#end(family, now) };
  }

  /** Ends a family with every access token of it, once. @returns the operation, if it was booked now */
  #end(caller: ConnectedCaller, now: number): string | null {
    const { clientId, tokenId } = caller;
    const operationId = `end:${tokenId}`;
    const expiresAt = now + PAT_LIFETIME_MAX_SECONDS;
    const change = { kind: "revoke_token", clientId, tokenId, expiresAt } as const;
    const refusal = this.#parts.changing.book(operationId, change, { by: "caller", caller }, now);
    // With too many revoked already the refresh token goes, and access tokens end by themselves.
    if (refusal?.outcome === "limit_reached") this.#parts.families.remove(tokenId);
    return refusal === null ? operationId : null;
  }
}

function decided<Reply>(reply: Reply): Decided<Reply> {
  return { reply, booked: null };
}

/** @returns null when a scope is named that the family does not have (RFC 6749 §6) */
function narrow(
  scopes: readonly ConnectionScope[],
  requested: readonly string[] | null,
): readonly ConnectionScope[] | null {
  if (requested === null) return scopes;
  const narrowed = scopes.filter((scope) => requested.includes(scope));
  return narrowed.length === requested.length ? narrowed : null;
}
