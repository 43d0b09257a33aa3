import { type Change, subjectOf, type VersionedChange } from "../../src/ledger/change.ts";
import {
  ChangeRefused,
  type ChangeResult,
  type Foreseen,
  type NumberedChange,
  type RecordExcerpt,
  type SystemOfRecord,
} from "../../src/ledger/record.ts";
import { DEFAULT_QUOTAS } from "../../src/shared/quotas.ts";
import { foreseeRefusal, readChangeResult, type SubjectRow } from "../../src/storage/d1/change-statements.ts";
import { applyChange, EMPTY_CONTENT, excerptOf, type RecordContent } from "./record-content.ts";

/** One epoch of the twin: who took it, with what, what became of it, and what stood afterwards. */
export interface TakenEpoch {
  readonly epoch: number;
  readonly operationId: string;
  /** Null for a void. */
  readonly change: NumberedChange | null;
  readonly result: ChangeResult | null;
  readonly content: RecordContent;
}

export type RecordCall = "load" | "foresee" | "apply" | "position" | "recall" | "applyVoid";

/** The way of a call to the record and of its answer back: where calls are slow, lost, or come late. */
export type Channel = <T>(call: RecordCall, reach: () => T) => Promise<T>;

/** A call that was sent and whose fate nobody knows. */
export class Lost extends Error {}

/**
 * A system of record in memory, which keeps the one rule that matters: it takes only the next epoch, or nothing of a
 * batch. Everything that can happen on the way to it is the channel's.
 */
export class FaultyRecord implements SystemOfRecord {
  channel: Channel = async (_call, reach) => reach();
  readonly calls: RecordCall[] = [];
  readonly history: TakenEpoch[] = [];
  /** The operations that it will never take. */
  readonly refused = new Set<string>();
  /** Of bytes it knows none. */
  quotas = DEFAULT_QUOTAS;
  content: RecordContent = EMPTY_CONTENT;
  epoch: number | null = 0;

  load(_ownerId: string, resourceIds: readonly string[]): Promise<RecordExcerpt> {
    return this.#call("load", () => this.read(resourceIds));
  }

  apply(_ownerId: string, changes: readonly NumberedChange[]): Promise<readonly ChangeResult[]> {
    return this.#call("apply", () => this.take(changes));
  }

