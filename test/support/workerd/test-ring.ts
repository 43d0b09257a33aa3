import { env } from "cloudflare:workers";
import { KeyCache } from "../../../src/keys/cache.ts";
import { KEY_USES, type KeyDescription } from "../../../src/keys/key.ts";
import type { KeyRingObject, RingReply } from "../../../src/keys/object.ts";
import type { KeyRing } from "../../../src/keys/ring.ts";

/** A ring of its own for a test, and how often it was asked. */
export class TestRing implements Pick<KeyRing, "keys"> {
  readonly stub: DurableObjectStub<KeyRingObject> = env.KEY_RING.get(env.KEY_RING.newUniqueId());
  asked = 0;
  reachable = true;

  async keys() {
    this.asked += 1;
    if (!this.reachable) throw new Error("Network connection lost");
    return opened(await this.stub.keys("ES256", KEY_USES));
  }

  async rotate(): Promise<readonly KeyDescription[]> {
    return opened(await this.stub.rotate("ES256"));
  }

  /** The cache of another isolate. */
  cache(): KeyCache {
    return new KeyCache(this);
  }
}

function opened<T>(reply: RingReply<T>): T {
  if (reply.outcome === "locked") throw new Error("the ring is locked");
  return reply.value;
}
