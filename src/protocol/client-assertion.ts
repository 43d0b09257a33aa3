import { ProtocolError } from "../shared/error.ts";
import { MAX_JTI_CHARACTERS } from "../shared/limits.ts";
import type { Client } from "./client.ts";
import { audienceOf, findTimeFault, type JwtPayload } from "./jwt.ts";
import { ASSERTION_LIFETIME_MAX_SECONDS, CLOCK_SKEW_SECONDS } from "./lifetimes.ts";

/** RFC 7523 knows no type; its revision makes one, so that an assertion can be told from other JWTs. */
export const CLIENT_ASSERTION_TYPES: readonly string[] = ["jwt", "client-authentication+jwt"];

/** What is left to do with an assertion that is in order: spend its jti. */
interface SpendableAssertion {
  readonly jti: string;
  /** Epoch seconds from which it would be refused as expired. */
  readonly expiresAt: number;
}

/**
 * The claims of an assertion of good signature (RFC 7523 §3, OIDC Core §9).
 * @param audiences what may stand for this server; any other value beside it is refused, because whoever it names
 *   could present the assertion here.
 * @throws ProtocolError invalid_client that names the claim.
 */
export function checkClientAssertion(
  payload: JwtPayload,
  client: Client,
  audiences: readonly string[],
  now: number,
): SpendableAssertion {
  if (payload.iss !== client.id || payload.sub !== client.id) throw refused("iss and sub must be the client id");
  checkAudience(payload, audiences);
  checkTimes(payload, now);
  const { jti, exp } = payload;
  if (typeof jti !== "string" || jti === "" || jti.length > MAX_JTI_CHARACTERS) {
    throw refused(`jti is required, with at most ${MAX_JTI_CHARACTERS} characters`);
  }
  return { jti, expiresAt: Math.ceil(Number(exp)) + CLOCK_SKEW_SECONDS };
}

function checkAudience(payload: JwtPayload, audiences: readonly string[]): void {
  const presented = audienceOf(payload);
  if (presented.length > 0 && presented.every((value) => audiences.includes(value))) return;
  throw refused("aud must be the issuer identifier of this server and name nobody else");
}

function checkTimes(payload: JwtPayload, now: number): void {
  const fault = findTimeFault(payload, now);
  if (fault === "exp") throw refused("exp is required and must not have passed");
  if (fault) throw refused(`${fault} lies in the future`);
  if (Number(payload.exp) <= now + ASSERTION_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS) return;
  throw refused(`exp must lie within ${ASSERTION_LIFETIME_MAX_SECONDS} seconds`);
}

function refused(description: string): ProtocolError {
  return new ProtocolError("invalid_client", `client assertion: ${description}`, { reason: "client_assertion" });
}
