import type { AssertionFault } from "../../protocol/assertion.ts";
import type { Client } from "../../protocol/client.ts";
import type { JwtPayload } from "../../protocol/jwt.ts";
import type { AssertionTrust, TrustedIssuer } from "../../protocol/trusted-issuer.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";

/** An assertion that a client presents as a grant (RFC 7523 §2.1). */
export interface PresentedAssertion {
  readonly client: Client;
  readonly assertion: string;
  /** What the client proved beside its request; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/** What is left to do with an assertion that is in order: spend it, by its jti. */
export interface SpendableAssertion {
  /** Among whose assertions it is the only one of its jti. */
  readonly audience: string;
  readonly jti: string;
  /** Epoch seconds from which it would be refused as expired. */
  readonly expiresAt: number;
}

export type AssertionVerdict =
  | {
      readonly accepted: true;
      readonly trusted: TrustedIssuer;
      /** What its assertions are good for. */
      readonly trust: AssertionTrust;
      readonly payload: JwtPayload;
      readonly spendable: SpendableAssertion;
    }
  /** `detail` is for the operator only. */
  | { readonly accepted: false; readonly fault: AssertionFault; readonly detail?: string };

export interface AssertionVerifier {
  /** Verifies an assertion of a trusted issuer; it is not spent by that. Never throws for bad input. */
  verify(presented: PresentedAssertion, now: number): Promise<AssertionVerdict>;
}
