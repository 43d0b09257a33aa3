import { TOMBSTONE_SECONDS } from "../protocol/lifetimes.ts";
import type { Announcing } from "./announcing.ts";
import type { Connections } from "./connections.ts";
import type { Outbox } from "./outbox.ts";
import type { LedgerPorts } from "./ports.ts";
import type { ErasedOwner } from "./record.ts";
import { listRows, OWNER_KEY } from "./storage.ts";

const CLOSURE = "closure";
/** Slices of D1 that one alarm removes; the next one goes on. */
const SLICES_PER_RUN = 20;
/** After a step that failed. */
const RETRY_SECONDS = 10;

/**
 * How far the end of an owner has come. booked: everything is no. detached: D1 knows nobody any more who acts for the
 * owner, nor the account. erased: D1 keeps the bare id. emptied: nothing is left here but
 * this, and that others have yet to be told.
 */
type Stage = "booked" | "detached" | "erased" | "emptied";

/** What is left of a ledger that has closed. */
interface Closure {
  readonly owner: ErasedOwner;
  readonly stage: Stage;
}

/** All but that others have yet to be told of the end. The tables of SQLite and of the platform are not ours to drop. */
const LIST_TABLES = `
  SELECT name FROM sqlite_master
  WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name <> 'outbox'`;

interface ClosingParts {
  readonly announcing: Announcing;
  readonly connections: Connections;
  readonly outbox: Outbox;
}

/**
 * The end of a ledger, with everything that its owner had (docs/design.md, "Order of steps"). Each step stands before the
 * next begins, and is safe to repeat, so whoever comes after a crash, the alarm or another call, goes on from there.
 */
export class Closing {
  readonly #parts: ClosingParts;
  readonly #ports: Pick<LedgerPorts, "storage" | "erasure" | "now">;
  #closure: Closure | null | undefined;
  #run: Promise<void> | null = null;

  constructor(parts: ClosingParts, ports: Pick<LedgerPorts, "storage" | "erasure" | "now">) {
    this.#parts = parts;
    this.#ports = ports;
  }

  /** INVARIANT: a ledger that has closed says no to everything, and never opens again (ledger/README.md, rule 8). */
  isClosed(): boolean {
    if (this.#closure === undefined) this.#closure = this.#ports.storage.kv.get<Closure>(CLOSURE) ?? null;
    return this.#closure !== null;
  }

  /** Whether D1 has let go of the owner: there is nobody any more who could act, or sign in. */
  isDetached(): boolean {
    return this.isClosed() && this.#closure?.stage !== "booked";
  }

  /**
   * From here on everything is no, and whatever was sealed under a key that is kept here is unreadable. A ledger that was
   * never opened closes as well: D1 may know its owner, from a backup.
   */
  begin(owner: ErasedOwner): void {
    if (this.isClosed()) return;
    const { storage } = this.#ports;
    const closure: Closure = { owner, stage: "booked" };
    storage.transactionSync(() => {
      this.#announce();
      for (const [key] of [...storage.kv.list()]) storage.kv.delete(key);
      storage.kv.put(CLOSURE, closure);
    });
    this.#closure = closure;
    this.#wakeBy(owner.closedAt);
  }

  /** All else that was to be told is about what is no more. */
  #announce(): void {
    const { announcing, connections, outbox } = this.#parts;
    const isOpen = this.#ports.storage.kv.get(OWNER_KEY) !== undefined;
    outbox.clear();
    announcing.announce({ kind: "owner_gone", clientIds: isOpen ? connections.listStanding() : [] });
  }

  /** Takes D1 its first step, which is short, so that whoever asked can be told that it is done. */
  detach(): Promise<void> {
    return this.#drive(() => this.#detach());
  }

  /** Goes on until everything is done that can be done now. What fails is tried again at the next alarm. */
  advance(): Promise<void> {
    return this.#drive(() => this.#advance());
  }

  /** One at a time: whoever comes meanwhile waits for the same run. */
  async #drive(steps: () => Promise<void>): Promise<void> {
    this.#run ??= steps()
      .catch((error: unknown) => this.#delay(error))
      .finally(() => {
        this.#run = null;
      });
    await this.#run;
  }

  async #advance(): Promise<void> {
    await this.#detach();
    await this.#erase();
    this.#empty();
    if (await this.#isTold()) await this.#vanish();
  }

  async #detach(): Promise<void> {
    const closure = this.#at("booked");
    if (closure === null) return;
    await this.#ports.erasure.detach(closure.owner);
    this.#keep({ owner: { ...closure.owner, accountId: null }, stage: "detached" });
    this.#wakeBy(this.#ports.now());
  }

  async #erase(): Promise<void> {
    const closure = this.#at("detached");
    if (closure === null) return;
    for (let slices = 0; slices < SLICES_PER_RUN; slices += 1) {
      if (await this.#ports.erasure.eraseSlice(closure.owner, this.#ports.now())) continue;
      this.#keep({ ...closure, stage: "erased" });
      return;
    }
    this.#wakeBy(this.#ports.now());
  }

  /** Nobody waits for a ledger that has closed, so all of it goes in one turn. */
  #empty(): void {
    const closure = this.#at("erased");
    if (closure === null) return;
    const { sql } = this.#ports.storage;
    for (const { name } of listRows<{ name: string }>(sql, LIST_TABLES)) sql.exec(`DROP TABLE ${name}`);
    this.#keep({ ...closure, stage: "emptied" });
  }

  /** Whether everybody has been told, or nobody can be. */
  async #isTold(): Promise<boolean> {
    const closure = this.#at("emptied");
    if (closure === null) return false;
    const { announcing, outbox } = this.#parts;
    await announcing.tell(closure.owner.ownerId);
    const turn = outbox.firstTurn();
    if (turn === null) outbox.drop();
    else this.#wakeBy(Math.max(turn, this.#ports.now() + 1));
    return turn === null;
  }

  /** When no ticket that names this ledger is good any more, nothing has to remember that it was there. */
  async #vanish(): Promise<void> {
    const closure = this.#at("emptied");
    if (closure === null) return;
    const end = endOf(closure);
    if (this.#ports.now() < end) return this.#wakeBy(end);
    await this.#ports.storage.deleteAll();
    this.#closure = null;
  }

  #at(stage: Stage): Closure | null {
    return this.isClosed() && this.#closure?.stage === stage ? this.#closure : null;
  }

  #keep(closure: Closure): void {
    this.#ports.storage.kv.put(CLOSURE, closure);
    this.#closure = closure;
  }

  #delay(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    console.error({ event: "deletion_delayed", ledger: this.#closure?.owner.ownerId, message });
    this.#wakeBy(this.#ports.now() + RETRY_SECONDS);
  }

  #wakeBy(at: number): void {
    void this.#ports.storage.setAlarm(at * 1_000);
  }
}

/** Epoch seconds. */
function endOf({ owner }: Closure): number {
  return owner.closedAt + TOMBSTONE_SECONDS;
}
