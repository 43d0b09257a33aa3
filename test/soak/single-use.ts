/**
 * Soak: what must happen once happens once, and what was withdrawn stays withdrawn, under as much concurrency as one
 * machine gives (Grant §5.5; docs/design.md, decision 2 and "Revoke").
 *
 *   node test/soak/single-use.ts [--short]
 */

import { LoadScene } from "../support/server/load-scene.ts";
import { startServer, USHER } from "../support/server/start-server.ts";
import { eachOf, Findings, pause } from "./findings.ts";

interface Extent {
  readonly rounds: number;
  readonly concurrent: number;
}

const FULL: Extent = { rounds: 50, concurrent: 200 };
const SHORT: Extent = { rounds: 3, concurrent: 100 };

/** Redemptions are spread over this time, and the withdrawal falls somewhere into it. */
const WITHDRAWAL_WINDOW_MS = 400;

/** One ticket, many hands: exactly one RPT comes of it. */
async function presentAtOnce(scene: LoadScene, { concurrent }: Extent, findings: Findings): Promise<void> {
  const resource = await scene.registerResource();
  await scene.permitAnyone(resource);
  const ticket = await scene.mintTicket(resource);
  const answers = await Promise.all(Array.from({ length: concurrent }, () => scene.redeem(ticket)));
  const granted = answers.filter(({ status }) => status === 200);
  findings.expect(granted.length === 1, () => `one ticket presented ${concurrent} times gave ${granted.length} RPTs`);
  const odd = answers.filter(({ status }) => ![200, 400].includes(status));
  findings.expect(odd.length === 0, () => `${odd.length} presentations answered ${odd[0]?.status}`);
  for (const { rpt } of granted) {
    findings.expect(await scene.isActive(rpt), () => "the one RPT is not active");
  }
}

interface Presentation {
  readonly startedAt: number;
  readonly status: number;
  readonly rpt: string;
}

/** How a round fell out: had all been granted, or none, it would have shown little. */
interface Tally {
  readonly granted: number;
  readonly refused: number;
}

/** Each ticket once, at its own moment, while the policy they all stand on is withdrawn at another. */
async function withdrawMeanwhile(scene: LoadScene, { concurrent }: Extent, findings: Findings): Promise<Tally> {
  const resource = await scene.registerResource();
  const policy = await scene.permitAnyone(resource);
  const tickets = await Promise.all(Array.from({ length: concurrent }, () => scene.mintTicket(resource)));
  const present = async (ticket: string): Promise<Presentation> => {
    await pause(Math.random() * WITHDRAWAL_WINDOW_MS);
    const startedAt = performance.now();
    return { startedAt, ...(await scene.redeem(ticket)) };
  };
  const withdraw = async () => {
    await pause(Math.random() * WITHDRAWAL_WINDOW_MS);
    await scene.withdraw(policy);
    return performance.now();
  };
  const [withdrawnAt, presentations] = await Promise.all([withdraw(), Promise.all(tickets.map(present))]);
  const granted = presentations.filter(({ status }) => status === 200);
  const late = granted.filter(({ startedAt }) => startedAt > withdrawnAt);
  findings.expect(late.length === 0, () => `${late.length} redemptions begun after the withdrawal were granted`);
  const failed = presentations.filter(({ status }) => status >= 500 && status !== 503);
  findings.expect(failed.length === 0, () => `${failed.length} redemptions answered ${failed[0]?.status}`);
  await eachOf(granted, 16, async ({ rpt }) => {
    findings.expect(!(await scene.isActive(rpt)), () => "an RPT outlived the policy it stood on");
  });
  return { granted: granted.length, refused: presentations.length - granted.length };
}

const extent = process.argv.includes("--short") ? SHORT : FULL;
const server = await startServer(USHER);
try {
  const findings = new Findings();
  const total = { granted: 0, refused: 0 };
  for (let round = 0; round < extent.rounds; round += 1) {
    // A client that is refused this often would soon be told to slow down; so each round has its own.
    const scene = await LoadScene.open(server.origin);
    await presentAtOnce(scene, extent, findings);
    const { granted, refused } = await withdrawMeanwhile(scene, extent, findings);
    total.granted += granted;
    total.refused += refused;
  }
  console.log(`${extent.rounds} rounds of one ticket presented ${extent.concurrent} times at once`);
  console.log(`${extent.rounds} withdrawals under load: ${total.granted} RPTs taken back, ${total.refused} refused`);
  findings.conclude();
} finally {
  await server.dispose();
}
