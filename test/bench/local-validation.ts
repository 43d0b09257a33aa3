import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import type { Stage } from "../support/stage.ts";
import { percentile } from "./load.ts";

const VALIDATIONS = 5_000;

/**
 * What a resource server pays for validating a JWT RPT itself: no call at all, one signature (design.md, decision 5).
 * @returns one line of prose
 */
export async function measureLocalValidation(stage: Stage): Promise<string> {
  const { issuer } = stage;
  const resource = await stage.registerResource();
  await stage.permitAnyone(resource);
  const { rpt } = await stage.redeem(await stage.mintTicket(resource));
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
