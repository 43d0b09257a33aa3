import { describe, expect, it } from "vitest";
import type { Condition, PolicyBody } from "../../../src/policy/language/policy.ts";
import type { ReviewFacts } from "../../../src/policy/review/facts.ts";
import { reviewGroup, reviewPolicy } from "../../../src/policy/review/review-document.ts";
import { MAX_EMAIL_DOMAINS, MAX_GROUP_MEMBERS, MAX_WARNINGS } from "../../../src/shared/limits.ts";
import { NOW, policy } from "../support.ts";

const I1 = "https://i1.example";
const I2 = "https://i2.example";

/** One resource with one scope, a group and an app; i1 speaks for addresses of x.example, i2 for roles. */
const FACTS: ReviewFacts = {
  resources: new Set(["r1"]),
  areAllResources: true,
  scopes: new Set(["view"]),
  groups: new Map([
    ["g1", 2],
    ["empty", 0],
  ]),
  clients: new Map([
    ["c1", true],
    ["c2", true],
    ["mute", false],
  ]),
  issuers: [
    { issuer: I1, claims: ["email"], emailDomains: ["x.example"] },
    { issuer: I2, claims: ["role"], emailDomains: [] },
  ],
  areAllIssuers: true,
};

const BOB = { claim: "email", equals: "bob@x.example" };
const ROLE = { claim: "role", equals: "doctor" };

function review(document: Partial<PolicyBody>, facts: Partial<ReviewFacts> = {}): readonly string[] {
  const { document: whole } = policy({ scopes: ["view"], ...document });
  return reviewPolicy(whole, { ...FACTS, ...facts }, NOW).map(({ path, message }) => `${path}: ${message}`);
}

const about = (who: Condition, document: Partial<PolicyBody> = {}) => review({ who, ...document });

const HOPELESS = "who: nobody can meet this as things are, so it permits nothing";
const UNSPOKEN = "no trusted issuer may speak for this claim";
const FOREIGN = "no issuer that counts here may speak for addresses of this domain";

