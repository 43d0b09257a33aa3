import type { ReplayGuard } from "../../operations/ports/replay.ts";
import { encodeBase64url } from "../../shared/base64url.ts";
import { sha256 } from "../../shared/sha-256.ts";
import type { ReplayGuardObject } from "./replay-guard.ts";

/** The replay guard as the Worker calls it: one object per audience, which sees only the hash of a jti. */
export function findReplayGuard(namespace: DurableObjectNamespace<ReplayGuardObject>): ReplayGuard {
  return {
    async claim(audience, jti, expiresAt) {
      return namespace.getByName(audience).claim(encodeBase64url(await sha256(jti)), expiresAt);
    },
  };
}
