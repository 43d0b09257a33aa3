import type { Client } from "../../protocol/client.ts";
import { type ClientChoices, reviewClient, reviewConnections } from "../../protocol/client-review.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import { type Check, lookAtPage, wordsOf } from "./check.ts";

/** Three reads, however many there are. */
const AT_A_TIME = 100;

interface ClientServices {
  readonly config: ClientChoices;
  readonly clients: Pick<ClientStore, "list">;
  readonly connections: Pick<ConnectionStore, "listConnected">;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "listTrusted">;
}

/** Which clients get nothing as they are registered, or less than it seems. */
export function checkClients(services: ClientServices, from: string | null): Promise<Page<Check>> {
  return lookAtPage("clients", async () => {
    const { items, next } = await services.clients.list(from, AT_A_TIME);
    const checks = await reviewAll(services, items);
    const told = new Set(checks.map(({ subject }) => subject)).size;
    const message = `${items.length} were looked at, and there is something to say about ${told}`;
    return { items: [...checks, { check: "clients", status: "ok", message }], next };
  });
}

async function reviewAll(services: ClientServices, clients: readonly Client[]): Promise<readonly Check[]> {
  const named = new Set(clients.flatMap(({ issuerClientIds }) => Object.keys(issuerClientIds)));
  const [trusted, connected] = await Promise.all([
    services.trustedIssuers.listTrusted([...named]),
    services.connections.listConnected(clients.map(({ id }) => id)),
  ]);
  return clients.flatMap((client) => {
    const warnings = [
      ...reviewClient(client, trusted, services.config),
      ...reviewConnections(client, connected.includes(client.id)),
    ];
    return warnings.map((warning): Check => {
      const message = `${client.name}: ${wordsOf(warning)}`;
      return { check: "client", status: "warning", message, subject: client.id };
    });
  });
}
