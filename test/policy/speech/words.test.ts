import { describe, expect, it } from "vitest";
import type { Condition, PolicyBody } from "../../../src/policy/language/policy.ts";
import { describePolicy } from "../../../src/policy/speech/describe-policy.ts";
import { minimal } from "../documents.ts";

const said = (document: Partial<PolicyBody>) => describePolicy({ ...minimal, ...document });
const TO = "Permits everything on every resource of the owner to anyone";
const friend = { group: "friends" } as const;
const printer = { client: "printer" } as const;
const hours = (
  days: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[] | null,
  from: string,
  to: string,
) => ({
  when: { hours: [{ ...(days === null ? {} : { days }), from, to, time_zone: "UTC" }] },
});

describe("who", () => {
  it.each<[string, Condition]>([
    ["whose age is more than 17", { claim: "age", greater_than: 17 }],
    ["whose age is less than 18", { claim: "age", less_than: 18 }],
    ["whose age is at most 18", { claim: "age", at_most: 18 }],
    [
      "whose role is known (in the words of https://i1.example or https://i2.example)",
      { claim: "role", exists: true, issuer: ["https://i1.example", "https://i2.example"] },
    ],
    ["who is a member of the group friends and who uses the app printer", { all: [{ all: [friend, printer] }] }],
    [
      "who is not a member of the group friends or who does not use the app printer",
      { not: { all: [friend, printer] } },
    ],
    [
      "(who is not a member of the group friends and who does not use the app printer) or who uses the app printer",
      { any: [{ not: { any: [friend, printer] } }, printer] },
    ],
    ["who is a member of the group friends and who uses the app printer", { all: [{ all: [friend] }, printer] }],
    ["who is not a member of the group friends and who uses the app printer", { all: [{ not: friend }, printer] }],
  ])("%s", (clause, who) => {
    expect(said({ who })).toBe(`${TO} ${clause}.`);
  });
});

describe("when and where", () => {
  it.each<[string, Partial<PolicyBody>]>([
    ["every day from 08:00 to 18:00 (UTC)", hours(null, "08:00", "18:00")],
    ["every day from 08:00 to 18:00 (UTC)", hours(["sun", "mon", "tue", "wed", "thu", "fri", "sat"], "08:00", "18:00")],
    ["every day from 08:00 to 08:00 of the next day (UTC)", hours(null, "08:00", "08:00")],
    ["from the network 192.0.2.0/24 or 198.51.100.0/24", { where: { networks: ["192.0.2.0/24", "198.51.100.0/24"] } }],
  ])("%s", (words, document) => {
    expect(said(document)).toBe(`${TO}, ${words}.`);
  });
});