  foresee(_ownerId: string, change: VersionedChange): Promise<Foreseen> {
    return this.#call("foresee", () => ({
      epoch: this.epoch,
      refusal: foreseeRefusal(change, this.#subjectOf(change)),
    }));
  }

  position(): Promise<{ epoch: number; operationId: string } | null> {
    return this.#call("position", () => {
      const operationId = this.history.at(-1)?.operationId ?? "";
      return this.epoch === null ? null : { epoch: this.epoch, operationId };
    });
  }

  recall(_ownerId: string, change: NumberedChange): Promise<ChangeResult> {
    return this.#call("recall", () => this.resultOf(change));
  }

  applyVoid(_ownerId: string, epoch: number, operationId: string): Promise<void> {
    return this.#call("applyVoid", () => {
      this.checkTurn([epoch]);
      this.#keep({ epoch, operationId, change: null, result: null, content: this.content });
    });
  }

  read(resourceIds: readonly string[]): RecordExcerpt {
    return excerptOf(this.content, this.epoch, resourceIds);
  }

  take(changes: readonly NumberedChange[]): readonly ChangeResult[] {
    this.checkTurn(changes.map(({ epoch }) => epoch));
    const refused = changes.find(({ operationId }) => this.refused.has(operationId));
    if (refused) throw new ChangeRefused(`SQLITE_CONSTRAINT in ${refused.operationId}`);
    return changes.map((change) => this.#takeOne(change));
  }

  /** As D1 recalls: from what stands there now, so a batch that names a subject twice cannot be told apart. */
  resultOf(change: NumberedChange): ChangeResult {
    const subject = this.#subjectOf(change.change);
    return readChangeResult(change, subject, subject === null);
  }

  /** @throws Error unless these are exactly the next epochs. */
  protected checkTurn(epochs: readonly number[]): void {
    const inTurn = epochs.every((epoch, index) => epoch === (this.epoch ?? 0) + 1 + index);
    if (!inTurn) throw new Error("epoch out of turn");
  }

  #subjectOf(change: Change): SubjectRow | null {
    const { policies, groups, resources, resourceVersions, connections, revokedTokens } = this.content;
    if ("tokenId" in change) return revokedTokens.includes(change.tokenId) ? { version: 0, epoch: 0 } : null;
    if (change.kind === "allow_connection" && this.content.disconnected.includes(change.clientId)) return null;
    if ("clientId" in change) {
      const generation = connections[change.clientId];
      return generation === undefined ? null : { version: generation, epoch: generation };
    }
    if ("resourceServerId" in change) {
      const stands = resources[change.id]?.resourceServerId === change.resourceServerId;
      return stands ? { version: resourceVersions[change.id] ?? 1, epoch: this.#lastEpochOf(change.id) } : null;
    }
    const document = policies[change.id] ?? groups[change.id];
    return document ? { version: document.version, epoch: this.#lastEpochOf(change.id) } : null;
  }

  #lastEpochOf(id: string): number {
    const touched = this.history.filter(({ change, result }) => {
      return result?.outcome === "done" && change !== null && subjectOf(change.change) === id;
    });
    return touched.at(-1)?.epoch ?? 0;
  }

  #takeOne(change: NumberedChange): ChangeResult {
    const { content, result } = applyChange(this.content, change, this.quotas);
    this.#keep({ epoch: change.epoch, operationId: change.operationId, change, result, content });
    return result;
  }

  #keep(taken: TakenEpoch): void {
    this.history.push(taken);
    this.content = taken.content;
    this.epoch = taken.epoch;
  }

  #call<T>(call: RecordCall, reach: () => T): Promise<T> {
    this.calls.push(call);
    return this.channel(call, reach);
  }
}

/** Nothing gets through. */
export const DOWN: Channel = async () => {
  throw new Lost("the network is down");
};

/** Nobody can see beforehand what the record will refuse, so every change is booked. */
export function unforeseen(channel: Channel): Channel {
  return async (call, reach) => {
    if (call === "foresee") throw new Lost("nothing can be foreseen");
    return channel(call, reach);
  };
}

/** These calls are taken, but their answers never arrive. */
export function losesAnswersOf(...lost: readonly RecordCall[]): Channel {
  return async (call, reach) => {
    const answer = reach();
    if (lost.includes(call)) throw new Lost(`the answer to ${call} was lost`);
    return answer;
  };
}

/** These calls are reported lost, and arrive only when they are let. */
export class LateChannel {
  readonly #late: readonly RecordCall[];
  readonly #arrivals: (() => void)[] = [];

  constructor(...late: readonly RecordCall[]) {
    this.#late = late;
  }

  readonly channel: Channel = async (call, reach) => {
    if (!this.#late.includes(call)) return reach();
    this.#arrivals.push(reach);
    throw new Lost(`${call} is late`);
  };

  /** @returns what each late call was told on its arrival: nobody hears it. */
  arrive(): readonly (Error | null)[] {
    return this.#arrivals.splice(0).map((reach) => {
      try {
        reach();
        return null;
      } catch (error) {
        return error as Error;
      }
    });
  }
}

/** These calls wait at a gate until it opens. */
export class GatedChannel {
  readonly #gated: readonly RecordCall[];
  readonly #gate = Promise.withResolvers<void>();

  constructor(...gated: readonly RecordCall[]) {
    this.#gated = gated;
  }

  readonly channel: Channel = async (call, reach) => {
    if (this.#gated.includes(call)) await this.#gate.promise;
    return reach();
  };

  open(): void {
    this.#gate.resolve();
  }
}
