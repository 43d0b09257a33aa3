import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf } from "../support/server/code-app.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/**
 * An app that stands on a library which is not ours proves a key for everything it gets, at a server that asks for
 * nonces: it pushes its request, trades the code, calls the protection API, and refreshes.
 */

const world = localWorld();
const { site } = configuredWorld({ DPOP_NONCES: "required", SENDER_CONSTRAINED_TOKENS: "required" });
const SCOPE = "uma_protection";
const RESOURCES = new URL(`${site.issuer}/resources`);
let browser: BrowserLike;

beforeAll(async () => {
  browser = await (await Resident.settle()).browse(site);
});

/** The person is sent here, and says yes. @returns where they are sent back to */
async function allowAt(app: CodeApp, url: URL): Promise<URL> {
  const sent = locationOf(await browser.open(url.href));
  return app.answer(browser, await browser.open(sent.href), { decision: "allow" });
}

const KINDS = [
  ["a confidential client", {}],
  ["a public client", { token_endpoint_auth_method: "none", dpop_bound_access_tokens: true }],
] as const;

describe("oauth4webapi", () => {
  const options = {
    [oauth.customFetch]: (url: string, init: object) => site.fetch(new Request(url, init as RequestInit)),
    [oauth.allowInsecureRequests]: true,
  };

  /** The library says where a nonce is missing, and has kept it for the second try. */
  async function retried<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return call();
    }
  }

  it.each(KINDS)("proves its key as %s", async (_, registration) => {
    const app = await CodeApp.register(world, registration);
    const issuer = new URL(site.issuer);
    const discovered = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options });
    const server = await oauth.processDiscoveryResponse(issuer, discovered);
    const client: oauth.Client = { client_id: app.client.id };
    const authentication = app.client.secret === "" ? oauth.None() : oauth.ClientSecretBasic(app.client.secret);
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const proving = { ...options, DPoP };
    const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
    const request = new URLSearchParams({
      redirect_uri: app.redirectUri,
      response_type: "code",
      scope: SCOPE,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    const { request_uri } = await retried(async () =>
      oauth.processPushedAuthorizationResponse(
        server,
        client,
        await oauth.pushedAuthorizationRequest(server, client, authentication, request, proving),
      ),
    );
    const url = new URL(server.authorization_endpoint ?? "");
    url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
    const back = oauth.validateAuthResponse(server, client, await allowAt(app, url), state);
    const redemption = [server, client, authentication, back, app.redirectUri, verifier, proving] as const;
    const tokens = await retried(async () =>
      oauth.processAuthorizationCodeResponse(server, client, await oauth.authorizationCodeGrantRequest(...redemption)),
    );
    expect(tokens.token_type).toBe("dpop");
    const list = (token: string) =>
      retried(() => oauth.protectedResourceRequest(token, "GET", RESOURCES, undefined, undefined, proving));
    expect((await list(tokens.access_token)).status).toBe(200);
    const refreshToken = tokens.refresh_token ?? "";
    const renewed = await retried(async () =>
      oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, proving),
      ),
    );
    expect(renewed.token_type).toBe("dpop");
    expect((await list(renewed.access_token)).status).toBe(200);
  });
});

describe("openid-client", () => {
  it.each(KINDS)("proves its key as %s, and finds the nonce by itself", async (_, registration) => {
    const app = await CodeApp.register(world, registration);
    const { id, secret } = app.client;
    const authentication = secret === "" ? openid.None() : openid.ClientSecretBasic(secret);
    const config = await openid.discovery(new URL(site.issuer), id, undefined, authentication, {
      algorithm: "oauth2",
      execute: [openid.allowInsecureRequests],
      [openid.customFetch]: (url, init) => site.fetch(new Request(url, init as RequestInit)),
    });
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
    const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
    const parameters = {
      redirect_uri: app.redirectUri,
      scope: SCOPE,
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    const url = await openid.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const tokens = await openid.authorizationCodeGrant(config, await allowAt(app, url), checks, {}, { DPoP });
    expect(tokens.token_type).toBe("dpop");
    const list = (token: string) =>
      openid.fetchProtectedResource(config, token, RESOURCES, "GET", undefined, undefined, { DPoP });
    expect((await list(tokens.access_token)).status).toBe(200);
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "", {}, { DPoP });
    expect((await list(renewed.access_token)).status).toBe(200);
  });
});
