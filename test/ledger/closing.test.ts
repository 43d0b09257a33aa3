import { describe, expect, it } from "vitest";
import type { ErasedOwner, OwnerErasure } from "../../src/ledger/record.ts";
import { TOMBSTONE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { DOWN, GatedChannel } from "../support/faulty-record.ts";
import { type LedgerStage, OWNER, onClosedStage, onStage, permit, pushed, RS, START } from "../support/ledger-stage.ts";

/** D1 as it lets go of an owner: how often it was asked for what, and what it does of it. */
class Erasure implements OwnerErasure {
  readonly calls: string[] = [];
  /** Slices that there are. */
  slices = 2;
  fails: (call: string) => boolean = () => false;
  /** Never answers to these, as if somebody had pulled the plug. */
  hangs: (call: string) => boolean = () => false;

  async detach({ accountId }: ErasedOwner): Promise<void> {
    await this.#call(`detach ${accountId}`);
  }

  async eraseSlice(): Promise<boolean> {
    await this.#call("slice");
    this.slices -= 1;
    return this.slices > 0;
  }

  async #call(call: string): Promise<void> {
    this.calls.push(call);
    if (this.hangs(call)) await new Promise(() => undefined);
    if (this.fails(call)) throw new Error("D1_ERROR: network connection lost");
  }
}

const GOING: ErasedOwner = { ownerId: OWNER, accountId: "ana", closedAt: START };

/** A ledger with whatever a ledger has. */
function onFullStage(play: (stage: LedgerStage, erasure: Erasure) => Promise<void>) {
  return onStage(async (stage) => {
    const erasure = new Erasure();
    stage.erasure = erasure;
    stage.restart();
    await stage.share(permit());
    await stage.grant({ pushed: pushed("bob") });
    stage.storage.kv.put("some_key", "wrapped");
    await play(stage, erasure);
  });
}

function keysOf(stage: LedgerStage): readonly string[] {
  return [...stage.storage.kv.list()].map(([key]) => key);
}

/** As the alarm rings, again and again, until nothing is to be done for now. */
async function ring(stage: LedgerStage, times = 4): Promise<void> {
  for (let time = 0; time < times; time += 1) await stage.ledger.alarm();
}

describe("a ledger that closes", () => {
  it(
    "says no to everything at once, though D1 cannot be reached",
    onFullStage(async (stage, erasure) => {
      const [grantId, ticket, { caller }] = [await stage.grant({ pushed: pushed("eve") }), stage.ticket(), stage];
      erasure.fails = () => true;
      expect(await stage.ledger.close(GOING)).toEqual({ recorded: false });
      expect(await stage.redeem(ticket)).toEqual({ outcome: "invalid_ticket", fault: "closed" });
      expect(await stage.introspect(grantId)).toEqual({ outcome: "not_connected" });
      expect(await stage.refresh(grantId)).toEqual({ outcome: "invalid" });
      expect(await stage.change({ kind: "delete_policy", id: "x", expected: "any" })).toEqual({ outcome: "closed" });
      expect(await stage.cut({ by: "everyone" })).toEqual({ outcome: "closed" });
      expect(await stage.ledger.endGrant(caller, grantId)).toEqual({ outcome: "closed" });
      expect(await stage.ledger.counts()).toEqual({ grants: 0, processes: 0, pendingChanges: 0, bytes: 0 });
    }),
  );

  it(
    "loses every key that is kept in it before D1 hears of anything",
    onFullStage(async (stage, erasure) => {
      erasure.fails = () => true;
      await stage.ledger.close(GOING);
      expect(keysOf(stage)).toEqual(["closure"]);
    }),
  );

  it(
    "stays closed for the next instance, and never opens again",
    onFullStage(async (stage) => {
      const ticket = stage.ticket();
      await stage.ledger.close(GOING);
      stage.restart();
      await stage.ledger.open(OWNER);
      expect(await stage.redeem(ticket)).toEqual({ outcome: "invalid_ticket", fault: "closed" });
    }),
  );

  it(
    "grants nothing that was on its way",
    onFullStage(async (stage) => {
      const gate = new GatedChannel("load");
      stage.restart();
      stage.record.channel = gate.channel;
      const redemption = stage.redeem(stage.ticket());
      await scheduler.wait(0);
      await stage.ledger.close(GOING);
      gate.open();
      expect(await redemption).toEqual({ outcome: "invalid_ticket", fault: "closed" });
    }),
  );

  it(
    "tells a change that is on its way that it came to nothing",
    onFullStage(async (stage) => {
      const gate = new GatedChannel("apply");
      stage.record.channel = gate.channel;
      const change = stage.change({ kind: "put_policy", id: "late", document: permit(), expected: "absent" });
      await stage.booked();
      await stage.ledger.close(GOING);
      await ring(stage);
      gate.open();
      expect(await change).toEqual({ outcome: "closed" });
    }),
  );

  it(
    "is emptied to a tombstone, which goes when no ticket of it can be good any more",
    onFullStage(async (stage, erasure) => {
      expect(await stage.ledger.close(GOING)).toEqual({ recorded: true });
      await ring(stage);
      expect(erasure.calls).toEqual(["detach ana", "slice", "slice"]);
      expect([stage.tables(), keysOf(stage)]).toEqual([[], ["closure"]]);
      expect(JSON.stringify(stage.storage.kv.get("closure"))).not.toContain("ana");
      stage.now = START + TOMBSTONE_SECONDS - 1;
      await ring(stage);
      expect(keysOf(stage)).toEqual(["closure"]);
      expect(await stage.storage.getAlarm()).toBe((START + TOMBSTONE_SECONDS) * 1_000);
      stage.now += 1;
      await ring(stage);
      expect([stage.tables(), keysOf(stage), await stage.storage.getAlarm()]).toEqual([[], [], null]);
      expect(await stage.redeem(stage.ticket())).toEqual({ outcome: "invalid_ticket", fault: "closed" });
    }),
  );

  it(
    "goes on by alarm where a long record takes more than one run",
    onFullStage(async (stage, erasure) => {
      erasure.slices = 50;
      await stage.ledger.close(GOING);
      await stage.ledger.alarm();
      expect(stage.tables()).not.toEqual([]);
      expect(await stage.storage.getAlarm()).not.toBeNull();
      await ring(stage);
      expect([erasure.slices, stage.tables()]).toEqual([0, []]);
    }),
  );

  it(
    "leaves what D1 has yet to take where it is, and sends it no more",
    onFullStage(async (stage) => {
      stage.record.channel = DOWN;
      const pending = stage.change({ kind: "put_connection", clientId: "other", scopes: [] });
      await stage.booked();
      await stage.ledger.close(GOING);
      expect(await pending).toEqual({ outcome: "closed" });
      stage.record.calls.length = 0;
      await ring(stage);
      expect(stage.record.calls).toEqual([]);
    }),
  );
});

