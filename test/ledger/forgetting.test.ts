import { describe, expect, it } from "vitest";
import { BOOK_KEPT_SECONDS } from "../../src/protocol/lifetimes.ts";
import { DOWN } from "../support/faulty-record.ts";
import { putGroup, update } from "../support/ledger-changes.ts";
import { onStage, pushed, START } from "../support/ledger-stage.ts";

const BUCKET = 900;
const EXPIRED = { outcome: "invalid_ticket", fault: "expired" };

describe("what is remembered of a group", () => {
  it.each([
    ["who was removed from it is not let in anew", "bob@example.com", ["carol@example.com"], "granted", "denied"],
    ["who was added to it is let in", "carol@example.com", ["bob@example.com"], "denied", "granted"],
  ])("is forgotten when it changes: %s", (_case, member, members, before, after) =>
    onStage(async (stage) => {
      const groupId = await stage.group([{ email: member }]);
      await stage.share({ who: { any: [{ client: "nobody" }, { group: groupId }] } });
      const bob = { pushed: pushed("bob") };
      expect(await stage.redeem(stage.ticket(), bob)).toMatchObject({ outcome: before });
      await stage.change(putGroup(groupId, ...members));
      expect(await stage.redeem(stage.ticket(), bob)).toMatchObject({ outcome: after });
    })(),
  );

  it(
    "is forgotten when it is removed: nobody is let in as a member of it",
    onStage(async (stage) => {
      const groupId = await stage.group([{ email: "bob@example.com" }]);
      await stage.share({ who: { group: groupId } });
      const bob = { pushed: pushed("bob") };
      await stage.grant(bob);
      await stage.change({ kind: "delete_group", id: groupId, expected: "any" });
      expect(await stage.redeem(stage.ticket(), bob)).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "stays when another one changes",
    onStage(async (stage) => {
      const groupId = await stage.group([{ email: "bob@example.com" }]);
      const otherId = await stage.group([]);
      await stage.share({ who: { group: groupId } });
      const bob = { pushed: pushed("bob") };
      await stage.grant(bob);
      await stage.change(putGroup(otherId, "bob@example.com"));
      stage.record.calls.length = 0;
      await stage.grant(bob);
      expect(stage.record.calls).toEqual([]);
    }),
  );
});

describe("rule 5: the horizon only rises", () => {
  it(
    "whatever the order in which buckets were begun, and however far the clock is set back",
    onStage(async (stage) => {
      await stage.share();
      const late = START + 2 * BUCKET;
      await stage.grant({}, stage.ticket({ expiresAt: late }));
      const early = stage.ticket({ expiresAt: START + BUCKET });
      await stage.grant({}, early);
      stage.now = late;
      await stage.ledger.alarm();
      expect(stage.tables().filter((name) => name.startsWith("spent_"))).toEqual([]);
      stage.now = START;
      for (const ledger of [stage.ledger, stage.restart()]) {
        for (const expiresAt of [START + BUCKET, START + BUCKET + 1, late]) {
          const again = stage.request(stage.ticket({ expiresAt }));
          expect(await ledger.redeem(again), `a ticket until ${expiresAt}`).toEqual(EXPIRED);
        }
      }
      await stage.grant({}, stage.ticket({ expiresAt: late + 1 }));
    }),
  );

  it(
    "also when buckets end one after the other, the older last",
    onStage(async (stage) => {
      await stage.share();
      await stage.grant({}, stage.ticket({ expiresAt: START + BUCKET }));
      stage.now = START + BUCKET;
      await stage.ledger.alarm();
      const next = stage.ticket({ expiresAt: stage.now + 1 });
      await stage.grant({}, next);
      stage.now = START + 2 * BUCKET;
      await stage.ledger.alarm();
      stage.now = START;
      expect(await stage.redeem(next)).toEqual(EXPIRED);
    }),
  );
});

describe("rule 6: the book forgets nothing that a grant has yet to be judged by", () => {
  it(
    "however old the entry is, and though everything before it waits for D1",
    onStage(async (stage) => {
      await stage.share();
      const grantId = await stage.grant();
      // Behind as far as a clock that was set forward could leave it.
      const end = stage.now + 3 * BOOK_KEPT_SECONDS;
      stage.storage.sql.exec("UPDATE grants SET created_at = ?, expires_at = ?", end, end);
      const { channel } = stage.record;
      stage.record.channel = DOWN;
      await stage.change(update({ resource_scopes: ["view", "print"], type: "picture" }));
      await stage.cut({ by: "everyone" });
      stage.now += BOOK_KEPT_SECONDS + 1;
      await stage.ledger.alarm();
      stage.record.channel = channel;
      await stage.ledger.alarm();
      expect(await stage.held(grantId)).toEqual([]);
    }),
  );
});
