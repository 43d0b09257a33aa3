/**
 * Soak: the server dies at any moment while an owner is deleted (docs/design.md, "Order of steps"). Once the deletion was
 * acknowledged nothing of the owner works any more, whenever the server died, and the rest goes without anybody asking;
 * where it was not, asking again ends it.
 *
 *   node test/soak/deletion.ts [--short]
 */

import { LoadScene } from "../support/server/load-scene.ts";
import { type Server, startServer, USHER } from "../support/server/start-server.ts";
import { Findings, pause } from "./findings.ts";

const FULL_KILLS = 20;
const SHORT_KILLS = 4;
/** Kills hit the call, its first steps, the slices, and what comes after them; most of them the call, which is short. */
const MAX_DELAY_MS = 600;
/** Several slices of D1. */
const RESOURCES = 25_000;
const ERASED_WITHIN_MS = 60_000;
const PATIENT = { TICKET_LIFETIME: "3600", RPT_LIFETIME: "900" };

/** An owner who has things, shares them, and has let somebody in. */
interface Owner {
  readonly scene: LoadScene;
  readonly ticket: string;
  readonly rpt: string;
}

async function settle(server: Server): Promise<Owner> {
  const scene = await LoadScene.open(server.origin);
  const resource = await scene.registerResource();
  await scene.permitAnyone(resource);
  const { rpt } = await scene.redeem(await scene.mintTicket(resource));
  const ticket = await scene.mintTicket(resource);
  await server.sql(`
    INSERT INTO resources (id, owner_id, resource_server_id, scopes, description, created_at)
    WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT ${RESOURCES})
    SELECT '${scene.ownerId}-' || value, '${scene.ownerId}', '${scene.resourceServerId}', '[]', '{}', 0 FROM n`);
  return { scene, ticket, rpt };
}

const deletionOf = ({ scene }: Owner) => scene.world.admin("GET", `/owners/${scene.ownerId}/deletion`);
const askForEnd = ({ scene }: Owner) => scene.world.admin("DELETE", `/owners/${scene.ownerId}`);

/** @returns whether the deletion was acknowledged before the server died. */
async function crash(owner: Owner, server: Server): Promise<boolean> {
  const acknowledged = askForEnd(owner).then(
    ({ status }) => status === 202,
    () => false,
  );
  await pause(Math.random() ** 3 * MAX_DELAY_MS);
  await server.kill();
  await server.start();
  return acknowledged;
}

async function expectGone({ scene, rpt, ticket }: Owner, findings: Findings): Promise<void> {
  // The resource server's own token does not work any more either, so it is refused and told nothing.
  const isActive = await scene.isActive(rpt).catch(() => false);
  findings.expect(!isActive, () => "an RPT of a deleted owner is active");
  findings.expect((await scene.redeem(ticket)).status === 400, () => "a ticket of a deleted owner was redeemed");
}

async function expectErased(owner: Owner, findings: Findings): Promise<void> {
  const end = Date.now() + ERASED_WITHIN_MS;
  const isErased = async () => typeof (await deletionOf(owner)).body.erased_at === "number";
  while (!(await isErased()) && Date.now() < end) await pause(100);
  findings.expect(await isErased(), () => "an owner whose end was acknowledged is still there");
  const { status } = await owner.scene.world.admin("GET", `/owners/${owner.scene.ownerId}`);
  findings.expect(status === 404, () => `an erased owner is answered ${status}`);
}

/** What nobody acknowledged has begun or has not; where it has not, all is as before. */
async function finish(owner: Owner, findings: Findings): Promise<void> {
  const { status } = await deletionOf(owner);
  if (status === 404) findings.expect(await owner.scene.isActive(owner.rpt), () => "half of an end has begun");
  findings.expect((await askForEnd(owner)).status === 202, () => "an end cannot be asked for again");
}

const kills = process.argv.includes("--short") ? SHORT_KILLS : FULL_KILLS;
const server = await startServer({ ...USHER, bindings: { ...USHER.bindings, ...PATIENT } });
try {
  const findings = new Findings();
  let acknowledged = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const owner = await settle(server);
    if (await crash(owner, server)) acknowledged += 1;
    else await finish(owner, findings);
    await expectGone(owner, findings);
    await expectErased(owner, findings);
  }
  console.log(`${kills} kills, ${acknowledged} of them after the deletion was acknowledged`);
  findings.conclude();
} finally {
  await server.dispose();
}