describe("that an owner is gone", () => {
  it(
    "is told until somebody hears it, and nothing else is kept meanwhile",
    onFullStage(async (stage) => {
      stage.isReachable = false;
      stage.told.length = 0;
      await stage.ledger.close(GOING);
      await ring(stage);
      expect([stage.tables(), keysOf(stage)]).toEqual([["outbox"], ["closure"]]);
      expect(await stage.storage.getAlarm()).toBeLessThan((START + 60) * 1_000);
      stage.isReachable = true;
      stage.now += 60;
      await ring(stage);
      expect(stage.told).toMatchObject([{ notice: { kind: "owner_gone", clientIds: [RS] } }]);
      expect(stage.tables()).toEqual([]);
      expect(await stage.storage.getAlarm()).toBe((START + TOMBSTONE_SECONDS) * 1_000);
    }),
  );
});

describe("whoever comes after a crash", () => {
  const STEPS = ["detach ana", "slice"];

  it.each(STEPS)("goes on where the plug was pulled during %s", (step) =>
    onFullStage(async (stage, erasure) => {
      erasure.hangs = (call) => call === step;
      void stage.ledger.close(GOING);
      for (; erasure.calls.at(-1) !== step; await scheduler.wait(0)) void stage.ledger.alarm();
      erasure.hangs = () => false;
      stage.restart();
      expect(await stage.storage.getAlarm()).not.toBeNull();
      await ring(stage);
      expect([stage.tables(), keysOf(stage)]).toEqual([[], ["closure"]]);
    })(),
  );

  it.each([...STEPS])("repeats %s whose answer was lost", (step) =>
    onFullStage(async (stage, erasure) => {
      erasure.fails = (call) => call === step && erasure.calls.filter((other) => other === step).length === 1;
      await stage.ledger.close(GOING);
      await stage.ledger.alarm();
      expect(await stage.storage.getAlarm()).not.toBeNull();
      await ring(stage);
      expect(erasure.calls.filter((call) => call === step).length).toBeGreaterThan(1);
      expect(stage.tables()).toEqual([]);
    })(),
  );

  it(
    "goes on where the tables were dropped halfway",
    onFullStage(async (stage) => {
      const tables = stage.tables();
      const half = Math.ceil(tables.length / 2);
      let dropped = 0;
      const sql = new Proxy(stage.storage.sql, {
        get: (target, name) => {
          if (name !== "exec") return Reflect.get(target, name, target);
          return (query: string, ...bindings: SqlStorageValue[]) => {
            if (query.startsWith("DROP") && ++dropped > half) throw new Error("the plug was pulled");
            return target.exec(query, ...bindings);
          };
        },
      });
      const { storage } = stage;
      stage.restart({
        storage: {
          sql,
          kv: storage.kv,
          transactionSync: (block) => storage.transactionSync(block),
          getAlarm: () => storage.getAlarm(),
          setAlarm: (at) => storage.setAlarm(at),
          deleteAll: () => storage.deleteAll(),
        },
      });
      await stage.ledger.close(GOING);
      const left = stage.tables().length;
      await ring(stage, 1);
      expect(stage.tables().length).toBe(left - half);
      stage.restart();
      await ring(stage);
      expect(stage.tables()).toEqual([]);
    }),
  );

  it(
    "closes a ledger that nobody opened, as after D1 was brought back, and D1 is emptied once more",
    onClosedStage(async (stage) => {
      const erasure = new Erasure();
      stage.erasure = erasure;
      stage.restart();
      expect(await stage.ledger.close(GOING)).toEqual({ recorded: true });
      await ring(stage);
      expect(erasure.calls).toEqual(["detach ana", "slice", "slice"]);
      expect(await stage.redeem(stage.ticket())).toMatchObject({ fault: "closed" });
    }),
  );
});

it(
  "asking twice ends an owner once",
  onFullStage(async (stage, erasure) => {
    const replies = await Promise.all([
      stage.ledger.close(GOING),
      stage.ledger.close({ ...GOING, closedAt: START + 5 }),
    ]);
    expect(replies).toEqual([{ recorded: true }, { recorded: true }]);
    await ring(stage);
    expect(erasure.calls.filter((call) => call.startsWith("detach"))).toEqual(["detach ana"]);
  }),
);
