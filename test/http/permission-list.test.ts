import { beforeAll, describe, expect, it } from "vitest";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let pat: string;
let photo: string;
let song: string;

beforeAll(async () => {
  const cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
  photo = await world.registerResource(pat, { resource_scopes: ["view", "print"] });
  song = await world.registerResource(pat, { resource_scopes: ["play"] });
});

const asking = (resource_id: string, ...resource_scopes: readonly string[]) => ({ resource_id, resource_scopes });

describe("a scope of one resource in the list is no scope of another", () => {
  it.each<[string, () => readonly object[]]>([
    ["beside its own", () => [asking(photo, "view", "play"), asking(song, "play")]],
    ["alone", () => [asking(song, "view"), asking(photo, "view")]],
    ["in the last entry", () => [asking(photo, "view"), asking(song, "play", "print")]],
    [
      "in a later entry for the same resource",
      () => [asking(photo, "view"), asking(song, "play"), asking(photo, "play")],
    ],
  ])("%s", async (_, permissions) => {
    const answer = await world.send("POST", "/permission", { bearer: pat, json: permissions() });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
    expect(answer.body.ticket).toBeUndefined();
  });

  it("and the same list with each scope in its place gets a ticket", async () => {
    const json = [asking(photo, "view", "print"), asking(song, "play")];
    expect((await world.send("POST", "/permission", { bearer: pat, json })).status).toBe(201);
  });
});
