import type { Group, Policy } from "../policy/language/policy.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import type { Book } from "./book.ts";
import { type ExcerptCache, type ResourceExcerpt, splitByResource, touches } from "./excerpt-cache.ts";
import type { SystemOfRecord } from "./record.ts";
import { Unavailable } from "./unavailable.ts";

/** What one assessment looks at. */
export interface AssessmentInput {
  /** What it was joined from, each with the epoch it is true for. */
  readonly excerpts: readonly ResourceExcerpt[];
  readonly resources: readonly ProtectedResource[];
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
}

/** Reads what an assessment looks at, from memory or from D1, together with the epoch it is true for. */
export class RecordReader {
  readonly #book: Book;
  readonly #record: SystemOfRecord;
  readonly #cache: ExcerptCache;

  constructor(book: Book, record: SystemOfRecord, cache: ExcerptCache) {
    this.#book = book;
    this.#record = record;
    this.#cache = cache;
  }

  /** Whether all of these can be had without asking D1. */
  areKept(resourceIds: readonly string[]): boolean {
    return resourceIds.every((id) => this.#cache.find(id) !== null);
  }

  /** @throws Unavailable */
  async load(ownerId: string, resourceIds: readonly string[]): Promise<AssessmentInput> {
    // What is booked forgets what it touches, so what is kept is true for all that is booked.
    const epoch = this.#book.lastEpoch();
    const kept = resourceIds.flatMap((id) => this.#cache.find(id) ?? []).map((excerpt) => ({ ...excerpt, epoch }));
    const missing = resourceIds.filter((id) => !kept.some(({ resource }) => resource.id === id));
    const loaded = missing.length > 0 ? await this.#read(ownerId, missing) : [];
    return join([...kept, ...loaded]);
  }

  /**
   * Whether what was read still holds: no change with a later number touches it, sent to D1 or not (ledger/README.md,
   * rule 3). What still holds is kept under the newest number, so that it is not compared with the same changes again.
   */
  holds(input: AssessmentInput): boolean {
    const oldest = Math.min(...input.excerpts.map(({ epoch }) => epoch));
    const last = this.#book.lastEpoch();
    if (input.excerpts.length === 0 || oldest >= last) return true;
    const later = this.#book.listSinceEpoch(
      oldest,
      input.resources.flatMap(({ id, collections }) => [id, ...collections]),
    );
    const stale = input.excerpts.filter((excerpt) =>
      later.some(
        ({ epoch, content }) => (epoch ?? 0) > excerpt.epoch && "change" in content && touches(content.change, excerpt),
      ),
    );
    for (const { resource } of stale) this.#cache.forget(resource.id);
    return stale.length === 0;
  }

  /** Keeps what was found to hold. */
  keep(input: AssessmentInput): void {
    const epoch = this.#book.lastEpoch();
    for (const excerpt of input.excerpts) this.#cache.keep({ ...excerpt, epoch });
  }

  /**
   * INVARIANT: D1 must be at least where the ledger knew it to be when the read was sent, else it was restored from a
   * backup; and not beyond the book, else the ledger was.
   */
  async #read(ownerId: string, resourceIds: readonly string[]): Promise<readonly ResourceExcerpt[]> {
    const recorded = this.#book.recordedEpoch();
    const loaded = await this.#record.load(ownerId, resourceIds).catch((cause: unknown) => {
      throw new Unavailable("record_unreachable", { cause });
    });
    if (loaded.epoch === null) throw new Unavailable("record_without_owner");
    if (loaded.epoch < recorded) throw new Unavailable("record_behind");
    if (loaded.epoch > this.#book.lastEpoch()) throw new Unavailable("record_ahead");
    return splitByResource(loaded);
  }
}

function join(excerpts: readonly ResourceExcerpt[]): AssessmentInput {
  const policies = new Map(excerpts.flatMap((one) => one.policies).map((policy) => [policy.id, policy]));
  const groups = new Map(excerpts.flatMap((one) => one.groups).map((group) => [group.id, group]));
  const resources = excerpts.map(({ resource }) => resource);
  return { excerpts, resources, policies: [...policies.values()], groups };
}
