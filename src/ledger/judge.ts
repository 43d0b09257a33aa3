import { type PartyClaims, parsePartyClaims } from "../protocol/claims.ts";
import type { Book, BookedEntry } from "./book.ts";
import type { Grant, JudgedGrant } from "./grant.ts";
import type { Grants } from "./grants.ts";
import type { ClaimsSealer } from "./ports.ts";
import { Unavailable } from "./unavailable.ts";
import { needsClaims, withdraw } from "./withdrawal.ts";

/** Entries that a grant may be behind before a look at it, or the alarm, writes down how far it was judged. */
export const UNJUDGED_ENTRIES = 50;

/** The claims of a grant, opened for judging, and the place in the book up to which they serve. */
export interface OpenedClaims {
  readonly claims: PartyClaims | null;
  readonly sequence: number;
}

const UNOPENED: OpenedClaims = { claims: null, sequence: 0 };

/** Applies the book to grants before any use of them (ledger/README.md, rule 6). */
export class Judge {
  readonly #book: Book;
  readonly #grants: Grants;
  readonly #sealer: ClaimsSealer;
  readonly #shrank: (before: Grant, after: Grant) => void;

  /** @param shrank told of a grant of which the book took something for good, when that is written down. */
  constructor(book: Book, grants: Grants, sealer: ClaimsSealer, shrank: (before: Grant, after: Grant) => void) {
    this.#book = book;
    this.#grants = grants;
    this.#sealer = sealer;
    this.#shrank = shrank;
  }

  /**
   * Judges a grant and uses it, with no wait in between. Its claims are opened only when an entry cannot be judged
   * without.
   *
   * @param use gets the grant as the book leaves it; null when there is none (any more)
   * @throws Unavailable when its claims are needed and cannot be opened at present
   */
  async use<T>(grantId: string, use: (grant: JudgedGrant | null) => T): Promise<T> {
    for (let opened = UNOPENED; ; opened = await this.open(grantId)) {
      const judged = this.judge(grantId, opened);
      if (judged !== "unopened") return use(judged);
    }
  }

  /**
   * Opens the claims of a grant, for judging it in a block that comes later.
   *
   * @returns no claims where there are none, or their key has gone; then whatever needs them is taken away
   * @throws Unavailable when the keys cannot be had at present
   */
  async open(grantId: string): Promise<OpenedClaims> {
    const sequence = this.#book.lastSequence();
    const sealed = this.#grants.find(grantId)?.sealedClaims ?? null;
    if (sealed === null) return { claims: null, sequence };
    const statement = await this.#sealer.open("claims", sealed).catch((cause: unknown) => {
      throw new Unavailable("claims_unopened", { cause });
    });
    return { claims: parsePartyClaims(statement), sequence };
  }

  /**
   * Judges a grant without a wait.
   *
   * @param opened its claims, which serve the entries up to their place in the book
   * @returns null when there is none (any more); "unopened" when a later entry cannot be judged without its claims
   */
  judge(grantId: string, opened: OpenedClaims): JudgedGrant | null | "unopened" {
    const grant = this.#grants.find(grantId);
    if (grant === null) return null;
    const entries = this.#listEntries(grant);
    const isUnopened = grant.sealedClaims !== null && this.#needClaims(grant, entries, opened.sequence);
    return isUnopened ? "unopened" : this.#judge(grant, entries, opened.claims);
  }

  #listEntries({ judged, permissions }: Grant): readonly BookedEntry[] {
    if (judged >= this.#book.lastSequence()) return [];
    const resourceIds = permissions.flatMap(({ resourceId, collections = [] }) => [resourceId, ...collections]);
    return this.#book.listAfter(judged, resourceIds);
  }

  /** Whether an entry, of those for which they were not opened yet, takes claims. */
  #needClaims(grant: Grant, entries: readonly BookedEntry[], openedFor: number): boolean {
    return entries.some((entry) => entry.sequence > openedFor && needsClaims(grant, entry));
  }

  #judge(grant: Grant, entries: readonly BookedEntry[], claims: PartyClaims | null): JudgedGrant | null {
    const pending = entries.findIndex(({ state }) => state === "pending");
    const settledEntries = pending < 0 ? entries : entries.slice(0, pending);
    const settled = applyEntries(grant, settledEntries, claims);
    if (settled.permissions !== grant.permissions) this.#shrank(grant, settled);
    if (settled.permissions !== grant.permissions || settledEntries.length > UNJUDGED_ENTRIES) {
      this.#grants.update(settled);
    }
    if (settled.permissions.length === 0) return null;
    return { settled, current: applyEntries(settled, entries.slice(settledEntries.length), claims) };
  }

  /** Judges grants that lag behind this place in the book, and writes down how far. @returns how many there were */
  async catchUp(sequence: number, limit: number): Promise<number> {
    const behind = this.#grants.listBehind(sequence, limit);
    for (const { id } of behind) {
      await this.use(id, (grant) => {
        if (grant) this.#grants.update({ ...grant.settled, judged: Math.max(grant.settled.judged, sequence) });
      });
    }
    return behind.length;
  }
}

/** INVARIANT: entries are applied in order, each as of its own time, and only take away. */
function applyEntries(grant: Grant, entries: readonly BookedEntry[], claims: PartyClaims | null): Grant {
  let held = grant;
  for (const entry of entries) {
    held = { ...held, permissions: withdraw(held, entry, claims), judged: entry.sequence };
  }
  return held;
}
