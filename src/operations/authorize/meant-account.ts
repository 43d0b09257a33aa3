import type { SentParameters } from "../../protocol/authorization-request.ts";
import type { Client } from "../../protocol/client.ts";
import { invalidRequest } from "../../shared/error.ts";
import { type HintServices, hintedPerson } from "../identify/hinted-person.ts";

/**
 * Reads which account a client means by `id_token_hint` (OpenID Connect Core §3.1.2.1).
 * @returns null where it means nobody in particular
 * @throws ProtocolError invalid_request for what is no ID Token of this server that this client was given
 */
export async function readMeantAccount(
  services: HintServices,
  client: Client,
  parameters: SentParameters,
  now: number,
): Promise<string | null> {
  const hint = parameters.get("id_token_hint");
  if (hint === null) return null;
  const person = await hintedPerson(services, hint, now);
  if (person?.clientId === client.id) return person.accountId;
  throw invalidRequest("id_token_hint is no ID Token that this server gave this client");
}
