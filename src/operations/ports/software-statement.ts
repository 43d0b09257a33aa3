import type { JwtPayload } from "../../protocol/jwt.ts";

export type SoftwareStatementVerdict =
  | { readonly accepted: true; readonly members: JwtPayload }
  /** It is not that of an issuer who may vouch for software, or not good; `detail` is for the operator only. */
  | { readonly accepted: false; readonly fault: "unapproved" | "invalid"; readonly detail: string };

/** Software statements (RFC 7591 §2.3). */
export interface SoftwareStatements {
  /** Never throws for bad input. */
  verify(statement: string, now: number): Promise<SoftwareStatementVerdict>;
}
