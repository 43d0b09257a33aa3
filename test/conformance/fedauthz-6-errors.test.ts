import { beforeAll, describe, expect, it } from "vitest";
import { parseMarkup } from "../support/pure/markup.ts";
import type { Answer } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.rs1.register("view");
  await scene.permitAnyone();
});

const post = (path: string, call: object) => world.send("POST", path, { bearer: scene.rs1.pat, ...call });

const FAILURES: readonly (readonly [name: string, ask: () => Promise<Answer>])[] = [
  ["no JSON", () => post("/permission", { text: ["application/json", "{"] })],
  ["no body", () => post("/permission", {})],
  ["an empty list", () => post("/permission", { json: [] })],
  ["an unknown resource", () => post("/permission", { json: permission("x", "view") })],
  ["an unknown scope", () => post("/permission", { json: permission(photo, "fly") })],
  ["no description", () => post("/resources", { json: [] })],
  ["an unknown id", () => scene.rs1.read("nobody-made-this")],
  ["a wrong method", () => post("/resources/x", { json: {} })],
  ["no token to introspect", () => post("/introspection", { form: {} })],
  ["a PAT that is none", () => post("/permission", { bearer: "x", json: [] })],
];

describe("error messages (§6)", () => {
  it.each(FAILURES)("F-6-error-json F-6-error-description F-6-no-store for %s", async (_, ask) => {
    const answer = await ask();
    expect([400, 401, 404, 405]).toContain(answer.status);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body.error).toMatch(/^[a-z_]+$/);
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.text).not.toMatch(/SQLITE|D1_|\bat .+:\d+:\d+/);
  });

  it("F-6-error-description says nothing of other owners", async () => {
    const carol = await Scene.open(world);
    const name = "carol's secret diary";
    const id = await world.registerResource(carol.rs1.pat, { resource_scopes: ["confess"], name });
    const answers = [
      await scene.rs1.ask(permission(id, "confess")),
      await scene.rs1.read(id),
      await scene.rs1.update(id, { resource_scopes: [] }),
      await scene.rs1.remove(id),
    ];
    for (const { text } of answers) for (const secret of ["carol", "confess", id]) expect(text).not.toContain(secret);
  });

  it("F-6-no-store tickets, introspection answers and resources are no cache's to keep", async () => {
    const token = await scene.rpt(permission(photo, "view"));
    const answers = [
      await scene.rs1.ask(permission(photo, "view")),
      await scene.rs1.introspect(token),
      await scene.rs1.introspect("x"),
      await scene.rs1.read(photo),
      await scene.rs1.list(),
    ];
    for (const { headers } of answers) expect(headers.get("cache-control")).toBe("no-store");
  });
});

it("F-6-error-uri a refusal names a page where people read what it means", async () => {
  const { body } = await world.send("POST", "/permission", { bearer: "x", json: [] });
  const uri = new URL(String(body.error_uri));
  expect(uri.href).toBe(`${world.site.issuer}/refusals#invalid_token`);
  const answer = await world.send("GET", uri.pathname, { headers: { Accept: "text/html" } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
  const [row] = parseMarkup(answer.text)
    .within()
    .filter((element) => element.get("id") === "invalid_token");
  expect(row?.text).toContain("invalid_token");
});
