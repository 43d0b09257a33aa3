import fc from "fast-check";
import { expect, it } from "vitest";
import type { Channel } from "../support/faulty-record.ts";
import { type LedgerStage, OWNER, onStage, permit, plainSealer, pushed, START } from "../support/ledger-stage.ts";

const RUNS = 60;

/** What can be on its way when somebody asks for the end; each says yes in its own words. */
const CALLS = {
  redeem: async (stage: LedgerStage) => (await stage.redeem(stage.ticket(), { pushed: pushed("bob") })).outcome,
  introspect: async (stage: LedgerStage, grantId: string) => (await stage.introspect(grantId)).outcome,
  refresh: async (stage: LedgerStage, grantId: string) => (await stage.refresh(grantId)).outcome,
  share: async (stage: LedgerStage) => {
    const change = { kind: "put_policy", id: stage.draw("policy"), document: permit(), expected: "absent" } as const;
    return (await stage.change(change)).outcome;
  },
  withdraw: async (stage: LedgerStage) => (await stage.cut({ by: "everyone" })).outcome,
} satisfies Record<string, (stage: LedgerStage, grantId: string) => Promise<string>>;
const YES = ["granted", "active", "refreshed", "done"];

interface Plan {
  readonly calls: readonly (keyof typeof CALLS)[];
  /** Turns of the event loop that each step of a call takes; a call has several. */
  readonly turns: readonly number[];
  readonly closesAfter: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  calls: fc.array(fc.constantFrom(...(Object.keys(CALLS) as (keyof typeof CALLS)[])), { minLength: 1, maxLength: 6 }),
  turns: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 12 }),
  closesAfter: fc.nat({ max: 10 }),
});

/** Each step takes as many turns as the next number says, and so on from the first. */
function pausing(turns: readonly number[]): () => Promise<void> {
  let step = 0;
  return async () => {
    const left = turns[step % turns.length] ?? 0;
    step += 1;
    for (let turn = 0; turn < left; turn += 1) await scheduler.wait(0);
  };
}

async function race(stage: LedgerStage, { calls, turns, closesAfter }: Plan) {
  await stage.share();
  const grantId = await stage.grant({ pushed: pushed("eve") });
  const pause = pausing(turns);
  const slow: Channel = async (_call, reach) => {
    await pause();
    const answer = reach();
    await pause();
    return answer;
  };
  stage.record.channel = slow;
  stage.restart({
    sealer: {
      seal: async (...sealed) => pause().then(() => plainSealer.seal(...sealed)),
      open: async (...sealed) => pause().then(() => plainSealer.open(...sealed)),
    },
    nextTurn: pause,
  });
  let isClosed = false;
  const late: string[] = [];
  const answers = calls.map(async (call) => {
    const outcome = await CALLS[call](stage, grantId);
    if (isClosed) late.push(outcome);
  });
  for (let turn = 0; turn < closesAfter; turn += 1) await scheduler.wait(0);
  const closed = stage.ledger.close({ ownerId: OWNER, accountId: null, closedAt: START });
  isClosed = true;
  await Promise.all([...answers, closed]);
  for (let time = 0; time < 4; time += 1) await stage.ledger.alarm();
  return { late, tables: stage.tables() };
}

it("whatever is on its way when a ledger closes, no yes comes after", async () => {
  await fc.assert(
    fc.asyncProperty(plan, (one) =>
      onStage(async (stage) => {
        const { late, tables } = await race(stage, one);
        expect(late.filter((outcome) => YES.includes(outcome))).toEqual([]);
        expect(tables).toEqual([]);
      })(),
    ),
    { numRuns: RUNS },
  );
}, 60_000);
