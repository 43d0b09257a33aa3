import { isVouchedFor } from "../../protocol/client.ts";
import { isRegistered, withParameters } from "../../protocol/redirect-uri.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_IDENTIFIER_CHARACTERS, MAX_PRESENTED_ID_CHARACTERS, MAX_STATE_CHARACTERS } from "../../shared/limits.ts";
import type { ClientStore } from "../ports/client.ts";
import { type HintServices, hintedPerson } from "./hinted-person.ts";

interface EndSessionServices extends HintServices {
  readonly clients: Pick<ClientStore, "find">;
}

/** What an app says that would have somebody signed out (OpenID Connect RP-Initiated Logout §2); null: left out. */
export interface SentLogout {
  readonly idTokenHint: string | null;
  readonly clientId: string | null;
  readonly redirectUri: string | null;
  readonly state: string | null;
}

/** A logout that is in order. */
export interface Logout {
  /** Which app asks; null: it does not say. */
  readonly clientId: string | null;
  /** Where the browser goes afterwards; null: nowhere. */
  readonly redirectUri: string | null;
  /** The same with the state that the app sent. */
  readonly location: string | null;
  /** Whether a browser may go there without its person's word: else this server were a link to anywhere (RFC 9700 §4.11.2). */
  readonly goesByItself: boolean;
}

/**
 * Reads what an app asks that would have somebody signed out. An ID Token tells which app that is, also once it has
 * expired (§2); a browser is sent on only to where that app is registered for it (§3).
 * @throws ProtocolError invalid_request for what is told to the person and sent nowhere
 */
export async function readLogout(services: EndSessionServices, sent: SentLogout, now: number): Promise<Logout> {
  const clientId = await findClientId(services, sent, now);
  const { redirectUri, state } = sent;
  if (redirectUri === null) return { clientId, redirectUri: null, location: null, goesByItself: true };
  const client = clientId === null ? null : await services.clients.find(clientId);
  if (client === null || !isRegistered(client.postLogoutRedirectUris, bounded(redirectUri))) {
    throw invalidRequest(
      "post_logout_redirect_uri is not one that this client has registered",
      "unregistered_redirect",
    );
  }
  if (state !== null && state.length > MAX_STATE_CHARACTERS) throw invalidRequest("state is too long");
  const location = state === null ? redirectUri : withParameters(redirectUri, { state });
  return { clientId, redirectUri, location, goesByItself: isVouchedFor(client) };
}

/** §2: a client id that is sent beside an ID Token has to be the one that it was issued to. */
async function findClientId(
  services: EndSessionServices,
  { idTokenHint, clientId }: SentLogout,
  now: number,
): Promise<string | null> {
  const named = clientId !== null && clientId.length <= MAX_PRESENTED_ID_CHARACTERS ? clientId : null;
  if (idTokenHint === null) return named;
  const person = await hintedPerson(services, idTokenHint, now);
  if (person === null) throw invalidRequest("id_token_hint is no ID Token of this server");
  if (clientId !== null && clientId !== person.clientId) {
    throw invalidRequest("client_id is not the client that id_token_hint was issued to");
  }
  return person.clientId;
}

function bounded(uri: string): string {
  if (uri.length <= MAX_IDENTIFIER_CHARACTERS) return uri;
  throw invalidRequest("post_logout_redirect_uri is too long");
}
