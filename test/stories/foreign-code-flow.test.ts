import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp, locationOf } from "../support/server/code-app.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/**
 * A person connects an app that stands on a library which is not ours: it sends and reads every message of the code
 * flow, with PKCE, directly and with a pushed request, and checks what it gets.
 */

const world = localWorld();
const { site } = world;
const SCOPE = "uma_protection";
let browser: BrowserLike;

beforeAll(async () => {
  browser = await (await Resident.settle()).browse(site);
});

/** The person is sent here, and says yes. @returns where they are sent back to */
async function allowAt(app: CodeApp, url: URL): Promise<URL> {
  const sent = locationOf(await browser.open(url.href));
  if (!sent.href.startsWith(site.issuer)) return sent;
  return app.answer(browser, await browser.open(sent.href), { decision: "allow" });
}

describe("oauth4webapi", () => {
  const options = {
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, URLSearchParams | null | undefined>) =>
      site.fetch(new Request(url, { ...init, body: init.body ?? null, signal: init.signal ?? null })),
    [oauth.allowInsecureRequests]: true,
  };

  async function discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(site.issuer);
    return oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options }),
    );
  }

  const kinds = [
    ["a confidential client", {}, (secret: string) => oauth.ClientSecretBasic(secret)],
    ["a public client", { token_endpoint_auth_method: "none" }, () => oauth.None()],
  ] as const;

  it.each(kinds)("completes the flow as %s, pushes requests, refreshes and revokes", async (_, registration, prove) => {
    const [app, server] = [await CodeApp.register(world, registration), await discover()];
    const client: oauth.Client = { client_id: app.client.id };
    const authentication = prove(app.client.secret);
    for (const isPushed of [false, true]) {
      const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
      const request = new URLSearchParams({
        client_id: client.client_id,
        redirect_uri: app.redirectUri,
        response_type: "code",
        scope: SCOPE,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      const url = new URL(server.authorization_endpoint ?? "");
      if (isPushed) {
        const answer = await oauth.pushedAuthorizationRequest(server, client, authentication, request, options);
        const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, answer);
        url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
      } else {
        url.search = request.toString();
      }
      const back = oauth.validateAuthResponse(server, client, await allowAt(app, url), state);
      const redemption = [server, client, authentication, back, app.redirectUri, verifier, options] as const;
      const tokens = await oauth.processAuthorizationCodeResponse(
        server,
        client,
        await oauth.authorizationCodeGrantRequest(...redemption),
      );
      expect([tokens.scope, await app.isTaken(tokens.access_token)]).toEqual([SCOPE, true]);
      const refreshToken = tokens.refresh_token ?? "";
      const renewed = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options);
      const { access_token, refresh_token } = await oauth.processRefreshTokenResponse(server, client, renewed);
      expect(await app.isTaken(access_token)).toBe(true);
      const ended = refresh_token ?? refreshToken;
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, authentication, ended, options),
      );
      expect([await app.isTaken(access_token), await app.isTaken(tokens.access_token)]).toEqual([false, false]);
    }
  });

  it("notices an answer that another server gave (mix-up, RFC 9207)", async () => {
    const [app, server] = [await CodeApp.register(world), await discover()];
    const client: oauth.Client = { client_id: app.client.id };
    const back = await allowAt(app, new URL(site.issuer + app.path()));
    const honest = { ...server, issuer: "https://other.example" };
    expect(() => oauth.validateAuthResponse(honest, client, back, "xyz")).toThrow();
    const silent = new URL(back);
    silent.searchParams.delete("iss");
    expect(() => oauth.validateAuthResponse(server, client, silent, "xyz")).toThrow();
    expect(() => oauth.validateAuthResponse(server, client, back, "another browser's state")).toThrow();
    expect(oauth.validateAuthResponse(server, client, back, "xyz").get("code")).toEqual(expect.any(String));
  });
});

describe("openid-client", () => {
  it.each([false, true])("completes the flow, and refreshes; with a pushed request: %s", async (isPushed) => {
    const app = await CodeApp.register(world, { require_pushed_authorization_requests: isPushed });
    const fetch: openid.CustomFetch = (url, init) => site.fetch(new Request(url, init as RequestInit));
    const config = await openid.discovery(new URL(site.issuer), app.client.id, app.client.secret, undefined, {
      algorithm: "oauth2",
      execute: [openid.allowInsecureRequests],
      [openid.customFetch]: fetch,
    });
    const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
    const parameters = {
      redirect_uri: app.redirectUri,
      scope: SCOPE,
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    const url = isPushed
      ? await openid.buildAuthorizationUrlWithPAR(config, parameters)
      : openid.buildAuthorizationUrl(config, parameters);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const tokens = await openid.authorizationCodeGrant(config, await allowAt(app, url), checks);
    expect([tokens.scope, await app.isTaken(tokens.access_token)]).toEqual([SCOPE, true]);
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(await app.isTaken(renewed.access_token)).toBe(true);
  });
});
