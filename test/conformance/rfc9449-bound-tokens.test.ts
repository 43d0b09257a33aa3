import { decodeJwt } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { type ProofOrder, Prover } from "../support/server/prover.ts";
import { INVALID_GRANT, NEED_INFO, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, text, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

/** What a client gets that proves a key, and what it is good for without that key. */

const world = localWorld();
const INVALID_PROOF = refused(400, "invalid_dpop_proof");
const CLAIMS_REDIRECT = { claims_redirect_uris: ["https://c.example/cr"] };
let scene: Scene;
let photo: string;
let a: Prover;
let b: Prover;
let p1: Credentials;
let browser: BrowserLike;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permitAnyone();
  [a, b] = [await Prover.create(world), await Prover.create(world)];
  p1 = await world.client({ client_name: "P1", token_endpoint_auth_method: "none", ...CLAIMS_REDIRECT });
  browser = await (await Resident.settle()).browse(world.site);
});

const ticketForm = async (more: Readonly<Record<string, string>> = {}) => ({
  grant_type: UMA_GRANT,
  ticket: await scene.ticket(photo),
  ...more,
});
const redeem = async (prover: Prover, client = scene.cast.c1, order: ProofOrder = {}) =>
  prover.token(client, await ticketForm(), order);
const refreshForm = ({ body }: Answer) => ({ grant_type: "refresh_token", refresh_token: String(body.refresh_token) });
const CREDENTIALS_FORM = { grant_type: "client_credentials" };

/** An app that uses a code, and the code that somebody allowed it. */
async function codeOf(
  parameters: Readonly<Record<string, string>>,
  registration: Readonly<Record<string, unknown>> = {},
) {
  const app = await CodeApp.register(world, registration);
  return { app, code: await app.allow(browser, app.path(parameters)) };
}

const codeForm = (app: CodeApp, code: string) => ({
  grant_type: "authorization_code",
  code,
  redirect_uri: app.redirectUri,
  code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
});

describe("what a proof binds (RFC 9449 §5, §6)", () => {
  it("O-9449-5-token-type O-9449-6.2-introspection O-9700-2.2.1-sender-constrained an RPT, of either form, as introspection and its JWT say", async () => {
    const opaque = await Scene.open(world, { rpt_format: "opaque" });
    await opaque.permitAnyone();
    const elsewhere = await opaque.resource();
    const handle = await a.token(opaque.cast.c1, { grant_type: UMA_GRANT, ticket: await opaque.ticket(elsewhere) });
    const jwt = await redeem(a);
    expect(decodeJwt(text(jwt, "access_token")).cnf).toEqual({ jkt: a.jkt });
    for (const [at, answer] of [
      [scene, jwt],
      [opaque, handle],
    ] as const) {
      expect(answer).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
      const told = await at.introspect(answer.body.access_token);
      expect(told).toMatchObject({ active: true, token_type: "DPoP", cnf: { jkt: a.jkt } });
    }
  });

  it("O-9449-5-token-type O-9700-2.2.1-sender-constrained a PAT, by the client's own credentials and by a code", async () => {
    const own = await a.token(scene.cast.rs1, CREDENTIALS_FORM);
    const { app, code } = await codeOf({});
    const allowed = await a.token(app.client, codeForm(app, code));
    for (const answer of [own, allowed]) {
      expect(answer).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
      const pat = text(answer, "access_token");
      expect(decodeJwt(pat).cnf).toEqual({ jkt: a.jkt });
      expect((await a.send("GET", "/resources", pat)).status).toBe(200);
      expect((await b.send("GET", "/resources", pat)).status).toBe(401);
    }
    const refreshed = await a.token(app.client, refreshForm(allowed));
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
    expect((await a.send("GET", "/resources", text(refreshed, "access_token"))).status).toBe(200);
  });

  it("what tells an app who signed in, which then needs the key at /userinfo", async () => {
    const { app, code } = await codeOf({ scope: "openid" });
    const token = text(await a.token(app.client, codeForm(app, code)), "access_token");
    expect(await a.send("GET", "/userinfo", token)).toMatchObject({ status: 200, body: { sub: expect.any(String) } });
    expect(await b.send("GET", "/userinfo", token)).toMatchObject(refused(401, "invalid_token"));
    expect(await world.send("GET", "/userinfo", { bearer: token })).toMatchObject(refused(401, "invalid_token"));
    const unproven = await world.send("GET", "/userinfo", { authorization: `DPoP ${token}` });
    expect(unproven).toMatchObject(refused(401, "invalid_dpop_proof"));
  });

  it("O-9449-6.2-introspection nothing where there is no proof", async () => {
    const { body } = await scene.redeem(await scene.ticket(photo));
    expect(body.token_type).toBe("Bearer");
    const told = await scene.introspect(body.access_token);
    expect(told).toMatchObject({ active: true, token_type: "Bearer" });
    expect(told).not.toHaveProperty("cnf");
  });

  it("O-9449-5.1-metadata is offered in the metadata", async () => {
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    const algorithms = body.dpop_signing_alg_values_supported as readonly string[];
    expect(algorithms).toEqual(expect.arrayContaining(["ES256", "EdDSA"]));
    for (const algorithm of algorithms) expect(algorithm).toMatch(/^(ES|PS|RS|Ed)/);
  });
});

