import { type Client, findClient } from "./clients.ts";
import type { Settings } from "./settings.ts";

/** How sure this provider is of who somebody is, from the least (OIDC Core §2, acr). */
export const LEVELS = ["low", "substantial"] as const;
export type Level = (typeof LEVELS)[number];

/** What a client asked for when it sent somebody here (OIDC Core §3.1.2.1, RFC 7636 §4.3). */
export interface SignInRequest {
  readonly client: Client;
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly level: Level;
}

const BOUNDED = /^[\x21-\x7e]{8,256}$/;
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads the authorization request. Each client has one redirect URI, compared as plain strings.
 * @returns null when anything is amiss: a page says so, and nobody is redirected (RFC 9700 §4.11.2).
 */
export function parseSignInRequest(parameters: URLSearchParams, settings: Settings): SignInRequest | null {
  const client = findClient(settings, parameters.get("client_id"));
  if (client === null) return null;
  const expected: Record<string, string> = {
    redirect_uri: client.redirectUri,
    response_type: "code",
    code_challenge_method: "S256",
  };
  if (Object.entries(expected).some(([name, value]) => parameters.get(name) !== value)) return null;
  const state = parameters.get("state") ?? "";
  const nonce = parameters.get("nonce") ?? "";
  const codeChallenge = parameters.get("code_challenge") ?? "";
  const sound = BOUNDED.test(state) && BOUNDED.test(nonce) && S256_CHALLENGE.test(codeChallenge);
  return sound ? { client, state, nonce, codeChallenge, level: levelOf(parameters) } : null;
}

/** The best liked of the levels that a client asks for and that there are; the lowest where it asks for none. */
function levelOf(parameters: URLSearchParams): Level {
  const asked = (parameters.get("acr_values") ?? "").split(" ");
  return asked.map((level) => LEVELS.find((known) => known === level)).find((level) => level !== undefined) ?? "low";
}
