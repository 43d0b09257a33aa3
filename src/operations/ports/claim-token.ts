import type { ClaimLeftOut, ClaimTokenFault } from "../../protocol/claim-token-fault.ts";
import type { TokenName } from "../../protocol/claim-token-format.ts";
import type { PartyStatement } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";
import type { JwtPayload } from "../../protocol/jwt.ts";
import type { Introspection } from "../../protocol/trusted-issuer.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";

/** A token by which a client says who somebody is. */
export interface PushedToken {
  readonly client: Client;
  readonly token: string;
  readonly name: TokenName;
  /** The permission ticket that it came with; null: it came through another door. */
  readonly ticket: string | null;
  /** What the client proved beside its request; null: nothing. */
  readonly confirmation: Confirmation | null;
}

export type ClaimTokenVerdict =
  /** With the claims that the token states and that do not count. */
  | { readonly accepted: true; readonly party: PartyStatement; readonly leftOut: readonly ClaimLeftOut[] }
  /** `detail` is for the operator only: it may say what a host answered. */
  | { readonly accepted: false; readonly fault: ClaimTokenFault; readonly detail?: string };

export interface ClaimTokenVerifier {
  /** Who a JWT says issued it, unverified, and the JWT in compact form; null for what is none. */
  peek(token: string): { readonly issuer: unknown; readonly text: string } | null;
  /** Verifies a token of a trusted issuer by the row of the format table that it is pushed under. Never throws for bad input. */
  verify(pushed: PushedToken, now: number): Promise<ClaimTokenVerdict>;
}

/** Asks trusted issuers about their access tokens. */
export interface TokenIntrospections {
  /** @returns what the issuer says of the token, or why it could not be asked. Never throws for what a host does. */
  ask(
    introspection: Introspection,
    token: string,
  ): Promise<{ readonly claims: JwtPayload } | { readonly reason: string }>;
}
