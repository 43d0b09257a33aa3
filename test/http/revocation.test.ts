import { beforeAll, describe, expect, it } from "vitest";
import { type Cast, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let cast: Cast;
let pat: string;
let photo: string;

beforeAll(async () => {
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
  photo = await world.registerResource(pat, { resource_scopes: ["view"] });
  const everyone = { effect: "permit", target: { resources: [photo] }, scopes: "all", who: { anyone: true } };
  await world.policy(await world.connectedToken(cast.tool), everyone);
});

async function grant() {
  const granted = await world.uma(cast.c1, await world.ticket(pat, { resource_id: photo, resource_scopes: ["view"] }));
  return { rpt: text(granted, "access_token"), refresh: text(granted, "refresh_token") };
}
const revoke = (form: Readonly<Record<string, string>>, client = cast.c1) =>
  world.send("POST", "/revocation", { basic: client, form });
const refresh = (token: string) => world.token(cast.c1, { grant_type: "refresh_token", refresh_token: token });

describe("revocation", () => {
  it("ends a refresh token, and the RPT that came with it", async () => {
    const granted = await grant();
    expect((await revoke({ token: granted.refresh })).status).toBe(200);
    expect(await refresh(granted.refresh)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await world.introspect(pat, granted.rpt)).toEqual({ active: false });
  });

  it.each(["refresh_token", "access_token", "foo"])("whatever the hint %s says", async (hint) => {
    const granted = await grant();
    expect((await revoke({ token: granted.rpt, token_type_hint: hint })).status).toBe(200);
    expect(await world.introspect(pat, granted.rpt)).toEqual({ active: false });
  });

  it("leaves the tokens of others alone", async () => {
    const { rpt } = await grant();
    const c2 = await world.client({ client_name: "C2" });
    expect((await revoke({ token: rpt }, c2)).status).toBe(200);
    expect(await world.introspect(pat, rpt)).toMatchObject({ active: true });
  });

  it("knows unknown tokens from none", async () => {
    expect((await revoke({ token: "x" })).status).toBe(200);
    expect((await revoke({ token: `${pat}x` })).status).toBe(200);
    expect(await revoke({})).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect((await world.send("GET", "/revocation")).status).toBe(405);
  });

  it("ends a PAT alone, wherever it is used; its siblings and the next one work", async () => {
    const brief = await world.cast();
    const [token, sibling] = [await world.connectedToken(brief.rs1), await world.connectedToken(brief.rs1)];
    const photo = await world.registerResource(token, { resource_scopes: ["view"] });
    expect((await revoke({ token }, brief.rs1)).status).toBe(200);
    const json = { resource_scopes: ["view"] };
    const ask = (bearer: string) =>
      Promise.all([
        world.send("GET", "/resources", { bearer }),
        world.send("POST", "/resources", { bearer, json }),
        world.send("PUT", `/resources/${photo}`, { bearer, json }),
        world.send("POST", "/permission", { bearer, json: { resource_id: photo, ...json } }),
      ]);
    expect((await ask(token)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect((await ask(sibling)).map(({ status }) => status)).toEqual([200, 201, 200, 201]);
    expect((await revoke({ token }, brief.rs1)).status).toBe(200);
    const next = await world.connectedToken(brief.rs1);
    expect((await world.send("GET", "/resources", { bearer: next })).status).toBe(200);
  });

  it("of a PAT ends the tickets made with it, but for those of a process that a client has begun", async () => {
    const brief = await world.cast();
    const token = await world.connectedToken(brief.rs1);
    const photo = await world.registerResource(token, { resource_scopes: ["view"] });
    const who = { claim: "email", equals: "bob@example.com" };
    const tool = await world.connectedToken(brief.tool);
    await world.policy(tool, { effect: "permit", target: { resources: [photo] }, scopes: "all", who });
    const made = () => world.ticket(token, { resource_id: photo, resource_scopes: ["view"] });
    const unused = await made();
    const begun = text(await world.uma(brief.c1, await made()), "ticket");
    expect((await revoke({ token }, brief.rs1)).status).toBe(200);
    const idToken = await world.idToken(brief);
    expect(await world.uma(brief.c1, unused, { idToken })).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect((await world.uma(brief.c1, begun, { idToken })).status).toBe(200);
  });
});
