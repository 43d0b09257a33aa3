import { beforeAll, describe, expect, it } from "vitest";
import type { Cast } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const FULL = {
  resource_scopes: ["view", "http://x.example/dev/scopes/print"],
  name: "Album",
  "name#fr": "Livre",
  description: "Photos",
  type: "http://x.example/album",
  icon_uri: "https://x.example/icon.png",
  x_colour: { shade: ["dark"] },
};
let cast: Cast;
let pat: string;

beforeAll(async () => {
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
});

const post = (json: unknown) => world.send("POST", "/resources", { bearer: pat, json });
const item = (method: string, id: string, json?: unknown) =>
  world.send(method, `/resources/${id}`, { bearer: pat, ...(json === undefined ? {} : { json }) });

describe("the five operations", () => {
  it("create, read, update, list and delete", async () => {
    const made = await post(FULL);
    const id = String(made.body._id);
    expect(made.status).toBe(201);
    expect((await item("GET", id)).body).toEqual({ ...FULL, _id: id });
    expect(await item("PUT", id, { resource_scopes: ["view"] })).toMatchObject({ status: 200, body: { _id: id } });
    expect((await world.send("GET", "/resources", { bearer: pat })).json).toContain(id);
    expect((await item("DELETE", id)).status).toBe(204);
    expect((await item("GET", id)).status).toBe(404);
    expect((await item("DELETE", id)).status).toBe(404);
  });

  it("Location leads to the new resource", async () => {
    const made = await post(FULL);
    const location = String(made.headers.get("location"));
    expect(location.endsWith(`/${made.body._id}`)).toBe(true);
    expect((await world.send("GET", location, { bearer: pat })).body._id).toBe(made.body._id);
  });

  it("a list comes whole, or page by page where that is asked for", async () => {
    const owner = await world.owner("a collector");
    await world.connect(owner, cast.rs1, ["uma_protection"]);
    const bearer = await world.connectedToken(cast.rs1, { resource_owner: owner });
    const ids = await Promise.all(Array.from({ length: 7 }, () => world.registerResource(bearer, FULL)));
    const whole = await world.send("GET", "/resources", { bearer });
    expect([...(whole.json as string[])].sort()).toEqual(ids.sort());
    expect(whole.headers.get("link")).toBeNull();
    const pages: unknown[] = [];
    for (let next: string | null = `${world.site.issuer}/resources?limit=3`; next !== null; ) {
      const page = await world.send("GET", next, { bearer });
      pages.push(page.json);
      next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get("link") ?? "")?.[1] ?? null;
    }
    expect(pages).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
    expect((await world.send("GET", `/resources?cursor=${ids[4]}`, { bearer })).json).toEqual(ids.slice(5));
  });

  it.each(["limit=0", "limit=201", "limit=x", "cursor=%20", "cursor=a.b", "page=2", "limit=1&limit=2"])(
    "a list is not narrowed by ?%s",
    async (query) => {
      const answer = await world.send("GET", `/resources?${query}`, { bearer: pat });
      expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    },
  );

  it("two equal posts make two resources", async () => {
    const [first, second] = [await post(FULL), await post(FULL)];
    expect(first.body._id).not.toBe(second.body._id);
  });

  it("a read gives back all that was registered", async () => {
    const id = await world.registerResource(pat, FULL);
    expect((await item("GET", id)).body).toEqual({ ...FULL, _id: id });
  });

  it("an update leaves nothing of the old description", async () => {
    const id = await world.registerResource(pat, FULL);
    await item("PUT", id, { resource_scopes: ["view"] });
    expect((await item("GET", id)).body).toEqual({ resource_scopes: ["view"], _id: id });
  });

  it("what was read can be written back, and its _id redirects nothing", async () => {
    const [id, other] = [await world.registerResource(pat, FULL), await world.registerResource(pat, FULL)];
    const read = (await item("GET", id)).body;
    const edited = { ...read, _id: other, user_access_policy_uri: "https://as.example/x", name: "New" };
    expect((await item("PUT", id, edited)).status).toBe(200);
    expect((await item("GET", id)).body).toEqual({ ...FULL, name: "New", _id: id });
    expect((await item("GET", other)).body).toMatchObject({ name: "Album" });
  });

  it("an update makes no resource", async () => {
    const before = (await world.send("GET", "/resources", { bearer: pat })).json;
    expect((await item("PUT", "nobody-made-this", { resource_scopes: [] })).status).toBe(404);
    expect((await world.send("GET", "/resources", { bearer: pat })).json).toEqual(before);
  });

  it("the collection answers with and without a slash", async () => {
    expect((await world.send("POST", "/resources/", { bearer: pat, json: FULL })).status).toBe(201);
    expect((await world.send("GET", "/resources/", { bearer: pat })).status).toBe(200);
  });

  it("an _id in the body names nothing", async () => {
    const made = await post({ ...FULL, _id: "mine" });
    expect(made.body._id).not.toBe("mine");
  });
});

