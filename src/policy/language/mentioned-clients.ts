import { askCondition } from "./kinds.ts";
import type { Condition } from "./policy.ts";

/** Every client that a condition names, as its author wrote it; of what is not known here none. */
export const mentionedClients: (condition: Condition) => readonly string[] = askCondition<[], readonly string[]>(
  {
    anyone: () => [],
    all: ({ all }) => all.flatMap((part) => mentionedClients(part)),
    any: ({ any }) => any.flatMap((part) => mentionedClients(part)),
    not: ({ not }) => mentionedClients(not),
    group: () => [],
    client: ({ client }) => (typeof client === "string" ? [client] : client),
    claim: () => [],
  },
  () => [],
);
