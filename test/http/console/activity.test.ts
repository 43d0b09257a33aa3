import { beforeEach, describe, expect, it } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { Scene } from "../../support/server/scene.ts";
import { expectStatus } from "../../support/server/world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
let scene: Scene;
let browser: BrowserLike;
let path: string;
let photo: string;

/** Bob was let in to view, then not to print, and Ana's tool shared and withdrew. */
beforeEach(async () => {
  scene = await Scene.open(world);
  const ana = await Resident.settle("Ana");
  await ana.administer(scene.cast.alice);
  browser = await ana.browse(world.site);
  path = `/console/${scene.cast.alice}/activity`;
  photo = await scene.resource(["view", "print"], { name: "=HYPERLINK(1)" });
  await scene.permit(photo, ["view"], undefined, { name: "For Bob" });
  await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
  await scene.redeem(await scene.ticket(photo, ["print"]), { idToken: await scene.bob() });
  await scene.ask("POST", "/withdrawals", { resource_id: photo });
});

async function read(query = ""): Promise<string> {
  const page = expectStatus(await browser.open(path + query), 200);
  const sentences = page.text.replaceAll(/<\/?(?:bdi|span|time)\b[^>]*>/g, "");
  return sentences.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

const IN = "bob@example.com was let in to view =HYPERLINK(1).";
const OUT = "bob@example.com was not let in to print =HYPERLINK(1).";
const SHARED = "What you share under For Bob was changed.";
const ENDED = "All access to =HYPERLINK(1) has ended.";

describe("the page of what happened", () => {
  it("tells it in sentences, the latest first, with the day, the app, and why", async () => {
    const text = await read();
    const order = [ENDED, OUT, IN, SHARED].map((sentence) => text.indexOf(sentence));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(text).toMatch(/today All access/);
    expect(text).toMatch(/was let in [^.]*\. [\d:]+ · Through C1/);
    expect(text).toContain("Why? Nothing that you share is about this.");
  });

  it.each([
    ["?show=admitted", [IN], [OUT, SHARED, ENDED]],
    ["?show=refused", [OUT], [IN, SHARED, ENDED]],
    ["?show=changes", [SHARED, ENDED], [IN, OUT]],
    ["?q=BOB%20print", [OUT], [IN, SHARED, ENDED]],
    ["?q=for+bob", [SHARED], [IN, OUT, ENDED]],
    ["?q=nobody", ["Nothing like this was found."], [IN, OUT, SHARED, ENDED]],
    ["?from=2020-01-01&until=2099-12-31", [IN, OUT, SHARED, ENDED], []],
    ["?until=2020-01-01", ["Nothing like this was found."], [IN, OUT, SHARED, ENDED]],
    ["?from=sometime&until=&show=whatever&q=", [IN, OUT, SHARED, ENDED], []],
  ])("shows what is sought: %s", async (query, shown, hidden) => {
    const text = await read(query);
    for (const sentence of shown) expect(text).toContain(sentence);
    for (const sentence of hidden) expect(text).not.toContain(sentence);
  });

  it("goes on to what is older, and keeps to what is sought", async () => {
    for (let n = 0; n < 26; n += 1) {
      const id = await scene.permit(photo, ["view"], undefined, { name: `Share ${n}` });
      await scene.removePolicy(id);
    }
    const page = await browser.open(`${path}?show=changes`);
    const [, next = ""] = page.text.match(/href="([^"]*before=\d+)"/) ?? [];
    expect(next).toContain("show=changes");
    expect(await read(next.replaceAll("&amp;", "&").slice(path.length))).toContain(SHARED);
    expect((await browser.open(`${path}?before=x`)).status).toBe(400);
  });

  it("costs one look for who is there, one at the ledger, and one at the names", async () => {
    await read();
    expect(await countHops(() => browser.open(path))).toEqual(["d1", "ledger", "d1"]);
  });

  it("is nobody else's", async () => {
    const eve = await (await Resident.settle("Eve")).browse(world.site);
    for (const one of ["", "/copy.csv", "/copy.json"]) expect((await eve.open(path + one)).status, one).toBe(404);
  });
});

describe("a copy of it to keep", () => {
  it("is a table that no program takes for formulas", async () => {
    const answer = expectStatus(await browser.open(`${path}/copy.csv?show=admitted`), 200);
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="activity.csv"');
    const [head, line, ...rest] = answer.text.split("\r\n");
    expect(head).toContain('"Time","Last time","How often","What happened","Why","Who","Address","Through or by"');
    expect(line).toMatch(/^"20\d\d-[^"]*Z","20[^"]*","1","bob@example\.com was let in/);
    expect(line).toMatch(/"","","bob@example\.com","Through C1"$/);
    expect(rest).toEqual([""]);
  });

  it("is what the owner's tool reads, as data, and holds all of it", async () => {
    const { text } = expectStatus(await browser.open(`${path}/copy.json`), 200);
    const { items } = (await scene.ask("GET", "/activity")).body;
    expect(JSON.parse(text)).toEqual({ items });
    expect(items?.[0]).toMatchObject({ kind: "cut", names: { [photo]: "=HYPERLINK(1)" } });
    const none = await browser.open(`${path}/copy.json?q=nobody`);
    expect(JSON.parse(none.text)).toEqual({ items: [] });
  });
});

describe("what the owner's tool reads", () => {
  const kinds = async (query: string) => {
    const { body } = await scene.ask("GET", `/activity?${query}`);
    return [(body.items ?? []).map(({ kind }) => kind), body.next] as const;
  };

  it("is narrowed by a text and a time", async () => {
    expect((await kinds("q=granted"))[0]).toEqual(["granted"]);
    expect((await kinds("q=BOB@example"))[0]).toEqual(["denied", "granted"]);
    expect(await kinds("until=1000000000")).toEqual([[], undefined]);
    expect((await kinds("from=1000000000"))[0].length).toBeGreaterThan(3);
    expect((await scene.ask("GET", "/activity?from=yesterday")).status).toBe(400);
  });
});
