import { parsePolicy } from "../../policy/language/parse-policy.ts";
import type { PolicyBody } from "../../policy/language/policy.ts";
import { parseSavedShare, type SavedShare, UNDO_LIFETIME_SECONDS } from "../../protocol/saved-share.ts";
import type { createPolicy } from "../own/edit-policy.ts";
import { deletePolicy, replacePolicy } from "../own/edit-policy.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { Acting } from "./act.ts";

interface SealServices {
  readonly accountSeals: AccountSeals;
}

/** What was before is carried along in the address of the next page, which has only so much room. */
const MAX_FORMER_CHARACTERS = 4_000;

/** @param former the document before; null: there was none. */
export function sealSavedShare(
  { accountSeals }: SealServices,
  { actor, signedIn }: Acting,
  saved: Pick<SavedShare, "policyId" | "version" | "address" | "letter">,
  former: PolicyBody | null,
): Promise<string> {
  const canUndo = former === null || JSON.stringify(former).length <= MAX_FORMER_CHARACTERS;
  const statement: SavedShare = {
    ...saved,
    ownerId: actor.ownerId,
    former: canUndo && former !== null ? { ...former } : null,
    canUndo,
    expiresAt: actor.now + UNDO_LIFETIME_SECONDS,
  };
  return accountSeals.seal(signedIn.account.wrappedKey, "saved_share", statement);
}

/** @returns null for what this person did not save for this owner, or not just now. */
export async function openSavedShare(
  { accountSeals }: SealServices,
  { actor, signedIn }: Acting,
  sealed: string,
): Promise<SavedShare | null> {
  const saved = parseSavedShare(await accountSeals.open(signedIn.account.wrappedKey, "saved_share", sealed));
  return saved !== null && saved.ownerId === actor.ownerId && saved.expiresAt > actor.now ? saved : null;
}

/**
 * Undoes what was just saved: a new share ends, and one that was changed is again what it was; neither where somebody has
 * changed it since.
 * @throws ProtocolError precondition_failed, not_found
 */
export async function undoShare(
  services: Parameters<typeof createPolicy>[0],
  { actor }: Acting,
  { policyId: id, version: expected, former }: SavedShare,
): Promise<void> {
  const editor = { caller: actor, repeatKey: null };
  if (former === null) await deletePolicy(services, editor, { id, expected });
  else await replacePolicy(services, editor, { id, document: parsePolicy(former), expected });
}
