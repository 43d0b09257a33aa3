import fc from "fast-check";
import type { Change, Cut } from "../../../src/ledger/change.ts";
import type { PolicyBody } from "../../../src/policy/language/policy.ts";
import { permit, RS, START } from "../ledger-stage.ts";
import { type Act, CLIENTS, PARTIES, type Step } from "./steps.ts";

/** Everybody known waits for the owner. */
const ASKS_FIRST = permit({ who: { claim: "email", exists: true }, terms: { approval: true } });
const DOCUMENTS: readonly PolicyBody[] = [
  permit(),
  permit({ target: { resources: ["r1"] }, scopes: ["view"] }),
  permit({ who: { client: "c1" } }),
  permit({ who: { group: "g" } }),
  permit({ who: { any: [{ client: "c2" }, { group: "g" }] } }),
  permit({ who: { claim: "email", domain: "example.com" } }),
  permit({ target: { type: "picture" } }),
  permit({ target: { resources: ["album"] } }),
  permit({ target: { resources: ["album", "r1"] } }),
  permit({ target: { resources: ["album"] }, effect: "deny" }),
  permit({ when: { expires: new Date((START + 400) * 1_000).toISOString() } }),
  permit({ effect: "deny", scopes: ["edit"] }),
  permit({ effect: "deny", who: { client: "c2" } }),
  permit({ effect: "deny", who: { group: "g" } }),
];

const natural = fc.nat({ max: 50 });
const policyId = fc.constantFrom("p1", "p2", "p3");
const expected = fc.constantFrom("any" as const, "any" as const, "absent" as const, "absent" as const, 1);
const document = fc.constantFrom(...DOCUMENTS);
const members = fc.constantFrom([], [{ email: "bob@example.com" }], [{ email: "carol@other.example" }]);
const party = fc.constantFrom(null, "bob", "carol");
const client = fc.constantFrom(...CLIENTS);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("put_policy" as const), id: policyId, document, expected }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("delete_policy" as const), id: policyId, expected }) },
  {
    weight: 5,
    arbitrary: members.map((list): Change => {
      return { kind: "put_group", id: "g", document: { name: "g", members: list }, expected: "any" };
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ id: fc.constantFrom("r1", "r3", "r3"), scopes: fc.subarray(["view", "edit"]) })
      .map(describing),
  },
  { weight: 3, arbitrary: fc.subarray(["album"]).map(collecting) },
  { weight: 1, arbitrary: fc.constant<Change>({ kind: "delete_resource", id: "album", resourceServerId: RS }) },
  { weight: 1, arbitrary: fc.constant<Change>({ kind: "put_connection", clientId: RS, scopes: [] }) },
  { weight: 1, arbitrary: fc.constant<Change>({ kind: "end_connection", clientId: "c1", resources: "keep" }) },
  { weight: 1, arbitrary: fc.constantFrom(RS, "c1").map(allowing) },
);

/** A person consents to a connection that stands, or to one that has ended. */
function allowing(clientId: string): Change {
  return { kind: "allow_connection", clientId, scopes: [] };
}

function describing({ id, scopes }: { readonly id: string; readonly scopes: readonly string[] }): Change {
  return {
    kind: "update_resource",
    id,
    resourceServerId: RS,
    description: { resource_scopes: scopes, type: "picture" },
  };
}

/** A resource joins its collection, or leaves it. */
function collecting(collections: readonly string[]): Change {
  return {
    kind: "update_resource",
    id: "r2",
    resourceServerId: RS,
    description: { resource_scopes: ["view"], collections },
  };
}

/** What a resource server asks for under its own connection: some of it is not its matter. */
const meddling: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Change>(...connectionChanges(RS), ...connectionChanges("c1")) },
  { weight: 2, arbitrary: change },
  { weight: 1, arbitrary: fc.constant<Change>({ kind: "revoke_token", clientId: "c1", tokenId: "t", expiresAt: 2e9 }) },
);

function connectionChanges(clientId: string): readonly Change[] {
  return [
    { kind: "put_connection", clientId, scopes: [] },
    { kind: "end_connection", clientId, resources: "keep" },
    allowing(clientId),
  ];
}

const cut = fc.constantFrom<Cut>(
  { by: "everyone" },
  { by: "client", clientId: "c1" },
  { by: "party", partyReference: PARTIES.bob.partyReference },
  { by: "resource", resourceId: "r1" },
);

