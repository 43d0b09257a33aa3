import { renderLetter } from "./letter.ts";
import type { Words } from "./words/en.ts";
import { said } from "./words/said.ts";

/** Who somebody is, as a letter tells it. */
interface Party {
  readonly name: string | null;
  /** Who says so; null: they do. */
  readonly nameSaidBy: string | null;
  readonly addresses: readonly string[];
}

interface Counts {
  readonly letIn: number;
  readonly refused: number;
  readonly asked: number;
  readonly changed: number;
}

/** What a letter about something that happened says. Null for an owner: the reader's own things. */
export type NoticeLetterContent =
  | {
      readonly kind: "request_waiting" | "first_access";
      readonly party: Party;
      readonly app: string;
      readonly owner: string | null;
      readonly link: string;
    }
  | { readonly kind: "request_decided"; readonly app: string; readonly isAllowed: boolean }
  | { readonly kind: "week"; readonly owner: string | null; readonly counts: Counts; readonly link: string };

interface Written {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/**
 * A letter about something that happened. It says who and by which app, and never what it is about: a letter box is no
 * place for that. Its links do nothing by themselves.
 * @param stop where letters like this are stopped.
 */
export function noticeLetter({ notices: { letters } }: Words, content: NoticeLetterContent, stop: string) {
  const { subject, paragraphs } = write(letters, content);
  return renderLetter({ subject, paragraphs: [...paragraphs, ...link(letters.stop, stop)] });
}

type Letters = Words["notices"]["letters"];

function write(letters: Letters, content: NoticeLetterContent): Written {
  switch (content.kind) {
    case "request_waiting":
      return writeOfParty(letters, content, {
        subject: letters.waitingSubject,
        subjectFor: letters.waitingSubjectFor,
        text: letters.waiting,
        textFor: letters.waitingFor,
        lead: letters.answer,
      });
    case "first_access":
      return writeOfParty(letters, content, {
        subject: letters.firstSubject,
        subjectFor: letters.firstSubjectFor,
        text: letters.first,
        textFor: letters.firstFor,
        lead: letters.lookAtIt,
      });
    case "request_decided": {
      const { app, isAllowed } = content;
      const paragraphs = [isAllowed ? letters.allowed(app) : letters.refused(app), letters.goOn(app)];
      return { subject: letters.decidedSubject, paragraphs };
    }
    case "week":
      return writeOfWeek(letters, content);
  }
}

function writeOfParty(
  letters: Letters,
  { party, app, owner, link: target }: Extract<NoticeLetterContent, { readonly party: Party }>,
  words: {
    readonly subject: string;
    readonly subjectFor: (owner: string) => string;
    readonly text: (who: string, app: string) => string;
    readonly textFor: (who: string, app: string, owner: string) => string;
    readonly lead: string;
  },
): Written {
  const who = inWords(letters, party);
  return {
    subject: owner === null ? words.subject : words.subjectFor(owner),
    paragraphs: [
      owner === null ? words.text(who, app) : words.textFor(who, app, owner),
      ...link(words.lead, target),
      letters.signInFirst,
    ],
  };
}

function writeOfWeek(
  letters: Letters,
  { owner, counts, link: target }: Extract<NoticeLetterContent, { readonly kind: "week" }>,
): Written {
  const { letIn, refused, asked, changed } = counts;
  const lines = [letters.letIn(letIn), letters.turnedAway(refused), letters.asked(asked), letters.changed(changed)];
  return {
    subject: owner === null ? letters.weekSubject : letters.weekSubjectFor(owner),
    paragraphs: [
      letters.week,
      ...lines.filter((line) => line !== ""),
      ...link(letters.all, target),
      letters.signInFirst,
    ],
  };
}

/** What nobody vouches for does not stand alone: anybody could call themselves by a name that the reader trusts. */
function inWords(letters: Letters, { name, nameSaidBy, addresses: [address] }: Party): string {
  if (address === undefined) return nameSaidBy === null ? letters.nobody : (name ?? letters.nobody);
  if (name === null) return address;
  return nameSaidBy === null ? letters.selfSaid(name, address) : said`${name} (${address})`;
}

function link(lead: string, target: string): readonly string[] {
  return [lead, `    ${target}`];
}
