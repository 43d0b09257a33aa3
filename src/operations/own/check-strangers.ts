import { holdsForStrangers } from "../../policy/language/condition-rules.ts";
import { mentionedClients } from "../../policy/language/mentioned-clients.ts";
import type { PolicyBody } from "../../policy/language/policy.ts";
import { invalidRequest } from "../../shared/error.ts";
import { wireSafe } from "../../shared/wire-text.ts";
import type { ClientStore } from "../ports/client.ts";

/**
 * INVARIANT: no permit asks for nothing but a public client, whose name anybody may give: it would be a permit for anyone
 * who reads that name. A client never becomes public later (operations/administer/clients.ts), so this is checked when
 * a policy is written. One round trip, for permits that name clients only.
 * @throws ProtocolError invalid_request
 */
export async function checkStrangers(
  { clients }: { readonly clients: Pick<ClientStore, "listPublic"> },
  documents: readonly PolicyBody[],
): Promise<void> {
  const conditions = documents.flatMap(({ effect, who }) => (effect === "permit" ? [who] : []));
  const named = new Set(conditions.flatMap(mentionedClients));
  if (named.size === 0) return;
  const publicClients = await clients.listPublic([...named]);
  const open = publicClients.find((id) => conditions.some((who) => holdsForStrangers(who, id)));
  if (open === undefined) return;
  throw invalidRequest(
    wireSafe(
      `who: would let in anybody who names the public client ${open}, which takes no secret; add what must hold of ` +
        "the person, e.g. all: [ { client: ... }, { claim: ... } ]",
    ),
  );
}