describe("a client that is to prove a key always (RFC 9449 §5.2)", () => {
  it("O-9449-5-bound-client is refused without a proof, and its ticket stays good", async () => {
    const client = await world.client({ dpop_bound_access_tokens: true });
    const form = await ticketForm();
    expect(await world.token(client, form)).toMatchObject(INVALID_PROOF);
    const answer = await a.token(client, form);
    expect(answer).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
    expect(await world.token(client, refreshForm(answer))).toMatchObject(INVALID_PROOF);
  });

  it("O-9449-5-bound-client so is every client where the server requires it", async () => {
    const strict = configuredWorld({ SENDER_CONSTRAINED_TOKENS: "required" });
    const form = await ticketForm();
    expect(await strict.token(scene.cast.c1, form)).toMatchObject(INVALID_PROOF);
    expect(await strict.token(scene.cast.rs1, CREDENTIALS_FORM)).toMatchObject(INVALID_PROOF);
    const prover = await Prover.create(strict);
    expect(await prover.token(scene.cast.c1, form)).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  });
});

describe("refresh (RFC 9449 §5)", () => {
  it("O-9449-5-refresh-binding of a public client takes the same key only, and a refusal spends nothing", async () => {
    const granted = await redeem(a, p1);
    const form = refreshForm(granted);
    expect(await b.token(p1, form)).toMatchObject(INVALID_PROOF);
    expect(await world.token(p1, form)).toMatchObject(INVALID_PROOF);
    const refreshed = await a.token(p1, form);
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
    expect(await b.token(p1, refreshForm(refreshed))).toMatchObject(INVALID_PROOF);
    expect(await scene.introspect(refreshed.body.access_token)).toMatchObject({ cnf: { jkt: a.jkt } });
  });

  it("O-9449-5-refresh-binding of a public client's connection is bound likewise", async () => {
    const { app, code } = await codeOf({}, { token_endpoint_auth_method: "none" });
    const allowed = await a.token(app.client, codeForm(app, code));
    const form = refreshForm(allowed);
    expect(await b.token(app.client, form)).toMatchObject(INVALID_PROOF);
    expect(await app.refresh(allowed.body.refresh_token)).toMatchObject(INVALID_PROOF);
    expect(await a.token(app.client, form)).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  });

  it("O-9449-5-refresh-binding of a confidential client takes a new key, and is never loosened to bearer", async () => {
    const { c1 } = scene.cast;
    const granted = await redeem(a);
    expect(await world.token(c1, refreshForm(granted))).toMatchObject(INVALID_PROOF);
    const changed = await b.token(c1, refreshForm(granted));
    expect(changed).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
    expect(await scene.introspect(changed.body.access_token)).toMatchObject({ cnf: { jkt: b.jkt } });
    expect(await world.token(c1, refreshForm(changed))).toMatchObject(INVALID_PROOF);
  });

  it("O-9449-5-refresh-binding takes a proof for what was bound to nothing, and binds what comes of it", async () => {
    const granted = await world.token(p1, await ticketForm());
    const refreshed = await a.token(p1, refreshForm(granted));
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
    expect(await world.token(p1, refreshForm(refreshed))).toMatchObject(INVALID_PROOF);
  });
});

