/** What the pages of an owner cost who has ten resources or a million: where one begins, the list, and one thing at random. */
import { EmailPerson } from "../support/server/letters.ts";
import { acceptInvitation, Organization } from "../support/server/organization.ts";
import type { LoadRequest } from "./load.ts";
import { drawResources, type Measured, Measurement, measureSites, type Site } from "./sites.ts";

const SIZES = [10, 10_000, 1_000_000];
const QUICK_SIZES = [10, 10_000];
const THINGS_PER_ROUND = 10;
const BATCHES_PER_ROUND = 5;

/** @returns a Markdown table */
export function measureConsoleScale(quick: boolean): Promise<string> {
  return measureSites(quick ? QUICK_SIZES : SIZES, ["home", "list of things", "one thing"], lookingAt);
}

async function lookingAt(site: Site): Promise<Measured> {
  const { scene, size } = site;
  const ana = new EmailPerson(scene.world.site);
  await ana.settle();
  await acceptInvitation(ana, await new Organization(scene.world, scene.ownerId).invite());
  const cookie = ["__Host-visit", "__Host-session"].map((name) => `${name}=${ana.cookie(name)}`).join("; ");
  const start = `${scene.world.site.issuer}/console/${scene.ownerId}`;
  const page = (path: string): LoadRequest => {
    return { method: "GET", url: start + path, headers: { cookie, accept: "text/html" }, expectedStatus: 200 };
  };
  const [home, list, thing] = [new Measurement(site), new Measurement(site), new Measurement(site)];
  const round = async () => {
    for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
      await home.take(Array.from({ length: THINGS_PER_ROUND }, () => page("")));
      await list.take(Array.from({ length: THINGS_PER_ROUND }, () => page("/things")));
      await thing.take(drawResources(size, THINGS_PER_ROUND).map((id) => page(`/things/${id}`)));
    }
  };
  return { size, measurements: [home, list, thing], round };
}
