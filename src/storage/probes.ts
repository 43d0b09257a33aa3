import type { Probes } from "../operations/ports/probes.ts";
import { listAppliedMigrations, MIGRATIONS } from "./d1/migrations.ts";

/** Whom the probes of Durable Objects are about: nobody. */
const NOBODY = "check";
/** What they claim for nobody has expired, so that the next clearing-up drops it. */
const LONG_AGO = 0;
/** At this pace nothing ever waits. */
const UNHURRIED = { burst: 1, interval: 0 };

/** Asks each binding for what it is there for, since only that tells whether it does it. */
export function createProbes(env: Env): Probes {
  return {
    bindings: {
      DB: () => env.DB.prepare("SELECT 1").first(),
      PUBLIC_DOCUMENTS: () => env.PUBLIC_DOCUMENTS.get(NOBODY),
      // A ledger that was never opened makes nothing in storage.
      OWNER_LEDGER: () => env.OWNER_LEDGER.getByName(NOBODY).counts(),
      KEY_RING: async () => env.KEY_RING.getByName("ring").list(),
      REPLAY_GUARD: () => env.REPLAY_GUARD.getByName(NOBODY).claim(NOBODY, LONG_AGO),
      REQUEST_LOG: () => env.REQUEST_LOG.getByName("proven").find(NOBODY),
      EMAIL_CODE: () => env.EMAIL_CODE.getByName(NOBODY).withdraw(NOBODY, NOBODY),
      PACER: () => env.PACER.getByName(NOBODY).take(NOBODY, UNHURRIED),
      WEBHOOK: () => env.WEBHOOK.getByName(NOBODY).counts(),
      FAILURE_COUNTER: () => env.FAILURE_COUNTER.getByName(NOBODY).record(NOBODY, NOBODY),
    },
    neededMigrations: MIGRATIONS,
    appliedMigrations: () => listAppliedMigrations(env.DB),
    recordClock: async () => {
      const row = await env.DB.prepare("SELECT unixepoch() AS now").first<{ now: number }>();
      if (row === null) throw new Error("a clock without a time");
      return row.now;
    },
  };
}
