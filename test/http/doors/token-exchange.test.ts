import { beforeAll, describe, expect, it } from "vitest";
import { BOB, refused, Scene } from "../../support/server/scene.ts";
import { type Credentials, expectStatus, text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { freshId } from "../../support/workerd/records.ts";

const world = localWorld();
const BASE = `https://${freshId("api")}.example/`;
const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
let scene: Scene;
let agent: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world, { resource_identifiers: [BASE] });
  agent = await register();
});

function register(more: object = {}): Promise<Credentials> {
  const usual = { client_name: "Agent", grant_types: [GRANT, "refresh_token"], may_push_claims: true };
  return world.client({ ...usual, ...more });
}

async function shared(scopes: readonly string[], who: object = BOB, more: object = {}) {
  const name = `${BASE}${freshId("name")}`;
  const id = text(await scene.rs1.create({ resource_scopes: ["view", "edit"], resource_identifiers: [name] }), "_id");
  await scene.permit(id, scopes, who as never, more as never);
  return { name, id };
}

/** Bob's ID Token for a client. */
const bobFor = (client: Credentials, claims: object = {}) =>
  world.idToken(scene.cast, { aud: client.id, ...claims } as never);

async function exchange(resource: string, more: Readonly<Record<string, string>> = {}, client = agent) {
  const subject = { subject_token: await bobFor(client), subject_token_type: ID_TOKEN };
  const form = Object.entries({ grant_type: GRANT, resource, ...subject, ...more }).filter(([, value]) => value !== "");
  return world.token(client, Object.fromEntries(form));
}

describe("a token of a trusted issuer (RFC 8693)", () => {
  it("is exchanged for what the person whom it names may have", async () => {
    const { name, id } = await shared(["view"]);
    const answer = expectStatus(await exchange(name), 200);
    expect(answer.body).toMatchObject({
      issued_token_type: ACCESS_TOKEN,
      token_type: "Bearer",
      scope: "view",
      refresh_token: expect.any(String),
    });
    expect(await scene.granted(answer)).toEqual({ [id]: ["view"] });
    expect(await scene.granted(await scene.refresh(agent, answer.body.refresh_token))).toEqual({ [id]: ["view"] });
  });

  it("gives what is named by scope or by authorization_details, and no more", async () => {
    const { name } = await shared(["view", "edit"]);
    expect((await exchange(name, { scope: "edit" })).body.scope).toBe("edit");
    const details = JSON.stringify([{ type: "uma_resource", locations: [name], actions: ["view"] }]);
    expect((await exchange("", { authorization_details: details })).body).toMatchObject({
      scope: "view",
      authorization_details: [{ type: "uma_resource", locations: [name], actions: ["view"] }],
    });
  });

  it("gives nothing to whom the policies do not name, nor where more has to be known", async () => {
    const { name } = await shared(["view"]);
    const mallory = await bobFor(agent, { sub: "mallory", email: "mallory@example.com" });
    expect(await exchange(name, { subject_token: mallory })).toMatchObject(refused(400, "invalid_target"));
    const unproven = await bobFor(agent, { email_verified: false });
    expect(await exchange(name, { subject_token: unproven })).toMatchObject(
      refused(400, "invalid_target", { error_description: expect.stringContaining("requesting party") }),
    );
  });

  it("puts to the owner what only they can decide, and gives it when they have said yes", async () => {
    const { name, id } = await shared(["view"], BOB, { terms: { approval: true } });
    expect(await exchange(name, { scope: "view" })).toMatchObject(
      refused(400, "invalid_target", { error_description: expect.stringContaining("owner has to decide") }),
    );
    expect((await scene.decide({ decision: "approve" })).status).toBe(200);
    expect(await scene.granted(await exchange(name, { scope: "view" }))).toEqual({ [id]: ["view"] });
  });

  it.each([
    ["that nobody signed whom we trust", async () => ({ subject_token: "a.b.c" })],
    ["that was meant for somebody else", async () => ({ subject_token: await bobFor(scene.cast.c1) })],
    ["that has expired", async () => ({ subject_token: await bobFor(agent, { exp: 1_000 }) })],
    ["of another type than it says", async () => ({ subject_token_type: "urn:ietf:params:oauth:token-type:jwt" })],
    ["of a type that there is not", async () => ({ subject_token_type: "urn:example:saml" })],
  ])("does not count %s", async (_, more) => {
    const { name } = await shared(["view"], { anyone: true });
    expect(await exchange(name, await more())).toMatchObject(
      refused(400, "invalid_request", { error_description: expect.stringContaining("does not count") }),
    );
  });

  it("does not count from a client that may not push claims", async () => {
    const { name } = await shared(["view"], { anyone: true });
    const other = await register({ may_push_claims: false });
    expect(await exchange(name, {}, other)).toMatchObject(refused(400, "invalid_request"));
  });
});

describe("an exchange of another kind", () => {
  it.each([
    ["for a token of another type", { requested_token_type: ID_TOKEN }, "invalid_request"],
    ["for somebody who acts for another", { actor_token: "a.b.c" }, "invalid_request"],
    ["for an audience", { audience: "rs1" }, "invalid_target"],
    ["for what there is not", { resource: `${BASE}nothing` }, "invalid_target"],
    ["for nothing in particular", { resource: "" }, "invalid_request"],
    ["for a scope that there is not", { scope: "fly" }, "invalid_scope"],
    ["of no token", { subject_token: "" }, "invalid_request"],
    ["of a token without its type", { subject_token_type: "" }, "invalid_request"],
  ])("%s is refused", async (_, more: Readonly<Record<string, string>>, error) => {
    const { name } = await shared(["view"]);
    expect(await exchange(name, more)).toMatchObject(refused(400, error));
  });

  it("for an audience is refused also where an empty one follows", async () => {
    const { name } = await shared(["view"]);
    const subject = { subject_token: await bobFor(agent), subject_token_type: ID_TOKEN };
    const said = Object.entries({ grant_type: GRANT, resource: name, ...subject });
    const form = [...said, ["audience", "rs1"], ["audience", ""]] as const;
    expect(await world.send("POST", "/token", { basic: agent, form: form as never })).toMatchObject(
      refused(400, "invalid_target"),
    );
  });

  it("is refused of a client that is not registered for it, and of one without authentication", async () => {
    const { name } = await shared(["view"]);
    expect(await exchange(name, {}, scene.cast.c1)).toMatchObject(refused(400, "unauthorized_client"));
    const unproven = { client_name: "Agent", grant_types: [GRANT], token_endpoint_auth_method: "none" };
    expect(await world.admin("POST", "/clients", unproven)).toMatchObject(refused(400, "invalid_request"));
  });
});
