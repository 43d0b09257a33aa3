import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FaultyRecord } from "../support/faulty-record.ts";
import { Checks, type Weight } from "../support/ledger-model/checks.ts";
import { aHistory } from "../support/ledger-model/histories.ts";
import type { Step } from "../support/ledger-model/steps.ts";
import { ModelWorld, type Parts, SOUND } from "../support/ledger-model/world.ts";

/** Histories in the test command; VITE_LEDGER_RUNS=1000 is the long form, VITE_LEDGER_SEED looks at others. */
const RUNS = Number(import.meta.env.VITE_LEDGER_RUNS ?? 150);
const SEED = Number(import.meta.env.VITE_LEDGER_SEED ?? 20_270_303);

/** Plays a history on a fresh ledger and holds it against the promises. */
async function live(steps: readonly Step[], parts: Parts = SOUND): Promise<Weight> {
  const stub = env.OWNER_LEDGER.get(env.OWNER_LEDGER.newUniqueId());
  return runInDurableObject(stub, async (_instance, state) => {
    const world = new ModelWorld(state, parts);
    const start = world.record.content;
    await world.play(steps);
    return new Checks(world, start).run();
  });
}

async function findBroken(parts: Parts): Promise<string> {
  const property = fc.asyncProperty(aHistory, async (steps) => void (await live(steps, parts)));
  const found = await fc.check(property, { numRuns: 300, seed: SEED, endOnFailure: true });
  return String(found.errorInstance);
}

describe("the random model of ledger and record (ledger/README.md)", () => {
  it("keeps every promise over crashes, lost answers, outages and latecomers", { timeout: 600_000 }, async () => {
    const weights: Weight[] = [];
    const property = fc.asyncProperty(aHistory, async (steps) => void weights.push(await live(steps)));
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    const total = (name: keyof Weight) => weights.reduce((sum, weight) => sum + weight[name], 0);
    expect(total("grants")).toBeGreaterThan(weights.length);
    expect(total("calm")).toBeGreaterThan(weights.length / 10);
    expect(total("upgrades")).toBeGreaterThan(weights.length / 10);
  });
});

describe("the model notices", { timeout: 120_000 }, () => {
  it("rule 2: a record that takes any epoch", async () => {
    class Careless extends FaultyRecord {
      protected override checkTurn() {}
    }
    expect(await findBroken({ ...SOUND, record: () => new Careless() })).toMatch(/broken: .*(epoch|taken once|record)/);
  });

  it("rule 3: a read whose number is newer than its content", async () => {
    class Stale extends FaultyRecord {
      override load(...asked: Parameters<FaultyRecord["load"]>) {
        const content = super.read(asked[1]);
        return super.load(...asked).then(({ epoch }) => ({ ...content, epoch }));
      }
    }
    expect(await findBroken({ ...SOUND, record: () => new Stale() })).toMatch(
      /broken: (nothing is granted|what was withdrawn)/,
    );
  });

  it("rule 6: a ledger that does not look into its book", async () => {
    const unread = (query: string) =>
      /FROM book\b.*\bsequence >/s.test(query) ? `SELECT * FROM (${query}) LIMIT 0` : query;
    expect(await findBroken({ ...SOUND, storage: asking(unread) })).toMatch(/broken: what (was|an app)/);
  });

  it("rule 9: a ledger that ends no idle grant", async () => {
    const unlimited = (query: string) => query.replace("party_known = 1 AND party_reference", "0 AND party_reference");
    expect(await findBroken({ ...SOUND, storage: asking(unlimited) })).toContain("broken: live grants are capped");
  });

  it("rule 6: a ledger that forgets into which grant another one went", async () => {
    const forgetful = (query: string) => query.replace("surrendered ON grant_id = line.id", "surrendered ON 0");
    const found = await findBroken({ ...SOUND, storage: asking(forgetful) });
    expect(found).toContain("broken: what was revoked stays revoked");
  });

  it("rule 12: a ledger that forgets which tokens were revoked", async () => {
    const forgetful = (query: string) => query.replace("SELECT token_id FROM revoked_tokens", "$& LIMIT 0");
    const found = await findBroken({ ...SOUND, storage: asking(forgetful) });
    expect(found).toContain("broken: a revoked token never stands again");
  });

  it("rule 12: a record that connects a client which was removed", async () => {
    class Forgetful extends FaultyRecord {
      override take(changes: Parameters<FaultyRecord["take"]>[0]) {
        this.content = { ...this.content, removedClients: [] };
        return super.take(changes);
      }
    }
    const found = await findBroken({ ...SOUND, record: () => new Forgetful() });
    expect(found).toContain("broken: a removed client stands nowhere");
  });

  it("a notice that is forgotten before anybody was told", async () => {
    const forgetful = (query: string) => query.replace("SELECT * FROM outbox WHERE", "$& 0 AND");
    expect(await findBroken({ ...SOUND, storage: asking(forgetful) })).toContain("broken: others are told once");
  });

  it("a ledger that forgets what its owner decided", async () => {
    const kept = "SET status = ?, version = version + 1, decision = ?";
    const forgotten = "SET status = iif(? IS NULL, NULL, 'waiting'), decision = iif(? IS NULL, NULL, NULL)";
    const forgetful = (query: string) => query.replace(kept, forgotten);
    const found = await findBroken({ ...SOUND, storage: asking(forgetful) });
    expect(found).toMatch(/broken: (a decision is taken once|no decision is lost)/);
  });

  it("rule 4: a ticket that is not looked for among the spent", async () => {
    const forgotten = (query: string) =>
      query.replace(/^INSERT INTO (spent_)/, "REPLACE INTO $1").replace(/(FROM spent_\d+ WHERE)/, "$1 0 AND");
    expect(await findBroken({ ...SOUND, storage: asking(forgotten) })).toContain("broken: ");
  });
});

/** The same storage, whose database is asked something else. */
function asking(altered: (query: string) => string): Parts["storage"] {
  return (storage) => ({
    sql: new Proxy(storage.sql, {
      get: (sql, name) => {
        if (name !== "exec") return Reflect.get(sql, name, sql);
        return (query: string, ...bindings: SqlStorageValue[]) => sql.exec(altered(query), ...bindings);
      },
    }),
    kv: storage.kv,
    transactionSync: (block) => storage.transactionSync(block),
    getAlarm: () => storage.getAlarm(),
    setAlarm: (at) => storage.setAlarm(at),
    deleteAll: () => storage.deleteAll(),
  });
}
