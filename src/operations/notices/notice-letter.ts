import type { WeekCounts } from "../../events/notice.ts";
import type { PartyCard } from "../../protocol/party-card.ts";
import type { Mail } from "../ports/post.ts";

/** What a letter says. Paths and links are whole URLs. */
export type LetterContent =
  | {
      readonly kind: "request_waiting" | "first_access";
      readonly party: PartyFacts;
      /** The name of the app that they came with. */
      readonly app: string;
      /** The organisation whose things they are; null: the reader's own. */
      readonly owner: string | null;
      readonly link: string;
    }
  | { readonly kind: "request_decided"; readonly app: string; readonly isAllowed: boolean }
  | { readonly kind: "week"; readonly owner: string | null; readonly counts: WeekCounts; readonly link: string };

/** Who somebody is, as a letter tells it. */
export type PartyFacts = Pick<PartyCard, "name" | "nameSaidBy" | "addresses">;

/** Writes a letter in the words of the pages. */
export type LetterWriter = (
  content: LetterContent,
  reader: {
    /** Null: not known. */
    readonly language: string | null;
    /** Where letters like this are stopped. */
    readonly stop: string;
  },
) => Omit<Mail, "to">;
