import { describe, expect, it } from "vitest";
import type { Condition, Group, PolicyBody } from "../../../src/policy/language/policy.ts";
import { assessEffect } from "../../../src/policy/review/effect.ts";

const email = (...addresses: readonly string[]): Condition => ({ claim: "email", one_of: addresses });
const permit = (more: Partial<PolicyBody> = {}): PolicyBody => ({
  effect: "permit",
  target: { resources: ["scan"] },
  scopes: ["view"],
  who: email("bob@example.com"),
  ...more,
});
const friends: Group = {
  id: "friends",
  version: 1,
  document: {
    name: "Friends",
    members: [
      { email: "Bob@Example.com" },
      { email: "carol@example.com" },
      { issuer: "https://i.example", subject: "d" },
    ],
  },
};

function effect(document: PolicyBody, others: readonly PolicyBody[] = [], before: PolicyBody | null = null) {
  return assessEffect(document, {
    before,
    others: others.map((one, index) => ({ id: `other-${index}`, version: 1, document: one })),
    groups: new Map([["friends", friends]]),
    types: new Map([["scan", "image"]]),
  });
}

describe("how many people a policy reaches", () => {
  it.each<[string, Condition, number | null]>([
    ["an address", email("bob@example.com"), 1],
    ["several, one of them twice", email("bob@example.com", "BOB@example.com", "eve@example.com"), 2],
    ["a group", { group: "friends" }, 3],
    ["a group that there is not", { group: "enemies" }, 0],
    ["a group and one of it", { any: [{ group: "friends" }, email("carol@example.com")] }, 3],
    ["those of a group who have one of these addresses", { all: [{ group: "friends" }, email("bob@example.com")] }, 1],
    ["somebody by way of an app", { all: [email("bob@example.com"), { client: "app" }] }, 1],
    ["somebody at an issuer", { claim: "sub", issuer: "https://i.example", equals: "d" }, 1],
    [
      "somebody at one of two issuers",
      { claim: "sub", issuer: ["https://i.example", "https://j.example"], equals: "d" },
      2,
    ],
    ["whoever has a role", { claim: "role", equals: "physician" }, null],
    ["a domain", { claim: "email", domain: "example.com" }, null],
    ["an address or a role", { any: [email("bob@example.com"), { claim: "role", exists: true }] }, null],
    ["an app", { client: "app" }, null],
    ["everybody but somebody", { not: email("bob@example.com") }, null],
    ["anyone", { anyone: true }, null],
    ["what is not known here", { future: true } as unknown as Condition, null],
  ])("is told of %s", (_, who, more) => {
    expect(effect(permit({ who }))).toEqual({ alreadySaidBy: null, more, fewer: 0 });
  });

  it("leaves out whom another policy reaches anyway", () => {
    const who = { group: "friends" };
    expect(effect(permit({ who }), [permit()]).more).toBe(2);
    expect(effect(permit({ who }), [permit(), permit({ who: email("carol@example.com") })]).more).toBe(1);
    expect(effect(permit(), [permit({ who })])).toEqual({ alreadySaidBy: null, more: 0, fewer: 0 });
  });
});

describe("a policy that changes nothing", () => {
  it.each<[string, Partial<PolicyBody>]>([
    ["the same again", {}],
    ["one for anyone", { who: { anyone: true } }],
    ["one of the kind", { target: { type: "image" } }],
    ["one of everything", { target: { all: true }, scopes: "all" }],
    ["one of more things and ways", { target: { resources: ["book", "scan"] }, scopes: ["edit", "view"] }],
  ])("is known by %s", (_, other) => {
    expect(effect(permit(), [permit({ scopes: ["edit"] }), permit(other)])).toEqual({
      alreadySaidBy: "other-1",
      more: 0,
      fewer: 0,
    });
  });

  it("may end sooner than the one that says the same", () => {
    const ends = (expires: string) => permit({ when: { expires } });
    const june = "2027-06-30T00:00:00Z";
    expect(effect(ends(june), [ends("2027-07-31T00:00:00Z")]).alreadySaidBy).toBe("other-0");
    expect(effect(ends(june), [ends("2027-05-31T00:00:00Z")])).toMatchObject({ alreadySaidBy: null, more: 1 });
    expect(effect(permit(), [ends(june)]).alreadySaidBy).toBeNull();
  });

  it.each<[string, Partial<PolicyBody>]>([
    ["other things", { target: { resources: ["book"] } }],
    ["another kind", { target: { type: "text" } }],
    ["other ways", { scopes: ["edit"] }],
    ["some of the time", { when: { hours: [{ from: "08:00", to: "12:00", time_zone: "UTC" }] } }],
    ["some places", { where: { countries: ["DE"] } }],
    ["on terms", { terms: { approval: true } }],
    ["a deny", { effect: "deny" }],
    [
      "people known by one issuer alone",
      { who: { claim: "email", equals: "bob@example.com", issuer: "https://i.example" } },
    ],
    ["people by way of an app", { who: { all: [email("bob@example.com"), { client: "app" }] } }],
    ["everybody but some", { who: { not: email("eve@example.com") } }],
  ])("is not taken for one beside what is about %s", (_, other) => {
    expect(effect(permit(), [permit(other)])).toEqual({ alreadySaidBy: null, more: 1, fewer: 0 });
  });

  it("is not known by one of a kind where the kind of what it names is not known", () => {
    const two = permit({ target: { resources: ["scan", "book"] } });
    expect(effect(two, [permit({ target: { type: "image" } })]).alreadySaidBy).toBeNull();
  });
});

describe("a policy in the place of another", () => {
  it("lets in more and fewer than that", () => {
    const before = permit({ who: email("bob@example.com", "eve@example.com") });
    const after = permit({ who: email("bob@example.com", "carol@example.com", "dan@example.com") });
    expect(effect(after, [], before)).toEqual({ alreadySaidBy: null, more: 2, fewer: 1 });
    expect(effect(before, [], before)).toEqual({ alreadySaidBy: null, more: 0, fewer: 0 });
  });

  it("takes from everybody what it says no more", () => {
    const before = permit({ scopes: ["view", "edit"] });
    expect(effect(permit(), [], before)).toEqual({ alreadySaidBy: null, more: 0, fewer: 1 });
    expect(effect(permit(), [permit({ scopes: "all" })], before).fewer).toBe(0);
  });

  it("takes from nobody can count whom, where the one before named nobody", () => {
    expect(effect(permit(), [], permit({ who: { anyone: true } }))).toEqual({
      alreadySaidBy: null,
      more: 0,
      fewer: null,
    });
  });
});
