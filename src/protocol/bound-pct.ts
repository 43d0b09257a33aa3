import * as v from "valibot";
import { ConfirmationSchema } from "./confirmation.ts";
import type { Confirmation } from "./wire/confirmation.ts";

/** A PCT that counts only beside a proof: what is kept of it is found by the secret, which its client never sees. */
export interface BoundPct {
  readonly secret: string;
  readonly confirmation: Confirmation;
}

const Statement = v.tuple([v.string(), ConfirmationSchema]);

export function boundPctStatement({ secret, confirmation }: BoundPct): unknown[] {
  return [secret, confirmation];
}

/** @param statement what the seal gave, null when it did not open */
export function parseBoundPct(statement: unknown): BoundPct | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success) return null;
  const [secret, confirmation] = parsed.output;
  return { secret, confirmation };
}
