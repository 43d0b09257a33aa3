import type { DevelopmentMailbox, KeptMail } from "../ports/post.ts";

/** @returns the newest first; null where letters are really sent, or not at all. */
export function readMailbox({
  developmentMailbox,
}: {
  readonly developmentMailbox: DevelopmentMailbox | null;
}): readonly KeptMail[] | null {
  return developmentMailbox?.list() ?? null;
}
