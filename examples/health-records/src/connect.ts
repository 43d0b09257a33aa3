import * as oauth from "oauth4webapi";
import type { Settings } from "./settings.ts";
import { credentials, discover } from "./usher.ts";

/**
 * How a patient lets us act for them at Usher, without giving us a password: the authorization code flow (RFC 6749 §4.1)
 * with PKCE (RFC 7636), its request pushed from server to server first (RFC 9126), its answer held against the issuer
 * that it claims to come from (RFC 9207).
 */

/**
 * `uma_protection` makes the access token a PAT, with which we register what the patient owns (FedAuthz §1.3);
 * `uma_policy` lets the form on our page say whom they share it with.
 */
const SCOPE = "uma_protection uma_policy";

/** A way to Usher that somebody has set out on: what the answer must fit. */
export interface PendingConnection {
  readonly state: string;
  readonly verifier: string;
}

/** A patient's consent, as we hold it. It stays on the server: a browser never sees any of it. */
export interface Connection {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** @returns where to send the browser, and what to hold its answer against. */
export async function beginConnecting(settings: Settings): Promise<{ url: string; pending: PendingConnection }> {
  const server = await discover(settings);
  const { client, secret, options } = credentials(settings);
  const pending = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier() };
  const request = {
    response_type: "code",
    redirect_uri: redirectUri(settings),
    scope: SCOPE,
    state: pending.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
  };
  const pushed = await oauth.pushedAuthorizationRequest(server, client, secret, request, options);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, pushed);
  const url = new URL(server.authorization_endpoint ?? "");
  url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
  return { url: url.href, pending };
}

/**
 * Trades the code that the browser brought back for tokens.
 * @returns null when the patient said no.
 * @throws Error when the answer is not to our request, or not Usher's.
 */
export async function finishConnecting(
  settings: Settings,
  pending: PendingConnection,
  answer: URL,
): Promise<Connection | null> {
  const server = await discover(settings);
  const { client, secret, options } = credentials(settings);
  try {
    // Checks state and iss.
    const checked = oauth.validateAuthResponse(server, client, answer, pending.state);
    const uri = redirectUri(settings);
    const { verifier } = pending;
    const response = await oauth.authorizationCodeGrantRequest(server, client, secret, checked, uri, verifier, options);
    return connectionOf(await oauth.processAuthorizationCodeResponse(server, client, response), null);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError && error.error === "access_denied") return null;
    throw error;
  }
}

/**
 * Gets a fresh access token while the patient is away (RFC 6749 §6).
 * @returns null when the patient has ended the connection.
 */
export async function renew(settings: Settings, { refreshToken }: Connection): Promise<Connection | null> {
  const server = await discover(settings);
  const { client, secret, options } = credentials(settings);
  const response = await oauth.refreshTokenGrantRequest(server, client, secret, refreshToken, options);
  try {
    return connectionOf(await oauth.processRefreshTokenResponse(server, client, response), refreshToken);
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && error.error === "invalid_grant") return null;
    throw error;
  }
}

/** A refresh need not bring another refresh token; then the one we have goes on being good. */
function connectionOf(answer: oauth.TokenEndpointResponse, former: string | null): Connection {
  const refreshToken = answer.refresh_token ?? former;
  if (refreshToken === null) throw new Error("Usher gave no refresh token");
  return { accessToken: answer.access_token, refreshToken };
}

function redirectUri({ ORIGIN }: Settings): string {
  return `${ORIGIN}/callback`;
}
