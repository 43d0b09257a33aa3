import type { DevelopmentMailbox, KeptMail, Post } from "../../operations/ports/post.ts";
import { MAX_DEVELOPMENT_MAILS } from "../../shared/limits.ts";

/**
 * Takes letters and shows them on a page instead of sending them. They are in the memory of the isolate and nowhere else.
 * @param clock tells the time in epoch seconds.
 */
export function createDevelopmentMailbox(clock: () => number): Post & DevelopmentMailbox {
  let kept: readonly KeptMail[] = [];
  return {
    isAvailable: true,
    async send(mail) {
      kept = [{ ...mail, at: clock() }, ...kept].slice(0, MAX_DEVELOPMENT_MAILS);
      return "posted";
    },
    list: () => kept,
  };
}
