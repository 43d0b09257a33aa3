/**
 * Soak: the server dies at any moment and nothing that it acknowledged is lost (ledger/README.md, rule 1).
 * Each cycle puts it under load, kills every process of it with signal 9 at a random moment, starts it again on
 * the same state and asks for everything that was ever acknowledged.
 *
 *   node test/soak/kill.ts [--short]
 */

import { LoadScene } from "../support/server/load-scene.ts";
import { type Server, startServer, USHER } from "../support/server/start-server.ts";
import { eachOf, Findings, pause } from "./findings.ts";
import { GrowingRpt } from "./growing-rpt.ts";
import { HandedPcts } from "./handed-pcts.ts";
import { SelfRegistrations } from "./self-registrations.ts";
import { UsedProofs } from "./used-proofs.ts";

const FULL_KILLS = 20;
const SHORT_KILLS = 3;
const MIN_LOAD_MS = 300;
const MAX_LOAD_MS = 2_000;
const REDEEMING_LANES = 6;
const SHARING_LANES = 2;
const ASKING_LANES = 16;
/** RPTs that are upgraded all the time, and the things that each of them comes to hold. */
const GROWING_RPTS = 2;
const GROWN_TO = 4;

/**
 * Nothing may expire while we ask, or a lost ticket would look like a spent one; and presenting a spent ticket is our
 * question here, so it must not end the tokens that we ask about next.
 */
const PATIENT = { TICKET_LIFETIME: "3600", RPT_LIFETIME: "900", REPLAY_WITHDRAWS: "no" };

/** What the server said yes to. A request whose answer was lost with the server is in no list but `unanswered`. */
class Acknowledged {
  readonly resources: string[] = [];
  readonly policies: string[] = [];
  readonly withdrawn: string[] = [];
  readonly active: string[] = [];
  readonly ended: string[] = [];
  readonly spent: string[] = [];
  unanswered: string[] = [];
}

/** Runs a task again and again until the server is gone. */
async function untilKilled(task: () => Promise<void>, findings: Findings): Promise<void> {
  try {
    for (;;) await task();
  } catch (error) {
    // A broken connection is how a lane learns of the kill; fetch reports it as a TypeError.
    findings.expect(error instanceof TypeError, () => String(error));
  }
}

async function redeemOnce(scene: LoadScene, resource: string, known: Acknowledged): Promise<void> {
  const ticket = await scene.mintTicket(resource);
  known.unanswered.push(ticket);
  const { status, rpt } = await scene.redeem(ticket);
  if (status !== 200) throw new Error(`a fresh ticket was answered ${status}`);
  known.unanswered.splice(known.unanswered.indexOf(ticket), 1);
  known.spent.push(ticket);
  known.active.push(rpt);
}

/** Shares a new resource, uses it, and takes the policy back; each step counts from when it is acknowledged. */
async function shareAndWithdraw(scene: LoadScene, known: Acknowledged): Promise<void> {
  const resource = await scene.registerResource();
  known.resources.push(resource);
  const policy = await scene.permitAnyone(resource);
  const kept = Math.random() < 0.5;
  if (kept) known.policies.push(policy);
  const { status, rpt } = await scene.redeem(await scene.mintTicket(resource));
  if (status !== 200) throw new Error(`a fresh ticket was answered ${status}`);
  if (kept) {
    known.active.push(rpt);
    return;
  }
  await scene.withdraw(policy);
  known.withdrawn.push(policy);
  known.ended.push(rpt);
}

/** What goes on all the time. */
interface Busy {
  readonly shared: string;
  readonly growing: readonly GrowingRpt[];
  readonly proofs: UsedProofs;
  readonly pcts: HandedPcts;
  readonly registrations: SelfRegistrations;
}

