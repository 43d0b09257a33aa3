import { beforeAll, describe, expect, it } from "vitest";
import { type Cast, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let cast: Cast;

beforeAll(async () => {
  cast = await world.cast();
});

const credentials = (form: Readonly<Record<string, string>> = {}, client = cast.rs1) =>
  world.token(client, { grant_type: "client_credentials", ...form });
const refused = (error: string) => ({ status: 400, body: { error } });

describe("the token endpoint", () => {
  it("takes POST", async () => {
    const answer = await world.send("GET", "/token?grant_type=client_credentials");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("takes a form, and nothing from the URL", async () => {
    const json = { grant_type: "client_credentials" };
    expect(await world.send("POST", "/token", { basic: cast.rs1, json })).toMatchObject(refused("invalid_request"));
    const path = "/token?grant_type=client_credentials";
    expect(await world.send("POST", path, { basic: cast.rs1, form: {} })).toMatchObject(refused("invalid_request"));
  });

  it.each([
    ["no grant type", {}, "invalid_request"],
    ["a name in another case", { Grant_Type: UMA_GRANT, Ticket: "x" }, "invalid_request"],
    ["a value in another case", { grant_type: UMA_GRANT.toUpperCase() }, "unsupported_grant_type"],
    ["a short form", { grant_type: "uma-ticket" }, "unsupported_grant_type"],
    ["a slash too many", { grant_type: `${UMA_GRANT}/` }, "unsupported_grant_type"],
    ["a password", { grant_type: "password" }, "unsupported_grant_type"],
    ["a name that every object has", { grant_type: "constructor" }, "unsupported_grant_type"],
    ["no ticket", { grant_type: UMA_GRANT }, "invalid_request"],
    ["an empty ticket", { grant_type: UMA_GRANT, ticket: "" }, "invalid_request"],
    ["a ticket of nobody", { grant_type: UMA_GRANT, ticket: "x" }, "invalid_grant"],
    ["a scope with a character that none has", { grant_type: UMA_GRANT, ticket: "x", scope: "é" }, "invalid_scope"],
    ["a grant of others", { grant_type: "client_credentials" }, "unauthorized_client"],
    ["a refresh token of nobody", { grant_type: "refresh_token", refresh_token: "x" }, "invalid_grant"],
  ])("answers %s", async (_, form: Record<string, string>, error) => {
    const answer = await world.token(cast.c1, form);
    expect(answer).toMatchObject(refused(error));
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("pragma")).toBe("no-cache");
  });

  it("refuses what is said twice", async () => {
    const pairs = [["grant_type", "client_credentials"] as const, ["scope", "a"] as const, ["scope", "a"] as const];
    expect(await world.send("POST", "/token", { basic: cast.rs1, form: pairs })).toMatchObject(
      refused("invalid_request"),
    );
  });

  it("passes over what it does not know, and what is empty", async () => {
    expect((await credentials({ foo: "bar", scope: "" })).status).toBe(200);
  });
});

describe("a parameter of blanks", () => {
  it.each(["ticket", "claim_token", "claim_token_format", "grant_type", "client_id"])(
    "%s is refused, and no ticket is spent",
    async (name) => {
      const pat = await world.connectedToken(cast.rs1);
      const id = await world.registerResource(pat, { resource_scopes: ["view"] });
      const ticket = await world.ticket(pat, { resource_id: id, resource_scopes: ["view"] });
      const form = { grant_type: UMA_GRANT, ticket };
      expect(await world.token(cast.c1, { ...form, [name]: " " })).toMatchObject(refused("invalid_request"));
      expect(await world.token(cast.c1, { ...form, scope: " " })).toMatchObject(refused("invalid_scope"));
      expect((await world.token(cast.c1, form)).body.error).not.toBe("invalid_grant");
    },
  );

  it.each([
    ["resource_owner", "invalid_request"],
    ["scope", "invalid_scope"],
  ])("%s is refused by client credentials", async (name, error) => {
    expect(await credentials({ [name]: "  " })).toMatchObject(refused(error));
  });
});

describe("client credentials", () => {
  it("give a PAT, and no refresh token", async () => {
    const answer = await credentials({ scope: "uma_protection" });
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 3_600,
      scope: "uma_protection",
    });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("pragma")).toBe("no-cache");
  });

  it("give all that the connection allows, and say so", async () => {
    const both = await world.client({ grant_types: ["client_credentials"] });
    await world.connect(cast.alice, both, ["uma_protection", "uma_policy"]);
    expect((await credentials({}, both)).body.scope).toBe("uma_protection uma_policy");
    expect((await credentials({ scope: "uma_policy" }, both)).body.scope).toBe("uma_policy");
  });

  it.each(["uma_policy", "uma_protection other", "Uma_Protection"])(
    "give no %s that the connection does not allow",
    async (scope) => {
      expect(await credentials({ scope })).toMatchObject(refused("invalid_scope"));
    },
  );

  it("speak for the owner that resource_owner names, where several are connected", async () => {
    const rs = await world.client({ grant_types: ["client_credentials"] });
    expect(await credentials({}, rs)).toMatchObject(refused("invalid_grant"));
    const carol = await world.owner("carol");
    for (const owner of [cast.alice, carol]) await world.connect(owner, rs, ["uma_protection"]);
    expect(await credentials({}, rs)).toMatchObject(refused("invalid_request"));
    expect(await credentials({ resource_owner: "nobody" }, rs)).toMatchObject(refused("invalid_grant"));
    const tokens = [cast.alice, carol].map((owner) => world.connectedToken(rs, { resource_owner: owner }));
    const [ofAlice = "", ofCarol = ""] = await Promise.all(tokens);
    const id = await world.registerResource(ofCarol, { resource_scopes: [] });
    expect((await world.send("GET", `/resources/${id}`, { bearer: ofAlice })).status).toBe(404);
    expect((await world.send("GET", `/resources/${id}`, { bearer: ofCarol })).status).toBe(200);
  });

  it("give nothing under a connection that has ended", async () => {
    const brief = await world.cast();
    await world.admin("DELETE", `/owners/${brief.alice}/connections/${brief.rs1.id}`);
    expect(await credentials({}, brief.rs1)).toMatchObject(refused("invalid_grant"));
  });

  it("are not for a public client", async () => {
    const p1 = await world.client({ token_endpoint_auth_method: "none" });
    expect(await credentials({}, p1)).toMatchObject(refused("unauthorized_client"));
  });
});

describe("a ticket", () => {
  it("survives what cannot be read and who cannot prove itself", async () => {
    const pat = await world.connectedToken(cast.rs1);
    const photo = await world.registerResource(pat, { resource_scopes: ["view"] });
    const everyone = { effect: "permit", target: { resources: [photo] }, scopes: "all", who: { anyone: true } };
    await world.policy(await world.connectedToken(cast.tool), everyone);
    const ticket = await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] });
    expect((await world.uma({ ...cast.c1, secret: "wrong" }, ticket)).status).toBe(401);
    expect((await world.uma(cast.rs1, ticket)).body.error).toBe("unauthorized_client");
    expect((await world.uma(cast.c1, ticket, { scope: "é" })).body.error).toBe("invalid_scope");
    expect((await world.send("HEAD", `/token?ticket=${ticket}`)).status).toBe(405);
    const granted = await world.uma(cast.c1, ticket);
    expect(granted.status, granted.text).toBe(200);
    expect(text(granted, "token_type")).toBe("Bearer");
    expect(granted.body).not.toHaveProperty("scope");
    expect(await world.uma(cast.c1, ticket)).toMatchObject(refused("invalid_grant"));
  });
});
