import { removeEndedRegistrations } from "../operations/register/remove-ended.ts";
import type { SharedServices } from "../operations/services.ts";
import { epochSeconds } from "../shared/time.ts";

/** What is done once a day and nobody asks for: owners read in their activity what it ends. */
export function removeUnusedClients(services: SharedServices): Promise<void> {
  return removeEndedRegistrations({ ...services, events: { emit: () => undefined } }, epochSeconds());
}