function only<const Do extends string>(name: Do): { readonly do: fc.Arbitrary<Do> } {
  return { do: fc.constant(name) };
}

const redemption: fc.Arbitrary<Act> = fc.record({ ...only("redeem"), client, party, ask: natural });

/** @param rpt which: of the last it is the last */
const upgradingOf = (rpt: fc.Arbitrary<number>): fc.Arbitrary<Act> =>
  fc.record({
    ...only("upgrade"),
    rpt,
    ask: natural,
    scopes: fc.constantFrom(null, null, ["view"], ["edit"]),
    by: fc.oneof(
      { weight: 4, arbitrary: fc.constant("the same" as const) },
      { weight: 1, arbitrary: fc.record({ client, party }) },
    ),
  });
const upgrading = upgradingOf(natural);

const deciding: fc.Arbitrary<Act> = fc.record({ ...only("decide"), request: natural, yes: fc.boolean() });

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: redemption },
  { weight: 4, arbitrary: upgrading },
  { weight: 3, arbitrary: fc.record({ ...only("present"), ticket: natural, client, party }) },
  { weight: 2, arbitrary: fc.record({ ...only("repeat"), attempt: natural }) },
  { weight: 1, arbitrary: deciding },
  { weight: 1, arbitrary: fc.record({ ...only("decideAgain"), decision: natural }) },
  { weight: 9, arbitrary: fc.record({ ...only("introspect"), ticket: natural }) },
  { weight: 4, arbitrary: fc.record({ ...only("refresh"), ticket: natural }) },
  { weight: 2, arbitrary: fc.record({ ...only("rotate"), ticket: natural, back: fc.constantFrom(0, 0, 1) }) },
  { weight: 1, arbitrary: fc.record({ ...only("revoke"), ticket: natural }) },
  { weight: 1, arbitrary: fc.record({ ...only("endGrant"), ticket: natural }) },
  { weight: 3, arbitrary: fc.record(only("list")) },
  { weight: 11, arbitrary: fc.record({ ...only("change"), change }) },
  { weight: 2, arbitrary: fc.record({ ...only("changeAgain"), operation: natural }) },
  { weight: 2, arbitrary: fc.record({ ...only("inspect"), ticket: natural, token: natural }) },
  { weight: 1, arbitrary: fc.record({ ...only("revokeToken"), token: natural }) },
  { weight: 2, arbitrary: fc.record({ ...only("meddle"), change: meddling }) },
  { weight: 1, arbitrary: fc.record({ ...only("cut"), cut }) },
  { weight: 2, arbitrary: fc.record(only("alarm")) },
  { weight: 4, arbitrary: fc.record(only("crash")) },
  { weight: 3, arbitrary: fc.record({ ...only("down"), down: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ ...only("full"), full: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ ...only("lose"), pick: natural }) },
  { weight: 4, arbitrary: fc.record({ ...only("deliverLate"), pick: natural }) },
  { weight: 3, arbitrary: fc.record({ ...only("pass"), seconds: fc.constantFrom(1, 5, 60, 1_000, 100_000) }) },
);

const arrivals = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.array(natural, { maxLength: 6 }) },
);

const everything: fc.Arbitrary<null> = fc.constant(null);
const some = fc.array(fc.nat({ max: 3 }), { maxLength: 4 });
const aPolicy = fc.record({ kind: fc.constant("put_policy" as const), id: fc.constant("p1"), document, expected });
const look = step(fc.constant<Act>({ do: "introspect", ticket: 0 }), everything);

function step(what: fc.Arbitrary<Act>, then: fc.Arbitrary<Step["arrivals"]>): fc.Arbitrary<Step> {
  return fc.record({ act: what, arrivals: then });
}

function changing(what: fc.Arbitrary<Change>): fc.Arbitrary<Act> {
  return fc.record({ ...only("change"), change: what });
}

const CONNECT: Change = { kind: "put_connection", clientId: RS, scopes: [] };
const DISCONNECT: Change = { kind: "end_connection", clientId: RS, resources: "keep" };

/** Somebody redeems while the policies change under it; then everybody looks at what came of it. */
const race = fc
  .tuple(
    fc.option(step(changing(aPolicy), everything)),
    step(redemption, some),
    step(changing(change), fc.oneof(some, some, everything)),
    fc.boolean(),
    look,
  )
  .map(([first, redeems, changes, changesFirst, after]) => {
    return [...(first ? [first] : []), ...(changesFirst ? [changes, redeems] : [redeems, changes]), after, after];
  });

