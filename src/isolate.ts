import { env } from "cloudflare:workers";
import { type Config, readConfig } from "./config.ts";
import { KeyCache } from "./crypto/key-cache.ts";
import { createSealer } from "./crypto/sealer.ts";
import type { Sealer } from "./operations/ports.ts";
import { type DurableKeyRing, findKeyRing } from "./storage/durable/find-key-ring.ts";

/**
 * What the Worker and the Durable Objects of one isolate share: the settings, read once, and the keys, so that a warm
 * isolate asks nobody for them.
 */
interface Isolate {
  readonly config: Config;
  readonly keyRing: DurableKeyRing;
  readonly keys: KeyCache;
  readonly sealer: Sealer;
}

let shared: Isolate | null = null;

/** @throws Error naming the setting that is wrong. */
export function isolate(): Isolate {
  shared ??= createIsolate();
  return shared;
}

function createIsolate(): Isolate {
  const config = readConfig(env);
  const keyRing = findKeyRing(env.KEY_RING, config.signingAlgorithm);
  const keys = new KeyCache(keyRing);
  return { config, keyRing, keys, sealer: createSealer(keys, config.issuer, clock) };
}

/** The time in epoch seconds. In production it stands still between two waits, which no rule here minds. */
export function clock(): number {
  return Math.floor(Date.now() / 1_000);
}
