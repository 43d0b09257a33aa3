import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import type { LoadScene } from "../support/server/load-scene.ts";
import { percentile } from "./load.ts";

const VALIDATIONS = 5_000;

/**
 * What a resource server pays for validating a JWT RPT itself: no call at all, one signature (docs/design.md, decision
 * 5).
 * @returns one line of prose
 */
export async function measureLocalValidation(scene: LoadScene): Promise<string> {
  const { issuer } = scene;
  const resource = await scene.registerResource();
  await scene.permitAnyone(resource);
  const { rpt } = await scene.redeem(await scene.mintTicket(resource));
  const answer = await fetch(`${issuer}/jwks`);
  const keys = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
  const latencies: number[] = [];
  for (let count = 0; count < VALIDATIONS; count += 1) {
    const started = performance.now();
    await jwtVerify(rpt, keys, { issuer, typ: "at+jwt" });
    latencies.push((performance.now() - started) * 1_000);
  }
  const perSecond = (1e6 * VALIDATIONS) / latencies.reduce((sum, each) => sum + each, 0);
  const [half, slow] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return (
    `Local validation of a JWT RPT (jose in Node, one core, no server): ${perSecond.toFixed(0)}/s, ` +
    `p50 ${half.toFixed(0)} µs, p99 ${slow.toFixed(0)} µs`
  );
}
