import { beforeAll, describe, expect, it, vi } from "vitest";
import { Scene } from "../support/server/scene.ts";
import type { Credentials } from "../support/server/world.ts";
import { countHops } from "../support/workerd/hops.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** A client without a secret only names itself, so a permit that asks for no more is a permit for anyone. */
const world = localWorld();
let scene: Scene;
let photo: string;
let open: string;
let other: string;
let closed: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  const register = async (method: string) => world.client({ token_endpoint_auth_method: method });
  [photo, { id: open }, { id: other }, closed] = await Promise.all([
    scene.resource(),
    register("none"),
    register("none"),
    register("client_secret_basic"),
  ]);
});

const tool = (method: string, path: string, json: unknown) =>
  world.send(method, `/owner${path}`, { bearer: scene.tool, json });
const policy = (who: unknown, effect = "permit") => ({ effect, target: { resources: [photo] }, scopes: ["view"], who });
const BOB = { claim: "email", equals: "bob@example.com" };
const REFUSED = {
  status: 400,
  body: { error: "invalid_request", error_description: expect.stringMatching(/^who: .*public client/) },
};

const OPEN: readonly [string, () => unknown][] = [
  ["alone", () => ({ client: open })],
  ["among others", () => ({ client: [closed.id, open] })],
  ["as one of several ways in", () => ({ any: [BOB, { client: open }] })],
  ["with others that need not hold", () => ({ all: [{ client: open }, { not: BOB }] })],
  ["and not another public one", () => ({ all: [{ client: open }, { not: { client: other } }] })],
  ["deep inside", () => ({ any: [{ all: [{ client: [open] }, { any: [{ client: open }, BOB] }] }, BOB] })],
  ["denied twice", () => ({ not: { not: { client: open } } })],
];

const CLOSED: readonly [string, () => unknown][] = [
  ["with a claim", () => ({ all: [{ client: open }, BOB] })],
  ["where the owner says anyone", () => ({ all: [{ client: open }, { anyone: true }] })],
  ["as the one that is not let in", () => ({ all: [BOB, { not: { client: open } }] })],
  ["beside one that nobody else can be", () => ({ all: [{ client: open }, { client: closed.id }] })],
  ["that has a secret", () => ({ client: closed.id })],
  ["that there is not", () => ({ client: "nobody" })],
];

describe("a permit for a public client", () => {
  it.each(OPEN)("%s is refused, made new, put in the place of another, or supposed", async (_, who) => {
    expect(await tool("POST", "/policies", policy(who()))).toMatchObject(REFUSED);
    const { body } = await tool("POST", "/policies", policy(BOB));
    expect(await tool("PUT", `/policies/${body.policy_id}`, policy(who()))).toMatchObject(REFUSED);
    const question = { resource_id: photo, client_id: open, policies: [policy(BOB), policy(who())] };
    expect(await tool("POST", "/explain", question)).toMatchObject(REFUSED);
  });

  it.each(CLOSED)("%s is written", async (_, who) => {
    expect((await tool("POST", "/policies?accept=warnings", policy(who()))).status).toBe(201);
    const question = { resource_id: photo, client_id: open, policies: [policy(who())] };
    expect((await tool("POST", "/explain", question)).status).toBe(200);
  });

  it("is one thing, a deny another: it lets nobody in", async () => {
    expect((await tool("POST", "/policies", policy({ client: open }, "deny"))).status).toBe(201);
  });

  it("costs one look for all clients that are named, and none where none is", async () => {
    const many = { all: [BOB, { client: [open, other, closed.id, "nobody"] }] };
    const looks = await countHops(() => tool("POST", "/policies?accept=warnings", policy(many)));
    const none = await countHops(() => tool("POST", "/policies?accept=warnings", policy(BOB)));
    expect(looks).toHaveLength(none.length + 1);
  });
});

describe("a client", () => {
  it("that authenticates cannot become public, because policies may name it", async () => {
    expect((await tool("POST", "/policies", policy({ client: closed.id }))).status).toBe(201);
    const path = `/clients/${closed.id}`;
    const answer = await world.admin("PUT", path, { client_name: "C", token_endpoint_auth_method: "none" });
    expect(answer).toMatchObject({
      status: 400,
      body: { error_description: expect.stringMatching(/^token_endpoint_auth_method: .*register another client/) },
    });
    expect((await world.admin("GET", path)).body.token_endpoint_auth_method).toBe("client_secret_basic");
  });

  it("that is public stays what it is, and may become one that authenticates", async () => {
    // A change of a client waits until every lease of its copies has run out.
    const wait = vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const { id } = await world.client({ token_endpoint_auth_method: "none" });
    const put = (method: string) =>
      world.admin("PUT", `/clients/${id}`, { client_name: "P", token_endpoint_auth_method: method });
    expect((await put("none")).status).toBe(200);
    expect((await put("client_secret_basic")).status).toBe(200);
    expect((await put("none")).status).toBe(400);
    wait.mockRestore();
  });
});
