import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CHALLENGE, CodeApp, VERIFIER } from "../../support/server/code-app.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { locationOf } from "../../support/server/person.ts";
import { ProtectionApi } from "../../support/server/protection-api.ts";
import { Prover } from "../../support/server/prover.ts";
import { INVALID_GRANT, refused, Scene } from "../../support/server/scene.ts";
import { expectStatus, text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { freshId } from "../../support/workerd/records.ts";
import { backAt, Visitor } from "../../support/workerd/visitor.ts";

const world = localWorld();
const BASE = `https://${freshId("mcp")}.example/mcp`;
const SCOPES = ["view", "edit", "see all"];
const KNOWN = { claim: "email", exists: true };
let scene: Scene;
let app: CodeApp;
let ana: Visitor;

beforeAll(async () => {
  scene = await Scene.open(world, { resource_identifiers: [BASE] });
  app = await CodeApp.register(world);
  ana = await Visitor.arrive(world);
});

afterEach(() => {
  vi.restoreAllMocks();
});

type Parameters = Readonly<Record<string, string>>;

/** Something of alice's that can be asked for by name. @returns its name and its id. */
async function named(more: object = {}, api = scene.rs1) {
  const name = `${BASE}/${freshId("name")}`;
  const id = text(await api.create({ resource_scopes: SCOPES, resource_identifiers: [name], ...more }), "_id");
  return { name, id };
}

async function shared(scopes: readonly string[] = ["view"], who: object = KNOWN, more: object = {}) {
  const thing = await named();
  await scene.permit(thing.id, scopes, who as never, more as never);
  return thing;
}

/** Where the app sends a browser, for what it asks for by name. */
const path = (resource: string, changes: Parameters = {}) => app.path({ scope: "", resource, ...changes });

/** Where the browser is sent from there. */
const sent = async (at: string, person = ana) => locationOf(await person.browser.open(at));

/** The page on which the person is shown what is asked for. */
async function look(at: string, person = ana): Promise<Answer> {
  const visit = await sent(at, person);
  expect(visit).toContain("/claims/interaction?at=");
  return expectStatus(await person.browser.open(visit), 200);
}

/** The person goes on. @returns what the app gets */
async function goOn(at: string, person = ana, fields: Parameters = {}): Promise<Parameters> {
  return Object.fromEntries(backAt(await person.decide(await look(at, person), "continue", fields)));
}

const codeFor = async (at: string, person = ana) => (await goOn(at, person)).code ?? "";

/** What the app is told right after the sign-in. */
const told = async (at: string, person = ana) => Object.fromEntries(new URL(await sent(at, person)).searchParams);

const claimsOf = (jwt: unknown) =>
  JSON.parse(atob(String(jwt).split(".")[1]?.replace(/-/g, "+").replace(/_/g, "/") ?? ""));

describe("an app that knows no tickets", () => {
  it("asks for a resource by name, and gets what its person may have", async () => {
    const { name, id } = await shared(["view", "edit"]);
    const back = await goOn(path(name));
    expect(back).toMatchObject({ state: "xyz", iss: world.site.issuer, code: expect.any(String) });
    const answer = expectStatus(await app.redeem(back.code ?? "", { resource: name }), 200);
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: expect.any(Number), scope: "view edit" });
    expect(answer.body).not.toHaveProperty("authorization_details");
    expect(await scene.granted(answer)).toEqual({ [id]: ["edit", "view"] });
  });

  it("tells the person what it wants of what, and nobody is asked to be remembered", async () => {
    const { name } = await shared();
    const page = await look(path(name, { scope: "view" }));
    expect(page.text).toMatch(/<h1>.*asks for access on your behalf\.<\/h1>/);
    expect(page.text).toContain("Photos");
    expect(page.text).toContain("photos.example");
    expect(page.text).not.toContain('name="remember"');
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https:;");
  });

  it("gets no more than the scopes that it names", async () => {
    const { name, id } = await shared(["view", "edit"]);
    const answer = await app.redeem(await codeFor(path(name, { scope: "view" })));
    expect(answer.body.scope).toBe("view");
    expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
  });

  it("may be a public client, and its person may sign in on the way", async () => {
    const phone = await CodeApp.registerPublic(world);
    const { name, id } = await shared();
    const bea = await Visitor.arrive(world);
    await bea.signOut();
    const signIn = await sent(phone.path({ scope: "", resource: name }), bea);
    expect(signIn).toContain("/sign-in");
    const onwards = locationOf(await bea.signIn(signIn.replace(world.site.issuer, "")));
    const visit = locationOf(await bea.browser.open(onwards));
    const page = expectStatus(await bea.browser.open(visit), 200);
    const code = backAt(await bea.decide(page, "continue")).get("code") ?? "";
    expect(await scene.granted(await phone.redeem(code))).toEqual({ [id]: ["view"] });
  });

  it("may ask for several things of one owner at one server", async () => {
    const [one, two] = [await shared(), await shared(["edit"])];
    const code = await codeFor(`${path(one.name, { scope: "view edit" })}&resource=${encodeURIComponent(two.name)}`);
    const answer = expectStatus(await app.redeem(code), 200);
    expect(await scene.granted(answer)).toEqual({ [one.id]: ["view"], [two.id]: ["edit"] });
    expect(String(answer.body.scope).split(" ").sort()).toEqual(["edit", "view"]);
  });

  it("names the server in another way of writing, and means the same", async () => {
    const { name, id } = await shared();
    const shouted = name.replace("https://mcp", "HTTPS://MCP");
    const code = await codeFor(path(shouted));
    expect(await scene.granted(await app.redeem(code, { resource: shouted }))).toEqual({ [id]: ["view"] });
  });

  it("may push its request, which is answered once", async () => {
    const { name, id } = await shared();
    const at = await app.pushedPath({ scope: "view", resource: name });
    const page = await look(at);
    const back = backAt(await ana.decide(page, "continue"));
    expect(await scene.granted(await app.redeem(back.get("code") ?? ""))).toEqual({ [id]: ["view"] });
    const again = await ana.decide(await look(at), "continue");
    expect([again.status, again.headers.get("location")]).toEqual([400, null]);
  });
});

