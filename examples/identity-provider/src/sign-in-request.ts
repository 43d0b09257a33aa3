import type { Settings } from "./settings.ts";

/** What the app asked for when it sent somebody here (OIDC Core §3.1.2.1, RFC 7636 §4.3). */
export interface SignInRequest {
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
}

const BOUNDED = /^[\x21-\x7e]{8,256}$/;
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads the authorization request. There is one client with one redirect URI, compared as plain strings.
 * @returns null when anything is amiss: a page says so, and nobody is redirected (RFC 9700 §4.11.2).
 */
export function parseSignInRequest(parameters: URLSearchParams, settings: Settings): SignInRequest | null {
  const expected: Record<string, string> = {
    client_id: settings.CLIENT_ID,
    redirect_uri: settings.REDIRECT_URI,
    response_type: "code",
    code_challenge_method: "S256",
  };
  if (Object.entries(expected).some(([name, value]) => parameters.get(name) !== value)) return null;
  const state = parameters.get("state") ?? "";
  const nonce = parameters.get("nonce") ?? "";
  const codeChallenge = parameters.get("code_challenge") ?? "";
  const sound = BOUNDED.test(state) && BOUNDED.test(nonce) && S256_CHALLENGE.test(codeChallenge);
  return sound ? { state, nonce, codeChallenge } : null;
}
