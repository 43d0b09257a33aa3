import { DurableObject } from "cloudflare:workers";
import {
  KEY_PUBLISH_AHEAD_SECONDS,
  SEALING_KEY_KEPT_SECONDS,
  SIGNING_KEY_KEPT_SECONDS,
} from "../protocol/lifetimes.ts";
import { epochSeconds } from "../shared/time.ts";
import type { SigningAlgorithm } from "./key.ts";
import {
  findActiveKey,
  findWaitingKey,
  isRotationDue,
  KEY_USES,
  type KeyDescription,
  type KeyUse,
  type ListedKey,
  type RingKey,
  ROTATING_USES,
  type RotatingUse,
} from "./key.ts";
import { generateKey } from "./material.ts";
import { type KeptKey, KeyTable } from "./table.ts";
import { KeyWrappings, type WrappingSettings } from "./wrapping.ts";

/** How long a retired key still opens or verifies what it made. */
const KEPT_SECONDS: Readonly<Record<RotatingUse, number>> = {
  sign: SIGNING_KEY_KEPT_SECONDS,
  identity_rs256: SIGNING_KEY_KEPT_SECONDS,
  identity_es256: SIGNING_KEY_KEPT_SECONDS,
  seal: SEALING_KEY_KEPT_SECONDS,
};

const FIRST_USES: readonly KeyUse[] = ["sign", "seal", "pairwise", "vault"];

/** "locked": the ring holds keys that no KEY_ENCRYPTION_KEY, as they are set now, opens. */
export type RingReply<T> = { readonly outcome: "open"; readonly value: T } | { readonly outcome: "locked" };
const LOCKED = { outcome: "locked" } as const;

/** Makes, keeps and rotates all keys of this server (docs/design.md, decision 5). One object, named "ring". */
export class KeyRingObject extends DurableObject<Env> {
  readonly #table: KeyTable;
  readonly #wrappings: Promise<KeyWrappings>;

  constructor(ctx: DurableObjectState, env: Env, settings: WrappingSettings) {
    super(ctx, env);
    this.#table = new KeyTable(ctx.storage);
    this.#wrappings = KeyWrappings.derive(settings);
  }

  /**
   * Every unexpired key, secrets included: what an isolate works with. Makes what is missing on first use.
   * @param uses that the isolate knows: for minutes after a deploy one asks that is older than this object, and would
   *   choke on a key for something else. The very first versions do not say.
   */
  async keys(
    algorithm: SigningAlgorithm,
    uses: readonly KeyUse[] = FIRST_USES,
  ): Promise<RingReply<readonly RingKey[]>> {
    const now = epochSeconds();
    const present = await this.#open(now);
    if (!present) return LOCKED;
    const isCompleted = await this.#complete(present, algorithm, uses, now);
    const keys = isCompleted ? ((await this.#open(now)) ?? []) : present;
    return { outcome: "open", value: keys.filter(({ use }) => uses.includes(use)) };
  }

  /** Makes the next keys, unless some already wait. @returns those that wait for their turn, without secrets. */
  async rotate(algorithm: SigningAlgorithm): Promise<RingReply<readonly ListedKey[]>> {
    return this.#rotate(algorithm, () => true);
  }

  /** The same for those keys only that have served their time; for the scheduled handler. */
  async rotateIfDue(algorithm: SigningAlgorithm): Promise<RingReply<readonly ListedKey[]>> {
    return this.#rotate(algorithm, isRotationDue);
  }

  /** Everything about the unexpired keys but the keys; also of a ring that is locked. */
  async list(): Promise<readonly ListedKey[]> {
    const now = epochSeconds();
    await this.#open(now);
    const wrappings = await this.#wrappings;
    const listed = this.#table.list(now).map(async (key) => {
      const { sealedUnder } = await wrappings.open(key.kid, key);
      return { ...describe(key), sealedUnder };
    });
    return Promise.all(listed);
  }

  override async alarm(): Promise<void> {
    this.#table.deleteExpired(epochSeconds());
    await this.#scheduleExpiry();
  }