describe("a PCT (RFC 9449 §5, Grant §5.2)", () => {
  /** Ana lets a client know her next time; it proves this key, or none. */
  async function pctOf(client: Credentials, prover: Prover) {
    const ana = await Visitor.arrive(world);
    const closed = await Scene.open(world);
    const diary = await closed.resource();
    await closed.permit(diary, ["view"], { claim: "email", equals: ana.address });
    const back = await ana.show(client, { ticket: await closed.ticket(diary) }, { remember: "yes" });
    const form = { grant_type: UMA_GRANT, ticket: back.get("ticket") ?? "" };
    const pct = text(await prover.token(client, form), "pct");
    const again = async () => ({ grant_type: UMA_GRANT, ticket: await closed.ticket(diary), pct });
    return { pct, again };
  }

  it("O-9449-5-pct-binding of a public client that proved a key counts beside that key alone, and stays good", async () => {
    const bound = { token_endpoint_auth_method: "none", dpop_bound_access_tokens: true };
    const p1 = await world.client({ client_name: "P1", ...bound, ...CLAIMS_REDIRECT });
    const { again, pct } = await pctOf(p1, a);
    expect((await a.token(p1, await again())).body).not.toHaveProperty("pct");
    expect(await b.token(p1, await again())).toMatchObject(NEED_INFO);
    expect(await world.token(p1, await again())).toMatchObject(INVALID_PROOF);
    const { pct: _, ...unproven } = await again();
    expect(await a.token(p1, { ...unproven, pct: `${pct}x` })).toMatchObject(NEED_INFO);
    expect(await a.token(p1, await again())).toMatchObject({ status: 200 });
    await world.send("POST", "/revocation", { form: { client_id: p1.id, token: pct } });
    expect(await a.token(p1, await again())).toMatchObject(NEED_INFO);
  });

  it("of a client that proves itself counts beside any key, and beside none", async () => {
    const client = await world.client(CLAIMS_REDIRECT);
    const { again } = await pctOf(client, a);
    expect(await b.token(client, await again())).toMatchObject({ status: 200 });
    expect(await world.token(client, await again())).toMatchObject({ status: 200 });
  });

  it("is nothing that a public client is given that need not prove a key", async () => {
    const ana = await Visitor.arrive(world);
    const page = await ana.look(p1, { ticket: await scene.ticket(photo) });
    expect(page.text).not.toContain('name="remember"');
  });
});

describe("a code (RFC 9449 §10)", () => {
  it("O-9449-10-dpop-jkt is redeemed with the key that dpop_jkt names, and a refusal spends nothing", async () => {
    const { app, code } = await codeOf({ dpop_jkt: a.jkt });
    expect(await b.token(app.client, codeForm(app, code))).toMatchObject(INVALID_GRANT);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
    expect(await a.token(app.client, codeForm(app, code))).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  });

  it("O-9449-10-dpop-jkt is bound by a proof beside a pushed request, and both name one key", async () => {
    const app = await CodeApp.register(world);
    const push = async (parameters: Readonly<Record<string, string>>) => {
      const { client_id: _, ...form } = app.request(parameters);
      return world.send("POST", "/par", {
        basic: app.client,
        form,
        headers: { DPoP: await a.proof({ path: "/par" }) },
      });
    };
    expect(await push({ dpop_jkt: b.jkt })).toMatchObject(INVALID_PROOF);
    expect((await push({ dpop_jkt: a.jkt })).status).toBe(201);
    const requestUri = text(await push({}), "request_uri");
    const path = `/authorize?${new URLSearchParams({ client_id: app.client.id, request_uri: requestUri })}`;
    const code = await app.allow(browser, path);
    expect(await b.token(app.client, codeForm(app, code))).toMatchObject(INVALID_GRANT);
    expect(await a.token(app.client, codeForm(app, code))).toMatchObject({ status: 200 });
  });

  it("O-9449-10-dpop-jkt refuses what is no thumbprint, and a proof for another endpoint", async () => {
    const app = await CodeApp.register(world);
    expect(await app.push({ dpop_jkt: "short" })).toMatchObject(refused(400, "invalid_request"));
    const { client_id: _, ...form } = app.request();
    const headers = { DPoP: await a.proof() };
    expect(await world.send("POST", "/par", { basic: app.client, form, headers })).toMatchObject(INVALID_PROOF);
  });
});

