import type { Pacer } from "../../operations/ports/pace.ts";
import type { Pace } from "../../protocol/pace.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import { RecentlyUsed } from "../../shared/recently-used.ts";
import { sha256 } from "../../shared/sha-256.ts";
import { epochSeconds } from "../../shared/time.ts";
import type { PacerObject } from "./pacer.ts";

/** Those that an isolate remembers to be waiting; the objects know the others. */
const MAX_REMEMBERED = 10_000;

/** The pacers as the Worker calls them. Whoever an isolate knows to be waiting costs no round trip. */
export class Pacers implements Pacer {
  readonly #namespace: DurableObjectNamespace<PacerObject>;
  /** Until when, epoch seconds, by key. */
  readonly #waiting = new RecentlyUsed<number>(MAX_REMEMBERED);

  constructor(namespace: DurableObjectNamespace<PacerObject>) {
    this.#namespace = namespace;
  }

  async take(key: string, pace: Pace): Promise<number> {
    const known = (this.#waiting.get(key) ?? 0) - epochSeconds();
    if (known > 0) return known;
    const hash = encodeBase64url(await sha256(key));
    // All of one key meet in one object, which the first of 64 letters chooses.
    const wait = await this.#namespace.getByName(`pace-${hash.charAt(0)}`).take(hash, pace);
    if (wait > 0) this.#waiting.keep(key, epochSeconds() + wait);
    return wait;
  }
}
