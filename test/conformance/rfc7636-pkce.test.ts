import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CHALLENGE, CodeApp, locationOf, saidIn, VERIFIER } from "../support/server/code-app.ts";
import { INVALID_GRANT } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
let confidential: CodeApp;
let publicApp: CodeApp;
let browser: BrowserLike;

beforeAll(async () => {
  [confidential, publicApp] = [await CodeApp.register(world), await CodeApp.registerPublic(world)];
  browser = await (await Resident.settle()).browse(world.site);
});

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** A code for a verifier. */
const codeFor = async (app: CodeApp, verifier: string) =>
  app.allow(browser, app.path({ code_challenge: await challengeOf(verifier), prompt: "consent" }));

/** What either kind of client hears of a request, in the browser and where it pushes. */
async function refusals(changes: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  const answers = [confidential, publicApp].map(async (app) => {
    const pushed = await app.push(changes);
    expect(pushed.status).toBe(400);
    return [saidIn(locationOf(await browser.open(app.path(changes)))).error, pushed.body.error];
  });
  return (await Promise.all(answers)).flat();
}

const INVALID_REQUEST = Array(4).fill("invalid_request");

describe("the challenge", () => {
  it("O-7636-4.4.1-required is sent by every client", async () => {
    expect(await refusals({ code_challenge: "" })).toEqual(INVALID_REQUEST);
    expect(await refusals({ code_challenge: "", code_challenge_method: "" })).toEqual(INVALID_REQUEST);
  });

  it("O-7636-4.2-s256 is a SHA-256 digest", async () => {
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.code_challenge_methods_supported).toContain("S256");
    expect((await publicApp.redeem(await publicApp.allow(browser))).status).toBe(200);
  });

  it("O-7636-4.3-no-plain is never the verifier itself, said or not said", async () => {
    expect(await refusals({ code_challenge_method: "plain", code_challenge: VERIFIER })).toEqual(INVALID_REQUEST);
    expect(await refusals({ code_challenge_method: "", code_challenge: VERIFIER })).toEqual(INVALID_REQUEST);
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.code_challenge_methods_supported).not.toContain("plain");
  });

  it("O-7636-4.2-challenge-syntax has 43 characters of base64url, without padding", async () => {
    for (const code_challenge of ["abc", `${CHALLENGE.slice(0, 42)}=`, `${CHALLENGE}=`, CHALLENGE.replace("-", "+")]) {
      expect(await refusals({ code_challenge })).toEqual(INVALID_REQUEST);
    }
  });

  it("O-7636-4.4-bind-challenge is kept with its code", async () => {
    const [first, second] = ["a".repeat(43), "b".repeat(128)];
    const [one, other] = [await codeFor(publicApp, first), await codeFor(publicApp, second)];
    expect(await publicApp.redeem(one, { code_verifier: second })).toMatchObject(INVALID_GRANT);
    expect(await publicApp.redeem(other, { code_verifier: first })).toMatchObject(INVALID_GRANT);
    expect((await publicApp.redeem(one, { code_verifier: first })).status).toBe(200);
    expect((await publicApp.redeem(other, { code_verifier: second })).status).toBe(200);
  });
});

describe("the verifier", () => {
  it("O-7636-4.6-verify has to be there and to fit; that of RFC 7636 Appendix B does", async () => {
    const code = await publicApp.allow(browser);
    for (const code_verifier of ["", CHALLENGE, "x".repeat(43)]) {
      expect(await publicApp.redeem(code, { code_verifier })).toMatchObject(INVALID_GRANT);
    }
    expect((await publicApp.redeem(code, { code_verifier: VERIFIER })).status).toBe(200);
  });

  it("O-7636-4.1-verifier-syntax has 43 to 128 unreserved characters, whatever its digest", async () => {
    for (const code_verifier of ["a".repeat(42), "a".repeat(129), `${"a".repeat(43)}!`]) {
      const code = await codeFor(publicApp, code_verifier);
      expect(await publicApp.redeem(code, { code_verifier })).toMatchObject(INVALID_GRANT);
    }
  });

  it("O-9700-2.1.1-pkce-support is asked of confidential clients too, since each has sent a challenge", async () => {
    const code = await codeFor(confidential, VERIFIER);
    expect(await confidential.redeem(code, { code_verifier: "" })).toMatchObject(INVALID_GRANT);
    expect((await confidential.redeem(code)).status).toBe(200);
  });

  it("O-9700-4.8.2-pkce-downgrade has no code without a challenge to be used on", async () => {
    const without = { code_challenge: "", code_challenge_method: "" };
    expect(await refusals(without)).toEqual(INVALID_REQUEST);
    const page = await confidential.push(without);
    expect(page.body).not.toHaveProperty("request_uri");
  });
});
