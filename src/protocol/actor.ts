import type { ConnectedCaller } from "./connection.ts";

/** A person who acts for an owner in a browser, as their right was found at a time (epoch seconds). */
export interface ActingAdministrator {
  readonly ownerId: string;
  readonly accountId: string;
  readonly now: number;
}

/** Whoever acts for an owner: a client under its connection, or an administrator. */
export type Actor = ConnectedCaller | ActingAdministrator;

export function isAdministrator(actor: Actor): actor is ActingAdministrator {
  return "accountId" in actor;
}
