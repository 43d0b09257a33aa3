import fc from "fast-check";
import type { EvaluationFacts } from "../../src/policy/evaluation/evaluate.ts";
import { ANYBODY, NOBODY, witnessesIn } from "../../src/policy/evaluation/witnesses.ts";
import type {
  ClaimTest,
  Condition,
  Group,
  GroupMemberBody,
  Policy,
  PolicyBody,
} from "../../src/policy/language/policy.ts";
import type { ClaimValue, PartyClaims } from "../../src/protocol/claims.ts";
import { IssuerDirectory } from "../../src/protocol/issuer-directory.ts";
import { group, NOW, newer } from "./support.ts";

/**
 * Random policies and facts over few words, so that they meet. Conditions can be of a kind that nobody knows, groups
 * can be gone, and claims can be empty or of the wrong type.
 */

const issuer = fc.constantFrom("https://i1.example", "https://i2.example");
const claim = fc.constantFrom("email", "age", "role");
const text = fc.constantFrom("a@x.example", "A@X.example", "b@y.example", "doctor");
const scalar = fc.oneof(text, fc.constantFrom(16, 17, 18), fc.boolean());
const bound = fc.constantFrom(16, 17, 18);

const operator: fc.Arbitrary<Omit<ClaimTest, "claim" | "issuer">> = fc.oneof(
  scalar.map((equals) => ({ equals })),
  fc.array(scalar, { minLength: 1, maxLength: 3 }).map((one_of) => ({ one_of })),
  fc.constantFrom("x.example", "Y.EXAMPLE").map((domain) => ({ domain })),
  fc.constant({ exists: true } as const),
  bound.map((greater_than) => ({ greater_than })),
  bound.map((at_least) => ({ at_least })),
  bound.map((less_than) => ({ less_than })),
  bound.map((at_most) => ({ at_most })),
);

const claimTest: fc.Arbitrary<ClaimTest> = fc
  .tuple(claim, operator, fc.option(fc.oneof(issuer, fc.array(issuer, { minLength: 1, maxLength: 2 })), { freq: 3 }))
  .map(([name, test, named]) => ({ claim: name, ...test, ...(named === null ? {} : { issuer: named }) }));

const groupId = fc.constantFrom("g1", "g1", "g2", "g2", "gone");

const knownLeaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: claimTest },
  { weight: 2, arbitrary: groupId.map((id) => ({ group: id })) },
  { weight: 2, arbitrary: fc.constantFrom("c1", "c2").map((client) => ({ client })) },
  { weight: 4, arbitrary: fc.constant({ anyone: true } as const) },
);

/** Conditions as only newer code would write them. */
export const unknownCondition: fc.Arbitrary<Condition> = fc
  .constantFrom<object>(
    { moon: "full" },
    {},
    { group: "g1", role: "x" },
    { claim: "age", between: [1, 2] },
    { all: [] },
  )
  .map((document) => newer(document));

function tree(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaf,
      fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie("condition").map((not) => ({ not })),
    ),
  })).condition;
}

export const knownConditions = tree(knownLeaf);
export const conditions = tree(
  fc.oneof({ weight: 24, arbitrary: knownLeaf }, { weight: 1, arbitrary: unknownCondition }),
);

const instantAt = (...distances: number[]) =>
  fc.constantFrom(...distances).map((distance) => new Date((NOW + distance) * 1000).toISOString());
const optional = { requiredKeys: [] };
const notEmpty = (part: object) => Object.keys(part).length > 0;

const terms = fc
  .record(
    {
      approval: fc.constant(true as const),
      signed_in_within: fc.constantFrom(100, 1000),
      agreement: fc.constant({ title: "Rules", text: "Be kind." }),
      uses: fc.constant(3),
    },
    optional,
  )
  .filter(notEmpty);

const target = fc.constantFrom<PolicyBody["target"]>(
  { all: true },
  { type: "photo" },
  { resources: ["r1"] },
  { type: "other" },
);
const covered = fc.constantFrom<PolicyBody["scopes"]>("all", "all", ["view"], ["print"], ["gone", "view"]);
const when = fc
  .record({ not_before: instantAt(-100, -50, 0, 100), expires: instantAt(-100, 0, 50, 100) }, optional)
  .filter(notEmpty);
