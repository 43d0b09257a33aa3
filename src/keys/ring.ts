import { ProtocolError } from "../shared/error.ts";
import { KEY_USES, type ListedKey, type RingKey, type SigningAlgorithm } from "./key.ts";
import type { KeyRingObject, RingReply } from "./object.ts";

/** The key ring as the Worker calls it; every method throws temporarily_unavailable while the ring is locked. */
export interface KeyRing {
  keys(): Promise<readonly RingKey[]>;
  list(): Promise<readonly ListedKey[]>;
  rotate(): Promise<readonly ListedKey[]>;
  rotateIfDue(): Promise<readonly ListedKey[]>;
}

/** The stub is made anew for each call, because a stub whose object was reset fails for ever. */
export function findKeyRing(namespace: DurableObjectNamespace<KeyRingObject>, algorithm: SigningAlgorithm): KeyRing {
  const ring = () => namespace.getByName("ring");
  return {
    keys: async () => unlocked(await ring().keys(algorithm, KEY_USES)),
    list: async () => ring().list(),
    rotate: async () => unlocked(await ring().rotate(algorithm)),
    rotateIfDue: async () => unlocked(await ring().rotateIfDue(algorithm)),
  };
}

function unlocked<T>(reply: RingReply<T>): T {
  if (reply.outcome === "open") return reply.value;
  throw new ProtocolError("temporarily_unavailable", "this server cannot open its keys; its operator must be told", {
    reason: "no KEY_ENCRYPTION_KEY that is set opens the key ring",
  });
}
