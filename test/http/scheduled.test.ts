import { createScheduledController, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import worker from "../../src/index.ts";
import { D1AdministratorStore } from "../../src/storage/d1/administrators.ts";
import { D1DeletionStore } from "../../src/storage/d1/deletions.ts";
import { D1InvitationStore } from "../../src/storage/d1/invitations.ts";
import { D1SessionStore } from "../../src/storage/d1/sessions.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { givenAccount, START, someSession } from "../support/workerd/people.ts";
import { freshId, givenOwner } from "../support/workerd/records.ts";

const world = localWorld();
const runSchedule = () => worker.scheduled(createScheduledController(), env);
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
afterEach(() => {
  vi.useRealTimers();
});

const signingKeys = async () =>
  ((await world.admin("GET", "/keys")).body.items as { use: string }[]).filter(({ use }) => use === "sign");

it("the scheduled run drops sessions that have ended", async () => {
  const account = await givenAccount();
  const sessions = new D1SessionStore(env.DB);
  await sessions.insert(someSession(account), freshId("hash"), null, null);
  await runSchedule();
  expect(await sessions.list(account.id, 0)).toEqual([]);
});

it("the scheduled run drops invitations and rights that are over", async () => {
  const [administrators, invitations] = [new D1AdministratorStore(env.DB), new D1InvitationStore(env.DB)];
  const { id: ownerId } = await givenOwner();
  const times = { endsAt: START + 10, createdAt: START, expiresAt: START + 10 };
  const offer = { ownerId, role: "assistant", invitedBy: null, sealedAddress: null, ...times } as const;
  for (const hash of ["waits", "accepted"]) await invitations.insert({ id: freshId("invitation"), ...offer }, hash);
  await invitations.accept("accepted", (await givenAccount()).id, START);
  await runSchedule();
  expect(await invitations.find("waits", START)).toBeNull();
  expect(await administrators.listByOwner(ownerId, START)).toEqual([]);
});

it("the scheduled run makes successors for keys that have served their time, and for no others", async () => {
  await world.send("GET", "/jwks");
  await runSchedule();
  expect(await signingKeys()).toHaveLength(1);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * DAY_MILLISECONDS });
  await runSchedule();
  await runSchedule();
  expect(await signingKeys()).toHaveLength(2);
});

it("the scheduled run begins deletions that were asked for and never reached their ledger", async () => {
  const { id: ownerId } = await givenOwner();
  const deletions = new D1DeletionStore(env.DB);
  await deletions.requestByOperator(ownerId, START);
  await runSchedule();
  expect(await deletions.find(ownerId)).toMatchObject({ requestedAt: START, closedAt: expect.any(Number) });
  await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(ownerId));
  expect(await deletions.find(ownerId)).toMatchObject({ erasedAt: expect.any(Number) });
});

it("the scheduled run forgets who was deleted when D1 can travel back to them no more", async () => {
  const deletions = new D1DeletionStore(env.DB);
  const insert = `INSERT INTO deletions (owner_id, by_operator, requested_at, closed_at, erased_at)
    VALUES (?1, 0, ?2, ?2, unixepoch() - ?3)`;
  const forget = (id: string, days: number) =>
    env.DB.prepare(insert)
      .bind(id, START, days * 86_400)
      .run();
  const [old, late] = [freshId("owner"), freshId("owner")];
  await forget(old, 32);
  await forget(late, 30);
  await runSchedule();
  expect([await deletions.find(old), await deletions.find(late)]).toMatchObject([null, { ownerId: late }]);
});
