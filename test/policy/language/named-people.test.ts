import { describe, expect, it } from "vitest";
import { peopleOfGroup, peopleOfPermit } from "../../../src/policy/language/named-people.ts";
import type { Condition, Effect } from "../../../src/policy/language/policy.ts";

const ISSUER = "https://i.example";
const bob: Condition = { claim: "email", equals: "Bob@EXAMPLE.com" };
const dan: Condition = { claim: "sub", issuer: [ISSUER, "https://j.example"], one_of: ["d", "e"] };

function people(who: Condition, effect: Effect = "permit") {
  return peopleOfPermit({ effect, target: { all: true }, scopes: "all", who });
}

describe("whom a permit names", () => {
  it.each<[string, Condition, readonly string[]]>([
    ["an address, as it is compared", bob, ["bob@example.com"]],
    ["people of issuers", dan, ["i", "j"].flatMap((i) => ["d", "e"].map((sub) => `["https://${i}.example","${sub}"]`))],
    ["whoever stands inside, each once", { any: [bob, { all: [bob, { client: "c" }] }] }, ["bob@example.com"]],
    ["nobody who is left out", { all: [{ anyone: true }, { not: bob }] }, []],
    [
      "nobody by a domain, a role or a group",
      { any: [{ claim: "email", domain: "x.example" }, { claim: "role", equals: "r" }, { group: "g" }] },
      [],
    ],
    ["nobody by what is not known here", { future: true } as unknown as Condition, []],
  ])("%s", (_, who, named) => {
    expect(people(who)).toEqual(named);
  });

  it("is nobody for a deny", () => {
    expect(people(bob, "deny")).toEqual([]);
  });
});

it("a group names its members, each once", () => {
  const members = [{ email: "bob@example.com" }, { email: "BOB@example.com" }, { issuer: ISSUER, subject: "d" }];
  expect(peopleOfGroup({ name: "g", members })).toEqual(["bob@example.com", `["${ISSUER}","d"]`]);
});
