import * as oauth from "oauth4webapi";
import type { PendingSignIn, SignedIn } from "./session.ts";
import type { Settings } from "./settings.ts";
import { isLoopback } from "./uma.ts";

/** Signing in at the identity provider: the authorization code flow with PKCE (OIDC Core §3.1, RFC 7636). */

/** @returns where to send the browser, and what to hold its answer against. */
export async function beginSignIn(settings: Settings): Promise<{ url: string; pending: PendingSignIn }> {
  const { server } = await discover(settings);
  const pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  const url = new URL(server.authorization_endpoint ?? "");
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: settings.IDENTITY_CLIENT_ID,
    redirect_uri: redirectUri(settings),
    scope: "openid profile email",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
  }).toString();
  return { url: url.href, pending };
}

/** @throws Error when the answer does not belong to this sign-in, or the ID Token is not what it should be. */
export async function finishSignIn(settings: Settings, pending: PendingSignIn, answer: URL): Promise<SignedIn> {
  const { server, options } = await discover(settings);
  const client = { client_id: settings.IDENTITY_CLIENT_ID };
  const parameters = oauth.validateAuthResponse(server, client, answer, pending.state);
  const uri = redirectUri(settings);
  const none = oauth.None();
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    none,
    parameters,
    uri,
    pending.verifier,
    options,
  );
  const expected = { expectedNonce: pending.nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, expected);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  return {
    name: String(claims?.name ?? claims?.email ?? "Somebody"),
    email: String(claims?.email ?? ""),
    issuer: server.issuer,
    idToken: tokens.id_token ?? "",
  };
}

function redirectUri(settings: Settings): string {
  return `${settings.ORIGIN}/callback`;
}

async function discover(settings: Settings) {
  const issuer = new URL(settings.IDENTITY_PROVIDER);
  const options = { [oauth.allowInsecureRequests]: isLoopback(issuer.href) };
  const response = await oauth.discoveryRequest(issuer, { ...options, algorithm: "oidc" });
  return { server: await oauth.processDiscoveryResponse(issuer, response), options };
}
