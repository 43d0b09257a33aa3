import type { JwtPayload } from "../../protocol/jwt.ts";

/** A proof of good signature; its claims are not checked. */
export interface SignedProof {
  /** The thumbprint of the key that signed it (RFC 7638, by SHA-256). */
  readonly jkt: string;
  readonly payload: JwtPayload;
}

/** Reads proofs of possession (RFC 9449 §4). */
export interface Proofs {
  /** @returns `form` for what is no proof, or names no key that may sign one; `signature` where that key did not. */
  verify(proof: string): Promise<SignedProof | "form" | "signature">;
}
