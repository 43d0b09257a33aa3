import { env } from "cloudflare:workers";
import type { JWTHeaderParameters, JWTPayload } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import type { Answer } from "../support/server/http-site.ts";
import { refused, Scene } from "../support/server/scene.ts";
import type { UpstreamProvider } from "../support/server/upstream-provider.ts";
import { UpstreamScene } from "../support/server/upstream-scene.ts";
import { type Credentials, expectStatus, text } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { countHops } from "../support/workerd/hops.ts";
import { freshHost } from "../support/workerd/key-hosts.ts";

/** What a trusted issuer says about a person who is linked to an account, traded for a PAT (RFC 7523 §2.1). */

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ID_JAG = { typ: "oauth-id-jag+jwt" };

const world = configuredWorld({ ISSUER: "https://as.example" });
const hosts = new Map<string, UpstreamProvider>();
const attach = (provider: UpstreamProvider) => hosts.set(new URL(provider.issuer).host, provider);

/** Somebody who signs in at an enterprise's provider, and the app that they connected. */
interface Stage {
  readonly upstream: UpstreamScene;
  readonly issuer: string;
  /** The provider's key for assertions. */
  readonly signer: Signer;
  readonly app: Credentials;
  readonly subject: string;
  readonly owner: string;
}

const opened: UpstreamScene[] = [];
beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const provider = hosts.get(new URL(request.url).host);
    if (provider === undefined) throw new TypeError("Network connection lost");
    return provider.fetch(request);
  });
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(async () => {
  for (const { id } of opened.splice(0)) await world.admin("DELETE", `/providers/${id}`);
  vi.restoreAllMocks();
});

/** @param trust of the issuer's assertions */
async function openStage(
  trust: object | null = { kinds: ["jwt", "id_jag"], scopes: ["uma_protection"] },
): Promise<Stage> {
  const upstream = await UpstreamScene.open(world, freshHost(), attach);
  opened.push(upstream);
  const { issuer } = upstream.provider;
  const signer = await Signer.create("assertions");
  await world.trust(
    { issuer, jwks: { keys: [signer.publicJwk] }, idToken: async () => "" },
    (trust && { assertions: trust }) || {},
  );
  const subject = `ana-${crypto.randomUUID()}`;
  await upstream.join(upstream.browser(), { sub: subject, name: "Ana" });
  const app = await world.client({ client_name: "App", grant_types: [JWT_BEARER] });
  const owner = await ownerOf(issuer, subject);
  await world.connect(owner, app, ["uma_protection", "uma_policy"]);
  return { upstream, issuer, signer, app, subject, owner };
}

