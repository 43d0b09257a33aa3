import type { EventSink } from "../ports/event.ts";
import type { PctStore } from "../ports/pct.ts";

interface ForgetServices {
  readonly pcts: Pick<PctStore, "forgetClient" | "forgetAccount">;
  readonly events: EventSink;
}

/** Forgets what is remembered of everybody for a client, be it registered or not. @returns how many PCTs ended */
export async function forgetForClient({ pcts, events }: ForgetServices, clientId: string): Promise<number> {
  const count = await pcts.forgetClient(clientId);
  events.emit({ kind: "pcts_forgotten", clientId, accountId: null, count });
  return count;
}

/** Forgets what is remembered of one account for every client. @returns how many PCTs ended */
export async function forgetAccount({ pcts, events }: ForgetServices, accountId: string): Promise<number> {
  const count = await pcts.forgetAccount(accountId, null);
  events.emit({ kind: "pcts_forgotten", clientId: null, accountId, count });
  return count;
}
