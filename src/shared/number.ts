/**
 * Whether a number is the one that was written: beyond 2^53 neighbours become one and the same, so that one account's
 * number would pass for another's (RFC 8259 §6).
 */
export function isExact(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}
