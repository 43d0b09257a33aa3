import { beforeAll, describe, expect, it } from "vitest";
import { basicCredentials } from "../support/server/http-site.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const PIECE_BYTES = 65_536;
const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

/** So many bytes of white space as a network brings them, and how many of them were taken. */
function upload(bytes: number) {
  const state = { taken: 0, cancelled: false };
  const stream = new ReadableStream({
    type: "bytes",
    pull: (controller) => {
      if (state.taken >= bytes) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const piece = Math.min(PIECE_BYTES, bytes - state.taken);
      state.taken += piece;
      controller.enqueue(new Uint8Array(piece).fill(0x20));
    },
    cancel: () => {
      state.cancelled = true;
    },
  });
  return { state, stream };
}

async function send(path: string, authorization: string, type: string, bytes: number, announced: boolean) {
  const { state, stream } = upload(bytes);
  const headers = new Headers({ authorization, "content-type": type });
  // The runtime takes the header off a request that is made here from a stream, so it is told in the same way as on the wire.
  const request = new Request(world.site.issuer + path, { method: "POST", headers, body: stream });
  if (announced) request.headers.set("content-length", String(bytes));
  const response = await world.site.fetch(request);
  return { state, status: response.status, body: (await response.json()) as object };
}

describe.each([
  ["with its length announced", true],
  ["in chunks", false],
])("a body that is too long, %s", (_, announced) => {
  it.each([
    ["/resources", "application/json", () => `Bearer ${scene.pat}`],
    ["/permission", "application/json", () => `Bearer ${scene.pat}`],
    ["/owner/policies", "application/json", () => `Bearer ${scene.tool}`],
    ["/admin/owners", "application/json", () => `Bearer ${world.site.adminSecret}`],
    ["/token", "application/x-www-form-urlencoded", () => basicCredentials(scene.cast.c1)],
    ["/introspection", "application/x-www-form-urlencoded", () => `Bearer ${scene.pat}`],
  ])("is answered 413 at %s, when all of it has been taken", async (path, type, authorization) => {
    const { state, ...answer } = await send(path, authorization(), type, 1_000_000, announced);
    expect(answer).toMatchObject(refused(413, "invalid_request"));
    expect(state).toEqual({ taken: 1_000_000, cancelled: false });
  });

  it("is taken also where it is refused unread", async () => {
    const { state, ...answer } = await send("/resources", "Bearer x", "application/json", 1_000_000, announced);
    expect(answer).toMatchObject(refused(401, "invalid_token"));
    expect(state).toEqual({ taken: 1_000_000, cancelled: false });
  });

  it("is let go of beyond 64 MB", async () => {
    const bytes = 80_000_000;
    const { state, ...answer } = await send("/resources", `Bearer ${scene.pat}`, "application/json", bytes, announced);
    expect(answer).toMatchObject(refused(413, "invalid_request"));
    expect(state.cancelled).toBe(true);
    expect(state.taken).toBeLessThan(70_000_000);
  });
});