/** Load, a kill at a random moment, and a new start. */
async function crash(
  scene: LoadScene,
  server: Server,
  { shared, growing, proofs, pcts, registrations }: Busy,
  known: Acknowledged,
  findings: Findings,
) {
  const lane = (task: () => Promise<void>) => untilKilled(task, findings);
  const lanes = [
    ...Array.from({ length: REDEEMING_LANES }, () => lane(() => redeemOnce(scene, shared, known))),
    ...Array.from({ length: SHARING_LANES }, () => lane(() => shareAndWithdraw(scene, known))),
    ...growing.map((one) => lane(() => one.grow())),
    lane(() => proofs.use()),
    lane(() => pcts.use()),
    lane(() => registrations.register()),
    lane(() => registrations.leave()),
  ];
  await pause(MIN_LOAD_MS + Math.random() * (MAX_LOAD_MS - MIN_LOAD_MS));
  await server.kill();
  await Promise.all(lanes);
  await registrations.settle(findings);
  await server.start();
  registrations.resume();
}

/** Everything that was acknowledged, asked for again. Tickets come last: presenting one is not only a question. */
async function askAgain(scene: LoadScene, known: Acknowledged, findings: Findings): Promise<void> {
  const every = <T>(items: readonly T[], holds: (item: T) => Promise<boolean>, fault: string) =>
    eachOf(items, ASKING_LANES, async (item) => findings.expect(await holds(item), () => fault));
  await every(known.resources, (id) => scene.hasResource(id), "an acknowledged resource is gone");
  await every(known.policies, (id) => scene.hasPolicy(id), "an acknowledged policy is gone");
  await every(known.withdrawn, async (id) => !(await scene.hasPolicy(id)), "a withdrawn policy is back");
  await every(known.active, (rpt) => scene.isActive(rpt), "an acknowledged RPT is not active");
  await every(known.ended, async (rpt) => !(await scene.isActive(rpt)), "a withdrawn RPT is active again");
  const stillSpent = async (ticket: string) => (await scene.redeem(ticket)).status === 400;
  await every(known.spent, stillSpent, "a spent ticket was redeemed again");
}

/** Nobody knows whether a redemption whose answer was lost had happened; twice it cannot happen in any case. */
async function presentUnanswered(scene: LoadScene, known: Acknowledged, findings: Findings): Promise<void> {
  await eachOf(known.unanswered, ASKING_LANES, async (ticket) => {
    const answers = [await scene.redeem(ticket), await scene.redeem(ticket)];
    const granted = answers.filter(({ status }) => status === 200);
    findings.expect(granted.length <= 1, () => "a ticket was redeemed twice after a crash");
    known.spent.push(ticket);
    known.active.push(...granted.map(({ rpt }) => rpt));
  });
  known.unanswered = [];
}

const kills = process.argv.includes("--short") ? SHORT_KILLS : FULL_KILLS;
const server = await startServer({ ...USHER, bindings: { ...USHER.bindings, ...PATIENT } });
try {
  const findings = new Findings();
  const known = new Acknowledged();
  const scene = await LoadScene.open(server.origin);
  const shared = await scene.registerResource();
  await scene.permitAnyone(shared);
  const things = await Promise.all(Array.from({ length: GROWN_TO }, () => scene.registerResource()));
  for (const thing of things) await scene.permitAnyone(thing);
  const growing = Array.from({ length: GROWING_RPTS }, () => new GrowingRpt(scene, things));
  const proofs = await UsedProofs.open(scene);
  const pcts = await HandedPcts.open(scene);
  const registrations = await SelfRegistrations.open(scene, pcts);
  let proved = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await crash(scene, server, { shared, growing, proofs, pcts, registrations }, known, findings);
    proved += await proofs.check(findings);
    await pcts.check(findings);
    await registrations.check(findings);
    await presentUnanswered(scene, known, findings);
    for (const one of growing) await one.check(findings);
    await askAgain(scene, known, findings);
  }
  await registrations.conclude(findings);
  const upgrades = growing.reduce((sum, one) => sum + one.upgrades, 0);
  const { resources, policies, withdrawn, active, spent } = known;
  console.log(
    `${kills} kills; acknowledged: ${resources.length} resources, ${policies.length} policies, ` +
      `${withdrawn.length} withdrawals, ${active.length} RPTs, ${spent.length} spent tickets, ${upgrades} upgrades, ${proved} proofs, ` +
      `${pcts.counts.handed} PCTs of which ${pcts.counts.ended} ended, ` +
      `${registrations.counts.registered} registrations that stay, ${registrations.counts.ended} that ended`,
  );
  findings.conclude();
} finally {
  await server.dispose();
}
