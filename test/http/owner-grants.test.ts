import { beforeAll, describe, expect, it } from "vitest";
import { Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

let alice: Scene;
let mallory: Scene;
beforeAll(async () => {
  [alice, mallory] = await Promise.all([Scene.open(world), Scene.open(world)]);
});

/** Bob views a photo of his own, and holds an RPT for it. */
async function grant(owner = alice) {
  const photo = await owner.sharedPhoto();
  const rpt = text(await owner.redeem(await owner.ticket(photo), { idToken: await owner.bob() }), "access_token");
  const [listed] = await find(`resource_id=${photo}`, owner);
  return { photo, rpt, listed: listed ?? {}, id: String(listed?.grant_id) };
}

async function find(query: string, owner = alice) {
  return (await owner.ask("GET", `/grants?${query}`)).body.items ?? [];
}

describe("what is granted at present", () => {
  it("is told to the owner's tool: who, through which client, what and until when", async () => {
    const { photo, listed } = await grant();
    expect(listed).toEqual({
      grant_id: expect.stringMatching(/^[\w-]{22}$/),
      client_id: alice.cast.c1.id,
      resource_server_id: alice.cast.rs1.id,
      party: expect.any(String),
      party_known: true,
      person: {
        id: expect.stringMatching(/^[\w-]{22}$/),
        name: null,
        name_said_by: null,
        addresses: ["bob@example.com"],
        issuer: alice.cast.provider.issuer,
        subject: "bob",
      },
      permissions: [{ resource_id: photo, resource_scopes: ["view"] }],
      granted_at: expect.any(Number),
      last_used_at: listed.granted_at,
      ends_at: Number(listed.granted_at) + 14 * 86_400,
      refreshable: true,
      names: { [alice.cast.c1.id]: "C1", [alice.cast.rs1.id]: "RS1" },
    });
  });

  it("is one grant where an RPT went into another, told as what was added, and ended by either id", async () => {
    const [first, song] = [await grant(), await alice.sharedPhoto()];
    const idToken = await alice.bob();
    const rpt = text(await alice.redeem(await alice.ticket(song), { idToken, rpt: first.rpt }), "access_token");
    const [joined, ...others] = await find(`resource_id=${first.photo}`);
    expect(others).toEqual([]);
    const permissions = [song, first.photo].map((id) => ({ resource_id: id, resource_scopes: ["view"] }));
    expect(joined).toMatchObject({ permissions });
    expect(joined?.grant_id).not.toBe(first.id);
    const { items } = (await alice.ask("GET", "/activity?limit=1")).body;
    const added = [{ resource_id: song, resource_scopes: ["view"] }];
    expect(items).toMatchObject([{ kind: "granted", detail: { permissions: added, upgraded: true } }]);
    expect((await alice.ask("DELETE", `/grants/${first.id}`)).status).toBe(204);
    expect(await alice.introspect(rpt)).toEqual({ active: false });
    expect((await alice.ask("DELETE", `/grants/${joined?.grant_id}`)).status).toBe(404);
  });

  it("is found by client, party and resource, and ends where those are cut off", async () => {
    const { photo, listed, id } = await grant();
    for (const query of [`client_id=${listed.client_id}`, `party=${listed.party}`, `resource_id=${photo}`]) {
      expect((await find(query)).map(({ grant_id }) => grant_id)).toContain(id);
    }
    expect(await find("client_id=nobody")).toEqual([]);
    expect((await alice.ask("POST", "/withdrawals", { resource_id: photo })).status).toBe(204);
    expect(await find(`resource_id=${photo}`)).toEqual([]);
  });

  it("is nobody else's to see or end", async () => {
    const { rpt, photo, id } = await grant();
    expect(await find(`resource_id=${photo}`, mallory)).toEqual([]);
    expect(await mallory.ask("DELETE", `/grants/${id}`)).toMatchObject({ status: 404, body: { error: "not_found" } });
    expect(await alice.introspect(rpt)).toMatchObject({ active: true });
  });
});

it("one grant is ended alone, at once, and the activity log tells it", async () => {
  const [one, other] = [await grant(), await grant()];
  expect((await alice.ask("DELETE", `/grants/${one.id}`)).status).toBe(204);
  expect(await alice.introspect(one.rpt)).toEqual({ active: false });
  expect(await alice.introspect(other.rpt)).toMatchObject({ active: true });
  expect((await alice.ask("DELETE", `/grants/${one.id}`)).status).toBe(404);
  const [entry] = (await alice.ask("GET", "/activity?limit=1")).body.items ?? [];
  const detail = { by: "grant", grant_id: one.id };
  expect(entry).toMatchObject({ kind: "cut", client_id: alice.cast.tool.id, party: one.listed.party, detail });
});
