import { beforeAll, describe, expect, it } from "vitest";
import { type Cast, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let cast: Cast;
let pat: string;

beforeAll(async () => {
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
});

const challenge = (answer: { headers: Headers }) => answer.headers.get("www-authenticate") ?? "";

describe("the access token of a resource server", () => {
  it.each(["Bearer", "bearer", "BEARER"])("counts as %s", async (scheme) => {
    const answer = await world.send("GET", "/resources", { authorization: `${scheme} ${pat}` });
    expect(answer.status).toBe(200);
  });

  it("is asked for without a word of error in the challenge, and the body says how to send it", async () => {
    const answer = await world.send("GET", "/resources");
    const error_description = "send the access token as Authorization: Bearer";
    expect(answer).toMatchObject({ status: 401, json: { error: "invalid_token", error_description } });
    expect(challenge(answer)).toMatch(/^Bearer realm="usher", scope="uma_protection", DPoP algs="ES256 [^"]+"$/);
  });

  it("client credentials do not stand in for it", async () => {
    const answer = await world.send("POST", "/introspection", { basic: cast.rs1, form: { token: "x" } });
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    expect(challenge(answer)).not.toContain("error");
  });

  it.each([
    ["nonsense", () => "x"],
    ["an altered token", () => `${pat.slice(0, -4)}AAAA`],
    ["a very long one", () => "x".repeat(20_000)],
    ["three empty parts", () => ".."],
  ])("%s", async (_, token) => {
    const answer = await world.send("GET", "/resources", { bearer: token() });
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    expect(challenge(answer)).toContain('error="invalid_token"');
  });

  it("neither an ID Token nor an RPT is one", async () => {
    const tool = await world.connectedToken(cast.tool);
    const photo = await world.registerResource(pat, { resource_scopes: ["view"] });
    const all = { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } };
    await world.policy(tool, all);
    const ticket = await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] });
    const rpt = text(await world.uma(cast.c1, ticket), "access_token");
    for (const bearer of [rpt, await world.idToken(cast, { aud: world.site.issuer })]) {
      const answer = await world.send("POST", "/permission", { bearer, json: [] });
      expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    }
  });

  it("needs the scope of the API it calls", async () => {
    const tool = await world.connectedToken(cast.tool);
    const answer = await world.send("POST", "/permission", { bearer: tool, json: [] });
    expect(answer).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
    expect(challenge(answer)).toContain('error="insufficient_scope"');
    expect(challenge(answer)).toContain('scope="uma_protection"');
    const policies = await world.send("GET", "/owner/policies", { bearer: pat });
    expect(policies.status).toBe(403);
  });

  it("introspection says 401 for that, and still insufficient_scope", async () => {
    const bearer = await world.connectedToken(cast.tool);
    const answer = await world.send("POST", "/introspection", { bearer, form: { token: "x" } });
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toContain('error="insufficient_scope"');
  });

  it("travels in the header, once", async () => {
    const query = await world.send("GET", `/resources?access_token=${pat}`);
    expect(query.status).toBe(401);
    const both = await world.send("GET", `/resources?access_token=${pat}`, { bearer: pat });
    expect(both).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    const form = { token: "x", access_token: pat };
    const inForm = await world.send("POST", "/introspection", { bearer: pat, form });
    expect(inForm).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect((await world.send("POST", "/introspection", { form })).status).toBe(401);
  });

  it.each([
    ["PATCH", "/resources", "GET, POST"],
    ["POST", "/resources/x", "GET, PUT, PATCH, DELETE"],
    ["GET", "/permission", "POST"],
    ["GET", "/introspection", "POST"],
    ["PATCH", "/owner/policies", "GET, POST"],
    ["POST", "/owner/groups/x", "GET, PUT, DELETE"],
    ["POST", "/owner/activity", "GET"],
    ["GET", "/owner/withdrawals", "POST"],
    ["GET", "/owner/explain", "POST"],
  ])("is not asked for by a method that is not served: %s %s", async (method, path, allowed) => {
    const answer = await world.send(method, path);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allowed]);
  });

  it("ends with its connection, at every endpoint", async () => {
    const brief = await world.cast();
    const token = await world.connectedToken(brief.rs1);
    const photo = await world.registerResource(token, { resource_scopes: ["view"] });
    await world.admin("DELETE", `/owners/${brief.alice}/connections/${brief.rs1.id}`);
    const permission = { resource_id: photo, resource_scopes: ["view"] };
    const answers = await Promise.all([
      world.send("GET", "/resources", { bearer: token }),
      world.send("POST", "/resources", { bearer: token, json: { resource_scopes: [] } }),
      world.send("GET", `/resources/${photo}`, { bearer: token }),
      world.send("PUT", `/resources/${photo}`, { bearer: token, json: { resource_scopes: [] } }),
      world.send("DELETE", `/resources/${photo}`, { bearer: token }),
      world.send("GET", "/resources/no-id-of-ours", { bearer: token }),
      world.send("PUT", "/resources/no-id-of-ours", { bearer: token, json: { resource_scopes: [] } }),
      world.send("DELETE", "/resources/no-id-of-ours", { bearer: token }),
      world.send("POST", "/permission", { bearer: token, json: permission }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
  });
});
