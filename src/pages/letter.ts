import { plain } from "./words/said.ts";

/** A letter as the catalogue has it. */
interface WrittenLetter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** A letter as it is sent: plain text, with a blank line between two paragraphs. */
export function renderLetter({ subject, paragraphs }: WrittenLetter) {
  return { subject: plain(subject), text: `${paragraphs.map(plain).join("\n\n")}\n` };
}
