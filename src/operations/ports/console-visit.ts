import type { ActingAdministrator } from "../../protocol/actor.ts";

/** When administrators looked at the pages of an owner. */
export interface ConsoleVisitStore {
  /**
   * Notes that somebody looks now.
   * @returns when they last did before this visit, epoch seconds; null: they never did.
   */
  note(actor: ActingAdministrator): Promise<number | null>;
}
