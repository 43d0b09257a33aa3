import { beforeAll, describe, expect, it } from "vitest";
import type { Cast } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let cast: Cast;
let pat: string;
let photo: string;
let song: string;

beforeAll(async () => {
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
  photo = await world.registerResource(pat, { resource_scopes: ["view", "print"] });
  song = await world.registerResource(pat, { resource_scopes: ["play"] });
});

const ask = (json: unknown, bearer = pat) => world.send("POST", "/permission", { bearer, json });
const view = () => ({ resource_id: photo, resource_scopes: ["view"] });

describe("a permission request", () => {
  it("is answered 201 with a ticket that no cache keeps", async () => {
    const answer = await ask(view());
    expect(answer).toMatchObject({ status: 201, body: { ticket: expect.stringMatching(/^[\w.~-]+$/) } });
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("several get one ticket", async () => {
    const answer = await ask([view(), { resource_id: song, resource_scopes: ["play"] }]);
    expect(answer).toMatchObject({ status: 201, body: { ticket: expect.any(String) } });
  });

  it("no scopes, and one resource twice, are in order", async () => {
    expect((await ask({ resource_id: photo, resource_scopes: [] })).status).toBe(201);
    expect((await ask([view(), { resource_id: photo, resource_scopes: ["print"] }])).status).toBe(201);
  });

  it("members that nobody knows are passed over", async () => {
    expect((await ask({ ...view(), x_note: 1 })).status).toBe(201);
  });

  it("tickets for the same thing differ", async () => {
    const tickets = await Promise.all(Array.from({ length: 20 }, () => world.ticket(pat, view())));
    expect(new Set(tickets).size).toBe(20);
  });

  it("follows registration and deletion at once", async () => {
    const brief = await world.registerResource(pat, { resource_scopes: ["view"] });
    const request = { resource_id: brief, resource_scopes: ["view"] };
    expect((await ask(request)).status).toBe(201);
    await world.send("DELETE", `/resources/${brief}`, { bearer: pat });
    expect(await ask(request)).toMatchObject({ status: 400, body: { error: "invalid_resource_id" } });
  });
});

describe("malformed requests", () => {
  it.each([
    ["an empty list", () => []],
    ["no resource_id", () => ({ resource_scopes: ["view"] })],
    ["a number", () => ({ resource_id: 5, resource_scopes: ["view"] })],
    ["no resource_scopes", () => ({ resource_id: photo })],
    ["a text", () => ({ resource_id: photo, resource_scopes: "view" })],
    ["a text", () => "view"],
    ["null in a list", () => [null]],
    ["a list in a list", () => [[view()]]],
    ["more than a ticket may stand for", () => Array.from({ length: 31 }, view)],
  ])("%s", async (_, request) => {
    const answer = await ask(request());
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });

  it("forms are refused, and so are other methods", async () => {
    const form = await world.send("POST", "/permission", { bearer: pat, form: { resource_id: photo } });
    expect(form).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    const get = await world.send("GET", "/permission", { bearer: pat });
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("more than fits into a ticket is refused with a reason", async () => {
    const scopes = Array.from({ length: 40 }, (_, index) => `${index}-${"x".repeat(100)}`);
    const large = await world.registerResource(pat, { resource_scopes: scopes });
    const answer = await ask({ resource_id: large, resource_scopes: scopes });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(answer.body.error_description).toMatch(/too many permissions for one ticket/);
  });
});

describe("what may be asked for", () => {
  it("unknown and foreign resources look alike", async () => {
    const other = await world.cast();
    const carol = await world.connectedToken(other.rs1);
    const foreign = await world.registerResource(carol, { resource_scopes: ["view"] });
    const rs2 = await world.client({ client_name: "RS2", grant_types: ["client_credentials"] });
    await world.connect(cast.alice, rs2, ["uma_protection"]);
    const atRs2 = await world.registerResource(await world.connectedToken(rs2), { resource_scopes: ["view"] });
    const answers = await Promise.all(
      ["nobody-made-this", foreign, atRs2].map((id) => ask([view(), { resource_id: id, resource_scopes: ["view"] }])),
    );
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 400, body: { error: "invalid_resource_id" }, json: answers[0]?.json });
    }
  });

  it("a scope of another resource is no scope of this one", async () => {
    for (const scope of ["fly", "play"]) {
      const answer = await ask({ resource_id: photo, resource_scopes: [scope] });
      expect(answer).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
    }
  });

  it("one bad entry fails the whole list", async () => {
    const answer = await ask([view(), { resource_id: photo, resource_scopes: ["fly"] }]);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
    expect(answer.body.ticket).toBeUndefined();
  });
});

describe("what one assessment could not weigh", () => {
  it("too many scopes in all are refused", async () => {
    const scopes = Array.from({ length: 50 }, (_, index) => `s${index}`);
    const resources: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      resources.push(await world.registerResource(pat, { resource_scopes: scopes }));
    }
    const sets = resources.map((id) => ({ resource_id: id, resource_scopes: scopes }));
    expect((await ask(sets.slice(0, 6))).status).toBe(201);
    const refused = await ask(sets);
    expect(refused).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(refused.body.error_description).toContain("300 scopes in all");
  });

  it("resources with too heavy policies are asked for one by one", async () => {
    const tool = await world.connectedToken(cast.tool);
    const who = { any: Array.from({ length: 60 }, (_, index) => ({ group: `g${index}` })) };
    const resources: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const id = await world.registerResource(pat, { resource_scopes: ["view"] });
      await world.policy(tool, { effect: "permit", target: { resources: [id] }, scopes: ["view"], who });
      resources.push(id);
    }
    const sets = resources.map((id) => ({ resource_id: id, resource_scopes: ["view"] }));
    for (const one of sets) expect((await ask(one)).status).toBe(201);
    const refused = await ask(sets);
    expect(refused).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(refused.body.error_description).toContain("ask for fewer");
  });
});