describe("what it gets", () => {
  it("is an RPT for its resource server and for what was named, that others can read (RFC 9068 §3)", async () => {
    const { name, id } = await shared();
    const { body } = await app.redeem(await codeFor(path(name)));
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: [scene.cast.rs1.id, name],
      scope: "view",
      client_id: app.client.id,
      permissions: [{ resource_id: id, resource_scopes: ["view"] }],
    });
  });

  it("is for none of the names of which nothing was granted, and says no scope that does not hold for each", async () => {
    const [one, two, none] = [await shared(["view", "edit"]), await shared(["edit"]), await named()];
    const resources = [one, two, none].map(({ name }) => `resource=${encodeURIComponent(name)}`).join("&");
    const { body } = await app.redeem(await codeFor(`${app.path({ scope: "" })}&${resources}`));
    expect(body.scope).toBe("view edit");
    const expected = { aud: [scene.cast.rs1.id, one.name, two.name], scope: "edit" };
    expect(claimsOf(body.access_token)).toMatchObject(expected);
    const refreshed = expectStatus(await app.refresh(body.refresh_token), 200).body;
    expect(claimsOf(refreshed.access_token)).toMatchObject(expected);
    const viewed = expectStatus(await app.refresh(body.refresh_token, { scope: "view" }), 200).body;
    expect(claimsOf(viewed.access_token)).toMatchObject({ aud: [scene.cast.rs1.id, one.name], scope: "view" });
  });

  it("is refreshed as any other, for what was named and nothing else (RFC 8707 §2.2)", async () => {
    const { name, id } = await shared(["view", "edit"]);
    const first = await app.redeem(await codeFor(path(name)));
    const other = await app.refresh(first.body.refresh_token, { resource: `${name}/other` });
    expect(other).toMatchObject(refused(400, "invalid_target"));
    const next = expectStatus(await app.refresh(first.body.refresh_token, { resource: name }), 200);
    expect(next.body.scope).toBe("view edit");
    expect(claimsOf(next.body.access_token).aud).toEqual([scene.cast.rs1.id, name]);
    expect(await scene.granted(next)).toEqual({ [id]: ["edit", "view"] });
    const less = expectStatus(await app.refresh(next.body.refresh_token, { scope: "view" }), 200);
    expect(less.body.scope).toBe("view");
  });

  it("ends when the owner takes it back", async () => {
    const { name, id } = await named();
    const policy = await scene.permit(id, ["view"], KNOWN as never);
    const first = await app.redeem(await codeFor(path(name)));
    await scene.removePolicy(policy);
    expect(await scene.introspect(first.body.access_token)).toEqual({ active: false });
    expect(await app.refresh(first.body.refresh_token)).toMatchObject(INVALID_GRANT);
  });

  it("is bound to the key that the app proves, from the request on (RFC 9449)", async () => {
    const { name } = await shared();
    const prover = await Prover.create(world);
    const code = await codeFor(path(name, { dpop_jkt: prover.jkt }));
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
    const form = { grant_type: "authorization_code", code, redirect_uri: app.redirectUri, code_verifier: VERIFIER };
    const answer = expectStatus(await prover.token(app.client, form), 200);
    expect(answer.body.token_type).toBe("DPoP");
    const bound = { active: true, cnf: { jkt: prover.jkt } };
    expect(await scene.introspect(answer.body.access_token)).toMatchObject(bound);
    const refresh = { grant_type: "refresh_token", refresh_token: String(answer.body.refresh_token), resource: name };
    const next = expectStatus(await prover.token(app.client, refresh), 200);
    expect(await scene.introspect(next.body.access_token)).toMatchObject(bound);
  });

  it("is more when the app asks again for more", async () => {
    const { name, id } = await shared(["view", "edit"]);
    const first = await app.redeem(await codeFor(path(name, { scope: "view" })));
    const more = await app.redeem(await codeFor(path(name, { scope: "view edit" })));
    expect(await scene.granted(first)).toEqual({ [id]: ["view"] });
    expect(await scene.granted(more)).toEqual({ [id]: ["edit", "view"] });
  });
});

