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
  type RingKey,
  ROTATING_USES,
  type RotatingUse,
} from "./key.ts";
import { generateKey } from "./material.ts";
import { type KeptKey, KeyTable } from "./table.ts";
import { deriveKeyWrapping, type KeyWrapping } from "./wrapping.ts";

/** How long a retired key still opens or verifies what it made. */
const KEPT_SECONDS: Readonly<Record<RotatingUse, number>> = {
  sign: SIGNING_KEY_KEPT_SECONDS,
  seal: SEALING_KEY_KEPT_SECONDS,
};

/** "locked": the ring holds keys that KEY_ENCRYPTION_KEY, as it is set now, does not open. */
export type RingReply<T> = { readonly outcome: "open"; readonly value: T } | { readonly outcome: "locked" };
const LOCKED = { outcome: "locked" } as const;

/** The operator may leave the secret unset, so the generated bindings do not know it. */
type RingEnv = Env & { readonly KEY_ENCRYPTION_KEY?: string };

/** Makes, keeps and rotates all keys of this server (docs/design.md, decision 5). One object, named "ring". */
export class KeyRingObject extends DurableObject<RingEnv> {
  readonly #table: KeyTable;

  constructor(ctx: DurableObjectState, env: RingEnv) {
    super(ctx, env);
    this.#table = new KeyTable(ctx.storage.sql);
  }

  /** Every unexpired key, secrets included: what an isolate works with. Makes what is missing on first use. */
  async keys(algorithm: SigningAlgorithm): Promise<RingReply<readonly RingKey[]>> {
    const now = epochSeconds();
    const wrapping = await this.#wrapping();
    const present = await this.#open(wrapping, now);
    if (!present) return LOCKED;
    if (!(await this.#complete(present, algorithm, wrapping, now))) return { outcome: "open", value: present };
    return { outcome: "open", value: (await this.#open(wrapping, now)) ?? [] };
  }

  /** Makes the next keys, unless some already wait. @returns those that wait for their turn, without secrets. */
  async rotate(algorithm: SigningAlgorithm): Promise<RingReply<readonly KeyDescription[]>> {
    return this.#rotate(algorithm, () => true);
  }

  /** The same for those keys only that have served their time; for the scheduled handler. */
  async rotateIfDue(algorithm: SigningAlgorithm): Promise<RingReply<readonly KeyDescription[]>> {
    return this.#rotate(algorithm, isRotationDue);
  }

  /** Everything about the unexpired keys but the keys. */
  list(): readonly KeyDescription[] {
    return this.#table.list(epochSeconds()).map(describe);
  }

  override async alarm(): Promise<void> {
    this.#table.deleteExpired(epochSeconds());
    await this.#scheduleExpiry();
  }

  async #rotate(
    algorithm: SigningAlgorithm,
    isWanted: (keys: readonly KeyDescription[], use: RotatingUse, now: number) => boolean,
  ): Promise<RingReply<readonly KeyDescription[]>> {
    const opened = await this.keys(algorithm);
    if (opened.outcome === "locked") return LOCKED;
    const now = epochSeconds();
    const wrapping = await this.#wrapping();
    for (const use of ROTATING_USES.filter((use) => isWanted(opened.value, use, now))) {
      await this.#succeed(use, algorithm, wrapping, now);
    }
    return { outcome: "open", value: this.list().filter((key) => key.useFrom > now) };
  }

  /** @returns whether keys were added: the first of a use, or the successor in a newly configured algorithm. */
  async #complete(
    present: readonly KeyDescription[],
    algorithm: SigningAlgorithm,
    wrapping: KeyWrapping | null,
    now: number,
  ): Promise<boolean> {
    const missing = KEY_USES.filter((use) => !present.some((key) => key.use === use));
    for (const use of missing) await this.#start(use, algorithm, wrapping, now);
    const signing = findWaitingKey(present, "sign", now) ?? findActiveKey(present, "sign", now);
    const changed = signing !== null && signing.alg !== algorithm;
    if (changed) await this.#succeed("sign", algorithm, wrapping, now);
    return missing.length > 0 || changed;
  }

  /**
   * The first key of a use is good at once: nobody can have cached a set without it.
   * INVARIANT: between the look and the insertion nothing is awaited, so that concurrent first calls make one key.
   */
  async #start(use: KeyUse, algorithm: SigningAlgorithm, wrapping: KeyWrapping | null, now: number): Promise<void> {
    const first = await makeKey(use, algorithm, wrapping, now);
    if (this.#table.list(now).some((key) => key.use === use)) return;
    this.#table.insert(first);
  }

  /**
   * A successor is published before its first use, and the keys before it are kept until what they made has expired.
   * INVARIANT: as in #start, look and insertion are one step, so that concurrent rotations make one successor.
   */
  async #succeed(use: RotatingUse, algorithm: SigningAlgorithm, wrapping: KeyWrapping | null, now: number) {
    const successor = await makeKey(use, algorithm, wrapping, now + KEY_PUBLISH_AHEAD_SECONDS);
    if (findWaitingKey(this.#table.list(now), use, now)) return;
    this.#table.insert(successor);
    this.#table.retireOthers(successor, successor.useFrom + KEPT_SECONDS[use]);
    await this.#scheduleExpiry();
  }

  async #scheduleExpiry(): Promise<void> {
    const next = this.#table.nextExpiry();
    if (next !== null) await this.ctx.storage.setAlarm(next * 1000);
  }

  async #wrapping(): Promise<KeyWrapping | null> {
    const secret = this.env.KEY_ENCRYPTION_KEY;
    return secret === undefined ? null : deriveKeyWrapping(secret);
  }

  /** @returns null when a key does not open; keys made before the secret was set are wrapped on the way. */
  async #open(wrapping: KeyWrapping | null, now: number): Promise<readonly RingKey[] | null> {
    const opened = await Promise.all(this.#table.list(now).map((key) => this.#openKey(key, wrapping)));
    return opened.every((key) => key !== null) ? opened : null;
  }

  async #openKey(key: KeptKey, wrapping: KeyWrapping | null): Promise<RingKey | null> {
    if (key.wrapped) {
      const material = (await wrapping?.unwrap(key.kid, key.material)) ?? null;
      return material === null ? null : { ...describe(key), material };
    }
    if (wrapping) this.#table.replaceBare(key.kid, await wrapping.wrap(key.kid, key.material));
    return { ...describe(key), material: key.material };
  }
}

async function makeKey(
  use: KeyUse,
  algorithm: SigningAlgorithm,
  wrapping: KeyWrapping | null,
  useFrom: number,
): Promise<KeptKey> {
  const { material, ...key } = await generateKey(use, algorithm);
  const kept = wrapping ? await wrapping.wrap(key.kid, material) : material;
  return { ...key, material: kept, wrapped: wrapping !== null, useFrom, retireAt: null, expiresAt: null };
}

function describe({ kid, use, alg, useFrom, retireAt, expiresAt }: KeyDescription): KeyDescription {
  return { kid, use, alg, useFrom, retireAt, expiresAt };
}
