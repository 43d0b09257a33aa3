import { describe, expect, it } from "vitest";
import { evaluateCondition } from "../../../src/policy/evaluation/condition.ts";
import type { Truth } from "../../../src/policy/evaluation/outcome.ts";
import type { Condition } from "../../../src/policy/language/policy.ts";
import { factsWith, group, newer, party } from "../support.ts";

const I1 = "https://i1.example";
const I2 = "https://i2.example";

const facts = factsWith({
  party: party({
    email: "Bob@Example.com",
    age: 17,
    roles: ["doctor", "parent"],
    mixed: [5, "five"],
    member: false,
    empty: "",
    none: [],
    blanks: ["", ""],
  }),
  groups: new Map([
    ["friends", group("friends", [{ email: "BOB@example.com" }])],
    ["strangers", group("strangers", [{ email: "eve@example.com" }])],
    ["accounts", group("accounts", [{ issuer: I1, subject: "s1" }])],
    ["others", group("others", [{ issuer: I2, subject: "s1" }])],
    ["nobody", group("nobody", [])],
  ]),
});

function truthOf(condition: object, more: Partial<typeof facts> = {}): Truth {
  return evaluateCondition(condition as Condition, { ...facts, ...more }).truth;
}

describe("claim tests", () => {
  it.each<[Truth, object]>([
    ["yes", { claim: "email", equals: "bob@example.com" }],
    ["yes", { claim: "email", one_of: ["x@y.z", "BOB@EXAMPLE.COM"] }],
    ["yes", { claim: "email", domain: "EXAMPLE.com" }],
    ["no", { claim: "email", domain: "mail.example.com" }],
    ["no", { claim: "email", domain: "ample.com" }],
    ["no", { claim: "email", equals: "eve@example.com" }],
    ["yes", { claim: "roles", equals: "parent" }],
    ["no", { claim: "roles", equals: "Parent" }],
    ["yes", { claim: "roles", one_of: ["nurse", "doctor"] }],
    ["yes", { claim: "age", equals: 17 }],
    ["error", { claim: "age", equals: "17" }],
    ["error", { claim: "age", one_of: ["17", true] }],
    ["no", { claim: "age", one_of: ["17", 18] }],
    ["yes", { claim: "age", at_least: 17 }],
    ["no", { claim: "age", greater_than: 17 }],
    ["yes", { claim: "age", at_most: 17 }],
    ["no", { claim: "age", less_than: 17 }],
    ["error", { claim: "email", at_least: 1 }],
    ["error", { claim: "age", domain: "example.com" }],
    ["error", { claim: "roles", domain: "example.com" }],
    ["yes", { claim: "mixed", equals: 5 }],
    ["yes", { claim: "mixed", equals: "five" }],
    ["error", { claim: "mixed", equals: 6 }],
    ["yes", { claim: "member", exists: true }],
    ["no", { claim: "member", equals: true }],
    ["yes", { claim: "sub", issuer: I1, equals: "s1" }],
    ["no", { claim: "sub", issuer: I1, equals: "s2" }],
  ])("%s for %j", (truth, condition) => {
    expect(truthOf(condition)).toBe(truth);
  });

  it.each(["absent", "empty", "none", "blanks", "constructor", "__proto__", "toString"])(
    "knows nothing of the claim %s, whatever is asked of it",
    (claim) => {
      for (const condition of [{ claim, exists: true }, { claim, equals: "x" }, { not: { claim, equals: "x" } }]) {
        const finding = evaluateCondition(condition as Condition, facts);
        expect(finding.truth).toBe("unknown");
        expect(finding.needs).toEqual([{ kind: "claim", claim, issuers: null }]);
      }
    },
  );

  it("waits for the issuers it names", () => {
    const condition = { claim: "email", issuer: [I2], equals: "bob@example.com" } as const;
    const finding = evaluateCondition(condition, facts);
    expect(finding.truth).toBe("unknown");
    expect(finding.needs).toEqual([{ kind: "claim", claim: "email", issuers: [I2] }]);
    expect(truthOf({ ...condition, issuer: [I2, I1] })).toBe("yes");
    expect(truthOf({ ...condition, issuer: I1 })).toBe("yes");
    expect(truthOf({ ...condition, issuer: `${I1}/` })).toBe("unknown");
  });

  it("is unknown without a party", () => {
    expect(truthOf({ claim: "email", exists: true }, { party: null })).toBe("unknown");
  });

  it("does not take letters that only look alike for the same address", () => {
    const kelvin = party({ email: "\u212Aim@example.com" });
    expect(truthOf({ claim: "email", equals: "kim@example.com" }, { party: kelvin })).toBe("error");
    const mike = new Map([["g", group("g", [{ email: "kim@example.com" }])]]);
    expect(truthOf({ group: "g" }, { party: kelvin, groups: mike })).toBe("unknown");
  });

  it.each([
    "eve@bücher.example",
    "Eve@BÜCHER.example",
    "eve@bu\u0308cher.example",
    "eve@xn--bcher-kva.example",
    "EVE@XN--BCHER-KVA.EXAMPLE",
    "eve@xn--bcher-kva.example.",
  ])("knows a domain by each of its spellings: %s", (email) => {
    const eve = { party: party({ email, upn: email }), groups: new Map([["g", group("g", [{ email }])]]) };
    for (const domain of ["bücher.example", "xn--bcher-kva.example", "BU\u0308CHER.example"]) {
      expect(truthOf({ claim: "email", domain }, eve)).toBe("yes");
      expect(truthOf({ claim: "upn", domain }, eve)).toBe("yes");
      expect(truthOf({ claim: "email", equals: `eve@${domain}` }, eve)).toBe("yes");
      expect(truthOf({ claim: "email", one_of: ["a@b.c", `eve@${domain}`] }, eve)).toBe("yes");
      const shown = { ...eve, party: party({ email: `eve@${domain}` }) };
      expect(truthOf({ group: "g" }, shown)).toBe("yes");
    }
    expect(truthOf({ claim: "email", domain: "bucher.example" }, eve)).toBe("no");
  });

  it.each<[Truth, object]>([
    ["error", { claim: "upn", domain: "evil.example" }],
    ["error", { claim: "upn", domain: "evil" }],
    ["error", { claim: "email", equals: "evil" }],
    ["error", { claim: "email", one_of: ["a@b.c", "evil"] }],
    ["yes", { claim: "email", one_of: ["evil", "Bob@example.com"] }],
    ["error", { group: "spoiled" }],
    ["yes", { group: "spoiled, and Bob" }],
  ])("never takes an address that cannot be read for a no: %s for %j", (truth, condition) => {
    const spoiled = [{ email: "eve@ｅvil.example" }];
    const groups = new Map([
      ["spoiled", group("spoiled", spoiled)],
      ["spoiled, and Bob", group("both", [...spoiled, { email: "bob@example.com" }])],
    ]);
    const bob = party({ email: "bob@example.com", upn: "bob@ｅvil.example" });
    expect(truthOf(condition, { party: bob, groups })).toBe(truth);
  });

  it("takes the subject from the party, not from a claim of that name", () => {
    const liar = party({ sub: "s9" });
    expect(truthOf({ claim: "sub", issuer: I1, equals: "s9" }, { party: liar })).toBe("no");
  });

  it("gives reasons without any value of a claim", () => {
    const { reasons } = evaluateCondition({ claim: "email", equals: "eve@example.com" }, facts);
    expect(reasons).toHaveLength(1);
    expect(JSON.stringify(reasons)).not.toMatch(/bob|eve/i);
  });
});

