import { describe, expect, it } from "vitest";
import type { Condition, Group, Policy, PolicyBody } from "../../../src/policy/language/policy.ts";
import { assessShare, type ShareEffect } from "../../../src/policy/share/effect.ts";
import { group, NOW, newer, policy, resource } from "../support.ts";

const LEE: Condition = { claim: "email", equals: "lee@example.com" };
const DAY = 86_400;
const dateTime = (at: number) => new Date(at * 1_000).toISOString();

interface World {
  readonly policies?: readonly Policy[];
  readonly groups?: readonly Group[];
  readonly replaces?: Policy;
}

function effectOf(share: Partial<PolicyBody>, { policies = [], groups = [], replaces }: World = {}): ShareEffect {
  const effect = assessShare({
    document: policy({ target: { resources: ["r1"] }, scopes: ["view"], who: LEE, ...share }).document,
    replaces: replaces ?? null,
    resources: [resource],
    policies,
    groups: new Map(groups.map((one) => [one.id, one])),
    now: NOW,
  });
  if (effect === null) throw new Error("its people cannot be told");
  return effect;
}

const counts = ({ newcomers, gainers, losers, unchanged, keptOut }: ShareEffect) => ({
  newcomers,
  gainers,
  losers,
  unchanged,
  keptOut,
});
const NONE = { newcomers: 0, gainers: 0, losers: 0, unchanged: 0, keptOut: 0 };

