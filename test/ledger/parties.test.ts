import { describe, expect, it, vi } from "vitest";
import { OwnSeal } from "../../src/ledger/own-seal.ts";
import { Parties } from "../../src/ledger/parties.ts";
import { PARTY_CARD_LIFETIME_SECONDS } from "../../src/protocol/lifetimes.ts";
import type { PartyCard } from "../../src/protocol/party-card.ts";
import { DAY } from "../../src/shared/time.ts";
import {
  account,
  type LedgerStage,
  OWNER,
  onClosedStage,
  onStage,
  pushed,
  RS,
  START,
} from "../support/ledger-stage.ts";

const ANA = { ownerId: OWNER, accountId: "ana", now: START };

/** Somebody's claims as they are pushed, with who that is. */
function known(name: string, changes: Partial<PartyCard> = {}) {
  const party = pushed(name);
  const { issuer, subject } = party.claims;
  const [personId, addresses] = [`person-${name}`, [`${name}@example.com`]];
  return { ...party, card: { personId, name, nameSaidBy: issuer, addresses, issuer, subject, ...changes } };
}

async function activity(stage: LedgerStage) {
  return (await stage.ledger.activity(stage.caller, null, 10)) ?? [];
}

async function grants(stage: LedgerStage) {
  const anything = { clientId: null, partyReference: null, resourceId: null, after: null, limit: 20 };
  const reply = await stage.ledger.grants({ caller: stage.caller, ...anything });
  return reply.outcome === "listed" ? reply.items : [];
}

async function persons(stage: LedgerStage, ...ids: readonly string[]) {
  const reply = await stage.ledger.parties(ANA, ids);
  return reply.outcome === "found" ? reply.cards : null;
}

describe("who the requesting parties are", () => {
  it(
    "stands beside what they hold and what they did",
    onStage(async (stage) => {
      await stage.share();
      const bob = known("bob");
      await stage.grant({ pushed: bob });
      await stage.grant();
      const [, named] = (await grants(stage)).toSorted(
        (one, other) => Number(one.partyKnown) - Number(other.partyKnown),
      );
      expect(named?.card).toEqual(bob.card);
      expect((await activity(stage)).map(({ card }) => card)).toEqual([undefined, bob.card, undefined, undefined]);
    }),
  );

  it(
    "stands beside what was ended of them",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({ pushed: known("bob") });
      await stage.cut({ by: "party", partyReference: "pairwise-bob" });
      expect((await activity(stage))[0]).toMatchObject({ kind: "cut", card: known("bob").card });
    }),
  );

  it(
    "is known of whoever was refused, too, and of whoever agreed",
    onStage(async (stage) => {
      const [bob, carol] = [known("bob"), known("carol")];
      await stage.redeem(stage.ticket(), { pushed: bob });
      const ticket = stage.ticket();
      await stage.arrive(ticket);
      await stage.complete(ticket, { ...account("carol"), card: carol.card });
      expect((await activity(stage))[0]?.card).toEqual(bob.card);
      expect(await persons(stage, "person-bob", "person-carol", "person-eve")).toEqual({
        "person-bob": bob.card,
        "person-carol": carol.card,
      });
    }),
  );

  it(
    "is as it was heard last, and written once a day",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({ pushed: known("bob") });
      const [first] = stage.rows("parties");
      await stage.grant({ pushed: known("bob") });
      expect(stage.rows("parties")).toEqual([first]);
      stage.now += DAY;
      await stage.grant({ pushed: known("bob") });
      expect(stage.rows("parties")).toEqual([{ ...first, seen_at: stage.now }]);
      const renamed = known("bob", { name: "Robert" });
      await stage.grant({ pushed: renamed });
      expect(await persons(stage, "person-bob")).toEqual({ "person-bob": renamed.card });
    }),
  );

  it(
    "never stands for somebody else: who takes over a process brings a card of their own",
    onStage(async (stage) => {
      await stage.share({ terms: { approval: true } });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: known("bob") });
      await stage.redeem(stage.next(first), { pushed: pushed("carol"), remembered: known("bob") });
      expect(stage.rows("parties").map(({ reference }) => reference)).toEqual(["pairwise-bob"]);
    }),
  );

  it(
    "is unreadable without the owner's key, and what it was read with in memory does not help",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({ pushed: known("bob") });
      expect(JSON.stringify(stage.rows("parties"))).toContain("key-1");
      stage.storage.kv.delete("seal_key");
      expect((await grants(stage)).map(({ card }) => card)).toEqual([undefined]);
      await stage.grant({ pushed: known("carol") });
      expect(Object.keys((await persons(stage, "person-bob", "person-carol")) ?? {})).toEqual(["person-carol"]);
    }),
  );

  it(
    "cannot be told while the key cannot be had, and the rest can; but nothing is granted that could not be told of",
    onStage(async (stage) => {
      vi.spyOn(console, "error").mockImplementation(() => undefined);
      await stage.share();
      await stage.grant({ pushed: known("bob") });
      const down = () => Promise.reject(new Error("Network connection lost"));
      stage.restart({ ownerSeals: { newKey: down, unlock: down } });
      expect((await grants(stage)).map(({ card }) => card)).toEqual([undefined]);
      expect(await stage.redeem(stage.ticket(), { pushed: known("carol") })).toMatchObject({ outcome: "unavailable" });
    }),
  );

  it(
    "is forgotten when nothing can name them any more",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({ pushed: known("bob") });
      stage.now += PARTY_CARD_LIFETIME_SECONDS - 1;
      await stage.ledger.alarm();
      expect(stage.rows("parties")).toHaveLength(1);
      stage.now += 1;
      await stage.ledger.alarm();
      expect(stage.rows("parties")).toEqual([]);
    }),
  );

  it(
    "makes room for others: whoever was not seen for longest goes first",
    onStage(async (stage) => {
      const parties = new Parties(stage.storage, new OwnSeal(stage), 3);
      for (const name of ["bob", "carol", "dave", "bob", "eve"]) {
        stage.now += DAY;
        parties.keep(await parties.prepare(name, known(name).card), stage.now);
        if (name === "dave") stage.storage.sql.exec("DELETE FROM parties WHERE reference = 'carol'");
      }
      expect(stage.rows("parties").map(({ reference }) => reference)).toEqual(["bob", "dave", "eve"]);
      parties.keep(await parties.prepare("fred", known("fred").card), stage.now);
      expect(stage.rows("parties").map(({ reference }) => reference)).toEqual(["fred"]);
    }),
  );

  it(
    "is told to no caller whose connection has ended",
    onStage(async (stage) => {
      const caller = stage.caller;
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await stage.ledger.parties(caller, [])).toEqual({ outcome: "not_connected" });
    }),
  );

  it(
    "a closed ledger knows nobody",
    onClosedStage(async (stage) => {
      expect(await stage.ledger.parties(ANA, ["person-bob"])).toEqual({ outcome: "not_connected" });
    }),
  );
});