describe("a policy", () => {
  it.each<[string, Partial<PolicyBody>]>([
    ["for anyone", {}],
    ["about a resource there is", { target: { resources: ["r1"] } }],
    ["about a type there is", { target: { type: "photo" } }],
    ["with an address that somebody may speak for", { who: BOB }],
    ["with any address", { who: { claim: "email", exists: true } }],
    ["with a claim of an issuer that may speak for it", { who: { ...ROLE, issuer: I2 } }],
    ["with the subject of an issuer", { who: { claim: "sub", equals: "s1", issuer: I2 } }],
    [
      "with a group, an app and what must not hold",
      { who: { all: [{ group: "g1" }, { client: "c1" }, { not: BOB }] } },
    ],
    ["with two values that one claim can have", { who: { all: [ROLE, { claim: "role", equals: "resident" }] } }],
    ["with an app that may push no claims, where none are asked for", { who: { client: "mute" } }],
    ["with apps of which one may push claims", { who: { all: [{ client: ["c1", "mute"] }, BOB] } }],
    ["about all scopes", { scopes: "all" }],
    ["that ends later", { when: { expires: new Date((NOW + 1) * 1_000).toISOString() } }],
    ["with one way that can be met", { who: { any: [BOB, { client: ["c1", "c2"] }] } }],
  ])("that can do what it says is not remarked on: %s", (_, document) => {
    expect(review(document)).toEqual([]);
  });

  it.each<[string, Partial<PolicyBody>, readonly string[]]>([
    [
      "a resource",
      { target: { resources: ["r1", "r2"] } },
      ["target.resources[1]: there is no such resource of this owner"],
    ],
    ["a scope", { scopes: ["view", "veiw"] }, ["scopes[1]: no resource of the target has this scope"]],
    ["an app", { who: { client: "c3" } }, ["who.client: there is no such client", HOPELESS]],
    ["one of several apps", { who: { client: ["c1", "c3"] } }, ["who.client[1]: there is no such client"]],
    ["a group without members", { who: { group: "empty" } }, ["who.group: this group has no members", HOPELESS]],
    [
      "an issuer",
      { who: { all: [{ client: "c1" }, { ...ROLE, issuer: "https://i3.example" }] } },
      ["who.all[1].issuer: is not trusted here, so its word does not count", HOPELESS],
    ],
    [
      "one of several issuers",
      { who: { ...ROLE, issuer: [I2, "https://i3.example"] } },
      ["who.issuer[1]: is not trusted here, so its word does not count"],
    ],
    [
      "an issuer for another's claim",
      { who: { ...ROLE, issuer: I1 } },
      ["who.issuer: may not speak for role here", HOPELESS],
    ],
    ["a claim", { who: { any: [{ claim: "rôle", exists: true }, ROLE] } }, [`who.any[0].claim: ${UNSPOKEN}`]],
    [
      "a claim in what must not hold",
      { who: { all: [ROLE, { not: { claim: "rank", exists: true } }] } },
      [`who.all[1].not.claim: ${UNSPOKEN}`, HOPELESS],
    ],
    [
      "a claim about the token",
      { who: { claim: "aud", equals: "c1" } },
      ["who.claim: is about the token and not about a person: it never counts", HOPELESS],
    ],
    ["a domain", { who: { claim: "email", domain: "y.example" } }, [`who.domain: ${FOREIGN}`, HOPELESS]],
    ["an address's domain", { who: { claim: "email", equals: "bob@y.example" } }, [`who.equals: ${FOREIGN}`, HOPELESS]],
    [
      "one of several addresses",
      { who: { claim: "email", one_of: ["a@x.example", "b@y.example"] } },
      [`who.one_of[1]: ${FOREIGN}`],
    ],
    [
      "a number where addresses are",
      { who: { claim: "email", at_least: 18 } },
      ["who.at_least: an e-mail address is never a number", HOPELESS],
    ],
    [
      "its end",
      { when: { expires: new Date(NOW * 1_000).toISOString() } },
      ["when.expires: is past, so this policy does nothing any more"],
    ],
  ])("is remarked on for what is surely not meant: %s", (_, document, expected) => {
    expect(review(document)).toEqual(expected);
  });

  it("about a type that no resource has is remarked on once, and not for its scopes", () => {
    const none = { resources: new Set<string>(), scopes: new Set<string>() };
    expect(review({ target: { type: "foto" } }, none)).toEqual(["target.type: no resource has this type"]);
    expect(review({ target: { all: true } }, none)).toEqual([]);
  });

  it("is not remarked on for what was not looked through", () => {
    expect(review({ scopes: ["print"] }, { areAllResources: false })).toEqual([]);
    expect(review({ who: { claim: "rank", exists: true } }, { areAllIssuers: false })).toEqual([]);
    const named = { claim: "rank", exists: true, issuer: I1 } as const;
    expect(review({ who: named }, { areAllIssuers: false })).toEqual([
      "who.issuer: may not speak for rank here",
      HOPELESS,
    ]);
  });

  it.each<[string, readonly Condition[]]>([
    ["asks for several apps at once, and only one asks at a time", [{ client: "c1" }, { all: [{ client: ["c2"] }] }]],
    [
      "asks for claims by way of apps through which nobody can be known (may_push_claims, claims_redirect_uris)",
      [{ client: ["mute"] }, { group: "g1" }],
    ],
    ["asks for something and for its opposite", [ROLE, { not: ROLE }]],
  ])("that nobody can meet %s", (message, all) => {
    expect(about({ all })).toEqual([`who.all: ${message}`, HOPELESS]);
  });

  it("counts on whichever issuer may speak for a domain", () => {
    const other = { issuer: I2, claims: ["email"], emailDomains: ["y.example"] };
    expect(review({ who: BOB }, { issuers: [...FACTS.issuers, other] })).toEqual([]);
  });

  it("asks for what several issuers say, or for several addresses, as an account may have them", () => {
    const issuers = [I1, I2].map((issuer) => ({ issuer, claims: "all", emailDomains: "all" }) as const);
    const [x, y] = ["x.example", "y.example"].map((domain) => ({ claim: "email", domain }));
    const both = [
      { ...BOB, issuer: I1 },
      { ...ROLE, issuer: I2 },
    ];
    for (const all of [both, [x ?? BOB, y ?? BOB], [BOB, { claim: "email", equals: "carol@x.example" }]]) {
      expect(review({ who: { all } }, { issuers })).toEqual([]);
    }
  });

  it("names an issuer that is heard in two ways for what it may say in either", () => {
    const met = { issuer: I1, claims: ["role"], emailDomains: [] };
    const pushed = { issuer: I1, claims: ["email"], emailDomains: "all" } as const;
    for (const issuers of [
      [met, pushed],
      [pushed, met],
    ]) {
      expect(review({ who: { ...ROLE, issuer: I1 } }, { issuers })).toEqual([]);
    }
  });

  it.each<[string, Condition, readonly string[]]>([
    [
      "nobody",
      { client: "c3" },
      ["who.client: there is no such client", "who: nobody can meet this as things are, so it denies nothing"],
    ],
    [
      "everybody",
      { group: "gone" },
      [
        "who.group: there is no such group: a permit that rests on it permits nothing, a deny denies everybody",
        "who: cannot be evaluated as things are, so it denies everybody",
      ],
    ],
    [
      "whoever cannot be told from others",
      { claim: "rank", exists: true },
      [
        `who.claim: ${UNSPOKEN}`,
        "who: nobody can tell whether this holds as things are, so nothing that it is about is granted",
      ],
    ],
  ])("that denies says what comes of it: %s", (_, who, expected) => {
    expect(about(who, { effect: "deny" })).toEqual(expected);
    expect(about({ anyone: true }, { effect: "deny" })).toEqual([]);
    // Of those who use another app it is known, of the others it never will be.
    const unsure = { all: [{ client: "c1" }, { claim: "rank", exists: true }] } as const;
    expect(about(unsure, { effect: "deny" })).toEqual([`who.all[1].claim: ${UNSPOKEN}`]);
  });

  it("is remarked on so often and no more", () => {
    const resources = Array.from({ length: 100 }, (_, index) => `gone-${index}`);
    expect(review({ target: { resources } })).toHaveLength(MAX_WARNINGS);
  });
});

