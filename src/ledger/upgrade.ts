import type { Policy } from "../policy/language/policy.ts";
import { joinClaims } from "../protocol/party.ts";
import { MAX_REQUESTED_SCOPES } from "../shared/limits.ts";
import type { RedeemRequest, SubmittedRpt } from "./contract.ts";
import type { Grant } from "./grant.ts";
import type { Grants } from "./grants.ts";
import { fitsGrant, type HeldPermission } from "./held-permission.ts";
import type { Judge, OpenedClaims } from "./judge.ts";
import { claimsToKeep } from "./kept-claims.ts";
import type { KnownParty } from "./known-party.ts";
import type { ClaimsSealer } from "./ports.ts";
import { carryOver, divide, joinPermissions } from "./surrender.ts";
import type { Surrendered } from "./surrendered.ts";
import { Unavailable } from "./unavailable.ts";

interface UpgradeParts {
  readonly judge: Judge;
  readonly grants: Grants;
  readonly surrendered: Surrendered;
}

/** What was opened and sealed before the block. */
interface Prepared {
  readonly opened: OpenedClaims;
  /** What is known of the party by the old grant and by the new one: later withdrawals are judged on it. */
  readonly sealedClaims: string;
}

/** What the grant of an upgraded RPT holds. */
export interface UpgradedGrant extends Pick<Grant, "permissions" | "sealedClaims"> {
  /** Takes from the old grant what has gone into the one with this id. INVARIANT: in the block that keeps that one. */
  surrender(successorId: string): void;
}

/**
 * An RPT that a client submits with a ticket, to get one that holds its permissions as well (Grant §3.3.5.1). Whatever it
 * turns out to be worth, the ticket is decided about without it.
 *
 * Where the grants of an owner are spread over several ledgers, the old one would have to be taken from its own ledger
 * first, for good, and its permissions handed in: a crash between may lose them, and must not double them.
 */
export class Upgrade {
  readonly #parts: UpgradeParts;
  readonly #sealer: ClaimsSealer;
  readonly #request: RedeemRequest;
  readonly #rpt: SubmittedRpt;
  #prepared: Prepared | null = null;
  /** As the book left it in this block; null: there is nothing to carry over. */
  #grant: Grant | null = null;

  constructor(parts: UpgradeParts, sealer: ClaimsSealer, request: RedeemRequest, rpt: SubmittedRpt) {
    this.#parts = parts;
    this.#sealer = sealer;
    this.#request = request;
    this.#rpt = rpt;
  }

  /** Before the block. @throws Unavailable when claims cannot be opened or sealed */
  async prepare(party: KnownParty, policies: readonly Policy[]): Promise<void> {
    const { grantId } = this.#rpt;
    const { judge, grants } = this.#parts;
    this.#prepared = null;
    const grant = grants.find(grantId);
    if (grant === null || party.claims === null || !this.#isFor(party, grant)) return;
    const opened = await judge.open(grantId);
    const claims = joinClaims(opened.claims, claimsToKeep(party.claims, policies));
    const sealedClaims = await this.#sealer.seal("claims", claims).catch((cause: unknown) => {
      throw new Unavailable("claims_unsealed", { cause });
    });
    this.#prepared = { opened, sealedClaims };
  }

  /**
   * In the block: whether what was prepared serves. A change on its way to D1 that takes from the old grant is waited for: it
   * may yet find nothing to do, and what is not carried over is lost.
   */
  holds(): boolean {
    this.#grant = null;
    if (this.#prepared === null) return true;
    const judged = this.#parts.judge.judge(this.#rpt.grantId, this.#prepared.opened);
    if (judged === "unopened") return false;
    if (judged !== null && judged.current.permissions !== judged.settled.permissions) return false;
    this.#grant = judged?.settled ?? null;
    return true;
  }

  /**
   * In the block: what was granted, joined with what the RPT still holds.
   *
   * @returns null where that is nothing, or more than a grant may hold: then the old grant stays as it is
   */
  join(granted: readonly HeldPermission[], now: number): UpgradedGrant | null {
    const { client, whereabouts } = this.#request;
    const grant = this.#grant;
    if (grant === null || this.#prepared === null || grant.expiresAt <= now) return null;
    const carried = carryOver(grant, this.#rpt, { whereabouts, mayRefresh: client.mayRefresh, now });
    const permissions = joinPermissions(carried, granted);
    if (carried.length === 0 || !isWithinBounds(permissions)) return null;
    const { sealedClaims } = this.#prepared;
    return { permissions, sealedClaims, surrender: (successorId) => this.#surrender(grant, successorId, now) };
  }

  #surrender(grant: Grant, successorId: string, now: number): void {
    const { grants, surrendered } = this.#parts;
    grants.update({ ...grant, permissions: divide(grant, this.#rpt).rest });
    surrendered.keep(grant.id, successorId, now);
  }

  /** INVARIANT: an RPT is about one party, by one client, at one resource server (Grant §1.3); nobody known is nobody twice. */
  #isFor({ reference }: KnownParty, grant: Grant): boolean {
    const { client, ticket } = this.#request;
    const isParty = grant.partyKnown && grant.partyReference === reference;
    return isParty && grant.clientId === client.id && grant.resourceServerId === ticket.resourceServerId;
  }
}

/** INVARIANT: whatever looks at a grant costs no more for one that was upgraded again and again (ledger/README.md, rule 11). */
function isWithinBounds(permissions: readonly HeldPermission[]): boolean {
  const scopes = permissions.reduce((count, permission) => count + permission.scopes.length, 0);
  return scopes <= MAX_REQUESTED_SCOPES && fitsGrant(permissions);
}
