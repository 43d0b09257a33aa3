import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open(world);
});

const owners = (path: string) => (query: string) => scene.ask("GET", `${path}?${query}`);
const admin = (path: string | (() => string)) => (query: string) =>
  world.admin("GET", `${typeof path === "string" ? path : path()}?${query}`);

/** Every list, and the parameters it takes. */
const LISTS: readonly (readonly [string, (query: string) => Promise<Answer>, string])[] = [
  ["the owner's policies", owners("/policies"), "the parameters cursor, limit"],
  ["the owner's groups", owners("/groups"), "the parameters cursor, limit"],
  ["the owner's resources", owners("/resources"), "the parameters cursor, limit, q, client_id, type, collection"],
  ["the owner's grants", owners("/grants"), "the parameters cursor, limit, client_id, party, resource_id"],
  ["the owner's activity", owners("/activity"), "the parameters before, limit, from, until, q"],
  ["clients", admin("/clients"), "the parameters cursor, limit"],
  ["issuers", admin("/issuers"), "the parameters cursor, limit"],
  ["owners", admin("/owners"), "the parameters cursor, limit"],
  ["connections", admin(() => `/owners/${scene.cast.alice}/connections`), "no parameters"],
  ["keys", admin("/keys"), "no parameters"],
];

describe.each(LISTS)("the list of %s", (_, ask, takes) => {
  it("ignores no parameter that it does not know", async () => {
    const answer = await ask("page=2");
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(answer.body.error_description).toBe(`this call takes ${takes}, and not page`);
  });
});

describe.each(LISTS.filter(([, , takes]) => takes !== "no parameters"))("the list of %s", (_, ask) => {
  it.each([
    ["limit=", "limit: must not be empty"],
    ["limit=%20", "limit: must not be empty"],
    ["limit=1&limit=2", "limit: must be sent once"],
    [`limit=${"1".repeat(2_049)}`, "limit: is too long"],
    ["limit=0", "limit: must be a whole number from 1 to 200"],
    ["limit=201", "limit: must be a whole number from 1 to 200"],
  ])("refuses ?%s", async (query, description) => {
    const answer = await ask(query);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request", error_description: description } });
  });
});
