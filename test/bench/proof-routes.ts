import type { LoadScene } from "../support/server/load-scene.ts";
import { Prover } from "../support/server/prover.ts";
import type { LoadRequest } from "./load.ts";
import type { Route } from "./routes.ts";

/** What costs a hop more: requests with a proof of possession (RFC 9449), each with one of its own. */
export async function createProofRoutes(scene: LoadScene): Promise<readonly Route[]> {
  const resource = await scene.registerResource();
  await scene.permitAnyone(resource);
  const prover = await Prover.create(scene.world);
  const pat = await scene.boundPat(prover);
  const { rpt } = await scene.redeem(await scene.mintTicket(resource));
  const { requests } = scene;

  async function redemption(ticket: string): Promise<LoadRequest> {
    const request = requests.redemption(ticket, null);
    return { ...request, headers: { ...request.headers, dpop: await prover.proof() } };
  }

  async function introspection(): Promise<LoadRequest> {
    const request = requests.introspection(rpt);
    const dpop = await prover.proof({ path: "/introspection", accessToken: pat });
    return { ...request, headers: { ...request.headers, authorization: `DPoP ${pat}`, dpop } };
  }

  return [
    {
      name: "redemption with a proof",
      floor: "redemption",
      prepare: async (count) => Promise.all((await scene.mintTickets(resource, count)).map(redemption)),
    },
    {
      name: "introspection with a proof",
      floor: "introspection",
      prepare: (count) => Promise.all(Array.from({ length: count }, introspection)),
    },
  ];
}