describe("groups and clients", () => {
  it.each<[Truth, object]>([
    ["yes", { group: "friends" }],
    ["no", { group: "strangers" }],
    ["yes", { group: "accounts" }],
    ["no", { group: "others" }],
    ["no", { group: "nobody" }],
    ["error", { group: "gone" }],
    ["error", { not: { group: "gone" } }],
    ["yes", { client: "c1" }],
    ["yes", { client: ["c2", "c1"] }],
    ["no", { client: ["c2"] }],
  ])("%s for %j", (truth, condition) => {
    expect(truthOf(condition)).toBe(truth);
  });

  it("asks for what could make somebody a member, and names no member's issuer", () => {
    const groups = new Map([["g", group("g", [{ email: "a@b.c" }, { issuer: I2, subject: "x" }])]]);
    const nobody = evaluateCondition({ group: "g" }, { ...facts, groups, party: null });
    expect(nobody.needs).toEqual([
      { kind: "claim", claim: "email", issuers: null },
      { kind: "claim", claim: "sub", issuers: null },
    ]);
    const nameless = evaluateCondition({ group: "g" }, { ...facts, groups, party: party() });
    expect(nameless.needs).toEqual([{ kind: "claim", claim: "email", issuers: null }]);
  });

  it("asks for nothing on behalf of an empty group", () => {
    expect(truthOf({ group: "nobody" }, { party: null })).toBe("no");
  });

  it("remembers every membership it looked at, also where it did not matter", () => {
    const condition: Condition = { any: [{ anyone: true }, { group: "strangers" }, { not: { group: "friends" } }] };
    const finding = evaluateCondition(condition, facts);
    expect(finding.truth).toBe("yes");
    expect(finding.memberships).toEqual({ strangers: "no", friends: "yes" });
  });
});

