import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deliberation, decide } from "../../../src/policy/evaluation/deliberation.ts";
import { MAX_GROUNDS } from "../../../src/policy/evaluation/weigh.ts";
import { facts, policies } from "../arbitraries.ts";
import { factsWith, group, NOW, newer, party, policy, resource, SEED } from "../support.ts";

/** A claim's values count how often they are read: once for each test, if each policy is evaluated once. */
function countingFacts() {
  const counted = { reads: 0 };
  const groups = {
    get: (id: string) => {
      counted.reads += 1;
      return group(id, [{ email: "bob@example.com" }]);
    },
  };
  return { counted, facts: factsWith({ groups: groups as unknown as ReadonlyMap<string, ReturnType<typeof group>> }) };
}

describe("a deliberation", () => {
  const scopes = Array.from({ length: 300 }, (_, index) => `s${index}`);

  it("evaluates a policy once for 300 scopes of 30 resources", () => {
    const { counted, facts: given } = countingFacts();
    const deliberation = new Deliberation([policy({ who: { group: "g" } }), policy({ who: { group: "g" } })], given);
    for (let index = 0; index < 30; index += 1) {
      const one = { ...resource, id: `r${index}`, type: `t${index}`, scopes };
      for (const scope of scopes) expect(deliberation.decide(one, scope).outcome).toBe("permit");
    }
    expect(counted.reads).toBe(2);
  });

  it("evaluates no policy that is about something else", () => {
    const { counted, facts: given } = countingFacts();
    const others = [
      policy({ who: { group: "g" }, target: { resources: ["other"] } }),
      policy({ who: { group: "g" }, target: { type: "other" } }),
      policy({ who: { group: "g" }, scopes: ["print"] }),
    ];
    expect(new Deliberation(others, given).decide(resource, "view").outcome).toBe("deny");
    expect(counted.reads).toBe(0);
  });

  it("answers many questions as it answers each alone", () => {
    fc.assert(
      fc.property(policies, facts, (kept, given) => {
        const deliberation = new Deliberation(kept, given);
        const untyped = { ...resource, id: "r2", type: null };
        for (const one of [resource, untyped, { ...resource, id: "r3", type: "other" }]) {
          for (const scope of ["view", "print", null, "gone"]) {
            const [together, alone] = [deliberation.decide(one, scope), decide(kept, one, scope, given)];
            expect(together).toEqual(alone);
          }
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it.each([
    ["a target", { target: newer<{ all: true }>({ planet: "mars" }) }],
    ["scopes", { scopes: newer<"all">({ like: "v*" }) }],
  ])("takes a deny for one about everything if %s cannot be read, and a permit for none", (_, document) => {
    const ask = (effect: "permit" | "deny") =>
      new Deliberation([policy(), policy({ ...document, effect })], factsWith()).decide(resource, "view");
    expect(ask("deny").outcome).toBe("deny");
    expect(ask("permit").considered).toHaveLength(1);
  });

  it("considers a policy that names a resource twice once", () => {
    const named = policy({ target: { resources: ["r1", "r1"] } });
    expect(new Deliberation([named], factsWith()).decide(resource, "view").considered).toHaveLength(1);
  });

  it("reaches what is in a collection, once, and nothing that is in what is in it", () => {
    const about = policy({ target: { resources: ["album", "r1", "shelf"] } });
    const outcomes = (collections: readonly string[], id = "r1") =>
      new Deliberation([about], factsWith()).decide({ ...resource, id, collections }, "view").considered.length;
    expect(outcomes(["album", "shelf"])).toBe(1);
    expect(outcomes(["shelf"], "r2")).toBe(1);
    expect(outcomes(["r2"], "r3")).toBe(0);
  });

  it("lets a deny of a collection win over a permit of what is in it", () => {
    const own = policy({ target: { resources: ["r1"] } });
    const deny = policy({ effect: "deny", target: { resources: ["album"] } });
    const decideIn = (...collections: readonly string[]) =>
      new Deliberation([own, deny], factsWith()).decide({ ...resource, collections }, "view").outcome;
    expect([decideIn(), decideIn("album")]).toEqual(["permit", "deny"]);
  });

  it("holds a permission on few grounds, with the longest and the strictest among them", () => {
    const until = (seconds: number) => ({ expires: new Date((NOW + seconds) * 1000).toISOString() });
    const many = Array.from({ length: 20 }, (_, index) =>
      policy({ when: until(100 + index), ...(index === 11 ? { terms: { token_lifetime: 60 } } : {}) }),
    );
    const { grounds } = new Deliberation(many, factsWith()).decide(resource, "view");
    expect(grounds).toHaveLength(MAX_GROUNDS);
    expect(Math.max(...grounds.map(({ endsAt }) => endsAt ?? 0))).toBe(NOW + 119);
    expect(grounds.map(({ tokenLifetime }) => tokenLifetime)).toContain(60);
  });
});

describe("a claim with a thousand values", () => {
  const texts = Array.from({ length: 999 }, (_, index) => `role-${index}`);
  const numbers = Array.from({ length: 999 }, (_, index) => index);
  it.each<[object, string]>([
    [{ claim: "role", equals: "role-998" }, "yes"],
    [{ claim: "role", equals: "role-999" }, "no"],
    [{ claim: "role", equals: 7 }, "no"],
    [{ claim: "level", at_least: 998 }, "yes"],
    [{ claim: "level", greater_than: 998 }, "no"],
    [{ claim: "level", at_most: 0 }, "yes"],
    [{ claim: "level", less_than: 0 }, "no"],
    [{ claim: "mixed", at_least: 5 }, "yes"],
    [{ claim: "mixed", at_least: 1_000 }, "no"],
  ])("%j says %s of a permit", (who, outcome) => {
    const claims = { role: texts, level: numbers, mixed: [...numbers, "high"] };
    const decision = decide([policy({ who: newer(who) })], resource, "view", factsWith({ party: party(claims) }));
    expect(decision.considered[0]?.outcome).toBe(outcome);
  });
});
