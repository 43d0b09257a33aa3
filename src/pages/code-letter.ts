import { renderLetter } from "./letter.ts";
import type { Words } from "./words/en.ts";

export interface CodeLetterProps {
  readonly words: Words;
  readonly purpose: keyof Words["mail"]["subjects"];
  readonly code: string;
  /** Of the issuer: the only place where the code is asked for. */
  readonly host: string;
  /** The name of the app that sent the person there; null: none did. */
  readonly app: string | null;
}

/** The letter that brings a code: plain text, the code alone on its line, and what to do if one did not ask. */
export function codeLetter({ words: { mail }, purpose, code, host, app }: CodeLetterProps) {
  const enter = [mail.enter(host), ...(app === null ? [] : [mail.app(app)])].join(" ");
  const paragraphs = [mail.code, `    ${inGroups(code)}`, enter, mail.notAsked[purpose]];
  return renderLetter({ subject: mail.subjects[purpose], paragraphs });
}

/** Two groups of four are read over more easily than eight digits. */
function inGroups(code: string): string {
  return code.replace(/^(\d{4})(?=\d)/, "$1 ");
}