describe("all, any and not", () => {
  const parts: Record<Truth, object> = {
    yes: { client: "c1" },
    no: { client: "c2" },
    unknown: { claim: "absent", exists: true },
    error: { regex: ".*" },
  };
  const order = {
    permit: { all: ["no", "error", "unknown", "yes"], any: ["yes", "unknown", "error", "no"] },
    deny: { all: ["no", "unknown", "error", "yes"], any: ["yes", "error", "unknown", "no"] },
  } as const;
  const truths: readonly Truth[] = ["yes", "no", "unknown", "error"];
  const pairs = truths.flatMap((left) => truths.map((right) => [left, right] as const));

  describe.each(["permit", "deny"] as const)("in a %s", (effect) => {
    it.each(pairs)("%s with %s", (left, right) => {
      for (const operator of ["all", "any"] as const) {
        const expected = order[effect][operator].find((truth) => truth === left || truth === right);
        const condition = newer<Condition>({ [operator]: [parts[left], parts[right]] });
        expect(evaluateCondition(condition, facts, effect).truth).toBe(expected);
      }
    });
  });

  it("turns the weight of an error around under a not", () => {
    expect(truthOf({ any: [parts.error, parts.unknown] })).toBe("unknown");
    expect(truthOf({ not: { any: [parts.error, parts.unknown] } })).toBe("error");
    expect(truthOf({ not: { all: [parts.error, parts.unknown] } })).toBe("unknown");
  });

  it.each<[Truth, Truth]>([
    ["yes", "no"],
    ["no", "yes"],
    ["unknown", "unknown"],
    ["error", "error"],
  ])("not %s is %s", (inner, outer) => {
    expect(truthOf({ not: parts[inner] })).toBe(outer);
  });

  it("says where the fault is", () => {
    const { reasons } = evaluateCondition(
      { all: [{ client: "c1" }, { any: [{ claim: "age", less_than: 3 }, { client: "c2" }] }] },
      facts,
    );
    expect(reasons.map(({ path }) => path)).toEqual(["who.all[1].any[0]", "who.all[1].any[1]"]);
  });

  it("asks only for what is still open", () => {
    const settled: Condition = { any: [{ client: "c1" }, { claim: "absent", exists: true }] };
    expect(evaluateCondition(settled, facts).needs).toEqual([]);
    const open: Condition = {
      all: [
        { claim: "a", exists: true },
        { claim: "a", equals: 1 },
        { claim: "b", exists: true },
      ],
    };
    expect(evaluateCondition(open, facts).needs.map((need) => need.kind === "claim" && need.claim)).toEqual(["a", "b"]);
  });
});

describe("documents newer than this code (ledger/README.md, rule 10)", () => {
  it.each([
    [{}],
    [null],
    ["anyone"],
    [{ anyone: false }],
    [{ anyone: true, except: "eve" }],
    [{ all: [] }],
    [{ any: [] }],
    [{ not: {} }],
    [{ not: null }],
    [{ group: "friends", role: "admin" }],
    [{ group: { id: "friends" } }],
    [{ claim: "email" }],
    [{ claim: "email", matches: ".*" }],
    [{ claim: "email", equals: "bob@example.com", matches: ".*" }],
    [{ claim: "age", at_least: 1, at_most: 100 }],
    [{ claim: ["email"], exists: true }],
    [{ claim: "email", exists: false }],
    [{ claim: "email", one_of: "bob@example.com" }],
  ])("%j is an error, also under a not", (condition) => {
    expect(truthOf(newer(condition as object))).toBe("error");
    expect(truthOf({ not: condition })).toBe("error");
  });
});