describe("nonces, where the server asks for them (RFC 9449 §8, §9)", () => {
  const careful = configuredWorld({ DPOP_NONCES: "required" });
  const USE_NONCE = refused(400, "use_dpop_nonce");
  const nonceOf = (answer: Answer) => answer.headers.get("dpop-nonce") ?? "";
  let prover: Prover;

  beforeAll(async () => {
    prover = await Prover.create(careful);
  });

  it("O-9449-8-nonce O-9449-8-no-ticket-burn at the token endpoint, with 400, and the ticket stays good", async () => {
    const form = await ticketForm();
    const asked = await prover.token(scene.cast.c1, form);
    expect(asked).toMatchObject(USE_NONCE);
    expect(nonceOf(asked)).toMatch(/^[\w.~-]{40,}$/);
    const again = await prover.token(scene.cast.c1, form);
    expect(nonceOf(again)).not.toBe(nonceOf(asked));
    for (const nonce of ["wrong", `${nonceOf(asked)}x`, ""]) {
      expect(await prover.token(scene.cast.c1, form, { claims: { nonce } })).toMatchObject(USE_NONCE);
    }
    expect(await prover.token(scene.cast.c1, form, { claims: { nonce: nonceOf(asked) } })).toMatchObject({
      status: 200,
    });
  });

  it("O-9449-8-no-ticket-burn a proof that is refused spends no ticket, code or refresh token", async () => {
    const { c1 } = scene.cast;
    const { app, code } = await codeOf({});
    const granted = await redeem(a);
    const calls: readonly (readonly [Credentials, Readonly<Record<string, string>>])[] = [
      [c1, await ticketForm()],
      [app.client, codeForm(app, code)],
      [c1, refreshForm(granted)],
    ];
    for (const [client, form] of calls) {
      const asked = await prover.token(client, form);
      expect(asked).toMatchObject(USE_NONCE);
      const claims = { nonce: nonceOf(asked) };
      expect(await prover.token(client, form, { claims: { ...claims, htm: "GET" } })).toMatchObject(INVALID_PROOF);
      expect(await prover.token(client, form, { claims })).toMatchObject({ status: 200 });
    }
  });

  it("O-9449-9-protected-nonce where an access token is used, with 401 and a challenge", async () => {
    const nonce = nonceOf(await prover.token(scene.cast.rs1, CREDENTIALS_FORM));
    const pat = text(await prover.token(scene.cast.rs1, CREDENTIALS_FORM, { claims: { nonce } }), "access_token");
    const call = { json: permission(photo, "view") };
    const asked = await prover.send("POST", "/permission", pat, call);
    expect(asked).toMatchObject(refused(401, "use_dpop_nonce"));
    expect(asked.headers.get("www-authenticate")).toMatch(/^DPoP .*error="use_dpop_nonce"/);
    const claims = { nonce: nonceOf(asked) };
    expect((await prover.send("POST", "/permission", pat, call, { claims })).status).toBe(201);
  });

  it("O-9449-8-nonce at the pushed request endpoint", async () => {
    const app = await CodeApp.register(world);
    const { client_id: _, ...form } = app.request();
    const push = async (claims: object) => {
      const headers = { DPoP: await prover.proof({ path: "/par", claims: { ...claims } }) };
      return careful.send("POST", "/par", { basic: app.client, form, headers });
    };
    const asked = await push({});
    expect(asked).toMatchObject(USE_NONCE);
    expect((await push({ nonce: nonceOf(asked) })).status).toBe(201);
  });

  it("are not looked at where they are not asked for", async () => {
    const answer = await redeem(a, scene.cast.c1, { claims: { nonce: "whatever" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.has("dpop-nonce")).toBe(false);
  });
});