  async #rotate(
    algorithm: SigningAlgorithm,
    isWanted: (keys: readonly KeyDescription[], use: RotatingUse, now: number) => boolean,
  ): Promise<RingReply<readonly ListedKey[]>> {
    const opened = await this.keys(algorithm, KEY_USES);
    if (opened.outcome === "locked") return LOCKED;
    const now = epochSeconds();
    for (const use of ROTATING_USES.filter((use) => isWanted(opened.value, use, now))) {
      await this.#succeed(use, algorithm, now);
    }
    return { outcome: "open", value: (await this.list()).filter((key) => key.useFrom > now) };
  }

  /** @returns whether keys were added: the first of a use, or the successor in a newly configured algorithm. */
  async #complete(
    present: readonly KeyDescription[],
    algorithm: SigningAlgorithm,
    uses: readonly KeyUse[],
    now: number,
  ): Promise<boolean> {
    const missing = uses.filter((use) => !present.some((key) => key.use === use));
    for (const use of missing) await this.#start(use, algorithm, now);
    const signing = findWaitingKey(present, "sign", now) ?? findActiveKey(present, "sign", now);
    const changed = signing !== null && signing.alg !== algorithm;
    if (changed) await this.#succeed("sign", algorithm, now);
    return missing.length > 0 || changed;
  }

  /**
   * The first key of a use is good at once: nobody can have cached a set without it.
   * INVARIANT: between the look and the insertion nothing is awaited, so that concurrent first calls make one key.
   */
  async #start(use: KeyUse, algorithm: SigningAlgorithm, now: number): Promise<void> {
    const first = await this.#makeKey(use, algorithm, now);
    if (this.#table.list(now).some((key) => key.use === use)) return;
    this.#table.insert(first);
  }

  /**
   * A successor is published before its first use, and the keys before it are kept until what they made has expired.
   * INVARIANT: as in #start, look and insertion are one step, so that concurrent rotations make one successor.
   */
  async #succeed(use: RotatingUse, algorithm: SigningAlgorithm, now: number) {
    const successor = await this.#makeKey(use, algorithm, now + KEY_PUBLISH_AHEAD_SECONDS);
    if (findWaitingKey(this.#table.list(now), use, now)) return;
    this.#table.insert(successor);
    this.#table.retireOthers(successor, successor.useFrom + KEPT_SECONDS[use]);
    await this.#scheduleExpiry();
  }

  async #scheduleExpiry(): Promise<void> {
    const next = this.#table.nextExpiry();
    if (next !== null) await this.ctx.storage.setAlarm(next * 1000);
  }

  /** @returns null when a key does not open; otherwise all of them are kept as the secrets that are set would keep them. */
  async #open(now: number): Promise<readonly RingKey[] | null> {
    const wrappings = await this.#wrappings;
    const opened: RingKey[] = [];
    const toKeepAnew: RingKey[] = [];
    for (const kept of this.#table.list(now)) {
      const { material, isAsSet } = await wrappings.open(kept.kid, kept);
      if (material === null) return null;
      const key = { ...describe(kept), material };
      opened.push(key);
      if (!isAsSet) toKeepAnew.push(key);
    }
    if (toKeepAnew.length > 0) await this.#keepAnew(toKeepAnew);
    return opened;
  }

  async #keepAnew(keys: readonly RingKey[]): Promise<void> {
    const wrappings = await this.#wrappings;
    const wrapped = keys.map(async (key) => ({ ...key, ...(await wrappings.wrap(key.kid, key.material)) }));
    this.#table.keepAnew(await Promise.all(wrapped));
    console.log({ event: "key_ring_resealed", keys: keys.length, under: wrappings.settings });
  }

  async #makeKey(use: KeyUse, algorithm: SigningAlgorithm, useFrom: number): Promise<KeptKey> {
    const { material, ...key } = await generateKey(use, algorithm);
    const kept = await (await this.#wrappings).wrap(key.kid, material);
    return { ...key, ...kept, useFrom, retireAt: null, expiresAt: null };
  }
}

function describe({ kid, use, alg, useFrom, retireAt, expiresAt }: KeyDescription): KeyDescription {
  return { kid, use, alg, useFrom, retireAt, expiresAt };
}
