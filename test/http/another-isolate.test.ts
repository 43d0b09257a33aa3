import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LEASE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { INVALID_GRANT, REQUEST_DENIED, refused, Scene } from "../support/server/scene.ts";
import type { World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/**
 * A permission request may look at what is up to a lease old where a change did not pass through (docs/design.md,
 * round trips). What comes of such a ticket is decided by the ledger, which knows every change.
 */

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Case {
  readonly change: (scene: Scene, resource: string) => Promise<unknown>;
  /** How a permission request is refused where the change is known. */
  readonly refusal: object;
  /** What becomes of a ticket that was made where it is not. */
  readonly redemption: object;
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    "a deleted resource",
    {
      change: ({ rs1 }, resource) => rs1.remove(resource),
      refusal: refused(400, "invalid_resource_id"),
      redemption: REQUEST_DENIED,
    },
  ],
  [
    "a removed scope",
    {
      change: ({ rs1 }, resource) => rs1.update(resource, { resource_scopes: ["print"] }),
      refusal: refused(400, "invalid_scope"),
      redemption: REQUEST_DENIED,
    },
  ],
  [
    "an ended connection",
    {
      change: ({ world, cast }) => world.admin("DELETE", `/owners/${cast.alice}/connections/${cast.rs1.id}`),
      refusal: refused(401, "invalid_token"),
      redemption: INVALID_GRANT,
    },
  ],
  [
    "a revoked access token",
    {
      change: ({ world, cast, pat }) => world.send("POST", "/revocation", { basic: cast.rs1, form: { token: pat } }),
      refusal: refused(401, "invalid_token"),
      redemption: INVALID_GRANT,
    },
  ],
];

it.each(CASES)("%s ends in no grant, though another isolate still makes tickets", async (_, subject) => {
  const here = await Scene.open(localWorld());
  const resource = await here.resource(["view", "print"]);
  await here.permitAnyone();
  const permission = { resource_id: resource, resource_scopes: ["view"] };
  const elsewhere = configuredWorld({});
  const ask = (world: World) => world.send("POST", "/permission", { bearer: here.pat, json: permission });
  for (const world of [here.world, elsewhere]) expect((await ask(world)).status).toBe(201);
  expect((await here.redeem(await here.ticket(resource))).status).toBe(200);

  await subject.change(here, resource);

  expect(await ask(here.world)).toMatchObject(subject.refusal);
  const late = await ask(elsewhere);
  expect(late.status).toBe(201);
  for (const world of [here.world, elsewhere]) {
    const ticket = String((await ask(elsewhere)).body.ticket);
    expect(await world.uma(here.cast.c1, ticket)).toMatchObject(subject.redemption);
  }
  vi.setSystemTime(Date.now() + LEASE_SECONDS * 1_000);
  expect(await ask(elsewhere)).toMatchObject(subject.refusal);
});

it("what is added may be asked for at once, wherever it was added", async () => {
  const here = await Scene.open(localWorld());
  const elsewhere = configuredWorld({});
  const resource = await here.resource(["view"]);
  const ask = (...scopes: readonly string[]) =>
    elsewhere.send("POST", "/permission", {
      bearer: here.pat,
      json: { resource_id: resource, resource_scopes: scopes },
    });
  expect([(await ask("view")).status, (await ask("print")).status]).toEqual([201, 400]);
  await here.rs1.update(resource, { resource_scopes: ["view", "print"] });
  expect([(await ask("view")).status, (await ask("view", "print")).status]).toEqual([201, 201]);
});
