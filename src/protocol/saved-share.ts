import * as v from "valibot";

/** What became of the letter to the person with whom something was shared. */
export const SHARE_LETTERS = ["sent", "not_sent"] as const;

/** How long a share that was just saved can be undone where it is told, seconds. */
export const UNDO_LIFETIME_SECONDS = 900;

const SavedShare = v.object({
  ownerId: v.string(),
  policyId: v.string(),
  version: v.number(),
  former: v.nullable(v.looseObject({})),
  canUndo: v.boolean(),
  address: v.nullable(v.string()),
  letter: v.nullable(v.picklist(SHARE_LETTERS)),
  expiresAt: v.number(),
});

/** A share that was just saved, as the next page tells of it; sealed for whoever saved it. */
export interface SavedShare {
  readonly ownerId: string;
  readonly policyId: string;
  readonly version: number;
  /** The document before; null: it is new. */
  readonly former: Readonly<Record<string, unknown>> | null;
  /** False: what was before is too long to be kept. */
  readonly canUndo: boolean;
  /** Of the person with whom it is; null: it is with nobody in particular. */
  readonly address: string | null;
  /** Null: none had to be sent. */
  readonly letter: (typeof SHARE_LETTERS)[number] | null;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** @returns null for a statement of another form, as another release may have sealed it. */
export function parseSavedShare(statement: unknown): SavedShare | null {
  const parsed = v.safeParse(SavedShare, statement);
  return parsed.success ? parsed.output : null;
}
