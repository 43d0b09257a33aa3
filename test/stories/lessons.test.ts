/**
 * What went wrong in servers and resource servers of this kind, played against this one. Each title says what others had
 * happen; those about whoever enforces are in guarded-reports.test.ts.
 */

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { forge } from "../support/pure/forged-jwt.ts";
import type { Answer } from "../support/server/http-site.ts";
import { createOpenIdProvider } from "../support/server/openid-provider.ts";
import { permission } from "../support/server/protection-api.ts";
import { Prover } from "../support/server/prover.ts";
import { ANYONE, BOB, INVALID_GRANT, NEED_INFO, REQUEST_DENIED, refused, Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const SCOPED = { resource_scopes: ["view"] };
let alices: Scene;
let carols: Scene;

beforeAll(async () => {
  [alices, carols] = await Promise.all([Scene.open(world), Scene.open(world)]);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("lesson: tickets that were read first and deleted after gave two RPTs", () => {
  it("of many redemptions at once one is granted, with an RPT to upgrade or without", async () => {
    const photo = await alices.sharedPhoto();
    const idToken = await alices.bob();
    const old = text(await alices.redeem(await alices.ticket(photo), { idToken }), "access_token");
    for (const extras of [{ idToken }, { idToken, rpt: old }]) {
      const ticket = await alices.ticket(photo);
      const answers = await Promise.all(Array.from({ length: 12 }, () => alices.redeem(ticket, extras)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toMatchObject(INVALID_GRANT);
    }
  });
});

describe("lesson: ownership was checked for the first resource of a list only", () => {
  it("a second one that is somebody else's is refused like one that is not there, wherever lists are taken", async () => {
    const [own, foreign] = [await alices.resource(), await carols.resource()];
    await carols.permit(foreign, "all", ANYONE);
    for (const other of [foreign, "nowhere"]) {
      const asked = await alices.rs1.ask([permission(own, "view"), permission(other, "view")]);
      expect(asked).toMatchObject(refused(400, "invalid_resource_id"));
      const description = { resource_scopes: ["view"], collections: [own, other] };
      expect(await alices.rs1.create(description)).toMatchObject({ status: 400 });
      expect(await alices.rs1.patch(own, { collections: [other] })).toMatchObject({ status: 400 });
    }
  });

  it("a policy that names one of somebody else's shares nothing of it", async () => {
    const [own, foreign] = [await alices.resource(), await carols.resource()];
    const target = { resources: [own, foreign] };
    const json = { effect: "permit", target, scopes: "all", who: ANYONE };
    await world.send("POST", "/owner/policies?accept=warnings", { bearer: alices.tool, json });
    expect(await carols.redeem(await carols.ticket(foreign))).toMatchObject(REQUEST_DENIED);
  });

  it("of what is asked for by name, by resource or by details, each is looked at", async () => {
    const named = async () => {
      const base = `https://api-${crypto.randomUUID()}.example/`;
      const scene = await Scene.open(world, { resource_identifiers: [base] });
      const name = async (who: object | null) => {
        const identifier = base + crypto.randomUUID();
        const id = text(await scene.rs1.create({ ...SCOPED, resource_identifiers: [identifier] }), "_id");
        if (who !== null) await scene.permit(id, ["view"], who as typeof BOB);
        return { id, identifier };
      };
      return { scene, shared: await name(BOB), closed: await name(null) };
    };
    const [hers, his] = [await named(), await named()];
    const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    const agent = await world.client({ grant_types: [grant], may_push_claims: true });
    const ask = async (...wanted: readonly (readonly [string, string])[]) => {
      const subject_token = await world.idToken(hers.scene.cast, { aud: agent.id });
      const subject = { subject_token, subject_token_type: "urn:ietf:params:oauth:token-type:id_token" };
      const form = [...Object.entries({ grant_type: grant, ...subject }), ...wanted];
      return world.send("POST", "/token", { basic: agent, form });
    };
    const byName = (...names: readonly string[]) => ask(...names.map((name) => ["resource", name] as const));
    const byDetails = (...names: readonly string[]) => {
      const details = names.map((name) => ({ type: "uma_resource", locations: [name], actions: ["view"] }));
      return ask(["authorization_details", JSON.stringify(details)]);
    };
    for (const by of [byName, byDetails]) {
      const [first, second] = [hers.shared, hers.closed];
      for (const order of [
        [first, second],
        [second, first],
      ]) {
        const answer = await by(...order.map(({ identifier }) => identifier));
        expect(await hers.scene.granted(answer)).toEqual({ [first.id]: ["view"] });
      }
      const refusal = refused(400, "invalid_target");
      expect(await by(first.identifier, his.shared.identifier)).toMatchObject(refusal);
      expect(await by(first.identifier, `${first.identifier}/nothing`)).toMatchObject(refusal);
    }
  });
});

describe("lesson: names were used as keys", () => {
  it("things and scopes of equal names, and names and ids that begin alike, are apart", async () => {
    const named = (scene: Scene, name: string) => scene.resource(["view"], { name, type: "doc" });
    const [doc, hers, longer] = [await named(alices, "doc"), await named(carols, "doc"), await named(alices, "doc-2")];
    await alices.permit(doc, ["view"], ANYONE);
    expect((await alices.redeem(await alices.ticket(doc))).status).toBe(200);
    expect(await alices.redeem(await alices.ticket(longer))).toMatchObject(REQUEST_DENIED);
    expect(await carols.redeem(await carols.ticket(hers))).toMatchObject(REQUEST_DENIED);
    for (const id of ["doc", doc.slice(0, -1), `${doc}x`, doc.toUpperCase(), `${doc}%2F..`]) {
      expect((await alices.rs1.read(id)).status).toBe(404);
      expect(await alices.rs1.ask(permission(id, "view"))).toMatchObject(refused(400, "invalid_resource_id"));
    }
  });

  it("a type is of its owner: a policy about a kind reaches no other owner's things of that kind", async () => {
    const type = `type-${crypto.randomUUID()}`;
    const [hers, his] = [await alices.resource(["view"], { type }), await carols.resource(["view"], { type })];
    await alices.permitAnyone({ target: { type } });
    expect((await alices.redeem(await alices.ticket(hers))).status).toBe(200);
    expect(await carols.redeem(await carols.ticket(his))).toMatchObject(REQUEST_DENIED);
  });
});

describe("lesson: a path that was written otherwise got around the check", () => {
  it.each([
    "/Admin/owners",
    "//admin/owners",
    "/admin//owners",
    "/%61dmin/owners",
    "/owner/..%2Fadmin/owners",
    "/resources/%2e%2e%2fadmin%2fowners",
    "/admin%2Fowners",
    "/admin;x=1/owners",
    "/resources/..;/admin/owners",
    "/ADMIN/keys",
  ])("%s opens nothing without a secret", async (path) => {
    for (const method of ["GET", "POST"]) {
      const answer = await world.send(method, path, { bearer: alices.pat });
      expect([401, 404, 405]).toContain(answer.status);
      expect(answer.text).not.toContain(alices.cast.alice);
    }
  });
});

describe("lesson: a pushed claim overrode the server's clock or context", () => {
  const CONTEXT = {
    now: 0,
    time: "2000-01-01T00:00:00Z",
    date: "2000-01-01",
    country: "DE",
    "cf-ipcountry": "DE",
    ip: "192.0.2.1",
    ip_address: "192.0.2.1",
    client: "printer",
    client_id: "printer",
    context: { time: 0, country: "DE", ip: "192.0.2.1", client_id: "printer" },
    environment: { time: 0 },
    whereabouts: { country: "DE", address: "192.0.2.1" },
    is_owner: true,
    isOwner: true,
    agreements: ["all"],
    groups: ["everyone"],
  };

  it.each([
    ["the end of a policy", { when: { expires: "2001-01-01T00:00:00Z" } }],
    ["a country", { where: { countries: ["DE"] } }],
    ["a network", { where: { networks: ["192.0.2.0/24"] } }],
    ["a client", { who: { client: "printer" } }],
  ])("%s is no matter of claims", async (_, more) => {
    const photo = await alices.resource();
    await alices.permit(photo, ["view"], BOB, more);
    const idToken = await alices.bob(CONTEXT);
    const headers = { "X-Forwarded-For": "192.0.2.1", "CF-IPCountry": "DE", Date: "Sat, 01 Jan 2000 00:00:00 GMT" };
    const claims = { claim_token: idToken, claim_token_format: ID_TOKEN_FORMAT };
    const form = { grant_type: UMA_GRANT, ticket: await alices.ticket(photo), ...claims, client: "printer", now: "0" };
    const answer = await world.send("POST", "/token", { basic: alices.cast.c1, form, headers });
    expect(answer).toMatchObject(REQUEST_DENIED);
  });
});

describe("lesson: one resource server reached what another one keeps, and tickets were had without the scope", () => {
  it("what is not its own, of this owner or another, is not there", async () => {
    const photo = await alices.sharedPhoto();
    const rpt = text(await alices.redeem(await alices.ticket(photo), { idToken: await alices.bob() }), "access_token");
    const rs2 = await alices.connectResourceServer();
    for (const stranger of [rs2, carols.rs1]) {
      const tries = async (id: string): Promise<readonly Answer[]> => [
        await stranger.read(id),
        await stranger.update(id, { resource_scopes: ["view"] }),
        await stranger.patch(id, { name: "mine" }),
        await stranger.remove(id),
        await stranger.ask(permission(id, "view")),
      ];
      const [there, nowhere] = [await tries(photo), await tries("nowhere")];
      expect(there.map(({ status, body }) => [status, body])).toEqual(
        nowhere.map(({ status, body }) => [status, body]),
      );
      expect((await stranger.list()).json).not.toContain(photo);
      expect((await stranger.introspect(rpt)).json).toEqual({ active: false });
    }
    expect(await alices.introspect(rpt)).toMatchObject({ active: true });
  });

  it("a token without uma_protection gets no ticket, no list and no answer about an RPT", async () => {
    const photo = await alices.sharedPhoto();
    const asked = { bearer: alices.tool, json: permission(photo, "view") };
    expect(await world.send("POST", "/permission", asked)).toMatchObject(refused(403, "insufficient_scope"));
    expect(await world.send("GET", "/resources", { bearer: alices.tool })).toMatchObject({ status: 403 });
    expect(await world.send("POST", "/introspection", { bearer: alices.tool, form: { token: "x" } })).toMatchObject({
      status: 401,
    });
    expect(await world.send("GET", "/owner/policies", { bearer: alices.pat })).toMatchObject({ status: 403 });
  });
});

describe("lesson: the allowed origin came from a claim that nobody had verified", () => {
  it("no claim, token or header of a request is ever echoed as an origin", async () => {
    const evil = "https://evil.example";
    const photo = await alices.sharedPhoto();
    const idToken = await alices.bob({ "allowed-origins": [evil], azp: evil });
    const pushed = { claim_token: idToken, claim_token_format: ID_TOKEN_FORMAT };
    const form = { grant_type: UMA_GRANT, ticket: await alices.ticket(photo), ...pushed };
    const answers = [
      await world.send("POST", "/token", { basic: alices.cast.c1, form, headers: { Origin: evil } }),
      await world.send("GET", "/resources", { bearer: idToken, headers: { Origin: evil } }),
      await world.send("GET", "/admin/clients", { bearer: idToken, headers: { Origin: evil } }),
    ];
    for (const { headers } of answers) {
      expect([null, "*"]).toContain(headers.get("access-control-allow-origin"));
      expect(headers.has("access-control-allow-credentials")).toBe(false);
    }
  });
});

describe("lesson: a client that is bound to its key was handed a bearer RPT, for the sake of its claim token", () => {
  it("what an RPT is bound to is decided by the proof alone, whatever the claim token is bound to", async () => {
    const photo = await alices.sharedPhoto();
    const [prover, other] = [await Prover.create(world), await Prover.create(world)];
    const redeem = async (cnf: object | undefined, by: Prover | null) => {
      const claims = { claim_token: await alices.bob({ cnf }), claim_token_format: ID_TOKEN_FORMAT };
      const form = { grant_type: UMA_GRANT, ticket: await alices.ticket(photo), ...claims };
      return by === null ? world.token(alices.cast.c1, form) : by.token(alices.cast.c1, form);
    };
    const bearer = await redeem(undefined, null);
    expect(bearer.body.token_type).toBe("Bearer");
    expect(await alices.introspect(bearer.body.access_token)).not.toHaveProperty("cnf");
    for (const cnf of [undefined, { jkt: prover.jkt }]) {
      const bound = await redeem(cnf, prover);
      expect(bound.body.token_type).toBe("DPoP");
      expect(await alices.introspect(bound.body.access_token)).toMatchObject({ cnf: { jkt: prover.jkt } });
    }
    // A claim token that is bound itself is nobody's without a proof of its key, and gives no RPT of any kind.
    for (const by of [null, prover]) expect((await redeem({ jkt: other.jkt }, by)).status).toBe(403);
    expect((await redeem({ jkt: prover.jkt }, null)).status).toBe(403);
  });

  it("who is registered for bound tokens gets none without a proof, and keeps the ticket", async () => {
    const photo = await alices.sharedPhoto();
    const client = await world.client({ may_push_claims: true, dpop_bound_access_tokens: true });
    const prover = await Prover.create(world);
    const idToken = await alices.bob({ aud: client.id, cnf: { jkt: prover.jkt } });
    const ticket = await alices.ticket(photo);
    expect((await alices.redeemAs(client, ticket, { idToken })).status).toBe(400);
    const claims = { claim_token: idToken, claim_token_format: ID_TOKEN_FORMAT };
    const bound = await prover.token(client, { grant_type: UMA_GRANT, ticket, ...claims });
    expect(bound).toMatchObject({ status: 200, body: { token_type: "DPoP" } });
  });
});

describe("lesson: pushed ID Tokens were taken unsigned, from anybody, for anybody, or as plain JSON", () => {
  const BOBS = { sub: "bob", email: "bob@example.com", email_verified: true };
  const seconds = () => Math.floor(Date.now() / 1_000);
  const whole = () => ({ ...BOBS, iss: alices.cast.provider.issuer, aud: alices.cast.c1.id, iat: seconds() });
  const encode = (value: object) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  it.each<[string, () => Promise<string> | string]>([
    ["with a signature that was cut off", async () => (await alices.bob()).replace(/\.[^.]*$/, ".")],
    ["altered", async () => (await alices.bob()).replace(/\.[^.]*\./, `.${encode({ ...whole(), exp: 4e9 })}.`)],
    ["of an issuer whom nobody trusts", async () => (await stranger()).idToken({ ...BOBS, aud: alices.cast.c1.id })],
    [
      "in the name of a trusted issuer",
      async () => (await stranger()).idToken({ ...BOBS, iss: alices.cast.provider.issuer, aud: alices.cast.c1.id }),
    ],
    ["for another client", () => alices.bob({ aud: "somebody-else" })],
    ["that has expired", () => alices.bob({ exp: seconds() - 120 })],
    ["from tomorrow", () => alices.bob({ iat: seconds() + 86_400, nbf: seconds() + 86_400 })],
    ["as plain JSON", () => JSON.stringify({ ...whole(), exp: seconds() + 300 })],
    ["as encoded JSON", () => encode({ ...whole(), exp: seconds() + 300 })],
    ["as an access token of ours", () => alices.pat],
  ])("one %s counts for nothing", async (_, make) => {
    const photo = await alices.sharedPhoto();
    const claim_token = await make();
    for (const claim_token_format of [ID_TOKEN_FORMAT, "urn:ietf:params:oauth:token-type:jwt", "none"]) {
      const form = { grant_type: UMA_GRANT, ticket: await alices.ticket(photo), claim_token, claim_token_format };
      expect(await world.token(alices.cast.c1, form)).toMatchObject(NEED_INFO);
    }
  });

  it("nor does anything that can be made of a good one without its key", async () => {
    const photo = await alices.sharedPhoto();
    const [jwk = {}] = alices.cast.provider.jwks.keys;
    for (const [how, idToken] of await forge(await alices.bob(), jwk)) {
      const answer = await alices.redeem(await alices.ticket(photo), { idToken });
      expect(answer, how).toMatchObject(NEED_INFO);
    }
  });

  function stranger() {
    return createOpenIdProvider(`https://stranger-${crypto.randomUUID()}.example`);
  }
});

describe("lesson: an RPT was issued where no policy existed", () => {
  it("nothing that matches is a no: no policy, one about something else, one that ended, one that was deleted", async () => {
    const photo = await alices.resource();
    const idToken = await alices.bob();
    const expectNothing = async () => {
      expect(await alices.redeem(await alices.ticket(photo), { idToken })).toMatchObject(REQUEST_DENIED);
    };
    await expectNothing();
    await alices.permit(photo, ["print"], ANYONE);
    await expectNothing();
    await alices.permit(photo, ["view"], ANYONE, { when: { expires: "2001-01-01T00:00:00Z" } });
    await expectNothing();
    const policy = await alices.permit(photo, ["view"], ANYONE);
    await alices.ask("DELETE", `/policies/${policy}`);
    await expectNothing();
  });

  it("a policy that asks for nothing of nobody is refused, and an empty group lets nobody in", async () => {
    const photo = await alices.resource();
    const policy = (who: unknown) => ({ effect: "permit", target: { resources: [photo] }, scopes: "all", who });
    for (const who of [{}, { all: [] }, { any: [] }, null, undefined, []]) {
      expect((await alices.ask("POST", "/policies?accept=warnings", policy(who))).status).toBe(400);
    }
    const { body } = await alices.ask("POST", "/groups?accept=warnings", { name: "nobody", members: [] });
    expect((await alices.ask("POST", "/policies?accept=warnings", policy({ group: body.group_id }))).status).toBe(201);
    const idToken = await alices.bob();
    expect((await alices.redeem(await alices.ticket(photo), { idToken })).status).toBe(403);
  });
});

describe("lesson: the issuer was built from what a request said about itself", () => {
  it("headers change neither metadata nor tokens nor where anybody is sent", async () => {
    const forgery = {
      "X-Forwarded-Host": "evil.example",
      "X-Forwarded-Proto": "http",
      "X-Forwarded-Prefix": "/evil",
      "X-Original-URL": "/evil",
      "X-Rewrite-URL": "/evil",
      Forwarded: "host=evil.example;proto=http",
    };
    const photo = await alices.resource();
    await alices.permit(photo, ["view"], BOB);
    const form = { grant_type: UMA_GRANT, ticket: await alices.ticket(photo) };
    const answers = [
      await world.send("GET", "/.well-known/uma2-configuration", { headers: forgery }),
      await world.send("GET", "/.well-known/oauth-authorization-server", { headers: forgery }),
      await world.send("POST", "/token", { basic: alices.cast.c1, form, headers: forgery }),
      await world.send("GET", "/account", { headers: { ...forgery, Accept: "text/html" } }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeLessThan(500);
      expect(answer.text + [...answer.headers].join()).not.toContain("evil");
    }
    expect(answers[0]?.body.issuer).toBe(world.site.issuer);
  });

  it("a request to another host is refused", async () => {
    for (const path of ["/.well-known/uma2-configuration", "/token", "/jwks"]) {
      const answer = await world.send("GET", `http://evil.example${path}`);
      expect(answer).toMatchObject(refused(421, "misdirected_request"));
    }
  });
});

describe("lesson: what a storage object threw lost its meaning on the way out, and came as a 500", () => {
  it("whatever the ledger and its database refuse keeps its name", async () => {
    const photo = await alices.resource();
    const policy = await alices.permit(photo, ["view"]);
    const document = { effect: "permit", target: { resources: [photo] }, scopes: ["view"], who: BOB };
    const stale = { "If-Match": '"77"' };
    const put = (id: string, headers: Readonly<Record<string, string>>) =>
      alices.ask("PUT", `/policies/${id}?accept=warnings`, document, headers);
    expect((await put(policy, stale)).status).toBe(412);
    expect((await put("nowhere", { "If-Match": '"1"' })).status).toBe(404);
    expect((await alices.ask("DELETE", "/policies/nowhere")).status).toBe(404);
    expect((await alices.ask("DELETE", "/grants/nowhere")).status).toBe(404);
    expect((await alices.ask("POST", "/requests/nowhere/decision", { version: 1, decision: "refuse" })).status).toBe(
      404,
    );
    expect((await alices.rs1.update("nowhere", { resource_scopes: ["view"] })).status).toBe(404);
    const foreign = { ...document, who: { group: "nowhere" } };
    expect((await alices.ask("POST", "/policies", foreign)).status).toBeLessThan(500);
  });

  it("a ledger that has closed says no by name to all that is on its way", async () => {
    const scene = await Scene.open(world);
    const photo = await scene.sharedPhoto();
    const granted = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    const ticket = await scene.ticket(photo);
    expect((await world.admin("DELETE", `/owners/${scene.cast.alice}`)).status).toBeLessThan(300);
    expect(await scene.redeem(ticket)).toMatchObject(INVALID_GRANT);
    expect(await scene.refresh(scene.cast.c1, granted.body.refresh_token)).toMatchObject(INVALID_GRANT);
    const token = text(granted, "access_token");
    const asked = await world.send("POST", "/introspection", { bearer: scene.pat, form: { token } });
    expect(asked).toMatchObject(refused(401, "invalid_token"));
    expect((await world.send("POST", "/revocation", { basic: scene.cast.c1, form: { token } })).status).toBe(200);
  });
});
