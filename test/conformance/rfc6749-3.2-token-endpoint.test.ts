import { beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../support/server/http-site.ts";
import { INVALID_GRANT, NEED_INFO, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const INVALID_REQUEST = refused(400, "invalid_request");
const FORM_TYPE = "application/x-www-form-urlencoded";
let scene: Scene;
let photo: string;
/** Connected for both scopes. */
let both: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
  both = await world.client({ grant_types: ["client_credentials"] });
  await world.connect(scene.cast.alice, both, ["uma_protection", "uma_policy"]);
});

const post = (call: Call) => world.send("POST", "/token", { basic: both, ...call });
const credentials = (form: Readonly<Record<string, string>> = {}) =>
  post({ form: { grant_type: "client_credentials", ...form } });

describe("the endpoint (§3.1, §3.2)", () => {
  it("O-6749-3.1-endpoint-no-fragment and the one for people have a URL without fragment", async () => {
    const { body } = await world.send("GET", "/.well-known/oauth-authorization-server");
    for (const member of ["token_endpoint", "authorization_endpoint"]) {
      expect(String(body[member]), member).toMatch(new RegExp(`^${world.site.issuer}/[^#]+$`));
    }
  });

  it("O-6749-3.2-post-only takes POST, and spends nothing that another method brings", async () => {
    const ticket = await scene.ticket(photo);
    const query = new URLSearchParams({ grant_type: UMA_GRANT, ticket, client_id: scene.cast.c1.id });
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await world.send(method, `/token?${query}`, { basic: scene.cast.c1 });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
      expect(answer.body).not.toHaveProperty("access_token");
    }
    expect(await scene.redeem(ticket)).toMatchObject(NEED_INFO);
  });

  it.each<[string, Call]>([
    ["JSON", { json: { grant_type: "client_credentials" } }],
    ["JSON that calls itself a form", { text: [FORM_TYPE, '{"grant_type":"client_credentials"}'] }],
    [
      "another character set",
      { text: [`${FORM_TYPE}; charset=utf-16`, [..."grant_type=client_credentials"].join("\0")] },
    ],
    ["plain text", { text: ["text/plain", "grant_type=client_credentials"] }],
    ["multipart", { text: ["multipart/form-data; boundary=x", "--x--"] }],
    ["no body", {}],
  ])("O-6749-3.2-form-body takes a form, not %s", async (_, call) => {
    expect(await post(call)).toMatchObject(INVALID_REQUEST);
  });

  it("O-6749-3.2-form-body takes nothing from the URL", async () => {
    const answer = await world.send("POST", "/token?grant_type=client_credentials", { basic: both, form: {} });
    expect(answer).toMatchObject(INVALID_REQUEST);
  });

  it.each(["UTF-8", "utf8", "iso-8859-1"])(
    "O-6749-3.2-form-body is UTF-8, whatever else is said (%s)",
    async (charset) => {
      const call: Call = { text: [`${FORM_TYPE}; charset=${charset}`, "grant_type=client_credentials"] };
      expect((await post(call)).status).toBe(200);
    },
  );
});

describe("scope (§3.3)", () => {
  it("O-6749-3.3-scope-case is an unordered set of case-sensitive words", async () => {
    expect(await credentials({ scope: "Uma_Protection" })).toMatchObject(refused(400, "invalid_scope"));
    for (const scope of ["uma_protection uma_policy", "uma_policy uma_protection", "uma_policy  uma_protection "]) {
      const granted = String((await credentials({ scope })).body.scope);
      expect(granted.split(" ").toSorted()).toEqual(["uma_policy", "uma_protection"]);
    }
  });

  it("O-6749-3.3-scope-difference is never given in part without a word", async () => {
    expect(await credentials({ scope: "uma_protection foo" })).toMatchObject(refused(400, "invalid_scope"));
    expect((await credentials({ scope: "uma_protection" })).body.scope).toBe("uma_protection");
  });

  it("O-6749-3.3-scope-omitted has the documented default: all that the connection allows", async () => {
    expect(await credentials()).toMatchObject({ status: 200, body: { scope: "uma_protection uma_policy" } });
  });
});

describe("grants that are not offered", () => {
  it("O-9700-2.4-no-password there is no password grant", async () => {
    const answer = await credentials({ grant_type: "password", username: "alice", password: "secret" });
    expect(answer).toMatchObject(refused(400, "unsupported_grant_type"));
  });

  it("O-6749-5.2-status every refusal has its own code", async () => {
    const { c1 } = scene.cast;
    const refusals: readonly (readonly [Record<string, string>, object])[] = [
      [{}, INVALID_REQUEST],
      [{ grant_type: "magic" }, refused(400, "unsupported_grant_type")],
      [{ grant_type: "client_credentials" }, refused(400, "unauthorized_client")],
      [{ grant_type: UMA_GRANT, ticket: "x" }, INVALID_GRANT],
      [{ grant_type: "refresh_token", refresh_token: "x" }, INVALID_GRANT],
      [{ grant_type: UMA_GRANT, ticket: await scene.ticket(photo), scope: "fly" }, refused(400, "invalid_scope")],
    ];
    for (const [form, expected] of refusals) {
      const answer = await world.token(c1, form);
      expect(answer).toMatchObject(expected);
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    }
  });
});
