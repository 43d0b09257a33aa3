import * as v from "valibot";
import type { Confirmation } from "./wire/confirmation.ts";

/** A SHA-256 digest in base64url. */
const THUMBPRINT = /^[\w-]{43}$/;
const Thumbprint = v.pipe(v.string(), v.regex(THUMBPRINT));

/** Of a kind that is not known here nothing is left out: then it is none, and its token is not good. */
export const ConfirmationSchema: v.GenericSchema<unknown, Confirmation> = v.union([
  v.strictObject({ jkt: Thumbprint }),
  v.strictObject({ "x5t#S256": Thumbprint }),
]);

export function isThumbprint(text: string): boolean {
  return THUMBPRINT.test(text);
}

/** Whether both ask for the same proof, or neither for any. */
export function isSameConfirmation(one: Confirmation | null, other: Confirmation | null): boolean {
  if (one === null || other === null) return one === other;
  if ("jkt" in one) return "jkt" in other && one.jkt === other.jkt;
  return "x5t#S256" in other && one["x5t#S256"] === other["x5t#S256"];
}

/** Whether somebody proved what a token of others asks for in its `cnf` (RFC 7800 §3.1); what is not understood is not proved. */
export function isProven(cnf: unknown, shown: Confirmation | null): boolean {
  const asked = v.safeParse(ConfirmationSchema, cnf);
  return asked.success && isSameConfirmation(asked.output, shown);
}

/**
 * How a client has to send a token that asks for this: one of a certificate goes as Bearer (RFC 8705 §3).
 * @param bearerName what this server calls such a token (docs/profile.md)
 */
export function tokenTypeOf(confirmation: Confirmation | null, bearerName: string): string {
  return confirmation !== null && "jkt" in confirmation ? "DPoP" : bearerName;
}

/** The member of a token, or of what is told about it; none for a bearer token. */
export function cnfOf(confirmation: Confirmation | null): { readonly cnf?: Confirmation } {
  return confirmation === null ? {} : { cnf: confirmation };
}
