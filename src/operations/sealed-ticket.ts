import { type PermissionTicket, parseTicket, ticketStatement } from "../protocol/ticket.ts";
import { invalidRequest } from "../shared/error.ts";
import { MAX_TICKET_CHARACTERS } from "../shared/limits.ts";
import type { Sealer } from "./ports/seal.ts";

/** Room that the tickets to follow need for the client they then belong to, so that a process never gets stuck. */
const ROTATION_RESERVE = 64;

/**
 * Seals a permission ticket; nothing is written (docs/design.md, decision 1).
 * @throws ProtocolError invalid_request when it stands for more than a ticket can carry.
 */
export async function sealTicket(sealer: Sealer, ticket: PermissionTicket): Promise<string> {
  const sealed = await sealer.seal("ticket", ticketStatement(ticket));
  if (sealed.length <= MAX_TICKET_CHARACTERS - (ticket.clientId === null ? ROTATION_RESERVE : 0)) return sealed;
  throw invalidRequest("too many permissions for one ticket: ask for fewer resources or scopes");
}

/** @returns null for anything that was not sealed here as a ticket; whether it is still good is not asked. */
export async function openTicket(sealer: Sealer, text: string): Promise<PermissionTicket | null> {
  return text.length > MAX_TICKET_CHARACTERS ? null : parseTicket(await sealer.open("ticket", text));
}
