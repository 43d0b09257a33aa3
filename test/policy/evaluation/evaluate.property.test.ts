import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import { decide } from "../../../src/policy/evaluation/deliberation.ts";
import { type EvaluationFacts, evaluatePolicy } from "../../../src/policy/evaluation/evaluate.ts";
import type { Finding } from "../../../src/policy/evaluation/finding.ts";
import type { PolicyOutcome } from "../../../src/policy/evaluation/outcome.ts";
import { findEnd, findStart } from "../../../src/policy/evaluation/when.ts";
import { ANYBODY } from "../../../src/policy/evaluation/witnesses.ts";
import { conditions, documents, facts, parties, policies, scopes, unknownCondition } from "../arbitraries.ts";
import { referCondition, referDecision } from "../reference.ts";
import { NOW, policy, resource, SEED } from "../support.ts";

const UNKNOWN = 1;

/** As the reference counts; an error counts as what it comes to. */
function weightOf({ truth }: Finding, inError: "no" | "yes"): number {
  return ["no", "unknown", "yes"].indexOf(truth === "error" ? inError : truth);
}

const RUNS = { seed: SEED, numRuns: 1_000 };

/** The same facts after more has been heard of the party; what was heard before stays as it was. */
/** As long as anybody could be asked: what nobody can tell is settled for as long as that is so. */
const askable = facts.map((given): EvaluationFacts => ({ ...given, witnesses: ANYBODY }));
const growing = fc.tuple(askable, parties).map(([before, other]): readonly [EvaluationFacts, EvaluationFacts] => {
  const { party } = before;
  if (party === null) return [before, { ...before, party: other }];
  const heard = Object.entries(party.claims).filter(([, value]) => [value].flat().some((single) => single !== ""));
  return [before, { ...before, party: { ...party, claims: { ...other.claims, ...Object.fromEntries(heard) } } }];
});