describe("authorization_details (RFC 9396)", () => {
  const details = (...entries: readonly object[]) =>
    JSON.stringify(entries.map((entry) => ({ type: "uma_resource", ...entry })));
  const asking = (sentDetails: string) => app.path({ scope: "", authorization_details: sentDetails });

  it("ask for what its keeper calls by another name, and tell what was granted", async () => {
    const { name, id } = await shared(["view", "see all"]);
    const external = freshId("log");
    const log = await scene.resource(SCOPES, { external_id: external });
    await scene.permit(log, ["edit"], KNOWN as never);
    const asked = details(
      { locations: [name], actions: ["view", "see all"] },
      { locations: [name], identifier: external, actions: ["edit", "view"] },
    );
    const answer = expectStatus(await app.redeem(await codeFor(asking(asked))), 200);
    expect(answer.body.authorization_details).toEqual([
      { type: "uma_resource", locations: [name], actions: ["view", "see all"] },
      { type: "uma_resource", locations: [name], identifier: external, actions: ["edit"] },
    ]);
    expect(await scene.granted(answer)).toEqual({ [id]: ["see all", "view"], [log]: ["edit"] });
  });

  it.each([
    ["of another type", () => details({ type: "payment", locations: [BASE] }), "invalid_authorization_details"],
    ["of nowhere", () => details({ locations: [`${BASE}/nowhere`] }), "invalid_target"],
    ["that is no list", () => "{}", "invalid_authorization_details"],
  ])("%s are refused", async (_, sentDetails, error) => {
    expect(await told(asking(sentDetails()))).toMatchObject({ error, state: "xyz" });
  });

  it("with an action that there is not, or a thing that there is not, are refused", async () => {
    const { name } = await shared();
    expect(await told(asking(details({ locations: [name], actions: ["fly"] })))).toMatchObject({
      error: "invalid_authorization_details",
    });
    expect(await told(asking(details({ locations: [name], identifier: "nothing" })))).toMatchObject({
      error: "invalid_target",
    });
  });
});

