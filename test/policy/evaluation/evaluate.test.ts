import { describe, expect, it } from "vitest";
import { decide } from "../../../src/policy/evaluation/deliberation.ts";
import { type EvaluationFacts, evaluatePolicy, policyApplies } from "../../../src/policy/evaluation/evaluate.ts";
import type { Need } from "../../../src/policy/evaluation/outcome.ts";
import type { Policy, PolicyBody, TermsBody } from "../../../src/policy/language/policy.ts";
import { factsWith, group, NOW, newer, party, policy, resource } from "../support.ts";

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const evaluate = (document: Partial<PolicyBody>, more: Partial<EvaluationFacts> = {}) =>
  evaluatePolicy(policy(document), resource, "view", factsWith(more));
const decideFor = (policies: readonly Policy[], more: Partial<EvaluationFacts> = {}, scope: string | null = "view") =>
  decide(policies, resource, scope, factsWith(more));

const needEmail: Need = { kind: "claim", claim: "email", issuers: null };
const isBob = { claim: "email", equals: "bob@example.com" } as const;
const isEve = { claim: "email", equals: "eve@example.com" } as const;

describe("what a policy is about", () => {
  it.each<[boolean, Partial<PolicyBody>, string | null]>([
    [true, { target: { all: true } }, "view"],
    [true, { target: { resources: ["r0", "r1"] } }, "view"],
    [false, { target: { resources: ["r0"] } }, "view"],
    [true, { target: { type: "photo" } }, "view"],
    [false, { target: { type: "Photo" } }, "view"],
    [true, { scopes: ["view"] }, "view"],
    [false, { scopes: ["print"] }, "view"],
    [false, { scopes: ["view", "print"] }, null],
    [true, { scopes: "all" }, null],
    [false, { effect: "deny", scopes: ["view"] }, null],
  ])("%s for %j and the scope %s", (applies, document, scope) => {
    expect(policyApplies(policy(document), resource, scope)).toBe(applies);
  });

  it("does not take a resource without a type for one of any type", () => {
    const untyped = { ...resource, type: null };
    expect(policyApplies(policy({ target: { type: "photo" } }), untyped, "view")).toBe(false);
  });

  it.each([{}, { owner: "alice" }, { all: true, labels: ["work"] }, { all: false }, { resources: "r1" }])(
    "a target it cannot read (%j) permits nothing and denies everything",
    (target) => {
      const permit = policy({ target: newer(target) });
      expect(decideFor([permit]).outcome).toBe("deny");
      if ("all" in target && target.all === false) return;
      expect(decideFor([policy(), policy({ effect: "deny", target: newer(target) })]).outcome).toBe("deny");
    },
  );

  it("says no of a policy that is about something else", () => {
    const outcome = evaluate({ target: { resources: ["r2"] } });
    expect(outcome.outcome).toBe("no");
    expect(outcome.reasons).toEqual([{ path: "target", truth: "no", why: "it is about something else" }]);
  });
});

describe("when", () => {
  it.each<["yes" | "no", number | null, PolicyBody["when"]]>([
    ["no", null, { not_before: iso(NOW + 1) }],
    ["yes", null, { not_before: iso(NOW) }],
    ["no", null, { expires: iso(NOW) }],
    ["yes", NOW + 1, { expires: iso(NOW + 1) }],
    ["no", null, { expires: iso(NOW + 0.5) }],
    ["no", null, { not_before: iso(NOW + 0.5) }],
    ["yes", NOW + 3600, { hours: [{ from: "09:00", to: "14:00", time_zone: "Europe/Berlin" }] }],
    ["no", null, { hours: [{ from: "09:00", to: "13:00", time_zone: "Europe/Berlin" }] }],
    ["yes", NOW + 60, { expires: iso(NOW + 60), hours: [{ from: "09:00", to: "14:00", time_zone: "UTC" }] }],
    ["no", null, { hours: [{ days: ["thu"], from: "00:00", to: "24:00", time_zone: "UTC" }] }],
  ])("%s until %s for %j", (expected, endsAt, when) => {
    const outcome = evaluate({ ...(when ? { when } : {}) });
    expect(outcome.outcome).toBe(expected);
    expect(outcome.endsAt).toBe(endsAt);
  });

  it("ends with the window that is open longest", () => {
    const window = (to: string) => ({ from: "09:00", to, time_zone: "UTC" });
    expect(evaluate({ when: { hours: [window("13:00"), window("15:00"), window("11:00")] } }).endsAt).toBe(
      NOW + 10_800,
    );
  });
});