async function ownerOf(issuer: string, subject: string): Promise<string> {
  const key = new TextEncoder().encode(JSON.stringify([issuer, subject]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", key));
  const row = await env.DB.prepare(
    "SELECT owner_id FROM accounts JOIN identities ON account_id = accounts.id WHERE identities.id = ?",
  )
    .bind(digest.toBase64({ alphabet: "base64url", omitPadding: true }))
    .first<{ owner_id: string }>();
  if (row === null) throw new Error("nobody is linked to this identity");
  return row.owner_id;
}

function assertion(
  { issuer, signer, subject }: Stage,
  claims: JWTPayload = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const usual = {
    iss: issuer,
    sub: subject,
    aud: world.site.issuer,
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
  };
  return signer.sign({ ...usual, ...claims }, header);
}

function trade(
  { app }: Pick<Stage, "app">,
  token: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return world.token(app, { grant_type: JWT_BEARER, assertion: token, ...more });
}

const notGood = (why: string) => refused(400, "invalid_grant", { error_description: expect.stringContaining(why) });

describe("an assertion about a person who is linked to an account", () => {
  it("gives a PAT for what is theirs, and no refresh token", async () => {
    const stage = await openStage();
    const answer = expectStatus(await trade(stage, await assertion(stage)), 200);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 3_600,
      scope: "uma_protection",
    });
    expect([answer.headers.get("cache-control"), answer.headers.get("pragma")]).toEqual(["no-store", "no-cache"]);
    const pat = text(answer, "access_token");
    const registered = await world.registerResource(pat, { resource_scopes: ["view"] });
    expect(registered).toEqual(expect.any(String));
  });

  it("costs one question to D1, and one to the guard", async () => {
    const stage = await openStage();
    await trade(stage, await assertion(stage));
    const token = await assertion(stage);
    expect(await countHops(() => trade(stage, token))).toEqual(["d1", "replay-guard"]);
  });

  it("is good once, of however many tries at once", async () => {
    const stage = await openStage();
    const token = await assertion(stage);
    const answers = await Promise.all(Array.from({ length: 5 }, () => trade(stage, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    expect(await trade(stage, token)).toMatchObject(notGood("its jti was used before"));
  });

  it("is not spent by what it is no good for", async () => {
    const stage = await openStage();
    const token = await assertion(stage);
    expect(await trade(stage, token, { scope: "uma_policy" })).toMatchObject(refused(400, "invalid_scope"));
    const other = await world.client({ grant_types: [JWT_BEARER] });
    expect(await trade({ app: other }, token)).toMatchObject(
      notGood("nobody whom the assertion is about has connected"),
    );
    expect((await trade(stage, token)).status).toBe(200);
  });

  it("counts no longer when the connection has ended, and is nobody's where nobody linked its subject", async () => {
    const stage = await openStage();
    expectStatus(await world.admin("DELETE", `/owners/${stage.owner}/connections/${stage.app.id}`), 204);
    expect(await trade(stage, await assertion(stage))).toMatchObject(notGood("has connected this client"));
    await world.connect(stage.owner, stage.app, ["uma_protection"]);
    expect((await trade(stage, await assertion(stage))).status).toBe(200);
    expect(await trade(stage, await assertion(stage, { sub: "somebody-else" }))).toMatchObject(
      notGood("has connected this client"),
    );
  });

  it("is for no owner whom the person does not act for", async () => {
    const [ana, bea] = [await openStage(), await openStage()];
    await world.connect(bea.owner, ana.app, ["uma_protection"]);
    const own = { resource_owner: ana.owner };
    expect((await trade(ana, await assertion(ana), own)).status).toBe(200);
    const others = { resource_owner: bea.owner };
    expect(await trade(ana, await assertion(ana), others)).toMatchObject(notGood("has connected this client"));
  });

  it.each<[string, JWTPayload, Partial<JWTHeaderParameters>]>([
    ["its issuer is not trusted here", { iss: "https://other.example" }, {}],
    ["its aud must be the issuer identifier", { aud: "https://other.example" }, {}],
    ["it has expired", { exp: 1_000 }, {}],
    ["its exp must lie within", { exp: 4_000_000_000 }, {}],
    ["its jti is required", { jti: "" }, {}],
    ["its client_id is not this client", { client_id: "another" }, {}],
    ["it is bound to a key", { cnf: { jkt: "k".repeat(43) } }, {}],
    ["it is another kind of token", { nonce: "n" }, {}],
    ["it is another kind of token", { ticket_hash: "h" }, {}],
    ["its scope is no text", { scope: ["uma_policy"] }, {}],
    ["its resource is no URI", { resource: [5] }, {}],
    ["its header gives it another type", {}, { typ: "at+jwt" }],
  ])("is not good where %s", async (why, claims, header) => {
    const stage = await openStage();
    expect(await trade(stage, await assertion(stage, claims, header))).toMatchObject(notGood(why));
  });

  it("is not good where somebody else signed it, or where it is none", async () => {
    const stage = await openStage();
    const forged = await assertion({ ...stage, signer: await Signer.create("assertions") });
    expect(await trade(stage, forged)).toMatchObject(notGood("its signature does not verify"));
    for (const token of ["x", "a.b.c", "é"]) {
      expect(await trade(stage, token)).toMatchObject(notGood("it is not a signed JWT"));
    }
    expect(await world.token(stage.app, { grant_type: JWT_BEARER })).toMatchObject(refused(400, "invalid_request"));
  });

  it.each<[string, object | null]>([
    ["nothing is said of assertions", null],
    ["those of the other kind count", { kinds: ["id_jag"], scopes: ["uma_protection"] }],
  ])("is not good where %s of its issuer", async (_case, trust) => {
    const stage = await openStage(trust);
    expect(await trade(stage, await assertion(stage))).toMatchObject(notGood("its issuer is not trusted here"));
  });

  it("may name the token endpoint, as the first edition of the rules has it", async () => {
    const stage = await openStage();
    expect((await trade(stage, await assertion(stage, { aud: `${world.site.issuer}/token` }))).status).toBe(200);
  });
});

describe("an identity assertion of an enterprise's provider", () => {
  it("gives a PAT to the client that it names, for the scopes that it names", async () => {
    const stage = await openStage({ kinds: ["id_jag"], scopes: ["uma_protection", "uma_policy"] });
    const claims = { client_id: stage.app.id, scope: "uma_policy other" };
    const answer = expectStatus(await trade(stage, await assertion(stage, claims, ID_JAG)), 200);
    expect(answer.body.scope).toBe("uma_policy");
    const wider = await trade(stage, await assertion(stage, claims, ID_JAG), { scope: "uma_protection" });
    expect(wider).toMatchObject(refused(400, "invalid_scope"));
    const none = await trade(stage, await assertion(stage, { ...claims, scope: "other" }, ID_JAG));
    expect(none).toMatchObject(refused(400, "invalid_scope"));
  });

  it("is nobody's where it names no client, and not for the token endpoint", async () => {
    const stage = await openStage();
    expect(await trade(stage, await assertion(stage, {}, ID_JAG))).toMatchObject(notGood("its client_id"));
    const elsewhere = { client_id: stage.app.id, aud: `${world.site.issuer}/token` };
    expect(await trade(stage, await assertion(stage, elsewhere, ID_JAG))).toMatchObject(notGood("its aud"));
  });

  it("is what the metadata speaks of", async () => {
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    expect(body.authorization_grant_profiles_supported).toEqual(["urn:ietf:params:oauth:grant-profile:id-jag"]);
    expect(body.grant_types_supported).toContain(JWT_BEARER);
  });
});

it("a public client cannot be registered for it", async () => {
  const body = { client_name: "P", token_endpoint_auth_method: "none", grant_types: [JWT_BEARER] };
  expect(await world.admin("POST", "/clients", body)).toMatchObject(refused(400, "invalid_request"));
});

describe("an assertion for what is asked for by name", () => {
  const TRUST = { kinds: ["jwt", "id_jag"], scopes: ["uma_protection"], access: true };

  /** The stage, and a resource server of somebody else, with something that ana may view. */
  async function openDoor(trust: object = TRUST) {
    const stage = await openStage(trust);
    const base = `https://api-${crypto.randomUUID()}.example/`;
    const scene = await Scene.open(world, { resource_identifiers: [base] });
    const name = `${base}chart`;
    const described = { resource_scopes: ["view", "edit"], resource_identifiers: [name] };
    const id = text(await scene.rs1.create(described), "_id");
    await scene.permit(id, ["view", "edit"], { claim: "sub", issuer: stage.issuer, equals: stage.subject });
    return { stage, scene, base, name, id };
  }

  it("gives access as far as the policies let its person in, and no refresh token", async () => {
    const { stage, scene, name, id } = await openDoor();
    const answer = expectStatus(await trade(stage, await assertion(stage), { resource: name, scope: "view" }), 200);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: expect.any(Number),
      scope: "view",
    });
    expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
    const stranger = await trade(stage, await assertion(stage, { sub: "mallory" }), { resource: name });
    expect(stranger).toMatchObject(refused(400, "invalid_target"));
  });

  it("is not for an owner who is named beside it", async () => {
    const { stage, name } = await openDoor();
    const token = await assertion(stage);
    const beside = await trade(stage, token, { resource: name, resource_owner: stage.owner });
    expect(beside).toMatchObject(refused(400, "invalid_request"));
    expect((await trade(stage, token, { resource: name })).status).toBe(200);
  });

  it("is good once, and not spent by a name that there is not", async () => {
    const { stage, name } = await openDoor();
    const token = await assertion(stage);
    const wrong = await trade(stage, token, { resource: `${name}/none` });
    expect(wrong).toMatchObject(refused(400, "invalid_target"));
    const answers = await Promise.all(Array.from({ length: 4 }, () => trade(stage, token, { resource: name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it("may name what it is for itself, and bounds what is asked for", async () => {
    const { stage, scene, name, id } = await openDoor();
    const claims = { client_id: stage.app.id, resource: name, scope: "view" };
    const identity = () => assertion(stage, claims, ID_JAG);
    for (const more of [{}, { resource: name }, { scope: "view" }, { resource: name, scope: "view" }]) {
      const answer = expectStatus(await trade(stage, await identity(), more as Record<string, string>), 200);
      expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
    }
    expect(await trade(stage, await identity(), { scope: "edit" })).toMatchObject(refused(400, "invalid_scope"));
    const elsewhere = { resource: `${name}/more` };
    expect(await trade(stage, await identity(), elsewhere)).toMatchObject(refused(400, "invalid_target"));
    const details = (actions?: readonly string[]) => {
      const detail = { type: "uma_resource", locations: [name], ...(actions && { actions }) };
      return { authorization_details: JSON.stringify([detail]) };
    };
    expect((await trade(stage, await identity(), details(["view"]))).status).toBe(200);
    for (const actions of [["edit"], undefined]) {
      expect(await trade(stage, await identity(), details(actions))).toMatchObject(refused(400, "invalid_scope"));
    }
  });

  it("may say in detail what it is for, and is good for nothing else", async () => {
    const { stage, scene, base, name, id } = await openDoor();
    const detail = { type: "uma_resource", locations: [name], actions: ["view"] };
    const bounded = (more: object = {}, authorization_details: unknown = [detail]) =>
      assertion(stage, { client_id: stage.app.id, authorization_details, ...more }, ID_JAG);
    const asking = (changes: object) => ({ authorization_details: JSON.stringify([{ ...detail, ...changes }]) });
    for (const more of [{}, asking({})]) {
      const answer = expectStatus(await trade(stage, await bounded(), more as Record<string, string>), 200);
      expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
    }
    expect((await trade(stage, await bounded({ resource: `${base}more`, scope: "none" }), asking({}))).status).toBe(
      200,
    );
    const beyond = [
      { resource: name },
      asking({ actions: ["edit"] }),
      asking({ actions: undefined }),
      asking({ identifier: "chart" }),
      asking({ locations: [`${base}more`] }),
    ];
    for (const more of beyond) {
      expect(await trade(stage, await bounded(), more)).toMatchObject(refused(400, "invalid_target"));
    }
    for (const unknown of [[{ type: "payment" }], [], null, "all"]) {
      const code = "invalid_authorization_details";
      expect(await trade(stage, await bounded({}, unknown))).toMatchObject(refused(400, code));
      expect(await trade(stage, await bounded({}, unknown), { resource: name })).toMatchObject(refused(400, code));
    }
  });

  it("that names this server alone is for a PAT", async () => {
    const stage = await openStage(TRUST);
    const claims = { client_id: stage.app.id, resource: world.site.issuer };
    const answer = expectStatus(await trade(stage, await assertion(stage, claims, ID_JAG)), 200);
    expect(answer.body.scope).toBe("uma_protection");
  });

  it("lets its person in to what is their own, while people can sign in there", async () => {
    const { stage, base } = await openDoor();
    const keeper = await world.client({ grant_types: ["client_credentials"], resource_identifiers: [base] });
    await world.connect(stage.owner, keeper, ["uma_protection"]);
    const pat = await world.connectedToken(keeper, { resource_owner: stage.owner });
    const name = `${base}own-${crypto.randomUUID()}`;
    await world.registerResource(pat, { resource_scopes: ["view"], resource_identifiers: [name] });
    expect((await trade(stage, await assertion(stage), { resource: name })).status).toBe(200);
    await world.admin("DELETE", `/providers/${stage.upstream.id}`);
    expect(await trade(stage, await assertion(stage), { resource: name })).toMatchObject(
      refused(400, "invalid_target"),
    );
    expect(await trade(stage, await assertion(stage))).toMatchObject(notGood("has connected this client"));
  });

  it("gives none where its issuer is not trusted for that, or it is trusted for nothing else", async () => {
    const closed = await openDoor({ kinds: ["jwt"], scopes: ["uma_protection"] });
    const vain = await trade(closed.stage, await assertion(closed.stage), { resource: closed.name });
    expect(vain).toMatchObject(notGood("not trusted here for access to resources"));
    const open = await openDoor({ kinds: ["jwt"], access: true });
    expect(await trade(open.stage, await assertion(open.stage))).toMatchObject(refused(400, "invalid_scope"));
    expect((await trade(open.stage, await assertion(open.stage), { resource: open.name })).status).toBe(200);
  });
});