describe("what cannot be had", () => {
  it.each([
    ["a name that there is not", () => `${BASE}/${freshId("nothing")}`],
    ["a name of nobody's server", () => "https://nobody.example/mcp"],
    ["what is no name", () => "mcp"],
    ["a name with a fragment", () => `${BASE}#a`],
  ])("is told as invalid_target: %s", async (_, name) => {
    expect(await told(path(name()))).toMatchObject({ error: "invalid_target", state: "xyz" });
  });

  it("is a scope that the resource does not have", async () => {
    const { name } = await shared();
    expect(await told(path(name, { scope: "view fly" }))).toMatchObject({ error: "invalid_scope" });
    expect(await told(path(name, { scope: "fly" }))).toMatchObject({ error: "invalid_scope" });
  });

  it("is what several owners or several servers keep, at once", async () => {
    const mine = await shared();
    const carol = await world.owner("carol");
    await world.connect(carol, scene.cast.rs1, ["uma_protection"]);
    const form = { grant_type: "client_credentials", resource_owner: carol };
    const pat = text(await world.token(scene.cast.rs1, form), "access_token");
    const hers = await named({}, new ProtectionApi(world, pat));
    const both = `${path(mine.name)}&resource=${encodeURIComponent(hers.name)}`;
    expect(await told(both)).toMatchObject({ error: "invalid_target" });
  });

  it("is what its resource server may not speak for any more, or is not connected for", async () => {
    // A change of a client is answered when every lease has run out.
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const base = `https://${freshId("mcp")}.example/mcp`;
    const server = await world.client({
      client_name: "RS",
      grant_types: ["client_credentials"],
      resource_identifiers: [base],
    });
    await world.connect(scene.cast.alice, server, ["uma_protection"]);
    const api = await ProtectionApi.of(world, server);
    await api.create({ resource_scopes: ["view"], resource_identifiers: [base] });
    expect(await sent(path(base))).toContain("/claims/interaction");
    await world.admin("DELETE", `/owners/${scene.cast.alice}/connections/${server.id}`);
    expect(await told(path(base))).toMatchObject({ error: "invalid_target" });
    await world.connect(scene.cast.alice, server, ["uma_protection"]);
    expect(await sent(path(base))).toContain("/claims/interaction");
    const { client_id, client_id_issued_at, provenance, ...said } = (await world.admin("GET", `/clients/${server.id}`))
      .body;
    expectStatus(await world.admin("PUT", `/clients/${server.id}`, { ...said, resource_identifiers: [] }), 200);
    expect(await told(path(base))).toMatchObject({ error: "invalid_target" });
  });

  it("is asked for without a person to say so", async () => {
    const { name } = await shared();
    expect(await told(path(name, { prompt: "none" }))).toMatchObject({ error: "consent_required" });
  });

  it("is what the policies do not allow; the owner reads that it was asked for", async () => {
    const { name } = await shared(["view"], { claim: "email", domain: "clinic.example" });
    const page = await look(path(name));
    expect(page.text).not.toContain('value="continue"');
    expect(Object.fromEntries(backAt(await ana.decide(page, "continue")))).toMatchObject({ error: "access_denied" });
    const { items } = (await scene.ask("GET", "/activity?limit=1")).body as { items: readonly object[] };
    expect(items).toMatchObject([{ kind: "denied", client_id: app.client.id }]);
  });

  it("is what the person calls off", async () => {
    const { name } = await shared();
    const back = backAt(await ana.decide(await look(path(name)), "cancel"));
    expect(Object.fromEntries(back)).toMatchObject({ error: "access_denied", state: "xyz", iss: world.site.issuer });
  });
});