describe("what a share changes", () => {
  it("lets somebody in", () => {
    expect(effectOf({})).toMatchObject({ ...NONE, isCounted: true, isPartial: false, newcomers: 1 });
  });

  it("lets those of a group in who are not", () => {
    const members = ["lee@example.com", "a@x.example", "b@x.example"].map((email) => ({ email }));
    const groups = [group("g", [...members, { issuer: "https://i1.example", subject: "s1" }])];
    const effect = effectOf({ who: { group: "g" } }, { groups, policies: [policy({ who: LEE })] });
    expect(counts(effect)).toEqual({ ...NONE, newcomers: 3, unchanged: 1 });
  });

  it("changes nothing where a rule about the kind allows it already", () => {
    const kind = policy({ target: { type: "photo" }, scopes: ["view", "print"], who: { anyone: true } });
    expect(effectOf({}, { policies: [kind] })).toMatchObject({ ...NONE, unchanged: 1, allowedBy: [kind.id] });
  });

  it("gives more to who could do something", () => {
    expect(counts(effectOf({ scopes: ["view", "print"] }, { policies: [policy({ scopes: ["view"] })] }))).toEqual({
      ...NONE,
      gainers: 1,
    });
  });

  it("is more than being asked each time, and no less by asking where nobody had to", () => {
    const asks = policy({ terms: { approval: true } });
    expect(counts(effectOf({}, { policies: [asks] }))).toEqual({ ...NONE, gainers: 1 });
    expect(counts(effectOf({ terms: { approval: true } }, { policies: [policy()] }))).toEqual({
      ...NONE,
      unchanged: 1,
    });
  });

  it.each<[string, Partial<PolicyBody>]>([
    ["only at some hours", { when: { hours: [{ from: "08:00", to: "18:00", time_zone: "UTC" }] } }],
    ["only in some place", { where: { countries: ["DE"] } }],
    ["for a number of times", { terms: { uses: 3 } }],
    ["not as long", { when: { expires: dateTime(NOW + DAY) } }],
    ["not yet", { when: { not_before: dateTime(NOW + DAY) } }],
    ["to whoever agrees to something", { terms: { agreement: { title: "Rules", text: "Be kind." } } }],
    ["to whoever has just signed in", { terms: { signed_in_within: 60 } }],
    ["in a way that is not known here", { when: newer({ season: "summer" }) }],
    ["on terms that are not known here", { terms: newer({ price: 1 }) }],
  ])("is not needless because of what allows it %s", (_, document) => {
    expect(counts(effectOf({}, { policies: [policy(document)] }))).toEqual({ ...NONE, newcomers: 1 });
  });

  it("is needless beside what allows it on the same terms, for as long", () => {
    const terms = { agreement: { title: "Rules", text: "Be kind." } };
    const same = policy({ terms, when: { expires: dateTime(NOW + 2 * DAY) } });
    const effect = effectOf({ terms, when: { expires: dateTime(NOW + DAY) } }, { policies: [same] });
    expect(counts(effect)).toEqual({ ...NONE, unchanged: 1 });
  });

  it("is vain where a deny keeps its people out, and says which", () => {
    const never = policy({ effect: "deny", who: { claim: "email", domain: "example.com" } });
    const effect = effectOf({}, { policies: [policy(), never] });
    expect(effect).toMatchObject({ ...NONE, unchanged: 1, keptOut: 1, deniedBy: [never.id], allowedBy: [] });
  });

  it.each<[string, Partial<PolicyBody>]>([
    ["at some hours", { when: { hours: [{ from: "08:00", to: "18:00", time_zone: "UTC" }] } }],
    ["somewhere", { where: { countries: ["DE"] } }],
    ["no longer", { when: { expires: dateTime(NOW - 1) } }],
    ["not yet", { when: { not_before: dateTime(NOW + DAY) } }],
    ["somebody else", { who: { claim: "email", equals: "eve@example.com" } }],
    ["whoever has some role", { who: { claim: "role", equals: "guest" } }],
    ["what is not shared", { scopes: ["print"] }],
  ])("is not vain because of what keeps out %s", (_, document) => {
    expect(counts(effectOf({}, { policies: [policy({ effect: "deny", ...document })] }))).toEqual({
      ...NONE,
      newcomers: 1,
    });
  });

  it("is vain beside a deny that is not known here", () => {
    const never = policy({ effect: "deny", when: newer({ season: "summer" }) });
    expect(effectOf({}, { policies: [never] }).deniedBy).toEqual([never.id]);
  });

  it("takes away what a changed share gave", () => {
    const former = policy({ scopes: ["view", "print"], who: LEE, when: { expires: dateTime(NOW + DAY) } });
    const world = { policies: [former], replaces: former };
    expect(counts(effectOf({ scopes: ["view"] }, world))).toEqual({ ...NONE, losers: 1 });
    expect(counts(effectOf({ scopes: ["view", "print"] }, world))).toEqual({ ...NONE, unchanged: 1 });
    expect(counts(effectOf({ scopes: ["view", "print"], terms: { approval: true } }, world))).toEqual({
      ...NONE,
      losers: 1,
    });
  });

  it("gives one thing and takes another away", () => {
    const former = policy({ scopes: ["view", "print"], who: LEE, terms: { approval: true } });
    const effect = effectOf({ scopes: ["view"] }, { policies: [former], replaces: former });
    expect(counts(effect)).toEqual({ ...NONE, gainers: 1, losers: 1 });
  });

  it.each<[string, Condition]>([
    ["everybody", { anyone: true }],
    ["whoever uses an app", { client: "c1" }],
    ["whoever has an address somewhere", { claim: "email", domain: "x.example" }],
  ])("cannot be counted for %s", (_, who) => {
    expect(effectOf({ who })).toMatchObject({ isCounted: false, newcomers: 1 });
    expect(effectOf({ who }, { policies: [policy({ who })] })).toMatchObject({ isCounted: false, unchanged: 1 });
  });

  it("reaches a resource without scopes as a whole", () => {
    const whole = { ...resource, scopes: [] };
    const document = policy({ target: { resources: ["r1"] }, who: LEE }).document;
    const given = { document, replaces: null, resources: [whole], policies: [], groups: new Map(), now: NOW };
    expect(assessShare(given)?.newcomers).toBe(1);
  });

  it("is looked at for fewer people where very much can be done with many things", () => {
    const members = Array.from({ length: 500 }, (_, index) => ({ email: `p${index}@x.example` }));
    const scopes = Array.from({ length: 100 }, (_, index) => `scope-${index}`);
    const resources = Array.from({ length: 20 }, (_, index) => ({ ...resource, id: `r${index}`, scopes }));
    const target = { resources: resources.map(({ id }) => id) };
    const { document } = policy({ target, who: { group: "g" } });
    const groups = new Map([["g", group("g", members)]]);
    const effect = assessShare({ document, replaces: null, resources, policies: [], groups, now: NOW });
    expect(effect).toMatchObject({ isPartial: true, newcomers: 18 });
  });

  it("is looked at for the first of very many people", () => {
    const members = Array.from({ length: 500 }, (_, index) => ({ email: `p${index}@x.example` }));
    const policies = Array.from({ length: 150 }, () => policy({ who: LEE }));
    const effect = effectOf({ who: { group: "g" } }, { groups: [group("g", members)], policies });
    expect(effect).toMatchObject({ isPartial: true, newcomers: 132 });
  });

  it("is not told of a policy that is more than a share", () => {
    const document = policy({ who: { claim: "role", equals: "doctor" } }).document;
    const given = { document, replaces: null, resources: [resource], policies: [], groups: new Map(), now: NOW };
    expect(assessShare(given)).toBeNull();
  });
});