/** Changes pile up while the record is down, and the answer to the first batch afterwards is lost. */
const outage = fc
  .tuple(
    step(redemption, everything),
    fc.array(fc.tuple(step(changing(fc.oneof(aPolicy, change)), everything), look), { minLength: 1, maxLength: 3 }),
    fc.array(step(fc.constant<Act>({ do: "alarm" }), everything), { maxLength: 1 }),
    fc.array(step(fc.constant<Act>({ do: "lose", pick: 0 }), some), { maxLength: 1 }),
    look,
  )
  .map(([redeems, changes, rings, loses, after]): readonly Step[] => [
    redeems,
    { act: { do: "down", down: true }, arrivals: null },
    ...changes.flat(),
    ...rings,
    { act: { do: "down", down: false }, arrivals: [] },
    { act: { do: "alarm" }, arrivals: [0] },
    ...loses,
    { act: { do: "settle" }, arrivals: null },
    after,
  ]);

/** The resource server is connected anew and its connection ended, at about the same time; then it is connected again. */
const reconnection = fc.tuple(
  step(redemption, everything),
  step(changing(fc.constant(CONNECT)), some),
  step(changing(fc.constant(DISCONNECT)), some),
  look,
  step(changing(fc.constant(CONNECT)), everything),
);

/** The operator ends a connection while its holder revokes a token and tries to undo that; then the token is tried. */
const tugOfWar = fc
  .tuple(
    step(redemption, everything),
    look,
    step(fc.constant<Act>({ do: "revokeToken", token: 0 }), some),
    step(changing(fc.constantFrom(...connectionChanges(RS))), some),
    step(
      fc.record({ ...only("meddle"), change: fc.constantFrom(...connectionChanges(RS)) }),
      fc.oneof(some, everything),
    ),
    step(fc.record({ ...only("inspect"), ticket: fc.constant(0), token: fc.constantFrom(0, 1) }), everything),
    step(changing(fc.constant(CONNECT)), everything),
    step(fc.record({ ...only("inspect"), ticket: fc.constant(0), token: fc.constantFrom(0, 1) }), everything),
  )
  .map((steps): readonly Step[] => steps);

/** One token is revoked, perhaps while the record is down or before a crash, and then used again. */
const revocation = fc
  .tuple(
    look,
    step(fc.constant<Act>({ do: "revokeToken", token: 0 }), fc.oneof(some, everything)),
    step(fc.constantFrom<Act>({ do: "crash" }, { do: "alarm" }, { do: "settle" }), everything),
    step(fc.record({ ...only("inspect"), ticket: fc.constant(0), token: fc.constantFrom(0, 0, 1) }), everything),
  )
  .map((steps): readonly Step[] => steps);

/** A client is removed while it is being connected, or right after. */
const removal = fc
  .tuple(
    step(changing(fc.constantFrom(...connectionChanges("c1"))), some),
    step(fc.record({ ...only("removeClient"), client: fc.constantFrom("c1", "c1", "c1", RS) }), some),
    step(changing(fc.constantFrom(...connectionChanges("c1"))), fc.oneof(some, everything)),
    look,
  )
  .map((steps): readonly Step[] => steps);

/** Edits that come to nothing, while somebody refreshes. */
const refusals = fc
  .tuple(
    step(redemption, everything),
    step(fc.constant<Act>({ do: "down", down: true }), everything),
    step(changing(fc.constantFrom<Change>(...refused())), everything),
    step(fc.constant<Act>({ do: "refresh", ticket: 0 }), some),
    step(fc.constant<Act>({ do: "down", down: false }), some),
    step(changing(fc.constantFrom<Change>(...refused())), some),
    step(fc.constant<Act>({ do: "refresh", ticket: 0 }), everything),
    look,
  )
  .map((steps): readonly Step[] => steps);

function refused(): readonly Change[] {
  return [
    { kind: "delete_policy", id: "p1", expected: 77 },
    { kind: "put_policy", id: "p1", document: permit({ effect: "deny" }), expected: 77 },
    { kind: "put_policy", id: "unknown", document: permit({ effect: "deny" }), expected: "any" },
    { kind: "end_connection", clientId: "c2", resources: "keep" },
  ];
}

