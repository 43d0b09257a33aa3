import { beforeAll, describe, expect, it } from "vitest";
import { en } from "../../../src/pages/words/en.ts";
import { newPerson, Organization } from "../../support/server/organization.ts";
import type { Person } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { countHops } from "../../support/workerd/hops.ts";

const world = configuredWorld({ ISSUER: "https://usher.example" });
const { things } = en;
let scene: Scene;
let ana: Person;
let album: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  ana = await new Organization(world, scene.cast.alice).member("Ana");
  album = await scene.resource(["view"], { name: "Album", type: "album" });
  for (const name of ["Beach", "Cliffs"])
    await scene.resource(["view"], { name, type: "https://types.example/photo", collections: [album] });
  await scene.resource(["view"]);
  await (await scene.connectResourceServer({ client_name: "Songs" })).create({ resource_scopes: [], name: "Ballad" });
});

const open = (query = "", owner = scene.cast.alice) => ana.browser.open(`/console/${owner}/things${query}`);

/** The names on the page, in their order. */
async function namesOn(query: string): Promise<readonly string[]> {
  const { text, status } = await open(query);
  expect(status).toBe(200);
  return [...text.matchAll(/<strong><bdi>(.*?)<\/bdi>/g)].map(([, name = ""]) => name);
}

describe("the list of things", () => {
  it("shows all that an owner has, by name, each with its kind, its app and what it is in", async () => {
    expect(await namesOn("")).toEqual(["Album", "Ballad", "Beach", "Cliffs", en.thing.nameless]);
    const { text } = await open();
    expect(text).toContain("2 things in it");
    expect(text).toMatch(/Beach<\/bdi><\/strong><span class="quiet"><bdi>photo<\/bdi> · <bdi>RS1<\/bdi> · in .*Album/);
  });

  it("is narrowed by name, app and kind, and says so in its form", async () => {
    expect(await namesOn("?q=+bALL+&app=&kind=")).toEqual(["Ballad"]);
    expect(await namesOn(`?app=${scene.cast.rs1.id}&q=b`)).toEqual(["Album", "Beach"]);
    expect(await namesOn("?kind=https%3A%2F%2Ftypes.example%2Fphoto")).toEqual(["Beach", "Cliffs"]);
    const { text } = await open("?kind=album&q=x%22y");
    expect(text).toContain(things.nothing);
    expect(text).toContain('value="x&quot;y"');
    expect(text).toMatch(/<option value="album" selected/);
  });

  it("shows what is in one of them, and what that means", async () => {
    expect(await namesOn(`?in=${album}`)).toEqual(["Beach", "Cliffs"]);
    expect(await namesOn(`?in=${album}&q=cli`)).toEqual(["Cliffs"]);
    const { text } = await open(`?in=${album}`);
    expect(text).toContain(`/things/${album}`);
    expect(text).not.toContain("· in ");
    expect((await open("?in=nothing")).status).toBe(404);
  });

  it("goes on page by page with the same search", async () => {
    const many = await Organization.found(world);
    const host = await world.client({ client_name: "Host", grant_types: ["client_credentials"] });
    await world.connect(many.id, host, ["uma_protection"]);
    const pat = await world.connectedToken(host);
    const names = Array.from({ length: 51 }, (_, index) => `Scan ${String(index).padStart(2, "0")}`);
    for (const name of names) await world.registerResource(pat, { resource_scopes: [], name });
    const ben = await many.member("Ben");
    const first = await ben.browser.open(`/console/${many.id}/things?q=scan`);
    const next = /href="([^"]*cursor=[^"]*)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(next).toContain("q=scan");
    const second = await ben.browser.open(next);
    expect(second.text).toContain("Scan 50");
    expect(second.text).not.toContain("Scan 49");
  });

  it("is empty where nothing is registered, and tells how something comes there", async () => {
    const cleo = await newPerson(world, "Cleo");
    const own = (await cleo.browser.open("/console")).headers.get("location") ?? "";
    const { text } = await cleo.browser.open(`${new URL(own, world.site.issuer).pathname}/things`);
    expect(text).toContain(things.empty);
    expect(text).not.toContain(things.search);
  });

  it.each(["?cursor=x", "?cursor=%00", `?q=${"x".repeat(5_000)}`, "?in=%00", "?app=%00&kind=%F0"])(
    "is not upset by %s",
    async (query) => {
      expect((await open(query)).status).toBeLessThan(500);
    },
  );

  it("is one look at storage for who is there, and one for what is shown", async () => {
    expect(await countHops(() => open("?q=b"))).toEqual(["d1", "d1"]);
  });
});
