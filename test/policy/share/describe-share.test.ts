import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import { parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import type { Condition, PolicyBody } from "../../../src/policy/language/policy.ts";
import type { Audience } from "../../../src/policy/share/audience.ts";
import { describeShare } from "../../../src/policy/share/describe-share.ts";
import { factsWith, NOW, newer, party, policy } from "../support.ts";

const LEE: Condition = { claim: "email", equals: "lee@example.com" };
const SUBJECT: Condition = { claim: "sub", equals: "s-1", issuer: "https://id.example" };

function shared(document: Partial<PolicyBody>) {
  const read = describeShare(policy(document).document);
  if (read.kind !== "share") throw new Error("it is elaborate");
  return read;
}

describe("a policy as a share", () => {
  it.each<[string, Condition, readonly Audience[]]>([
    ["everybody", { anyone: true }, [{ kind: "everybody" }]],
    ["an address", LEE, [{ kind: "address", address: "lee@example.com", vouchers: null }]],
    [
      "several addresses",
      { claim: "email", one_of: ["a@x.example", "b@x.example"] },
      [
        { kind: "address", address: "a@x.example", vouchers: null },
        { kind: "address", address: "b@x.example", vouchers: null },
      ],
    ],
    [
      "a domain in the words of one issuer",
      { claim: "email", domain: "x.example", issuer: "https://id.example" },
      [{ kind: "domain", domain: "x.example", vouchers: ["https://id.example"] }],
    ],
    ["a person", SUBJECT, [{ kind: "person", issuer: "https://id.example", subject: "s-1" }]],
    ["a group", { group: "g" }, [{ kind: "group", groupId: "g" }]],
    [
      "apps",
      { client: ["a", "b"] },
      [
        { kind: "app", clientId: "a" },
        { kind: "app", clientId: "b" },
      ],
    ],
    [
      "any of several",
      { any: [LEE, { any: [{ group: "g" }] }] },
      [
        { kind: "address", address: "lee@example.com", vouchers: null },
        { kind: "group", groupId: "g" },
      ],
    ],
  ])("names %s", (_, who, whom) => {
    expect(shared({ who })).toMatchObject({ whom, through: null });
  });

  it("names the app that an approval lets somebody in by", () => {
    const whom = [{ kind: "person", issuer: "https://id.example", subject: "s-1" }];
    expect(shared({ who: { all: [SUBJECT, { client: "a" }] } })).toMatchObject({ whom, through: ["a"] });
    expect(shared({ who: { all: [{ client: ["a", "b"] }, SUBJECT] } })).toMatchObject({ whom, through: ["a", "b"] });
  });

  it("tells what, until when and on which terms", () => {
    const agreement = { title: "Rules", text: "Be kind." };
    const read = shared({
      name: "Doctors",
      effect: "permit",
      target: { type: "lab-report" },
      scopes: ["view"],
      when: { not_before: "2027-01-01T00:00:00Z", expires: "2027-06-30T23:59:59.5Z" },
      terms: { approval: true, agreement, signed_in_within: 300, uses: 2, token_lifetime: 60 },
    });
    expect(read).toMatchObject({
      name: "Doctors",
      effect: "permit",
      target: { type: "lab-report" },
      scopes: ["view"],
      from: 1_798_761_600,
      until: 1_814_399_999,
      asksFirst: true,
      agreement,
      signedInWithin: 300,
      uses: 2,
    });
  });

  it("leaves out nothing where nothing is said", () => {
    expect(shared({})).toMatchObject({
      name: null,
      from: null,
      until: null,
      asksFirst: false,
      agreement: null,
      signedInWithin: null,
      uses: null,
    });
  });

  it("reads a deny as whom it keeps out", () => {
    expect(shared({ effect: "deny", who: LEE }).effect).toBe("deny");
  });

  it.each<[string, Partial<PolicyBody>]>([
    ["a not", { who: { all: [LEE, { not: { group: "g" } }] } }],
    ["two tests at once", { who: { all: [LEE, { group: "g" }] } }],
    ["two apps at once", { who: { all: [{ client: "a" }, { client: "b" }] } }],
    ["three at once", { who: { all: [LEE, { client: "a" }, { client: "b" }] } }],
    ["another claim", { who: { claim: "role", equals: "doctor" } }],
    ["any address at all", { who: { claim: "email", exists: true } }],
    ["any subject of an issuer", { who: { claim: "sub", exists: true, issuer: "https://id.example" } }],
    ["a subject of several issuers", { who: { claim: "sub", equals: "s", issuer: ["https://a.x", "https://b.x"] } }],
    ["hours", { when: { hours: [{ from: "08:00", to: "18:00", time_zone: "Europe/Berlin" }] } }],
    ["a place", { where: { countries: ["DE"] } }],
    ["a member that is not known", newer({ purpose: "care" })],
    ["a time that is not known", { when: newer({ season: "summer" }) }],
    ["terms that are not known", { terms: newer({ price: 5 }) }],
    ["a condition that is not known", { who: newer({ mood: "good" }) }],
    ["a condition of another form", { who: newer({ any: 5 }) }],
  ])("leaves %s to the policy's own sentence", (_, document) => {
    const { document: whole } = policy(document);
    expect(describeShare(whole)).toEqual({ kind: "elaborate", document: whole });
  });

  it("lets in whom its policy lets in", () => {
    const address = fc.constantFrom("a@x.example", "b@x.example", "c@y.example");
    const leaf = fc.oneof(
      address.map((equals): Condition => ({ claim: "email", equals })),
      fc.constantFrom("x.example", "y.example").map((domain): Condition => ({ claim: "email", domain })),
      fc.constantFrom<Condition>({ anyone: true }, { client: "c1" }, { client: ["c2", "c3"] }),
    );
    const who = fc.oneof(
      leaf,
      fc.array(leaf, { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
      fc.array(leaf, { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
    );
    fc.assert(
      fc.property(who, address, (condition, email) => {
        const read = describeShare(parsePolicy(policy({ who: condition }).document));
        if (read.kind !== "share") return;
        const named = read.whom.some((one) => lets(one, email)) && (read.through?.includes("c1") ?? true);
        const facts = factsWith({ party: party({ email }), clientId: "c1", now: NOW });
        expect(evaluateCondition(condition, facts, "permit").truth).toBe(named ? "yes" : "no");
      }),
    );
  });
});

function lets(audience: Audience, email: string): boolean {
  if (audience.kind === "everybody") return true;
  if (audience.kind === "app") return audience.clientId === "c1";
  if (audience.kind === "domain") return email.endsWith(`@${audience.domain}`);
  return audience.kind === "address" && audience.address === email;
}
