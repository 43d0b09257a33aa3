import { describeAssertionFault } from "../../protocol/assertion.ts";
import { isPublic } from "../../protocol/client.ts";
import { ProtocolError } from "../../shared/error.ts";
import type {
  AssertionVerdict,
  AssertionVerifier,
  PresentedAssertion,
  SpendableAssertion,
} from "../ports/assertion.ts";
import type { ReplayGuard } from "../ports/replay.ts";

export interface VerifyAssertionServices {
  readonly assertions: AssertionVerifier;
}

export type AcceptedAssertion = Extract<AssertionVerdict, { readonly accepted: true }>;

/**
 * Verifies what a client presents as a grant (RFC 7523 §2.1, §3); it is not spent by that.
 * @throws ProtocolError unauthorized_client, invalid_grant that says what is wrong
 */
export async function verifyAssertion(
  { assertions }: VerifyAssertionServices,
  presented: PresentedAssertion,
  now: number,
): Promise<AcceptedAssertion> {
  if (isPublic(presented.client))
    throw new ProtocolError("unauthorized_client", "a public client cannot prove what it is");
  const verdict = await assertions.verify(presented, now);
  if (verdict.accepted) return verdict;
  const { fault, detail } = verdict;
  const reason = detail === undefined ? `assertion_${fault}` : `assertion_${fault}: ${detail}`;
  throw new ProtocolError("invalid_grant", `the assertion is not good: ${describeAssertionFault(fault)}`, { reason });
}

/**
 * The last step that can fail, so that nobody but its client can spend it.
 * @throws ProtocolError invalid_grant
 */
export async function spendAssertion(
  { replayGuard }: { readonly replayGuard: ReplayGuard },
  { audience, jti, expiresAt }: SpendableAssertion,
): Promise<void> {
  if (await replayGuard.claim(audience, jti, expiresAt)) return;
  throw new ProtocolError("invalid_grant", "the assertion is not good: its jti was used before; ask for a new one", {
    reason: "assertion_used",
  });
}