describe("where", () => {
  it.each<["yes" | "no", object, PolicyBody["where"]]>([
    ["yes", {}, { countries: ["FR", "DE"] }],
    ["yes", { country: "de" }, { countries: ["DE"] }],
    ["no", {}, { countries: ["FR"] }],
    ["no", { country: null }, { countries: ["DE"] }],
    ["yes", {}, { networks: ["192.0.2.0/24"] }],
    ["no", {}, { networks: ["198.51.100.0/24", "2001:db8::/32"] }],
    ["yes", { address: "::ffff:192.0.2.7" }, { networks: ["192.0.2.0/24"] }],
    ["yes", { address: "2001:db8::1" }, { networks: ["198.51.100.0/24", "2001:db8::/32"] }],
    ["no", { address: null }, { networks: ["192.0.2.0/24"] }],
    ["no", { address: "nonsense" }, { networks: ["192.0.2.0/24"] }],
    ["no", { country: "FR" }, { networks: ["192.0.2.0/24"], countries: ["DE"] }],
  ])("%s from %j for %j", (expected, more, where) => {
    const whereabouts = { country: "DE", address: "192.0.2.7", ...more };
    expect(evaluate({ ...(where ? { where } : {}) }, { whereabouts }).outcome).toBe(expected);
  });

  it("denies when the place that a deny asks for is not known", () => {
    const whereabouts = { country: null, address: null };
    expect(evaluate({ effect: "deny", where: { countries: ["FR"] } }, { whereabouts }).outcome).toBe("yes");
    expect(evaluate({ effect: "deny", where: { networks: ["192.0.2.0/24"] } }, { whereabouts }).outcome).toBe("yes");
  });

  it("still asks who it is when the place is not known but the person would settle it", () => {
    const deny = policy({ effect: "deny", who: isEve, where: { countries: ["FR"] } });
    const whereabouts = { country: null, address: null };
    expect(decideFor([policy(), deny], { whereabouts, party: null })).toMatchObject({
      outcome: "unknown",
      needs: [needEmail],
    });
    expect(decideFor([policy(), deny], { whereabouts }).outcome).toBe("permit");
  });

  it("does not hear claims about the place or the time (CVE-2026-18572)", () => {
    const claims = { country: "FR", address: "198.51.100.1", now: 0, caller: "FR", ip: "198.51.100.1" };
    expect(evaluate({ where: { countries: ["FR"] } }, { party: party(claims) }).outcome).toBe("no");
    expect(evaluate({ when: { expires: iso(NOW - 1) } }, { party: party(claims) }).outcome).toBe("no");
  });
});

describe("terms", () => {
  const sign_in: Need = { kind: "sign_in", within: 300, issuers: null };
  const recent: TermsBody = { signed_in_within: 300 };

  it.each<["yes" | "unknown", number | null]>([
    ["yes", NOW],
    ["yes", NOW - 300],
    ["unknown", NOW - 301],
    ["yes", NOW + 30],
    ["unknown", NOW + 86_400],
    ["unknown", null],
  ])("%s for a sign-in at %s", (expected, authenticatedAt) => {
    const outcome = evaluate({ terms: recent }, { party: party({}, { authenticatedAt }) });
    expect(outcome.outcome).toBe(expected);
    expect(outcome.needs).toEqual(expected === "yes" ? [] : [sign_in]);
  });

  it("needs a sign-in of somebody", () => {
    expect(evaluate({ terms: recent }, { party: null }).needs).toEqual([sign_in]);
  });

  it("needs the agreement to this very policy", () => {
    const terms = { agreement: { title: "Rules", text: "Be kind." } };
    const agreed = policy({ terms });
    expect(evaluatePolicy(agreed, resource, "view", factsWith({ agreements: [agreed.id] })).outcome).toBe("yes");
    const outcome = evaluatePolicy(agreed, resource, "view", factsWith({ agreements: ["p0"] }));
    expect(outcome.outcome).toBe("unknown");
    expect(outcome.needs).toEqual([{ kind: "agreement", policyId: agreed.id }]);
  });

  it("stops when its uses are spent, and asks about uses only then", () => {
    const usesLeft = () => 0;
    expect(evaluate({ terms: { uses: 1 } }, { usesLeft })).toMatchObject({ outcome: "no", counted: true });
    expect(evaluate({}, { usesLeft })).toMatchObject({ outcome: "yes", counted: false });
    expect(evaluate({ terms: { uses: 2 } })).toMatchObject({ outcome: "yes", counted: true });
  });

  it("hands the token lifetime on", () => {
    expect(evaluate({ terms: { token_lifetime: 60 } }).tokenLifetime).toBe(60);
    expect(evaluate({}).tokenLifetime).toBeNull();
  });

  it("asks the owner last, and only about somebody", () => {
    const terms = { approval: true } as const;
    expect(evaluate({ terms }).outcome).toBe("submitted");
    expect(evaluate({ terms, who: isEve }).outcome).toBe("no");
    const anonymous = evaluate({ terms }, { party: null });
    expect(anonymous.outcome).toBe("unknown");
    expect(anonymous.needs).toEqual([{ kind: "claim", claim: "sub", issuers: null }]);
    expect(evaluate({ terms, who: isBob }, { party: null }).needs).toEqual([needEmail]);
  });
});