const where = fc.constantFrom({ countries: ["DE"] }, { networks: ["192.0.2.0/24"] }, { countries: ["FR", "AT"] });

/** A member that is there once in three times. */
function seldom<Part>(part: fc.Arbitrary<Part>) {
  return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: part.map((value) => [value]) });
}

/** Documents whose parts are all of the right form; some are refused as a whole, such as a deny with terms. */
export function documents(who: fc.Arbitrary<Condition>): fc.Arbitrary<PolicyBody> {
  const effect = fc.constantFrom("permit" as const, "permit" as const, "permit" as const, "deny" as const);
  return fc
    .record({ effect, target, scopes: covered, who, when: seldom(when), where: seldom(where), terms: seldom(terms) })
    .map(({ when: [timed], where: [placed], terms: [asked], ...document }) => ({
      ...document,
      ...(timed && { when: timed }),
      ...(placed && { where: placed }),
      ...(asked && { terms: asked }),
    }));
}

/** Kept policies: a deny has no terms. */
export const policies: fc.Arbitrary<readonly Policy[]> = fc
  .array(documents(conditions), { minLength: 1, maxLength: 4, size: "max" })
  .map((list) =>
    list.map(({ terms: asked, ...document }, index) => ({
      id: `p${index}`,
      version: 1,
      document: asked && document.effect === "permit" ? { ...document, terms: asked } : document,
    })),
  );

export const scopes = fc.constantFrom("view", "view", "view", "view", "print", null, "gone");

const value: fc.Arbitrary<ClaimValue> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constantFrom<ClaimValue>("", [], [""]) },
  { weight: 1, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 2 }) },
);

const statement = fc.record({
  issuer,
  subject: fc.constantFrom("s1", "s2"),
  claims: fc.dictionary(claim, value, { maxKeys: 3, noNullPrototype: true }),
  authenticatedAt: fc.constantFrom(null, NOW - 50, NOW - 500, NOW - 5000),
  issuedAt: fc.constant(NOW),
});

export const parties: fc.Arbitrary<PartyClaims> = fc
  .tuple(statement, fc.option(fc.array(statement, { maxLength: 2 })))
  .map(([main, linked]) => ({ ...main, ...(linked && { linked }) }));

const member: fc.Arbitrary<GroupMemberBody> = fc.oneof(
  fc.constantFrom("a@x.example", "b@y.example").map((email) => ({ email })),
  fc.record({ issuer, subject: fc.constantFrom("s1", "s2") }),
);

const groups: fc.Arbitrary<ReadonlyMap<string, Group>> = fc
  .tuple(fc.array(member, { maxLength: 2 }), fc.array(member, { maxLength: 2 }))
  .map(
    ([one, two]) =>
      new Map([
        ["g1", group("g1", one)],
        ["g2", group("g2", two)],
      ]),
  );

const pushable = new IssuerDirectory([
  { issuer: "https://i1.example", claims: ["email", "role"], emailDomains: "all" },
  { issuer: "https://i2.example", claims: ["role", "email"], emailDomains: [] },
]);
const met = new IssuerDirectory([
  { issuer: "https://as.example", claims: ["email"], emailDomains: "all" },
  { issuer: "https://i2.example", claims: ["age"], emailDomains: "all" },
]);

/** Everybody, nobody, and some for some claims. */
const witnesses = fc.constantFrom(
  ANYBODY,
  NOBODY,
  ...[
    { pushed: pushable, inPerson: null, ownIdToken: null },
    { pushed: null, inPerson: met, ownIdToken: null },
    { pushed: pushable, inPerson: met, ownIdToken: null },
    { pushed: pushable, inPerson: null, ownIdToken: { issuer: "https://as.example", standsFor: met } },
  ].map(witnessesIn),
);

export const facts: fc.Arbitrary<EvaluationFacts> = fc.record({
  witnesses,
  party: fc.option(parties, { freq: 5 }),
  clientId: fc.constantFrom("c1", "c2"),
  groups,
  whereabouts: fc.record({
    country: fc.constantFrom("DE", "FR", null),
    address: fc.constantFrom("192.0.2.7", "2001:db8::7", null),
  }),
  usesLeft: fc.constantFrom(0, 1).map((left) => () => left),
  agreements: fc.subarray(["p0", "p1", "p2", "p3"]),
  now: fc.constant(NOW),
});
