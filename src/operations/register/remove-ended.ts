import type { RegistrationStore } from "../ports/registration.ts";
import { type RemovalServices, removeClientWholly } from "../remove-client.ts";

interface RemoveEndedServices extends RemovalServices {
  readonly registrations: Pick<RegistrationStore, "removeTraceless" | "listEnded" | "end" | "remove">;
}

/** Each waits until every lease has run out, all of them together. */
const AT_A_TIME = 50;
/** What is left waits for tomorrow: a run has a limit of requests to storage. */
const MAX_ROUNDS = 4;

/** Removes clients that registered themselves and are not used (any more), and finishes removals that broke off. */
export async function removeEndedRegistrations(services: RemoveEndedServices, now: number): Promise<void> {
  await services.registrations.removeTraceless(now);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const ended = await services.registrations.listEnded(now, AT_A_TIME);
    if (ended.length === 0) return;
    await Promise.all(ended.map((id) => removeClientWholly(services, id, null, now)));
  }
}
