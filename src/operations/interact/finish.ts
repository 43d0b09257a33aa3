import type { AgreementOffer, CompleteReply } from "../../ledger/contract.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { type Interaction, lastPageEnd } from "../../protocol/interaction.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import { unavailable } from "../../shared/error.ts";
import { type KeepDescribedServices, keepDescribed } from "../keep-described.ts";
import type { Account } from "../ports/account.ts";
import type { EventSink } from "../ports/event.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";
import type { KnownPerson } from "../ports/session.ts";
import { sealTicket } from "../sealed-ticket.ts";
import { errorLocation, ticketLocation } from "./client-location.ts";
import { describeVisit, isRememberable, type LookServices, readVisitor } from "./look.ts";
import { keepPct, type PctServices } from "./pct.ts";
import type { FoundInteraction } from "./sealed-interaction.ts";

export interface FinishServices extends LookServices, PctServices, KeepDescribedServices {
  readonly clients: LookServices["clients"] & KeepDescribedServices["clients"];
  readonly config: LookServices["config"] & { readonly ticketLifetime: number };
  readonly sealer: Sealer;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** What somebody decides at the end of a visit. */
export interface Conclusion {
  readonly person: KnownPerson;
  readonly whereabouts: Whereabouts;
  /** Whom the page that was sent had shown as signed in. */
  readonly partyReference: string;
  readonly agreements: readonly Pick<AgreementOffer, "policyId" | "textHash">[];
  /** Whether the person wants to be known to this client next time. */
  readonly remember: boolean;
}

export type Finish =
  /** The browser goes back to the client. */
  | { readonly outcome: "finished"; readonly location: string }
  /** What was shown is no longer so: somebody else is signed in, or a text has changed. */
  | { readonly outcome: "outdated" }
  | { readonly outcome: "ended"; readonly how: "completed" | "cancelled" | "closed" };

/** A visit that has ended as its person wanted it. */
interface CompletedVisit {
  readonly outcome: "completed";
  /** What the process goes on with, before it is sealed. */
  readonly ticket: PermissionTicket;
  /** Whether it would be answered with an RPT now; undefined: nobody says. */
  readonly isGranted: boolean | undefined;
}

/**
 * Ends a visit as its person wants it: what they are known by goes into the process, and the client gets a ticket to go on
 * with (Grant §3.3.3).
 *
 * @throws ProtocolError temporarily_unavailable
 */
export async function completeVisit(
  services: FinishServices,
  found: FoundInteraction,
  conclusion: Conclusion,
  now: number,
): Promise<Finish> {
  const end = await concludeVisit(services, found, conclusion, now);
  if (end.outcome !== "completed") return end;
  const next = await sealTicket(services.sealer, end.ticket);
  return { outcome: "finished", location: ticketLocation(services, found.interaction, next) };
}

/**
 * The same, whatever the client then gets.
 *
 * @throws ProtocolError temporarily_unavailable
 */
export async function concludeVisit(
  services: FinishServices,
  found: FoundInteraction,
  conclusion: Conclusion,
  now: number,
): Promise<CompletedVisit | Exclude<Finish, { readonly outcome: "finished" }>> {
  const { interaction, client } = found;
  const visitor = await readVisitor(services, interaction, conclusion.person, now);
  if (visitor.partyReference !== conclusion.partyReference) return { outcome: "outdated" };
  const { account } = conclusion.person;
  const isRemembered = conclusion.remember && isRememberable(found);
  const pct = isRemembered ? await keepPct(services, { client, account, claims: visitor.claims }, now) : null;
  const request = await describeVisit(services, found, visitor, conclusion.whereabouts);
  const reply = await services.ledgers.ledger(interaction.ticket.ledger).complete({
    ...request,
    party: visitor,
    agreements: conclusion.agreements,
    sealedPct: pct?.sealed ?? null,
    next: { id: services.randomness.id(), expiresAt: now + services.config.ticketLifetime },
    forgottenAt: lastPageEnd(interaction.ticket),
  });
  // INVARIANT: what nobody will hand out is not remembered either: of two clicks, the first has said it.
  const isHandedOut = reply.outcome === "completed" && reply.isRepeat !== true;
  // Where that is too much by now, its host is what people read of it.
  if (isHandedOut) await keepDescribed(services, client, account.id, now);
  if (pct !== null && !isHandedOut) await services.pcts.remove(pct.hash, client.id);
  return answer(services, interaction, account, reply);
}

function answer(
  { events }: Pick<FinishServices, "events">,
  { ticket, clientId }: Interaction,
  account: Account,
  reply: CompleteReply,
): CompletedVisit | Exclude<Finish, { readonly outcome: "finished" }> {
  switch (reply.outcome) {
    case "completed": {
      const own = { ...reply.next, clientId, tokenId: null, step: ticket.step + 1 };
      events.emit({ kind: "visit_completed", ownerId: ticket.ledger, clientId, accountId: account.id });
      return { outcome: "completed", ticket: { ...ticket, ...own }, isGranted: reply.isGranted };
    }
    case "changed":
      return { outcome: "outdated" };
    case "closed":
      return { outcome: "ended", how: "closed" };
    case "ended":
      return reply;
    case "unavailable":
      throw unavailable("try again shortly: nothing is lost", reply.cause);
  }
}

/** Ends a visit without anything: the client is told that its user did not want to (Grant §3.3.3, access_denied). */
export async function cancelVisit(
  services: Pick<FinishServices, "ledgers" | "config" | "events">,
  { interaction }: FoundInteraction,
): Promise<Finish> {
  const { ticket, clientId } = interaction;
  const reply = await services.ledgers.ledger(ticket.ledger).cancel({ ticket, forgottenAt: lastPageEnd(ticket) });
  if (reply.outcome === "closed") return { outcome: "ended", how: "closed" };
  if (reply.outcome === "ended") return reply;
  services.events.emit({ kind: "visit_cancelled", ownerId: ticket.ledger, clientId });
  const description = "the requesting party did not want to go on";
  return { outcome: "finished", location: errorLocation(services, interaction, "access_denied", description) };
}