describe("decisions", () => {
  it("denies where nothing matches", () => {
    expect(decideFor([])).toEqual({ outcome: "deny", needs: [], grounds: [], considered: [] });
    expect(decideFor([policy({ who: isEve })]).outcome).toBe("deny");
  });

  it("lets a deny win over any number of permits", () => {
    expect(decideFor([policy(), policy({ effect: "deny", who: isBob }), policy()]).outcome).toBe("deny");
    expect(decideFor([policy(), policy({ effect: "deny", who: isEve })]).outcome).toBe("permit");
  });

  it("never permits a scope that the resource does not have (any more)", () => {
    const decision = decideFor([policy({ scopes: ["delete"] }), policy()], {}, "delete");
    expect(decision).toEqual({ outcome: "deny", needs: [], grounds: [], considered: [] });
  });

  it("permits a permission without scopes only by a policy about all scopes", () => {
    expect(decideFor([policy({ scopes: ["view", "print"] })], {}, null).outcome).toBe("deny");
    expect(decideFor([policy()], {}, null).outcome).toBe("permit");
  });

  it("waits for what could still make it a deny", () => {
    const decision = decideFor([policy(), policy({ effect: "deny", who: isEve })], { party: null });
    expect(decision.outcome).toBe("unknown");
    expect(decision.needs).toEqual([needEmail]);
    expect(decision.grounds).toEqual([]);
  });

  it("asks for nothing when nobody could permit", () => {
    const decision = decideFor([policy({ effect: "deny", who: isEve })], { party: null });
    expect(decision).toMatchObject({ outcome: "deny", needs: [] });
  });

  it("asks for what permits and denies need, each once", () => {
    const age = { claim: "age", at_least: 18 } as const;
    const policies = [
      policy({ who: { all: [isBob, age] } }),
      policy({ effect: "deny", who: isEve }),
      policy({ who: age }),
    ];
    expect(decideFor(policies, { party: null }).needs).toEqual([
      needEmail,
      { kind: "claim", claim: "age", issuers: null },
    ]);
  });

  it("asks for no more than the deny needs when somebody already permits", () => {
    const age = { claim: "age", at_least: 18 } as const;
    const policies = [policy(), policy({ who: age }), policy({ effect: "deny", who: isEve })];
    expect(decideFor(policies, { party: null }).needs).toEqual([needEmail]);
  });

  it("prefers a permit to asking the owner, and the owner to asking for claims", () => {
    const asks = policy({ terms: { approval: true } });
    const open = policy({ who: { claim: "age", at_least: 18 } });
    expect(decideFor([asks, open]).outcome).toBe("submitted");
    expect(decideFor([asks, open, policy()]).outcome).toBe("permit");
    expect(decideFor([asks, policy({ effect: "deny", who: { claim: "age", less_than: 18 } })]).outcome).toBe("unknown");
    expect(decideFor([asks, policy({ effect: "deny", who: isBob })]).outcome).toBe("deny");
  });

  it("spends a use only when nobody permits without", () => {
    const counted = policy({ terms: { uses: 3 } });
    const free = policy();
    expect(decideFor([counted, free]).grounds.map(({ policyId }) => policyId)).toEqual([free.id]);
    expect(decideFor([counted]).grounds.map(({ policyId }) => policyId)).toEqual([counted.id]);
  });

  it("names every policy that was looked at", () => {
    const policies = [policy(), policy({ effect: "deny", who: isEve }), policy({ scopes: ["print"] })];
    expect(decideFor(policies).considered.map(({ policyId }) => policyId)).toEqual([policies[0]?.id, policies[1]?.id]);
  });

  it("counts a deleted group as an error: no member, and no exception either", () => {
    const groups = new Map([["friends", group("friends", [{ email: "bob@example.com" }])]]);
    const friends = policy({ who: { group: "friends" } });
    expect(decideFor([friends], { groups }).outcome).toBe("permit");
    expect(decideFor([friends]).outcome).toBe("deny");
    expect(decideFor([policy(), policy({ effect: "deny", who: { group: "gone" } })], { groups }).outcome).toBe("deny");
    const either = policy({ who: { any: [{ group: "gone" }, isBob] } });
    expect(decideFor([either], { groups, party: null }).needs).toEqual([needEmail]);
    expect(decideFor([either], { groups }).outcome).toBe("permit");
  });
});

