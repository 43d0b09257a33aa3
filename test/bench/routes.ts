import type { LoadScene } from "../support/server/load-scene.ts";
import type { LoadRequest } from "./load.ts";

/** One thing to measure: as many fresh requests as asked for. */
export interface Route {
  readonly name: string;
  /** Its counterpart in floor-worker.ts. */
  readonly floor: FloorRoute;
  readonly prepare: (count: number) => Promise<readonly LoadRequest[]>;
}

export type FloorRoute = "hello" | "permission" | "redemption" | "introspection";

/** The hot paths, in a scene of their own. */
export async function createRoutes(scene: LoadScene): Promise<readonly Route[]> {
  const [open, guarded] = [await scene.registerResource(), await scene.registerResource()];
  await scene.permitAnyone(open);
  await scene.permitBob(guarded);
  const { rpt } = await scene.redeem(await scene.mintTicket(open));
  const { requests, claimToken } = scene;
  const same = (request: LoadRequest) => async (count: number) => Array.from({ length: count }, () => request);
  const fresh = (resource: string, pushed: string | null) => async (count: number) => {
    const tickets = await scene.mintTickets(resource, count);
    return tickets.map((ticket) => requests.redemption(ticket, pushed));
  };
  return [
    { name: "discovery", floor: "hello", prepare: same(requests.discovery) },
    { name: "permission", floor: "permission", prepare: same(requests.permission(open)) },
    { name: "redemption", floor: "redemption", prepare: fresh(open, null) },
    { name: "redemption with a pushed ID Token", floor: "redemption", prepare: fresh(guarded, claimToken) },
    {
      name: "redemption that upgrades an RPT",
      floor: "redemption",
      prepare: (count) => scene.prepareUpgrades(open, count),
    },
    { name: "introspection", floor: "introspection", prepare: same(requests.introspection(rpt)) },
  ];
}
