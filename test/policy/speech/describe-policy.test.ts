import { describe, expect, it } from "vitest";
import type { Condition, PolicyBody } from "../../../src/policy/language/policy.ts";
import { describePolicy } from "../../../src/policy/speech/describe-policy.ts";
import { complete, minimal } from "../documents.ts";

const permit = (document: Partial<PolicyBody>): PolicyBody => ({
  ...minimal,
  target: { resources: ["r1"] },
  scopes: ["view"],
  ...document,
});
const email = (equals: string) => ({ claim: "email", equals }) as const;

describe("a policy read aloud", () => {
  it.each<[string, PolicyBody]>([
    ["Permits everything on every resource of the owner to anyone.", minimal],
    [
      "Permits view on the resource r1 to anyone whose email is bob@example.com.",
      permit({ who: email("bob@example.com") }),
    ],
    [
      "Denies view and print on every resource of the type photo to anyone who is a member of the group g1.",
      permit({ effect: "deny", target: { type: "photo" }, scopes: ["view", "print"], who: { group: "g1" } }),
    ],
    [
      "Permits view on the resource r1 to anyone, from 1 June 2027 at 06:30 UTC, until 30 June 2027 at 16:00 UTC.",
      permit({ when: { not_before: "2027-06-01T08:30:00+02:00", expires: "2027-06-30T16:00:00Z" } }),
    ],
    [
      "Permits view on the resource r1 to anyone, on weekdays from 08:00 to 18:00 (Europe/Berlin) or at weekends from 22:00 to 06:00 of the next day (UTC).",
      permit({
        when: {
          hours: [
            { days: ["fri", "mon", "tue", "wed", "thu"], from: "08:00", to: "18:00", time_zone: "Europe/Berlin" },
            { days: ["sat", "sun"], from: "22:00", to: "06:00", time_zone: "UTC" },
          ],
        },
      }),
    ],
    [
      "Permits view on the resource r1 to anyone, on Mondays and Fridays from 00:00 to 24:00 (UTC).",
      permit({ when: { hours: [{ days: ["fri", "mon"], from: "00:00", to: "24:00", time_zone: "UTC" }] } }),
    ],
    [
      "Permits view on the resource r1 to anyone, from within Germany or France, from the network 192.0.2.0/24.",
      permit({ where: { countries: ["DE", "FR"], networks: ["192.0.2.0/24"] } }),
    ],
    [
      "Permits view on the resource r1 to anyone, if they signed in within the last 15 minutes, if they accept the agreement Rules, if the owner approves, 1 time in all, for 90 seconds at a time.",
      permit({
        terms: {
          approval: true,
          signed_in_within: 900,
          agreement: { title: "Rules", text: "Be kind." },
          uses: 1,
          token_lifetime: 90,
        },
      }),
    ],
  ])("%s", (sentence, document) => {
    expect(describePolicy(document)).toBe(sentence);
  });

  it.each<[string, Condition]>([
    ["who is a member of the group g and whose email is not a@b.c", { all: [{ group: "g" }, { not: email("a@b.c") }] }],
    [
      "who is a member of the group g and (whose age is at least 18 or who uses the app c1 or c2)",
      { all: [{ group: "g" }, { any: [{ claim: "age", at_least: 18 }, { client: ["c1", "c2"] }] }] },
    ],
    [
      "whose a is not known and who does not use the app c1",
      { not: { any: [{ claim: "a", exists: true }, { client: "c1" }] } },
    ],
    [
      "whose email is at example.com (in the words of https://i1.example)",
      { claim: "email", domain: "example.com", issuer: "https://i1.example" },
    ],
    ["whose role is a, b or c", { claim: "role", one_of: ["a", "b", "c"] }],
    ["who may be anyone and whose email is not a@b.c", { all: [{ anyone: true }, { not: email("a@b.c") }] }],
    ["whose email is a@b.c", { not: { not: email("a@b.c") } }],
  ])("anyone %s", (clause, who) => {
    expect(describePolicy(permit({ who }))).toBe(`Permits view on the resource r1 to anyone ${clause}.`);
  });

  it("calls things by the names they are given", () => {
    const names = {
      resources: new Map([["r1", "Beach"]]),
      groups: new Map([["friends", "Best friends"]]),
      clients: new Map([["c1", "Printer"]]),
    };
    const sentence = describePolicy(complete, names);
    expect(sentence).toContain("on the resources Beach and r2 to");
    expect(sentence).toContain("the group Best friends");
    expect(sentence).toContain("the app Printer or https://client.example/metadata");
  });
});