describe("descriptions that are refused", () => {
  it.each([
    ["scopes under a name in another case", { Resource_Scopes: ["view"] }],
    ["a text", { resource_scopes: "view" }],
    ["a list of numbers", { resource_scopes: [1] }],
    ["an object", { resource_scopes: { a: 1 } }],
    ["a number as name", { resource_scopes: [], name: 5 }],
    ["an object as icon_uri", { resource_scopes: [], icon_uri: {} }],
    ["an icon_uri that is no URI", { resource_scopes: [], icon_uri: "icon.png" }],
    ["a tagged name that is no text", { resource_scopes: [], "name#fr": 5 }],
    ["an empty scope", { resource_scopes: [""] }],
    ["an array", []],
    ["null", null],
  ])("%s", async (_, description) => {
    expect(await post(description)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  it("a refused update changes nothing", async () => {
    const id = await world.registerResource(pat, FULL);
    expect((await item("PUT", id, { name: "x" })).status).toBe(400);
    expect((await item("GET", id)).body).toEqual({ ...FULL, _id: id });
  });

  it("an empty list of scopes is a description", async () => {
    expect((await post({ resource_scopes: [] })).status).toBe(201);
  });
});

describe("who sees what", () => {
  it("one owner at one resource server, nothing else", async () => {
    const other = await world.cast();
    const rs2 = await world.client({ client_name: "RS2", grant_types: ["client_credentials"] });
    await world.connect(cast.alice, rs2, ["uma_protection"]);
    const strangers = [await world.connectedToken(other.rs1), await world.connectedToken(rs2)];
    const id = await world.registerResource(pat, FULL);
    const unknown = await item("GET", "nobody-made-this");
    for (const stranger of strangers) {
      for (const method of ["GET", "PUT", "DELETE"]) {
        const body = method === "PUT" ? { json: FULL } : {};
        const answer = await world.send(method, `/resources/${id}`, { bearer: stranger, ...body });
        expect(answer).toMatchObject({ status: 404, json: unknown.json });
      }
      expect((await world.send("GET", "/resources", { bearer: stranger })).json).toEqual([]);
    }
    expect((await item("GET", id)).status).toBe(200);
  });

  it("nothing without a PAT", async () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const path = method === "POST" ? "/resources" : "/resources/x";
      const answer = await world.send(method, path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
    }
  });
});

describe("methods", () => {
  it.each([
    ["POST", "/resources/x", "GET, PUT, PATCH, DELETE"],
    ["PATCH", "/resources", "GET, POST"],
    ["PUT", "/resources", "GET, POST"],
    ["DELETE", "/resources", "GET, POST"],
  ])("%s %s", async (method, path, allow) => {
    const answer = await world.send(method, path, { bearer: pat });
    expect(answer).toMatchObject({ status: 405, body: { error: "unsupported_method_type" } });
    expect(answer.headers.get("allow")).toBe(allow);
  });
});