describe("a group", () => {
  const members = (...list: Parameters<typeof reviewGroup>[0]["members"]) =>
    reviewGroup({ name: "g", members: list }, FACTS).map(({ path, message }) => `${path}: ${message}`);

  it("whose members can be known is not remarked on", () => {
    expect(members({ email: "bob@x.example" }, { issuer: I2, subject: "s1" })).toEqual([]);
    const unseen = { ...FACTS, areAllIssuers: false };
    expect(reviewGroup({ name: "g", members: [{ email: "bob@y.example" }] }, unseen)).toEqual([]);
  });

  it("is remarked on for members that nobody can be", () => {
    expect(
      members({ email: "bob@x.example" }, { email: "bob@y.example" }, { issuer: "https://i3.example", subject: "s" }),
    ).toEqual([
      "members[1].email: no trusted issuer may speak for this address",
      "members[2].issuer: is not trusted here, so nobody is known by its word",
    ]);
    expect(members()).toEqual([]);
    const many = Array.from({ length: 100 }, (_, index) => ({ email: `bob-${index}@y.example` }));
    expect(members(...many)).toHaveLength(MAX_WARNINGS);
  });

  it("of the largest size is looked through at once, whatever an issuer may speak for", () => {
    const domains = Array.from({ length: MAX_EMAIL_DOMAINS }, (_, index) => `xn--d${index}-kva.example`);
    const facts = { ...FACTS, issuers: [{ issuer: I1, claims: "all" as const, emailDomains: domains }] };
    const list = Array.from({ length: MAX_GROUP_MEMBERS }, (_, index) => ({ email: `bob@y${index}.example` }));
    const begun = performance.now();
    reviewGroup({ name: "g", members: list }, facts);
    // To compare each with each takes seconds; to look up, some milliseconds.
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