describe("evaluation", () => {
  it("means what the plain reference says", () => {
    fc.assert(
      fc.property(conditions, facts, (condition, given) => {
        const { least, greatest } = referCondition(condition, given);
        expect(weightOf(evaluateCondition(condition, given, "permit"), "no")).toBe(least.truth);
        expect(weightOf(evaluateCondition(condition, given, "deny"), "yes")).toBe(greatest.truth);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(policies, scopes, facts, (kept, scope, given) => {
        const { outcome, needs, grounds } = decide(kept, resource, scope, given);
        const ids = grounds.map(({ policyId }) => policyId);
        expect({ outcome, needs, grounds: ids }).toEqual(referDecision(kept, resource, scope, given));
      }),
      RUNS,
    );
  });

  it("keeps its yes and its no whatever else is heard of the party", () => {
    fc.assert(
      fc.property(conditions, growing, (condition, [before, after]) => {
        const first = weightOf(evaluateCondition(condition, before), "no");
        if (first !== UNKNOWN) expect(weightOf(evaluateCondition(condition, after), "no")).toBe(first);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(policies, scopes, growing, (kept, scope, [before, after]) => {
        const { outcome } = decide(kept, resource, scope, before);
        if (outcome === "permit" || outcome === "deny") {
          expect(decide(kept, resource, scope, after).outcome).toBe(outcome);
        }
      }),
      RUNS,
    );
  });

  it("asks for something whenever it does not know, and never otherwise", () => {
    fc.assert(
      fc.property(policies, scopes, askable, (kept, scope, given) => {
        const { outcome, needs } = decide(kept, resource, scope, given);
        expect(needs.length > 0).toBe(outcome === "unknown");
      }),
      RUNS,
    );
  });

  it("permits no more when a deny is added or a permit is taken away", () => {
    fc.assert(
      fc.property(policies, documents(conditions), scopes, facts, (kept, { terms: _, ...document }, scope, given) => {
        const { outcome } = decide(kept, resource, scope, given);
        if (outcome === "permit") return;
        const deny = policy({ ...document, effect: "deny" });
        expect(decide([...kept, deny], resource, scope, given).outcome).not.toBe("permit");
        for (const [index, { document: left }] of kept.entries()) {
          if (left.effect === "deny") continue;
          expect(decide(kept.toSpliced(index, 1), resource, scope, given).outcome).not.toBe("permit");
        }
      }),
      RUNS,
    );
  });

  it("permits nothing more, nothing longer, and spares no deny, because fewer can be asked", () => {
    const strength = (outcome: PolicyOutcome["outcome"]) => ["no", "unknown", "submitted", "yes"].indexOf(outcome);
    fc.assert(
      fc.property(policies, scopes, facts, (kept, scope, given) => {
        const [narrow, wide] = [given, { ...given, witnesses: ANYBODY }].map((all) =>
          decide(kept, resource, scope, all),
        );
        if (narrow?.outcome === "permit") expect(narrow.grounds).toEqual(wide?.grounds);
        for (const [index, after] of (narrow?.considered ?? []).entries()) {
          const before = wide?.considered[index];
          const distance = strength(after.outcome) - strength(before?.outcome ?? "no");
          expect(after.effect === "deny" ? distance : -distance).toBeGreaterThanOrEqual(0);
          expect(after.memberships).toEqual(before?.memberships);
          if (after.outcome === "no" && after.effect === "deny") expect(after).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  it("does not depend on the order of the policies", () => {
    fc.assert(
      fc.property(policies, scopes, facts, (kept, scope, given) => {
        const reversed = decide(kept.toReversed(), resource, scope, given);
        expect(reversed.outcome).toBe(decide(kept, resource, scope, given).outcome);
      }),
      RUNS,
    );
  });

  it("permits nothing that hangs on an unknown condition, and denies where a deny does", () => {
    fc.assert(
      fc.property(unknownCondition, conditions, facts, (unknown, other, given) => {
        for (const who of [unknown, { not: unknown }, { all: [other, unknown] }, { not: { any: [unknown, other] } }]) {
          expect(evaluatePolicy(policy({ who }), resource, "view", given).outcome).toBe("no");
        }
        for (const who of [unknown, { not: unknown }, { any: [other, unknown] }, { not: { all: [other, unknown] } }]) {
          const outcome = evaluatePolicy(policy({ effect: "deny", who }), resource, "view", given);
          expect(outcome.outcome).toBe("yes");
        }
      }),
      RUNS,
    );
  });

  it("shows no value of a claim in its reasons", () => {
    fc.assert(
      fc.property(policies, facts, (kept, given) => {
        const reasons = decide(kept, resource, "view", given).considered.flatMap((outcome) => outcome.reasons);
        expect(JSON.stringify(reasons)).not.toMatch(/x\.example|y\.example|doctor/i);
      }),
      RUNS,
    );
  });

  it("never grants past the moment at which time changes the answer", () => {
    const offsets = fc.integer({ min: -48, max: 48 });
    const clock = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, "0")}:00`);
    const hours = fc
      .record({ from: clock, to: clock, time_zone: fc.constantFrom("UTC", "Europe/Berlin") })
      .filter(({ from, to }) => from !== to)
      .map((window) => [window]);
    const instant = offsets.map((offset) => new Date((NOW + offset * 3600) * 1000).toISOString());
    const when = fc.record({ not_before: instant, expires: instant, hours }, { requiredKeys: [] });
    fc.assert(
      fc.property(when, when, offsets, (permitWhen, denyWhen, offset) => {
        const kept = [policy({ when: permitWhen }), policy({ effect: "deny", when: denyWhen })];
        const given = (now: number) => ({ ...plain, now });
        const start = NOW + offset * 3600;
        const decision = decide(kept, resource, "view", given(start));
        const end = Math.min(decision.grounds[0]?.endsAt ?? Number.POSITIVE_INFINITY, start + 100 * 3600);
        if (decision.outcome !== "permit") return;
        for (let now = start; now < end; now += 1800) {
          expect(decide(kept, resource, "view", given(now)).outcome).toBe("permit");
        }
        expect(findEnd(permitWhen, start) ?? end).toBeGreaterThanOrEqual(end);
        expect(findStart(denyWhen, start) ?? end).toBeGreaterThanOrEqual(end);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

const plain: EvaluationFacts = {
  party: null,
  clientId: "c1",
  witnesses: ANYBODY,
  groups: new Map(),
  whereabouts: { country: null, address: null },
  usesLeft: () => 0,
  agreements: [],
  now: NOW,
};
