import type { HeardParty } from "../../ledger/contract.ts";
import type { IssuerWords } from "../../ledger/ports.ts";
import { readmitParty } from "../../ledger/readmitted-party.ts";
import { Unavailable } from "../../ledger/unavailable.ts";
import type { PartyClaims } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";
import { PCT_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PermissionTicket } from "../../protocol/ticket.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import { openProvenPct } from "../interact/bound-pct.ts";
import { findRemembered, type PctServices } from "../interact/pct.ts";
import { makePartyCard } from "../party-card.ts";
import type { EventSink } from "../ports/event.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { PairwiseSubjects } from "../ports/party.ts";

export interface ReadPctServices extends PctServices {
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findLeased">;
  readonly inPerson: Pick<IssuerWords, "findLeased">;
  readonly pairwise: PairwiseSubjects;
  readonly events: EventSink;
}

/** A PCT as a client presents it (Grant §3.3.1). */
interface PushedPct {
  readonly client: Client;
  readonly pct: string;
  /** What the client proved beside it. */
  readonly confirmation: Confirmation | null;
}

/**
 * Who a PCT says the requesting party is (Grant §3.3.1), as far as its issuers are still trusted for it, each claim at its
 * own age.
 *
 * @returns null for one that does not count: it is as if none had been sent
 */
export async function readPct(
  services: ReadPctServices,
  { client, pct, confirmation }: PushedPct,
  ticket: PermissionTicket,
  now: number,
): Promise<HeardParty | null> {
  const secret = await openProvenPct(services.sealer, pct, confirmation);
  const found = secret === null ? null : await findRemembered(services, client, secret, now);
  if (found === "stolen") services.events.emit({ kind: "pct_stolen", clientId: client.id });
  const remembered = found === "stolen" ? null : found;
  services.events.emit({ kind: "pct_presented", clientId: client.id, found: remembered !== null });
  const readmitted = remembered && (await readmit(services, remembered.claims, now));
  if (remembered === null || readmitted === null) return null;
  const { claims, until: trustedUntil } = readmitted;
  const [partyReference, card] = await Promise.all([
    services.pairwise.subject(ticket.resourceServerId, partyKey(claims)),
    makePartyCard(services, ticket.ledger, claims, remembered.name),
  ]);
  return { claims, trustedUntil, partyReference, card, isOwner: remembered.ownerId === ticket.ledger };
}

function readmit(services: ReadPctServices, remembered: PartyClaims, now: number) {
  return readmitParty(remembered, services, { now, lifetime: PCT_LIFETIME_SECONDS }).catch((error: unknown) => {
    throw error instanceof Unavailable ? error.cause : error;
  });
}