/** Two tabs of a public client refresh at about the same time, or one of them a little later. */
const tabs = fc.tuple(
  step(redemption, everything),
  step(fc.constant<Act>({ do: "rotate", ticket: 0, back: 0 }), some),
  step(fc.record({ ...only("pass"), seconds: fc.constantFrom(1, 9, 30) }), everything),
  step(fc.record({ ...only("rotate"), ticket: fc.constant(0), back: fc.constantFrom(0, 1) }), everything),
  look,
);

/** An RPT is upgraded, while it is upgraded elsewhere, refreshed, revoked, ended or taken from; then all of it is looked at. */
const upgrade = fc
  .tuple(
    step(fc.record({ ...only("redeem"), client, party: fc.constantFrom("bob", "carol"), ask: natural }), everything),
    fc.array(step(changing(aPolicy), some), { maxLength: 1 }),
    step(upgradingOf(fc.constant(0)), fc.oneof(some, everything)),
    step(
      fc.oneof(
        upgradingOf(fc.nat({ max: 1 })),
        fc.record({
          do: fc.constantFrom("refresh" as const, "revoke" as const, "endGrant" as const),
          ticket: fc.nat({ max: 1 }),
        }),
        changing(change),
        fc.constantFrom<Act>({ do: "crash" }, { do: "lose", pick: 0 }, { do: "repeat", attempt: 0 }),
      ),
      fc.oneof(some, everything),
    ),
    step(fc.constant<Act>({ do: "list" }), everything),
    fc.array(step(upgrading, everything), { maxLength: 1 }),
    look,
    step(fc.constant<Act>({ do: "introspect", ticket: 1 }), everything),
  )
  .map(([redeems, changes, upgrades, meanwhile, lists, again, ...looks]): readonly Step[] => {
    return [redeems, ...changes, upgrades, meanwhile, lists, ...again, ...looks];
  });

/** Somebody waits, two administrators decide at about the same time, perhaps over a crash, and the decision is heard. */
const approval = fc
  .tuple(
    step(
      changing(fc.constant<Change>({ kind: "put_policy", id: "p1", document: ASKS_FIRST, expected: "any" })),
      everything,
    ),
    step(fc.record({ ...only("redeem"), client, party: fc.constantFrom("bob", "carol"), ask: natural }), everything),
    step(fc.record({ ...only("decide"), request: fc.constant(0), yes: fc.boolean() }), some),
    fc.array(step(fc.record({ ...only("decide"), request: fc.constant(0), yes: fc.boolean() }), some), {
      maxLength: 1,
    }),
    fc.array(step(fc.constantFrom<Act>({ do: "crash" }, { do: "lose", pick: 0 }, { do: "alarm" }), some), {
      maxLength: 2,
    }),
    fc.array(step(fc.record({ ...only("decideAgain"), decision: fc.constantFrom(0, 1) }), some), { maxLength: 1 }),
    step(fc.record({ ...only("present"), ticket: fc.constant(0), client, party: fc.constant(null) }), everything),
    look,
    step(changing(aPolicy), everything),
  )
  .map(([asks, redeems, one, other, accidents, again, polls, after, changes]): readonly Step[] => {
    return [asks, redeems, one, ...other, ...accidents, ...again, polls, after, changes];
  });

/** A party comes back again and again. */
const crowd = step(fc.record({ ...only("crowd"), client, party: fc.constantFrom("bob", "carol") }), everything);

/** A history of a ledger, of some 25 steps. */
export const aHistory: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof<fc.WeightedArbitrary<readonly Step[]>[]>(
      { weight: 20, arbitrary: step(act, arrivals).map((one) => [one]) },
      { weight: 4, arbitrary: race },
      { weight: 2, arbitrary: outage },
      { weight: 1, arbitrary: approval },
      { weight: 2, arbitrary: upgrade },
      { weight: 1, arbitrary: reconnection },
      { weight: 1, arbitrary: tugOfWar },
      { weight: 1, arbitrary: revocation },
      { weight: 1, arbitrary: removal },
      { weight: 1, arbitrary: refusals },
      { weight: 1, arbitrary: tabs },
      { weight: 1, arbitrary: fc.tuple(crowd, look) },
    ),
    { minLength: 10, maxLength: 20, size: "max" },
  )
  .map((chunks) => chunks.flat());