describe("denies that are on their way", () => {
  const night = { hours: [{ from: "18:00", to: "06:00", time_zone: "UTC" }] };
  const six = NOW + 6 * 3600;

  it("ends a permit when the deny begins", () => {
    const decision = decideFor([policy(), policy({ effect: "deny", when: night })]);
    expect(decision.grounds.map(({ endsAt }) => endsAt)).toEqual([six]);
    const sooner = policy({ when: { expires: iso(NOW + 60) } });
    expect(decideFor([sooner, policy({ effect: "deny", when: night })]).grounds[0]?.endsAt).toBe(NOW + 60);
  });

  it.each<[number | null, Partial<PolicyBody>]>([
    [NOW + 10, { when: { not_before: iso(NOW + 10) } }],
    [six, { when: { ...night, not_before: iso(NOW + 10) } }],
    [null, { when: { ...night, expires: iso(NOW + 10) } }],
    [null, { when: { expires: iso(NOW) } }],
    [null, { when: night, who: isEve }],
    [six, { when: night, who: { claim: "age", less_than: 18 } }],
  ])("starts at %s for %j", (startsAt, document) => {
    expect(evaluate({ effect: "deny", ...document })).toMatchObject({ outcome: "no", startsAt });
  });
});

describe("policies newer than this code (ledger/README.md, rule 10)", () => {
  const unreadable: readonly object[] = [
    { who: { emoji: true } },
    { who: undefined },
    { when: { moon: "full" } },
    { when: { hours: [{ from: "00:00", to: "24:00", time_zone: "UTC", except: ["2027-03-03"] }] } },
    { when: { hours: [{ from: "00:00", to: "24:00", time_zone: "Mars/Olympus" }] } },
    { when: { hours: [{ from: "0", to: "24:00", time_zone: "UTC" }] } },
    { when: { hours: {} } },
    { when: { expires: "one day" } },
    { when: { not_before: "2027-02-30T00:00:00Z" } },
    { where: { planets: ["earth"] } },
    { where: { networks: 7 } },
    { unless: { anyone: true } },
  ];

  it.each(unreadable)("%j permits nothing and, in a deny, denies", (part) => {
    const permit = policy(part as Partial<PolicyBody>);
    expect(decideFor([permit]).outcome).toBe("deny");
    const deny = policy({ effect: "deny", ...part });
    expect(decideFor([policy(), deny]).outcome).toBe("deny");
  });

  it("permits nothing under terms it does not know, and has no use for terms of a deny", () => {
    expect(decideFor([policy({ terms: newer({ payment: 5 }) })]).outcome).toBe("deny");
    const deny = policy({ effect: "deny", terms: { agreement: { title: "t", text: "t" } } });
    expect(decideFor([policy(), deny]).outcome).toBe("deny");
  });

  it("takes an effect it does not know for a deny", () => {
    expect(decideFor([policy(), policy({ effect: newer(["obey"]) })]).outcome).toBe("deny");
  });

  it("gives the reason", () => {
    const { reasons } = evaluate({ when: newer({ moon: "full" }) });
    expect(reasons).toEqual([{ path: "when", truth: "error", why: "moon is not known" }]);
  });
});
