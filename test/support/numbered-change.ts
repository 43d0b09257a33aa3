import { env } from "cloudflare:workers";
import type { Change } from "../../src/ledger/change.ts";
import type { NumberedChange } from "../../src/ledger/record.ts";

const AT = 1_900_000_000;

/** A change as the ledger sends it to the system of record. */
export function numbered(epoch: number, change: Change, administrator: string | null = null): NumberedChange {
  return { epoch, operationId: `operation-${epoch}`, change, at: AT, administrator };
}

/** A resource with the scope `view`, as a resource server registered it. */
export async function givenResource(
  ownerId: string,
  resourceServerId: string,
  type: string | null,
  id: string = crypto.randomUUID(),
): Promise<string> {
  await env.DB.prepare(
    `INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
     VALUES (?, ?, ?, ?, '["view"]', '{}', ?)`,
  )
    .bind(id, ownerId, resourceServerId, type, AT)
    .run();
  return id;
}
