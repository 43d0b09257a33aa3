/**
 * What went wrong where RPTs are enforced, played against the sample resource server (examples/health-records), whose
 * guard asks this server over its own API.
 */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiRoutes } from "../../examples/health-records/src/api.ts";
import type { FileObject } from "../../examples/health-records/src/file-object.ts";
import { FIRST_REPORTS, type Report, SCOPES } from "../../examples/health-records/src/reports.ts";
import type { Settings } from "../../examples/health-records/src/settings.ts";
import { permission } from "../support/server/protection-api.ts";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const BLOOD = "blood-count";
const LIPIDS = "lipid-panel";
const TITLES = FIRST_REPORTS.map(({ text: content }) => content);

let scene: Scene;
/** By report, as it is registered. */
let ids: ReadonlyMap<string, string>;
let reports: ReturnType<typeof apiRoutes>;

beforeEach(async () => {
  scene = await Scene.open(world);
  const registered = FIRST_REPORTS.map(async ({ id, type, title }) => {
    return [id, await scene.resource(SCOPES, { type, name: title })] as const;
  });
  ids = new Map(await Promise.all(registered));
  reports = apiRoutes(() => onFile(scene, ids));
  // The guard finds this server by its address.
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) => world.site.fetch(new Request(url, init)));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The reports of an owner who has registered all of them. */
function onFile({ pat }: Scene, registered: ReadonlyMap<string, string>): DurableObjectStub<FileObject> {
  const find = (id: string) => FIRST_REPORTS.find((report) => report.id === id) ?? null;
  const file = {
    find: async (id: string) => find(id),
    list: async () => FIRST_REPORTS.map(({ id, title }) => ({ id, title })),
    write: async () => undefined,
    resourceId: async ({ id }: Report) => registered.get(id) ?? null,
    forgetResource: async () => undefined,
    currentToken: async () => pat,
    renewedToken: async () => pat,
  };
  return file as unknown as DurableObjectStub<FileObject>;
}

/** Somebody asks for a report, or to change it. */
function ask(path: string, rpt: string | null, method = "GET"): Promise<Response> {
  const headers = rpt === null ? {} : { Authorization: `Bearer ${rpt}` };
  const body = method === "PUT" ? "Everything is fine." : null;
  const settings = { USHER: world.site.issuer } as Settings;
  return Promise.resolve(reports.request(`http://clinic.example${path}`, { method, headers, body }, settings));
}

/** An RPT for scopes of a report, which everybody may have. */
async function rptFor(report: string, scopes: readonly string[]): Promise<string> {
  const id = ids.get(report) ?? "";
  await scene.permit(id, scopes, ANYONE);
  return scene.rpt(permission(id, ...scopes));
}

describe("lesson: a resource server took any RPT that was active", () => {
  it("one for another report, or for another scope, is answered like none: with a ticket for what is missing", async () => {
    const rpt = await rptFor(BLOOD, ["view"]);
    expect((await ask(`/${BLOOD}`, rpt)).status).toBe(200);
    const others = [await ask(`/${LIPIDS}`, rpt), await ask(`/${BLOOD}`, rpt, "PUT"), await ask(`/${BLOOD}`, null)];
    for (const answer of others) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).toMatch(/ticket="/);
      expect(await answer.text()).not.toContain("Haemoglobin");
    }
  });

  it("one of another owner, of another resource server, a PAT and an ID Token open nothing", async () => {
    const carols = await Scene.open(world);
    const hers = await carols.resource(SCOPES);
    await carols.permit(hers, ["view"], ANYONE);
    const rs2 = await scene.connectResourceServer();
    const song = await rs2.register("view");
    await scene.permitAnyone({ target: { resources: [song] } });
    const elsewhere = text(await scene.redeem(await world.ticket(rs2.pat, permission(song, "view"))), "access_token");
    const tokens = [await carols.rpt(permission(hers, "view")), elsewhere, scene.pat, await scene.bob(), "x"];
    for (const token of tokens) expect((await ask(`/${BLOOD}`, token)).status).toBe(401);
  });
});

describe("lesson: a path that was written otherwise got around the enforcer", () => {
  it.each([
    ["another case", "/Blood-Count"],
    ["a slash at the end", "/blood-count/"],
    ["two slashes", "//blood-count"],
    ["a dot", "/./blood-count"],
    ["a way up and down", "/lipid-panel/../blood-count"],
    ["an encoded way up", "/lipid-panel/%2e%2e/blood-count"],
    ["an encoded slash", "/lipid-panel%2F..%2Fblood-count"],
    ["an encoded letter", "/%62lood-count"],
    ["an encoded hyphen", "/blood%2Dcount"],
    ["twice encoded", "/%2562lood-count"],
    ["a parameter", "/blood-count;x=1"],
    ["an extension", "/blood-count.json"],
    ["a zero", "/blood-count%00"],
    ["a space", "/blood-count%20"],
    ["a backslash", "/lipid-panel\\..\\blood-count"],
    ["a query", "/blood-count?id=lipid-panel"],
    ["a broken code", "/blood-count%"],
    ["an overlong code", "/%c0%ae%c0%ae/blood-count"],
  ])("%s: an RPT for one report opens no other", async (_, path) => {
    const rpt = await rptFor(LIPIDS, ["view"]);
    for (const method of ["GET", "HEAD", "PUT", "get"]) {
      const answer = await ask(path, rpt, method);
      expect([401, 404]).toContain(answer.status);
      expect(await answer.text()).not.toContain(TITLES[0]);
    }
  });
});

describe("lesson: an enforcer went on with a decision that it had kept", () => {
  it("a withdrawal, a revocation, an upgrade and another registration count at the next request", async () => {
    const photo = `/${BLOOD}`;
    const id = ids.get(BLOOD) ?? "";
    const policy = await scene.permit(id, ["view"], ANYONE);
    const [first, second] = [await scene.rpt(permission(id, "view")), await scene.rpt(permission(id, "view"))];
    for (const rpt of [first, second, first]) expect((await ask(photo, rpt)).status).toBe(200);
    await world.send("POST", "/revocation", { basic: scene.cast.c1, form: { token: first } });
    expect((await ask(photo, first)).status).toBe(401);
    expect((await ask(photo, second)).status).toBe(200);
    await scene.ask("DELETE", `/policies/${policy}`);
    expect((await ask(photo, second)).status).toBe(401);
    await scene.permit(id, ["view"], ANYONE);
    const idToken = await scene.bob();
    const old = text(await scene.redeem(await scene.ticket(id), { idToken }), "access_token");
    expect((await ask(photo, old)).status).toBe(200);
    const joined = text(await scene.redeem(await scene.ticket(id), { idToken, rpt: old }), "access_token");
    expect((await ask(photo, old)).status).toBe(401);
    expect((await ask(photo, joined)).status).toBe(200);
    await scene.rs1.update(id, { resource_scopes: ["edit"] });
    expect((await ask(photo, joined)).status).not.toBe(200);
  });
});
