import type { Group, Policy } from "../policy/language/policy.ts";
import type { ProtectedResource } from "../protocol/resource.ts";
import type { Book } from "./book.ts";
import { type FactCache, type KnownResource, knownResources, touches } from "./fact-cache.ts";
import type { SystemOfRecord } from "./record.ts";

/** What one assessment looks at. */
export interface AssessmentInput {
  readonly known: readonly KnownResource[];
  readonly resources: readonly ProtectedResource[];
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
}

/** What a decision rests on could not be had: D1, or claims under seal. Nothing may be decided. */
export class RecordUnavailable extends Error {}

/** Reads the facts of an assessment, from memory or from D1, together with the number they are true for. */
export class Facts {
  readonly #book: Book;
  readonly #record: SystemOfRecord;
  readonly #cache: FactCache;

  constructor(book: Book, record: SystemOfRecord, cache: FactCache) {
    this.#book = book;
    this.#record = record;
    this.#cache = cache;
  }

  /** Whether all of these can be had without asking D1. */
  areKnown(resourceIds: readonly string[]): boolean {
    return resourceIds.every((id) => this.#cache.find(id) !== null);
  }

  /** @throws RecordUnavailable */
  async load(ownerId: string, resourceIds: readonly string[]): Promise<AssessmentInput> {
    const kept = resourceIds.flatMap((id) => this.#cache.find(id) ?? []);
    const missing = resourceIds.filter((id) => !kept.some(({ resource }) => resource.id === id));
    const loaded = missing.length > 0 ? await this.#read(ownerId, missing) : [];
    return combine([...kept, ...loaded]);
  }

  /**
   * Whether facts still hold: no change with a later number touches them, sent to D1 or not (ledger/README.md, rule 3).
   * What still holds is kept under the newest number, so that it is not compared with the same changes again.
   */
  hold(facts: AssessmentInput): boolean {
    const oldest = Math.min(...facts.known.map(({ epoch }) => epoch));
    const last = this.#book.lastEpoch();
    if (facts.known.length === 0 || oldest >= last) return true;
    const later = this.#book.listSinceEpoch(
      oldest,
      facts.resources.map(({ id }) => id),
    );
    const stale = facts.known.filter((known) =>
      later.some(
        ({ epoch, content }) => (epoch ?? 0) > known.epoch && "change" in content && touches(content.change, known),
      ),
    );
    for (const { resource } of stale) this.#cache.forget(resource.id);
    return stale.length === 0;
  }

  /** Keeps facts that were found to hold. */
  keep(facts: AssessmentInput): void {
    const epoch = this.#book.lastEpoch();
    for (const known of facts.known) this.#cache.keep({ ...known, epoch });
  }

  /**
   * INVARIANT: D1 must be at least where the ledger knew it to be when the read was sent, else it was restored from a
   * backup; and not beyond the book, else the ledger was.
   */
  async #read(ownerId: string, resourceIds: readonly string[]): Promise<readonly KnownResource[]> {
    const recorded = this.#book.recordedEpoch();
    const facts = await this.#record.load(ownerId, resourceIds).catch((cause: unknown) => {
      throw new RecordUnavailable("D1 cannot be read", { cause });
    });
    if (facts.epoch === null || facts.epoch < recorded || facts.epoch > this.#book.lastEpoch()) {
      throw new RecordUnavailable("D1 is not where this ledger left it");
    }
    return knownResources(facts);
  }
}

function combine(known: readonly KnownResource[]): AssessmentInput {
  const policies = new Map(known.flatMap((one) => one.policies).map((policy) => [policy.id, policy]));
  const groups = new Map(known.flatMap((one) => one.groups).map((group) => [group.id, group]));
  return { known, resources: known.map(({ resource }) => resource), policies: [...policies.values()], groups };
}
