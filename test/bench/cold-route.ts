import { LoadScene } from "../support/server/load-scene.ts";
import type { Server } from "../support/server/start-server.ts";
import type { Route } from "./routes.ts";

/** Far more than a ledger keeps in memory (src/ledger/excerpt-cache.ts). */
const RESOURCES = 10_000;
/** From one resource to the next that is asked for; it shares no factor with their number, so all have their turn. */
const STRIDE = 7_919;

/**
 * Redemption of what nobody has asked for of late: an owner has 10,000 resources and a policy for each, and tickets are
 * for another one each time.
 */
export async function createColdRoute(server: Server): Promise<Route> {
  const scene = await LoadScene.open(server.origin);
  for (const statement of seed(scene)) await server.sql(statement);
  let place = 0;
  const nextResource = () => {
    place = (place + STRIDE) % RESOURCES;
    return `cold-${place}`;
  };
  const prepare = async (count: number) => {
    const tickets = await scene.mintTicketsFor(Array.from({ length: count }, nextResource));
    return tickets.map((ticket) => scene.requests.redemption(ticket, null));
  };
  return { name: "redemption, one of 10,000 resources", floor: "redemption", prepare };
}

/** Rows as the server would write them, past it, because ten thousand requests and their changes would take minutes. */
function seed({ ownerId, resourceServerId }: LoadScene): readonly string[] {
  const description = JSON.stringify({ resource_scopes: ["view", "edit"], name: "Lab report" });
  const counted = `WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n < ${RESOURCES - 1})`;
  const policy = `json_object('effect', 'permit', 'target', json_object('resources', json_array('cold-' || n)),
    'scopes', json_array('view'), 'who', json_object('anyone', json('true')))`;
  return [
    `${counted} INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
     SELECT 'cold-' || n, '${ownerId}', '${resourceServerId}', NULL, '["view","edit"]', '${description}', 1790000000
     FROM counter`,
    `${counted} INSERT INTO policies (id, owner_id, version, epoch, document)
     SELECT 'cold-' || n, '${ownerId}', 1, 1, ${policy} FROM counter`,
    `${counted} INSERT INTO policy_targets (owner_id, kind, value, policy_id)
     SELECT '${ownerId}', 'resource', 'cold-' || n, 'cold-' || n FROM counter`,
  ];
}
