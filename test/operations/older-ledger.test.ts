import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import type { LedgerDirectory, RedeemReply } from "../../src/ledger/contract.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { Scene } from "../support/server/scene.ts";
import { World } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

/** The Worker of today before a ledger of yesterday, which answers so (ledger/README.md, rule 10). */
function before(reply: RedeemReply): World {
  const services = createServices(env, createFoundation(env));
  const ledgers = { ledger: () => ({ redeem: async () => reply }) } as unknown as LedgerDirectory;
  const app = createApp({ ...services, ledgers });
  return new World({ ...world.site, fetch: async (request) => app.fetch(request) });
}

it("a ledger that says no more than no is understood", async () => {
  const scene = await Scene.open(world);
  const ticket = await scene.ticket(await scene.sharedPhoto());
  const answer = await before({ outcome: "denied" }).uma(scene.cast.c1, ticket);
  expect(answer).toMatchObject({ status: 403, body: { error: "request_denied" } });
});
