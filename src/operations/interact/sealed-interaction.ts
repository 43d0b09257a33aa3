import { isStillRegistered } from "../../protocol/authorization-request.ts";
import type { Client } from "../../protocol/client.ts";
import { type Interaction, interactionStatement, parseInteraction } from "../../protocol/interaction.ts";
import type { ClientStore } from "../ports/client.ts";
import type { Sealer } from "../ports/seal.ts";

export interface InteractionServices {
  readonly sealer: Sealer;
  readonly clients: Pick<ClientStore, "find">;
}

/** A visit on its way, and the client that it is for as it is registered now. */
export interface FoundInteraction {
  readonly interaction: Interaction;
  readonly client: Client;
}

/** @returns what the pages of a visit carry along. */
export function sealInteraction({ sealer }: Pick<InteractionServices, "sealer">, interaction: Interaction) {
  return sealer.seal("interaction", interactionStatement(interaction));
}

/**
 * @returns null for what was not sealed here as a visit, has expired, or would send its browser where the client is not,
 *   or no longer, registered to be.
 */
export async function findInteraction(
  { sealer, clients }: InteractionServices,
  at: string,
  now: number,
): Promise<FoundInteraction | null> {
  const interaction = parseInteraction(await sealer.open("interaction", at));
  if (interaction === null || interaction.expiresAt <= now) return null;
  const client = await clients.find(interaction.clientId);
  return client !== null && mayReturn(client, interaction) ? { interaction, client } : null;
}

/** INVARIANT: the list of claims redirect URIs and that of the code flow are two (Grant §3.3.2). */
function mayReturn(client: Client, { redirectUri, authorization }: Interaction): boolean {
  if (authorization === null) return client.claimsRedirectUris.includes(redirectUri);
  return isStillRegistered(client, authorization.flow.asked.request);
}
