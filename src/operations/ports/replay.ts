/** Remembers used jti values until they expire (RFC 7523 §3). */
export interface ReplayGuard {
  /** @returns true the first time, false for a repeat. */
  claim(audience: string, jti: string, expiresAt: number): Promise<boolean>;
}
