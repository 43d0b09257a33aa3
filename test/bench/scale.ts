/**
 * What a permission request and its redemption cost when an owner has ten resources or a million. Resources are asked for at
 * random, and each is described anew before it is: then no cache holds it, however few there are, so all sizes are asked
 * the same.
 */
import { DESCRIPTION, drawResources, type Measured, Measurement, measureSites, type Site } from "./sites.ts";

const SIZES = [10, 1_000, 10_000, 100_000, 1_000_000];
const QUICK_SIZES = [10, 1_000, 100_000];
const BATCHES_PER_ROUND = 20;
const RESOURCES_PER_BATCH = 10;

/** @returns a Markdown table */
export function measureScale(quick: boolean): Promise<string> {
  return measureSites(quick ? QUICK_SIZES : SIZES, ["permission", "redemption"], async (site) => redeemingAt(site));
}

/** Permission requests for resources that no cache holds, then the redemption of each ticket they gave. */
function redeemingAt(site: Site): Measured {
  const { scene, size } = site;
  const [permissions, redemptions] = [new Measurement(site), new Measurement(site)];
  const round = async () => {
    for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
      const resources = drawResources(size, RESOURCES_PER_BATCH);
      await Promise.all(resources.map((id) => scene.describeAnew(id, DESCRIPTION)));
      const answers = await permissions.take(resources.map((id) => scene.requests.permission(id)));
      const tickets = answers.map((answer) => (JSON.parse(answer) as { ticket: string }).ticket);
      await redemptions.take(tickets.map((ticket) => scene.requests.redemption(ticket, null)));
    }
  };
  return { size, measurements: [permissions, redemptions], round };
}
