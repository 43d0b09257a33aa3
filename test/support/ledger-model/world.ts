import { env } from "cloudflare:workers";
import type { ToldNotice } from "../../../src/events/notice.ts";
import { OwnerLedgerObject } from "../../../src/ledger/object.ts";
import type { LedgerStorage } from "../../../src/ledger/storage.ts";
import { DEFAULT_QUOTAS } from "../../../src/shared/quotas.ts";
import { FaultyRecord } from "../faulty-record.ts";
import {
  EVERYBODY,
  leased,
  NO_PAGES,
  NOBODY_MET,
  OWNER,
  plainOwnerSeals,
  plainSealer,
  START,
  trustedIssuer,
} from "../ledger-stage.ts";
import { sized } from "../sized-storage.ts";
import { Callers, type Clock } from "./callers.ts";
import { type Act, PROLOGUE, RESOURCES, type Step } from "./steps.ts";
import { quiet, Traffic } from "./traffic.ts";

/** What a test may break on purpose, to see that the model notices. */
export interface Parts {
  readonly record: () => FaultyRecord;
  readonly storage: (storage: LedgerStorage) => LedgerStorage;
}

export const SOUND: Parts = { record: () => new FaultyRecord(), storage: (storage) => storage };

const MAX_CRASHES = 6;

/** Fewer policies than histories try to have, with those that come of a yes. */
const QUOTAS = { ...DEFAULT_QUOTAS, policiesPerOwner: 3 };

/** More than a ledger fills with anything but withdrawals. */
const FULL_BYTES = 9 * 1_024 ** 3;

/** A real ledger over real storage, in a world where everything else is slow, lost, late or dies. */
export class ModelWorld {
  readonly record: FaultyRecord;
  readonly callers: Callers;
  /** What others were told; the same may have been told twice. */
  readonly told: ToldNotice[] = [];
  readonly #state: DurableObjectState;
  readonly #storage: LedgerStorage;
  readonly #traffic = new Traffic();
  readonly #ownerSeals = plainOwnerSeals();
  readonly #clock: Clock = { now: START };
  #ledger: OwnerLedgerObject;
  #life = 0;
  #crashes = 0;
  #alarmAt: number | null = null;
  #alarmRuns = false;

  constructor(state: DurableObjectState, parts: Parts = SOUND) {
    this.#state = state;
    this.#storage = parts.storage(state.storage);
    this.record = parts.record();
    this.record.channel = this.#traffic.channel;
    this.record.quotas = QUOTAS;
    this.record.content = { ...this.record.content, resources: RESOURCES };
    this.#ledger = this.#wakeUp();
    this.callers = new Callers(this.#storage, this.record, this.#clock, this.#ledger);
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.#ledger.open(OWNER);
    for (const change of PROLOGUE) this.callers.begin({ do: "change", change });
    await quiet();
    await this.#settle();
    for (const { act, arrivals } of steps) {
      this.callers.begin(act);
      await quiet();
      await this.#aside(act);
      if (arrivals === null) await this.#settle();
      else for (const pick of arrivals) await this.#traffic.let(pick);
    }
    await this.#recover();
  }

  /** What happens around the ledger. */
  async #aside(act: Act): Promise<void> {
    if (act.do === "alarm") this.#ring();
    if (act.do === "down") this.#traffic.down = act.down;
    if (act.do === "lose") await this.#traffic.lose(act.pick);
    if (act.do === "deliverLate") this.#traffic.deliverLate(act.pick);
    if (act.do === "pass") await this.#pass(act.seconds);
    if (act.do === "crash" && this.#crashes < MAX_CRASHES) this.#crash();
  }

  #wakeUp(): OwnerLedgerObject {
    this.#life += 1;
    const life = this.#life;
    const { kv } = this.#storage;
    const sql = sized(this.#storage.sql, () => (this.callers?.isFull ? FULL_BYTES : 0));
    return new OwnerLedgerObject(this.#state, env, {
      storage: {
        sql,
        kv,
        transactionSync: (block) => {
          if (life !== this.#life) throw new Error("a dead ledger touched its storage");
          return this.#storage.transactionSync(block);
        },
        getAlarm: async () => this.#alarmAt && this.#alarmAt * 1_000,
        setAlarm: async (at) => {
          this.#alarmAt = Number(at) / 1_000;
        },
        deleteAll: () => this.#storage.deleteAll(),
      },
      record: this.record,
      erasure: { detach: async () => undefined, eraseSlice: async () => false },
      sealer: {
        seal: async (...sealed) => this.#traffic.pause(await plainSealer.seal(...sealed)),
        open: async (...sealed) => this.#traffic.pause(await plainSealer.open(...sealed)),
      },
      ownerSeals: {
        newKey: async () => this.#traffic.pause(await this.#ownerSeals.newKey()),
        unlock: async (wrappedKey) => this.#traffic.pause(await this.#ownerSeals.unlock(wrappedKey)),
      },
      openPages: NO_PAGES,
      trustedIssuers: {
        findLeased: async (issuer) => this.#traffic.pause(leased(trustedIssuer(issuer), this.#clock.now + 5)),
        directory: async () => this.#traffic.pause(EVERYBODY),
      },
      inPerson: NOBODY_MET,
      settings: {
        issuer: "https://as.example",
        rptLifetime: 300,
        partialGrants: true,
        replayWithdraws: true,
        connectionIdleDays: 0,
      },
      notices: {
        tell: async (_ownerId, notices) => {
          this.told.push(...notices);
          return this.#traffic.pause(notices.map(({ id }) => id));
        },
        hearsOfGrants: async () => this.#traffic.pause(true),
      },
      drawId: () => crypto.randomUUID(),
      now: () => this.#clock.now,
      sleep: (seconds) => this.#traffic.sleepUntil(this.#clock.now + seconds),
      nextTurn: () => this.#traffic.sleepUntil(this.#clock.now),
    });
  }

  #crash(): void {
    this.#crashes += 1;
    this.#traffic.abandon();
    this.#ledger = this.#wakeUp();
    this.callers.turnTo(this.#ledger);
    // An alarm that did not end rings again.
    if (this.#alarmRuns) this.#alarmAt = this.#clock.now;
    this.#alarmRuns = false;
  }

  async #pass(seconds: number): Promise<void> {
    this.#clock.now += seconds;
    await this.#traffic.wake(this.#clock.now);
    if (this.#alarmAt !== null && this.#alarmAt <= this.#clock.now) this.#ring();
  }

  #ring(): void {
    if (this.#alarmRuns) return;
    const life = this.#life;
    this.#alarmAt = null;
    this.#alarmRuns = true;
    void this.#ledger.alarm().then(() => {
      if (life === this.#life) this.#alarmRuns = false;
    });
  }

  /** Everything arrives, and who sleeps sleeps it out. */
  async #settle(): Promise<void> {
    for (let arrivals = 0; arrivals < 1_000; arrivals += 1) {
      if (await this.#traffic.let(0)) continue;
      const waking = this.#traffic.firstWaking();
      if (waking === null) return;
      this.#clock.now = Math.max(this.#clock.now, waking);
      await this.#traffic.wake(this.#clock.now);
    }
    throw new Error("it never becomes quiet");
  }

  /** The outage ends, all latecomers arrive, and the alarm does its work. */
  async #recover(): Promise<void> {
    this.#traffic.down = false;
    for (let late = 0; late < 100; late += 1) this.#traffic.deliverLate(0);
    await this.#settle();
    for (let rings = 0; rings < 3; rings += 1) {
      this.#ring();
      // What the alarm waits for first is on its way only then.
      await quiet();
      await this.#settle();
    }
  }
}
