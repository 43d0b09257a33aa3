import { describe, expect, it } from "vitest";
import { actOf, type Naming } from "../../../../src/http/console/speech/naming.ts";
import { policyInWords } from "../../../../src/http/console/speech/policy.ts";
import { de } from "../../../../src/pages/words/de.ts";
import { en } from "../../../../src/pages/words/en.ts";
import { plain } from "../../../../src/pages/words/said.ts";
import type { PolicyBody } from "../../../../src/policy/language/policy.ts";
import { readScopeNames } from "../../../../src/protocol/scope-names.ts";
import { NOW, newer, policy } from "../../../policy/support.ts";

const LEE = { claim: "email", equals: "lee@example.com" } as const;
const NAMING: Naming = {
  things: new Map([
    ["r1", "Lab results"],
    ["r2", null],
  ]),
  groups: new Map([["g", "Cardiology"]]),
  apps: new Map([["a", "Consult"]]),
  person: (_, subject) => (subject === "s" ? { name: "Dr. Roth", address: "roth@example.com" } : null),
  scopeNames: [
    readScopeNames({ scope_names: { "lab.read": "look at" }, "scope_names#de": { "lab.read": "betrachten" } }),
  ],
};

function said(document: Partial<PolicyBody>, words = en): string {
  const whole = policy({ target: { resources: ["r1"] }, scopes: ["view"], ...document }).document;
  return plain(policyInWords(whole, NAMING, { words, timeZone: "Europe/Berlin", now: NOW }));
}

describe("a policy in people's words", () => {
  it.each<[string, string, Partial<PolicyBody>]>([
    ["Everybody can view Lab results.", "Alle dürfen Lab results ansehen.", {}],
    [
      "lee@example.com can view and download Lab results, until 30 June.",
      "lee@example.com darf Lab results ansehen und herunterladen, bis 30. Juni.",
      { who: LEE, scopes: ["view", "download"], when: { expires: "2027-06-30T21:59:59Z" } },
    ],
    [
      "Everybody in Cardiology can look at something without a name. You are asked each time.",
      "Alle in Cardiology dürfen etwas ohne Namen betrachten. Sie werden jedes Mal gefragt.",
      { who: { group: "g" }, scopes: ["lab.read"], target: { resources: ["r2"] }, terms: { approval: true } },
    ],
    [
      "Dr. Roth (roth@example.com) through Consult can do everything with everything of the kind photo.",
      "Dr. Roth (roth@example.com) über Consult darf alles von der Art photo nach Belieben nutzen.",
      {
        who: { all: [{ claim: "sub", equals: "s", issuer: "https://id.example" }, { client: "a" }] },
        scopes: "all",
        target: { type: "photo" },
      },
    ],
    [
      "Everybody with an address at insurer.example can never do everything with everything.",
      "Alle mit einer Adresse bei insurer.example dürfen alles niemals nach Belieben nutzen.",
      { effect: "deny", who: { claim: "email", domain: "insurer.example" }, scopes: "all", target: { all: true } },
    ],
    [
      "Everybody who uses Consult can view Lab results, after agreeing to Rules, 2 times in all.",
      "Alle, die Consult nutzen, dürfen Lab results ansehen, nach Zustimmung zu Rules, insgesamt 2-mal.",
      { who: { client: "a" }, terms: { agreement: { title: "Rules", text: "Be kind." }, uses: 2 } },
    ],
    [
      "Everybody who is in Cardiology and whose role is not guest can view Lab results, on Monday and Tuesday from 08:00 to 18:00 (Europe/Berlin), from within Germany.",
      "Alle, die in Cardiology sind und deren role nicht guest ist, dürfen Lab results ansehen, Montag und Dienstag von 08:00 bis 18:00 Uhr (Europe/Berlin), aus Deutschland.",
      {
        who: { all: [{ group: "g" }, { not: { claim: "role", equals: "guest" } }] },
        when: { hours: [{ days: ["mon", "tue"], from: "08:00", to: "18:00", time_zone: "Europe/Berlin" }] },
        where: { countries: ["DE"] },
      },
    ],
    [
      "Somebody whose name we do not know can view something that is no longer there.",
      "Jemand, dessen Namen wir nicht kennen, darf etwas, das es nicht mehr gibt, ansehen.",
      { who: { claim: "sub", equals: "x", issuer: "https://id.example" }, target: { resources: ["gone"] } },
    ],
    [
      "Everybody in a group that is no longer there can view Lab results, until 1 January. That time is over.",
      "Alle in einer Gruppe, die es nicht mehr gibt, dürfen Lab results ansehen, bis 1. Januar. Diese Zeit ist vorbei.",
      { who: { group: "lost" }, when: { expires: "2027-01-01T00:00:00Z" } },
    ],
    ["A rule that cannot be read here.", "Eine Regel, die hier nicht gelesen werden kann.", newer({ scopes: "some" })],
  ])("%s", (english, german, document) => {
    expect(said(document)).toBe(english);
    expect(said(document, de)).toBe(german);
  });

  it("tells every kind of test, also under a not", () => {
    const tests = [
      { claim: "email", exists: true },
      { claim: "age", at_least: 18, issuer: "https://id.example" },
      { claim: "age", greater_than: 18 },
      { claim: "age", less_than: 18 },
      { claim: "age", at_most: 18 },
      { claim: "role", one_of: ["doctor", "nurse"] },
      { claim: "email", domain: "x.example" },
      { client: ["a", "b"] },
    ] as const;
    const every = said({ who: { all: [...tests, { any: [{ group: "g" }, { not: { any: tests } }] }] } });
    expect(every).toBe(
      "Everybody whose email address is known and whose age is at least 18 (as https://id.example says) and whose age is " +
        "more than 18 and whose age is less than 18 and whose age is at most 18 and whose role is doctor or nurse and " +
        "whose email address is at x.example and who uses Consult or b and (who is in Cardiology or whose email address " +
        "is not known and whose age is not at least 18 (as https://id.example says) and whose age is not more than 18 and " +
        "whose age is not less than 18 and whose age is not at most 18 and whose role is not doctor or nurse and whose " +
        "email address is not at x.example and who does not use Consult or b) can view Lab results.",
    );
  });

  it("names the first of many, and how many more", () => {
    const one_of = Array.from({ length: 8 }, (_, index) => `p${index}@x.example`);
    expect(said({ who: { claim: "email", one_of } })).toMatch(
      /^p0@.*, p4@x\.example and 3 more can view Lab results\.$/,
    );
  });
});

describe("what a scope lets somebody do", () => {
  it("is said in the app's words, in ours, or as it stands", () => {
    expect(actOf("lab.read", NAMING.scopeNames, de)).toBe("betrachten");
    expect(actOf("https://api.example/scopes/Download", [], de)).toBe("herunterladen");
    expect(actOf("order_blood_count", [], de)).toBe("order blood count");
    expect(actOf("constructor", [], en)).toBe("constructor");
  });
});
