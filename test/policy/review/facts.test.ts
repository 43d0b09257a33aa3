import { expect, it } from "vitest";
import { mentionsOfGroup, mentionsOfPolicy } from "../../../src/policy/review/facts.ts";
import { policy } from "../support.ts";

it("a policy mentions what it names, wherever that stands", () => {
  const { document } = policy({
    target: { type: "photo" },
    scopes: ["view", "print"],
    who: {
      all: [
        { any: [{ group: "g1" }, { client: ["c1", "c2"] }] },
        { not: { claim: "role", equals: "guest", issuer: ["https://i1.example", "https://i2.example"] } },
      ],
    },
  });
  expect(mentionsOfPolicy(document)).toEqual({
    target: { type: "photo" },
    scopes: ["view", "print"],
    groups: ["g1"],
    clients: ["c1", "c2"],
    issuers: ["https://i1.example", "https://i2.example"],
    anyIssuer: false,
  });
});

it("a policy counts on any issuer where it names none", () => {
  const { document } = policy({ scopes: "all", who: { not: { claim: "role", exists: true } } });
  expect(mentionsOfPolicy(document)).toMatchObject({ scopes: [], issuers: [], anyIssuer: true });
});

it("a group mentions the issuers of its members, and any where it has addresses", () => {
  const subject = { issuer: "https://i1.example", subject: "s1" };
  const nothing = { target: { resources: [] }, scopes: [], groups: [], clients: [] };
  const issuers = ["https://i1.example"];
  expect(mentionsOfGroup({ name: "g", members: [subject] })).toEqual({ ...nothing, issuers, anyIssuer: false });
  const mixed = { name: "g", members: [{ email: "a@x.example" }, subject] };
  expect(mentionsOfGroup(mixed)).toEqual({ ...nothing, issuers, anyIssuer: true });
});
