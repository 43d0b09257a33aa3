import type { ReplayGuard } from "../../operations/ports/replay.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import type { ReplayGuardObject } from "./replay-guard.ts";

/** The replay guard as the Worker calls it: one object per audience, which sees only the hash of a jti. */
export function findReplayGuard(namespace: DurableObjectNamespace<ReplayGuardObject>): ReplayGuard {
  return {
    async claim(audience, jti, expiresAt) {
      const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(jti));
      return namespace.getByName(audience).claim(encodeBase64url(new Uint8Array(hash)), expiresAt);
    },
  };
}