describe("what only the owner can decide", () => {
  it("is put to them, and can be had when they said yes", async () => {
    const { name, id } = await shared(["view"], KNOWN, { terms: { approval: true } });
    const page = await look(path(name, { scope: "view" }));
    const back = Object.fromEntries(backAt(await ana.decide(page, "continue")));
    expect(back).toMatchObject({ error: "access_denied", error_description: expect.stringContaining("owner") });
    expect((await scene.decide({ decision: "approve" })).status).toBe(200);
    const answer = await app.redeem(await codeFor(path(name, { scope: "view" })));
    expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
  });
});

describe("what a policy asks of its people", () => {
  const terms = { agreement: { title: "House rules", text: "What you see here stays here." } };

  it("is shown on the way, and counts", async () => {
    const { name, id } = await shared(["view"], KNOWN, { terms });
    const page = await look(path(name));
    const box = /name="(agree-[^"]+)"/.exec(page.text)?.[1] ?? "";
    const back = backAt(await ana.decide(page, "continue", { [box]: "yes" }));
    expect(await scene.granted(await app.redeem(back.get("code") ?? ""))).toEqual({ [id]: ["view"] });
  });
});

describe("a name that several owners have", () => {
  it("leads everybody to what is their own, and nobody else anywhere", async () => {
    const name = `${BASE}/${freshId("shared")}`;
    const bea = await Visitor.arrive(world);
    const own = await ownerOf(bea);
    await world.connect(own, scene.cast.rs1, ["uma_protection"]);
    const form = { grant_type: "client_credentials", resource_owner: own };
    const pat = text(await world.token(scene.cast.rs1, form), "access_token");
    const hers = await new ProtectionApi(world, pat).create({
      resource_scopes: ["view"],
      resource_identifiers: [name],
    });
    await scene.rs1.create({ resource_scopes: ["view"], resource_identifiers: [name] });
    const answer = expectStatus(await app.redeem(await codeFor(path(name), bea)), 200);
    const { permissions } = await world.introspect(pat, text(answer, "access_token"));
    expect(permissions).toMatchObject([{ resource_id: hers.body._id, resource_scopes: ["view"] }]);
    expect(await told(path(name))).toMatchObject({ error: "invalid_target" });
  });

  it("is looked for anew where somebody else signs in on the way", async () => {
    const { name } = await shared();
    const visit = await sent(path(name));
    const bea = await Visitor.arrive(world);
    const begun = locationOf(await bea.browser.open(visit));
    expect(begun).toContain("/authorize/consent?at=");
    expect(locationOf(await bea.browser.open(begun))).toContain("/claims/interaction?at=");
    const forged = await bea.browser.open(visit);
    expect(forged.status).toBe(303);
  });
});

async function ownerOf(person: Visitor): Promise<string> {
  const statement = env.DB.prepare("SELECT owner_id FROM accounts WHERE id = ?").bind(await person.accountId());
  return (await statement.first<string>("owner_id")) ?? "";
}

describe("an app that also wants to know who it is", () => {
  const wanting = (name: string) => path(name, { scope: "openid email view", nonce: "n-1" });

  it("is told beside what it gets, once its person has let it", async () => {
    const { name, id } = await shared();
    const bea = await Visitor.arrive(world);
    const page = await app.ask(bea.browser, wanting(name));
    const visit = await app.answer(bea.browser, page, { decision: "allow" });
    const shown = expectStatus(await bea.browser.open(visit.href), 200);
    const code = backAt(await bea.decide(shown, "continue")).get("code") ?? "";
    const answer = expectStatus(await app.redeem(code), 200);
    expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
    const known = { aud: app.client.id, nonce: "n-1", email: bea.address, email_verified: true };
    expect(claimsOf(answer.body.id_token)).toMatchObject(known);
    // From now on it is not asked about again.
    const again = await app.redeem(await codeFor(wanting(name), bea));
    expect(claimsOf(again.body.id_token).sub).toBe(claimsOf(answer.body.id_token).sub);
    const alone = await app.redeem(await codeFor(path(name), bea));
    expect(alone.body).not.toHaveProperty("id_token");
  });

  it("is told nothing, and gets nothing, where its person refuses to be known", async () => {
    const { name } = await shared();
    const bea = await Visitor.arrive(world);
    const page = await app.ask(bea.browser, wanting(name));
    const back = await app.answer(bea.browser, page, { decision: "refuse" });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: "access_denied" });
  });
});

