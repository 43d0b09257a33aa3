import type { Answer } from "./http-site.ts";

/** What is read on a page: its parts apart, and each sentence whole. */
export function wordsOf({ text: html }: Pick<Answer, "text">): string {
  const sentences = html.replaceAll(/<\/?(?:bdi|span|strong|time|a)\b[^>]*>/g, "");
  return sentences.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}
