import { hostOfClientUrl } from "../protocol/client-document.ts";
import type { RedeemReply, RedeemRequest } from "./contract.ts";

/** How many failed presentations one source may make per minute and owner. Each of them keeps a row. */
const REFUSALS_PER_MINUTE = 600;
const MINUTE_SECONDS = 60;
/** Sources remembered at a time; beyond that the whole count starts afresh, which only forgives. */
const SOURCES_REMEMBERED = 1_000;

/** Who presents a ticket. */
interface BudgetedPresentation {
  readonly client: Pick<RedeemRequest["client"], "id" | "authenticated">;
  readonly source: string;
}

/**
 * Keeps one source from filling the ledger with refusals (ledger/README.md, rule 9). Counted in memory: an object that
 * was put to sleep forgives, and that is as slow as any limit could make it.
 */
export class RefusalBudget {
  #minute = 0;
  readonly #refusals = new Map<string, number>();

  /** @returns seconds to wait, or null when this source may go on. */
  waitOf(presentation: BudgetedPresentation, now: number): number | null {
    this.#turn(now);
    if ((this.#refusals.get(guesserOf(presentation)) ?? 0) < REFUSALS_PER_MINUTE) return null;
    return (this.#minute + 1) * MINUTE_SECONDS - now;
  }

  /** Counts a presentation that failed; what went well or merely began is none. */
  count(request: RedeemRequest, reply: RedeemReply, now: number): void {
    if (!isFailure(request, reply)) return;
    this.#turn(now);
    const guesser = guesserOf(request);
    this.#refusals.set(guesser, (this.#refusals.get(guesser) ?? 0) + 1);
  }

  #turn(now: number): void {
    const minute = Math.floor(now / MINUTE_SECONDS);
    if (minute === this.#minute && this.#refusals.size <= SOURCES_REMEMBERED) return;
    this.#minute = minute;
    this.#refusals.clear();
  }
}

/**
 * INVARIANT: never what a stranger can choose. A client that proved itself answers for itself; the name of a public one
 * anybody may give, and whoever has a host may prove to be any number of clients that nobody registered: these answer by
 * where they come from.
 */
function guesserOf({ client, source }: BudgetedPresentation): string {
  const answersForItself = client.authenticated && hostOfClientUrl(client.id) === null;
  return answersForItself ? `client:${client.id}` : `source:${source}`;
}

/** A first round asks what is needed, as the protocol wants it to (Grant §3.3.6). */
function isFailure({ ticket }: RedeemRequest, { outcome }: RedeemReply): boolean {
  return outcome !== "granted" && !(outcome === "need_info" && ticket.step === 0);
}
