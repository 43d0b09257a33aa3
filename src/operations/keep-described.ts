import type { Client } from "../protocol/client.ts";
import { hourlyPace } from "../protocol/pace.ts";
import { MAX_CLIENTS_LET_IN_PER_HOUR } from "../shared/limits.ts";
import type { ClientStore } from "./ports/client.ts";
import type { Pacer } from "./ports/pace.ts";

export interface KeepDescribedServices {
  readonly clients: Pick<ClientStore, "findCurrent" | "keep">;
  readonly pacer: Pacer;
}

/**
 * Writes down what a client is that nobody registered, when somebody who is signed in lets it do something.
 * INVARIANT: whoever has a host has any number of such clients, and no account fills the register with them.
 * @param accountId who lets it.
 * @returns seconds to wait until another new one is written down; 0: it is
 */
export async function keepDescribed(
  { clients, pacer }: KeepDescribedServices,
  client: Client,
  accountId: string,
  now: number,
): Promise<number> {
  if (client.provenance !== "document") return 0;
  const isNew = (await clients.findCurrent(client.id)) === null;
  const wait = isNew ? await pacer.take(`clients-let-in-by:${accountId}`, hourlyPace(MAX_CLIENTS_LET_IN_PER_HOUR)) : 0;
  if (wait === 0) await clients.keep(client, now);
  return wait;
}
