import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { beforeEach, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CALLBACK, locationOf } from "../support/server/code-app.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/**
 * Two libraries that are not ours go all the way of an ordinary client, and check each message that they get: they find
 * the server, register, push a request, trade its code with PKCE under a key of their own and with the nonces that are
 * asked for, read who signed in, refresh, introspect, revoke and sign out.
 */

const world = configuredWorld({ DPOP_NONCES: "required", INTROSPECTION_CALLERS: "any" });
const { site } = world;
const SCOPE = "openid email profile uma_protection";
const GOODBYE = "https://photos.example/bye";
const REGISTRATION = {
  client_name: "Photos",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: [GOODBYE],
  scope: SCOPE,
  token_endpoint_auth_method: "client_secret_basic",
  dpop_bound_access_tokens: true,
};
let browser: BrowserLike;

beforeEach(async () => {
  browser = await (await Resident.settle("Ana")).browse(site);
});

/** The operator lets a program register one client that may ask people for this scope. */
async function initialAccessToken(): Promise<string> {
  const right = { name: "one client", connection_scopes: ["uma_protection"], grant_types: REGISTRATION.grant_types };
  return text(expectStatus(await world.admin("POST", "/initial-access-tokens", right), 201), "token");
}

/** The person is sent here, and says yes. @returns where they are sent back to */
async function allowAt(url: URL): Promise<URL> {
  const sent = locationOf(await browser.open(url.href));
  if (!sent.href.startsWith(site.issuer)) return sent;
  const page = expectStatus(await browser.open(sent.href), 200);
  return locationOf(await browser.submit(page, "/authorize/consent", { decision: "allow" }));
}

/** The person is sent here, and signs out. @returns where they are sent back to */
async function leaveAt(url: URL): Promise<URL> {
  const page = expectStatus(await browser.open(url.href), 200);
  return locationOf(await browser.submit(page, "/logout/confirmed"));
}

describe("oauth4webapi", () => {
  const options = {
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, URLSearchParams | null | undefined>) =>
      site.fetch(new Request(url, { ...init, body: init.body ?? null, signal: init.signal ?? null })),
    [oauth.allowInsecureRequests]: true,
  };

  /** Registers a client by the document that the library writes. */
  async function register(server: oauth.AuthorizationServer): Promise<oauth.Client> {
    const answer = await oauth.dynamicClientRegistrationRequest(server, REGISTRATION, {
      initialAccessToken: await initialAccessToken(),
      [oauth.customFetch]: (url, { method, headers, body }) => site.fetch(new Request(url, { method, headers, body })),
      [oauth.allowInsecureRequests]: true,
    });
    return oauth.processDynamicClientRegistrationResponse(answer);
  }

  /** The library learns a nonce from a refusal, and asks again with it. */
  async function withNonce<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return ask();
    }
  }

  it("goes all the way", async () => {
    const issuer = new URL(site.issuer);
    const found = await oauth.discoveryRequest(issuer, { algorithm: "oidc", ...options });
    const server = await oauth.processDiscoveryResponse(issuer, found);
    const client = await register(server);
    const authentication = oauth.ClientSecretBasic(String(client.client_secret));
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const bound = { ...options, DPoP };

    const [verifier, state, nonce] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
    ];
    const request = {
      redirect_uri: CALLBACK,
      response_type: "code",
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    const { request_uri } = await withNonce(async () =>
      oauth.processPushedAuthorizationResponse(
        server,
        client,
        await oauth.pushedAuthorizationRequest(server, client, authentication, request, bound),
      ),
    );
    const url = new URL(server.authorization_endpoint ?? "");
    url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
    const back = oauth.validateAuthResponse(server, client, await allowAt(url), state);
    const redemption = [server, client, authentication, back, CALLBACK, verifier, bound] as const;
    const tokens = await withNonce(async () =>
      oauth.processAuthorizationCodeResponse(server, client, await oauth.authorizationCodeGrantRequest(...redemption), {
        expectedNonce: nonce,
        requireIdToken: true,
      }),
    );
    expect(tokens.token_type).toBe("dpop");
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    const who = await withNonce(async () =>
      oauth.processUserInfoResponse(
        server,
        client,
        claims?.sub ?? "",
        await oauth.userInfoRequest(server, client, tokens.access_token, bound),
      ),
    );
    expect(who).toMatchObject({ sub: claims?.sub, name: "Ana" });

    const renewed = await withNonce(async () =>
      oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token ?? "", bound),
      ),
    );
    expect(renewed.access_token).not.toBe(tokens.access_token);

    const introspect = async (more: object = {}) =>
      oauth.processIntrospectionResponse(
        server,
        client,
        await oauth.introspectionRequest(server, client, authentication, renewed.access_token, { ...options, ...more }),
      );
    expect(await introspect()).toMatchObject({ active: true, cnf: { jkt: await DPoP.calculateThumbprint() } });
    expect(await introspect({ requestJwtResponse: true })).toMatchObject({ active: true });

    const revoked = await oauth.revocationRequest(server, client, authentication, renewed.access_token, options);
    await oauth.processRevocationResponse(revoked);
    expect(await introspect()).toEqual({ active: false });

    const goodbye = new URL(server.end_session_endpoint ?? "");
    goodbye.search = new URLSearchParams({
      id_token_hint: tokens.id_token ?? "",
      post_logout_redirect_uri: GOODBYE,
      state,
    }).toString();
    expect((await leaveAt(goodbye)).href).toBe(`${GOODBYE}?state=${state}`);
    expect((await browser.open("/account")).status).not.toBe(200);
  });
});

describe("openid-client", () => {
  it("goes all the way", async () => {
    const fetch: openid.CustomFetch = (url, init) => site.fetch(new Request(url, init as RequestInit));
    const config = await openid.dynamicClientRegistration(new URL(site.issuer), REGISTRATION, undefined, {
      initialAccessToken: await initialAccessToken(),
      execute: [openid.allowInsecureRequests],
      [openid.customFetch]: fetch,
    });
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
    const [verifier, state, nonce] = [openid.randomPKCECodeVerifier(), openid.randomState(), openid.randomNonce()];
    const url = await openid.buildAuthorizationUrlWithPAR(
      config,
      {
        redirect_uri: CALLBACK,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      },
      { DPoP },
    );
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    const tokens = await openid.authorizationCodeGrant(config, await allowAt(url), checks, undefined, { DPoP });
    const sub = tokens.claims()?.sub ?? "";
    const who = await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
    expect(who.name).toBe("Ana");
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "", undefined, { DPoP });
    expect(await openid.tokenIntrospection(config, renewed.access_token)).toMatchObject({ active: true });
    await openid.tokenRevocation(config, renewed.access_token);
    expect(await openid.tokenIntrospection(config, renewed.access_token)).toEqual({ active: false });
    const goodbye = openid.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? "",
      post_logout_redirect_uri: GOODBYE,
      state: "bye",
    });
    expect((await leaveAt(goodbye)).href).toBe(`${GOODBYE}?state=bye`);
    expect((await browser.open("/account")).status).not.toBe(200);
  });
});
