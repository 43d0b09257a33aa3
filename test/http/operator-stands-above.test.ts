import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProtectionApi } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { type Cast, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** What the operator decided stays decided, whatever a connected client does at the same moment. */
const world = localWorld();

/** Often enough that each of these races was lost several times before there was a rule against it. */
const TRIES = 20;

// A removal is answered when every lease has run out (test/storage/leased.test.ts).
beforeEach(() => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const revoke = (client: Cast["rs1"], token: string) =>
  world.send("POST", "/revocation", { basic: client, form: { token } });

/** Lets the other side get a little further each time. */
async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

async function connections(owner: string): Promise<readonly { client_id: string; scopes: string[] }[]> {
  const { body } = await world.admin("GET", `/owners/${owner}/connections`);
  return body.items as unknown as { client_id: string; scopes: string[] }[];
}

const resourcesOf = (server: string) =>
  env.DB.prepare("SELECT count(*) AS n FROM resources WHERE resource_server_id = ?").bind(server).first("n");

describe("a client that gets and revokes tokens without end", () => {
  it("does not undo the end of its connection", { timeout: 120_000 }, async () => {
    const revived: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { alice, rs1 } = await world.cast();
      const pats = await Promise.all([1, 2, 3].map(() => world.connectedToken(rs1)));
      await Promise.all([
        world.admin("DELETE", `/owners/${alice}/connections/${rs1.id}`),
        ...pats.map((pat, index) => afterTurns(attempt * index * 4).then(() => revoke(rs1, pat))),
      ]);
      const standing = (await connections(alice)).some(({ client_id }) => client_id === rs1.id);
      const again = await world.token(rs1, { grant_type: "client_credentials" });
      if (standing || again.status === 200) revived.push(attempt);
    }
    expect(revived.length).toBe(0);
  });

  it("does not win back a scope that was taken away", { timeout: 120_000 }, async () => {
    const won: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { alice, rs1 } = await world.cast();
      await world.connect(alice, rs1, ["uma_protection", "uma_policy"]);
      const pats = await Promise.all([1, 2, 3].map(() => world.connectedToken(rs1)));
      await Promise.all([
        world.connect(alice, rs1, ["uma_protection"]),
        ...pats.map((pat, index) => afterTurns(attempt * index * 4).then(() => revoke(rs1, pat))),
      ]);
      const { scopes } = (await connections(alice)).find(({ client_id }) => client_id === rs1.id) ?? {};
      if (scopes?.includes("uma_policy")) won.push(attempt);
    }
    expect(won.length).toBe(0);
  });
});

describe("the removal of a client", () => {
  it("leaves no connection to nobody, whoever connects it at the same moment", { timeout: 120_000 }, async () => {
    const left: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const [alice, client] = await Promise.all([
        world.owner("alice"),
        world.client({ grant_types: ["client_credentials"] }),
      ]);
      await Promise.all([
        world.admin("PUT", `/owners/${alice}/connections/${client.id}`, { scopes: ["uma_protection"] }),
        afterTurns(attempt * 10).then(() => world.admin("DELETE", `/clients/${client.id}`)),
      ]);
      if ((await connections(alice)).length > 0) left.push(attempt);
    }
    expect(left.length).toBe(0);
  });
});

describe("a resource server that is removed", () => {
  it("takes its resources with it, at every owner, also where its connection had ended before", async () => {
    const scene = await Scene.open(world);
    const { rs1 } = scene.cast;
    const another = await scene.connectResourceServer();
    const [photo, other] = [await scene.sharedPhoto(), await another.register("view")];
    const bob = await world.owner("bob");
    await world.connect(bob, rs1, ["uma_protection"]);
    const pat = await world.connectedToken(rs1, { resource_owner: bob });
    await world.registerResource(pat, { resource_scopes: ["view"] });
    await world.admin("DELETE", `/owners/${bob}/connections/${rs1.id}`);
    expect(await resourcesOf(rs1.id)).toBe(2);
    vi.mocked(scheduler.wait).mockClear();
    expect((await world.admin("DELETE", `/clients/${rs1.id}`)).status).toBe(204);
    expect(scheduler.wait).toHaveBeenCalled();
    expect(await resourcesOf(rs1.id)).toBe(0);
    expect((await scene.ask("GET", `/resources/${photo}/access`)).status).toBe(404);
    expect((await scene.ask("GET", `/resources/${other}/access`)).status).toBe(200);
    expect((await world.admin("DELETE", `/clients/${rs1.id}`)).status).toBe(404);
  });

  it("is removed wholly by a repeat, if the first try broke off", async () => {
    const scene = await Scene.open(world);
    const { rs1, alice } = scene.cast;
    await scene.sharedPhoto();
    await env.DB.prepare("DELETE FROM clients WHERE id = ?").bind(rs1.id).run();
    expect((await world.admin("DELETE", `/clients/${rs1.id}`)).status).toBe(204);
    expect(await resourcesOf(rs1.id)).toBe(0);
    expect((await connections(alice)).map(({ client_id }) => client_id)).toEqual([scene.cast.tool.id]);
    expect((await world.admin("DELETE", `/clients/${rs1.id}`)).status).toBe(404);
  });

  it("keeps its resources when only its connection ends", async () => {
    const scene = await Scene.open(world);
    const { rs1, alice } = scene.cast;
    const photo = await scene.sharedPhoto();
    await world.admin("DELETE", `/owners/${alice}/connections/${rs1.id}`);
    await world.connect(alice, rs1, ["uma_protection"]);
    const again = await ProtectionApi.of(world, rs1);
    expect(JSON.parse((await again.list()).text)).toEqual([photo]);
  });
});

describe("two edits of a client at once", () => {
  it("do not bring an old secret back", { timeout: 120_000 }, async () => {
    const brought: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const registration = { client_name: "a client", grant_types: ["client_credentials"] };
      const client = await world.client(registration);
      const [renewed] = await Promise.all([
        world.admin("POST", `/clients/${client.id}/secret`),
        afterTurns(attempt).then(() => world.admin("PUT", `/clients/${client.id}`, registration)),
      ]);
      const now = renewed.status === 200 ? { id: client.id, secret: text(renewed, "client_secret") } : client;
      const answer = await world.token(now, { grant_type: "client_credentials" });
      // Nobody has connected it, which it hears only once it has proved who it is.
      if (answer.status !== 400) brought.push(attempt);
    }
    expect(brought.length).toBe(0);
  });
});