describe("an access token for this server itself", () => {
  it("is given to nobody who means it for a resource server", async () => {
    const { name } = await shared();
    const wrong = refused(400, "invalid_target");
    const forConnection = await app.allow(ana.browser, app.path({ prompt: "consent" }));
    expect(await app.redeem(forConnection, { resource: name })).toMatchObject(wrong);
    const { body } = expectStatus(await app.redeem(forConnection, { resource: world.site.issuer }), 200);
    expect(await app.refresh(body.refresh_token, { resource: name })).toMatchObject(wrong);
    expectStatus(await app.refresh(body.refresh_token), 200);
    const signIn = await app.allow(ana.browser, app.path({ scope: "openid", prompt: "consent" }));
    expect(await app.redeem(signIn, { resource: name })).toMatchObject(wrong);
    expectStatus(await app.redeem(signIn), 200);
    const own = { grant_type: "client_credentials", resource_owner: scene.cast.alice };
    expect(await world.token(scene.cast.rs1, { ...own, resource: name })).toMatchObject(wrong);
    const details = { authorization_details: JSON.stringify([{ type: "uma_resource", locations: [name] }]) };
    const unknown = refused(400, "invalid_authorization_details");
    expect(await world.token(scene.cast.rs1, { ...own, ...details })).toMatchObject(unknown);
    expectStatus(await world.token(scene.cast.rs1, { ...own, resource: world.site.issuer }), 200);
  });
});

describe("a code for access", () => {
  it("is good once, for its client, verifier and resources", async () => {
    const { name } = await shared();
    const code = await codeFor(path(name));
    const other = await CodeApp.register(world);
    expect(await other.redeem(code)).toMatchObject(INVALID_GRANT);
    expect(await app.redeem(code, { code_verifier: CHALLENGE })).toMatchObject(INVALID_GRANT);
    expect(await app.redeem(code, { resource: `${name}/other` })).toMatchObject(refused(400, "invalid_target"));
    expect((await app.redeem(code)).status).toBe(200);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
  });

  it("that comes again ends what it gave, also of a public client, and no other does", async () => {
    const { name } = await shared();
    for (const one of [app, await CodeApp.register(world, { token_endpoint_auth_method: "none" })]) {
      const code = await codeFor(one.path({ scope: "", resource: name }));
      const given = expectStatus(await one.redeem(code), 200);
      const other = expectStatus(await one.redeem(await codeFor(one.path({ scope: "", resource: name }))), 200);
      expect(await one.redeem(code, { code_verifier: CHALLENGE })).toMatchObject(INVALID_GRANT);
      expect(await scene.introspect(given.body.access_token)).toMatchObject({ active: true });
      expect(await one.redeem(code)).toMatchObject(INVALID_GRANT);
      expect(await scene.introspect(given.body.access_token)).toEqual({ active: false });
      expect(await scene.introspect(other.body.access_token)).toMatchObject({ active: true });
    }
  });

  it("gives nothing that the owner has taken back since", async () => {
    const { name, id } = await named();
    const policy = await scene.permit(id, ["view"], KNOWN as never);
    const code = await codeFor(path(name));
    await scene.removePolicy(policy);
    expect(await app.redeem(code)).toMatchObject(INVALID_GRANT);
  });

  it("of many who come with it at once gives one of them something", async () => {
    const { name } = await shared();
    const code = await codeFor(path(name));
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.redeem(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
