import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { Scene } from "../../support/server/scene.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
/** Pages are told once a second. */
const WAITING = { timeout: 5_000 };
const ORIGIN = new URL(world.site.issuer).origin;
let scene: Scene;
let browser: BrowserLike;

beforeAll(async () => {
  scene = await Scene.open(world);
  const ana = await Resident.settle("Ana");
  await ana.administer(scene.cast.alice);
  browser = await ana.browse(world.site);
});

function knock(headers: Readonly<Record<string, string>> = {}, by = browser): Promise<Response> {
  const url = `${world.site.issuer}/console/${scene.cast.alice}/live`;
  const cookie = `__Host-session=${by.cookie("__Host-session") ?? ""}`;
  return world.site.fetch(
    new Request(url, {
      redirect: "manual",
      headers: { Upgrade: "websocket", Origin: ORIGIN, Cookie: cookie, ...headers },
    }),
  );
}

/** What a page hears, in order. */
async function listen(): Promise<{ readonly heard: string[]; readonly socket: WebSocket }> {
  const { status, webSocket } = await knock();
  expect(status).toBe(101);
  if (webSocket == null) throw new Error("there is no socket");
  const heard: string[] = [];
  webSocket.accept();
  webSocket.addEventListener("message", ({ data }) => {
    heard.push(String(data));
  });
  return { heard, socket: webSocket };
}

describe("a page that listens", () => {
  it("hears that something has happened, and nothing of what", async () => {
    const photo = await scene.sharedPhoto();
    const { heard, socket } = await listen();
    await expect
      .poll(async () => {
        await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
        return heard;
      }, WAITING)
      .toContain("changed");
    expect(new Set(heard)).toEqual(new Set(["changed"]));
    socket.close();
  });

  it("hears once of much that happens at once", async () => {
    const photo = await scene.sharedPhoto();
    const { heard, socket } = await listen();
    await expect
      .poll(async () => {
        await scene.permit(photo, ["print"]);
        return heard.length;
      }, WAITING)
      .toBeGreaterThan(0);
    const before = heard.length;
    const began = Date.now();
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => scene.permit(photo, ["print"])));
    expect(heard.length - before).toBeLessThanOrEqual(1 + (Date.now() - began) / 1_000);
    socket.close();
  });

  it("has nothing to say", async () => {
    const { socket } = await listen();
    const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
    socket.send("hello");
    expect(await closed).toBe(1008);
  });
});

describe("nobody listens", () => {
  it("from a page of another origin, though its browser has the cookies", async () => {
    expect((await knock({ Origin: "https://evil.example" })).status).toBe(403);
  });

  it("who does not act for the owner, or is not signed in", async () => {
    const mallory = await (await Resident.settle("Mallory")).browse(world.site);
    expect((await knock({}, mallory)).status).toBe(404);
    expect((await knock({ Cookie: "" })).status).toBe(303);
  });

  it("without a WebSocket", async () => {
    expect((await knock({ Upgrade: "h2c" })).status).toBe(405);
  });
});
