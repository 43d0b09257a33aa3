import { describe, expect, it } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CALLBACK, CodeApp } from "../support/server/code-app.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { SigningClient } from "../support/server/signing-client.ts";
import { UMA_GRANT, type World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { Resident } from "../support/workerd/resident.ts";

/** What each choice of a profile does (docs/profile.md), one at a time. */

const metadataOf = async (world: World) => (await world.send("GET", "/.well-known/uma2-configuration")).body;

describe("CLIENT_AUTHENTICATION", () => {
  const everyMethod = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
  const form = { token: "x" };

  it.each([
    ["any", [200, 200, 200], everyMethod],
    ["confidential", [401, 200, 200], everyMethod.filter((method) => method !== "none")],
    ["keys", [401, 401, 200], ["private_key_jwt"]],
  ])("%s: these clients are served, and discovery says so", async (served, statuses, methods) => {
    const world = configuredWorld({ CLIENT_AUTHENTICATION: served });
    const [open, secret] = [await world.client({ token_endpoint_auth_method: "none" }), await world.client({})];
    const signing = await SigningClient.register(world);
    const answers = [
      await world.send("POST", "/revocation", { form: { ...form, client_id: open.id } }),
      await world.send("POST", "/revocation", { basic: secret, form }),
      await signing.present(signing.assertion()),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    const metadata = await metadataOf(world);
    expect(metadata.token_endpoint_auth_methods_supported).toEqual(methods);
    expect(metadata.revocation_endpoint_auth_methods_supported).toEqual(methods);
  });

  it.each([
    ["confidential", "none"],
    ["keys", "client_secret_basic"],
  ])("%s: nobody is asked for a client of the method %s, and no ticket of theirs is spent", async (served, method) => {
    const world = configuredWorld({ CLIENT_AUTHENTICATION: served });
    const open = configuredWorld({});
    const said = { token_endpoint_auth_method: method, claims_redirect_uris: [CALLBACK] };
    const app = await CodeApp.register(world, { ...said, grant_types: ["authorization_code", UMA_GRANT] });
    const browser = await (await Resident.settle()).browse(world.site);
    expect((await browser.open(app.path())).status).toBe(400);
    const scene = await Scene.open(open);
    const ticket = await scene.ticket(await scene.sharedPhoto());
    const visit = `/claims?${new URLSearchParams({ client_id: app.client.id, ticket, claims_redirect_uri: CALLBACK })}`;
    expect((await browser.open(visit)).status).toBe(400);
    expect((await new BrowserLike(open.site).open(visit)).status).toBe(303);
  });

  it("confidential: whoever registers a public client is told, and so is it", async () => {
    const world = configuredWorld({ CLIENT_AUTHENTICATION: "confidential" });
    const registration = { client_name: "app", token_endpoint_auth_method: "none", may_push_claims: true };
    const { body } = await world.admin("POST", "/clients", { ...registration, grant_types: [] });
    expect(body.warnings).toContainEqual(expect.objectContaining({ path: "token_endpoint_auth_method" }));
    const answer = await world.send("POST", "/token", { form: { client_id: String(body.client_id), grant_type: "x" } });
    expect(answer).toMatchObject(refused(401, "invalid_client"));
    expect(answer.body.error_description).toBe("this server serves no clients of the method none");
  });
});

it.each([
  ["any", [200, 200, 200]],
  ["issuer", [200, 401, 401]],
])("ASSERTION_AUDIENCE %s: the issuer, the token endpoint, and the endpoint itself", async (audience, statuses) => {
  const world = configuredWorld({ ASSERTION_AUDIENCE: audience });
  const client = await SigningClient.register(world);
  const audiences = ["", "/token", "/revocation"].map((path) => world.site.issuer + path);
  const answers = await Promise.all(audiences.map((aud) => client.present(client.assertion({ aud }))));
  expect(answers.map(({ status }) => status)).toEqual(statuses);
});

describe("PUSHED_REQUESTS", () => {
  it("required: what was not pushed is refused at the client's, and discovery says so", async () => {
    const world = configuredWorld({ PUSHED_REQUESTS: "required" });
    const app = await CodeApp.register(world);
    const answer = await world.send("GET", app.path({ prompt: "none" }));
    const location = new URL(answer.headers.get("location") ?? "");
    expect(location.searchParams.get("error")).toBe("invalid_request");
    expect(location.searchParams.get("error_description")).toContain("pushed to this server");
    expect((await metadataOf(world)).require_pushed_authorization_requests).toBe(true);
  });

  it("required: what was pushed goes on", async () => {
    const world = configuredWorld({ PUSHED_REQUESTS: "required" });
    const app = await CodeApp.register(world);
    const answer = await world.send("GET", await app.pushedPath({ prompt: "none" }));
    expect(new URL(answer.headers.get("location") ?? "").searchParams.get("error")).toBe("login_required");
  });
});

describe("OPENID_SCOPE", () => {
  it.each([
    ["refuse", "openid", 400],
    ["ignore", "openid", 200],
    ["ignore", "openid download", 200],
    ["ignore", "OpenID", 400],
    ["ignore", "openid fly", 400],
  ])("%s: a request with a ticket and scope=%s is answered %i", async (choice, scope, status) => {
    const scene = await Scene.open(configuredWorld({ OPENID_SCOPE: choice }));
    const photo = await scene.resource();
    await scene.permitAnyone();
    const answer = await scene.redeem(await scene.ticket(photo), { scope });
    expect(answer.status).toBe(status);
    if (status === 400) return expect(answer.body.error).toBe("invalid_scope");
    const scopes = scope === "openid" ? ["view"] : ["download", "view"];
    expect(await scene.granted(answer)).toEqual({ [photo]: scopes });
  });
});

it("BEARER_NAME is what tokens are called where they are issued and where they are introspected", async () => {
  const scene = await Scene.open(configuredWorld({ BEARER_NAME: "bearer" }));
  const photo = await scene.resource();
  await scene.permitAnyone();
  const { body } = await scene.redeem(await scene.ticket(photo));
  const pat = await scene.world.token(scene.cast.rs1, { grant_type: "client_credentials" });
  expect([body.token_type, pat.body.token_type]).toEqual(["bearer", "bearer"]);
  expect(await scene.introspect(body.access_token)).toMatchObject({ active: true, token_type: "bearer" });
});
