import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { Scene } from "../../support/server/scene.ts";
import { text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

/** Mallory acts for an owner of her own, and knows ids of Alice's. */
const world = localWorld();
const SECRET = "Aliceonly";
let browser: BrowserLike;
let base: string;
let own: string;
const theirs = { thing: "", group: "", policy: "" };

beforeAll(async () => {
  const [alice, mallory] = await Promise.all([Scene.open(world), Scene.open(world)]);
  const resident = await Resident.settle("Mallory");
  await resident.administer(mallory.cast.alice);
  browser = await resident.browse(world.site);
  base = `/console/${mallory.cast.alice}`;
  own = await mallory.resource(["view"]);
  theirs.thing = await alice.resource(["view"], { name: SECRET });
  theirs.group = text(await alice.ask("POST", "/groups", { name: SECRET, members: [] }), "group_id");
  theirs.policy = await alice.permit(theirs.thing, ["view"]);
});

describe("ids of another owner", () => {
  it("lead to no page", async () => {
    const paths = [
      `/things/${theirs.thing}`,
      `/things/${theirs.thing}/share`,
      `/things/${own}/share?also=${theirs.thing}`,
      `/things?in=${theirs.thing}`,
      `/groups/${theirs.group}`,
      `/requests/${theirs.policy}`,
    ];
    for (const path of paths) expect((await browser.open(base + path)).status, path).toBe(404);
  });

  it("are no share to change, like one that somebody has ended", async () => {
    const ofAnother = await browser.open(`${base}/things/${own}/share?change=${theirs.policy}`);
    const ofNobody = await browser.open(`${base}/things/${own}/share?change=${"A".repeat(22)}`);
    expect(ofAnother.status).toBe(303);
    expect(ofAnother.headers.get("location")).toBe(ofNobody.headers.get("location"));
  });

  it("are no group to share with, and nothing to share along", async () => {
    const path = `${base}/things/${own}/share`;
    const page = await browser.open(path);
    const named = await browser.submit(page, path, { step: "review", with: "group", group: theirs.group, act: "view" });
    expect(named.text).not.toContain(SECRET);
    const fields = { step: "review", address: "lee@example.com", act: "view", also: theirs.thing };
    expect((await browser.submit(page, path, fields)).status).toBe(404);
  });

  it("are nothing that a form changes", async () => {
    const [, csrf = ""] = (await browser.open(`${base}/groups`)).text.match(/name="csrf" value="([^"]*)"/) ?? [];
    const send = (path: string, fields: Readonly<Record<string, string>>) =>
      browser.request("POST", base + path, { form: { csrf, ...fields }, headers: { Origin: world.site.issuer } });
    const shown = { policy: theirs.policy, version: "1", place: "0", of: theirs.thing };
    const ended = await send(`/things/${own}/end`, shown);
    expect(ended.headers.get("location")).toContain("error=changed");
    const undone = await send(`/things/${own}/share/undo`, { at: "made-up" });
    expect(undone.headers.get("location")).toContain("undone=no");
    for (const path of [`/groups/${theirs.group}/add`, `/groups/${theirs.group}/delete`]) {
      expect((await send(path, { address: "mallory@example.com" })).status, path).toBe(404);
    }
    const decision = { decision: "approve", version: "1" };
    expect((await send(`/requests/${theirs.policy}/decision`, decision)).status).toBe(404);
  });
});
