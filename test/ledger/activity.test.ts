import { describe, expect, it } from "vitest";
import type { Activity } from "../../src/ledger/activity.ts";
import { ActivityLog, type Happening } from "../../src/ledger/activity.ts";
import { put } from "../support/ledger-changes.ts";
import { asking, type LedgerStage, onStage, PHOTO, PRINTER, pushed, RS, START } from "../support/ledger-stage.ts";

const MERGED_ENTRIES_PER_CLIENT = 2_000;

async function list(stage: LedgerStage): Promise<readonly Activity[]> {
  return (await stage.ledger.activity(stage.caller, null, 5_000)) ?? [];
}

const ofKind = async (stage: LedgerStage, kind: Activity["kind"]) =>
  (await list(stage)).filter((entry) => entry.kind === kind);

function denial(clientId: string, number: number, at = START): Happening {
  return { at, event: { kind: "denied", cause: "policies", refused: [] }, clientId, partyReference: `party-${number}` };
}

/** More refusals than one client has room for. */
function flood(stage: LedgerStage, clientId: string): void {
  const log = new ActivityLog(stage.storage);
  stage.storage.transactionSync(() => {
    for (let n = 0; n < MERGED_ENTRIES_PER_CLIENT + 500; n += 1) log.merge(denial(clientId, n));
  });
  stage.restart();
}

describe("rule 9: the activity log", () => {
  it(
    "tells the like within an hour once, with the first time, the last and the count",
    onStage(async (stage) => {
      await stage.share();
      for (const seconds of [0, 60, 120]) {
        stage.now = START + seconds;
        await stage.grant({ pushed: pushed("bob") });
      }
      await stage.grant({ pushed: pushed("carol") });
      stage.now = START + 3_600;
      await stage.grant({ pushed: pushed("bob") });
      expect(await ofKind(stage, "granted")).toMatchObject([
        { partyReference: "pairwise-bob", at: START + 3_600, count: 1 },
        { partyReference: "pairwise-carol", at: START + 120, count: 1 },
        { partyReference: "pairwise-bob", at: START, lastAt: START + 120, count: 3 },
      ]);
    }),
  );

  it(
    "never loses a change of who can see what, however much a client does",
    onStage(async (stage) => {
      const id = await stage.share();
      flood(stage, RS);
      flood(stage, PRINTER.id);
      const caller = { ...stage.caller, clientId: RS };
      await stage.ledger.change("edit", put(id, { scopes: ["view"] }), { by: "caller", caller });
      await stage.ledger.cut("cut", { by: "everyone" }, { by: "caller", caller });
      expect((await list(stage)).slice(0, 2)).toMatchObject([
        { kind: "cut", clientId: RS, detail: { by: "everyone" } },
        { kind: "changed", clientId: RS, detail: { change: "put_policy", subject: id, version: 2 } },
      ]);
    }),
  );

  it(
    "counts what a client does beyond its room, and has as much room for every other",
    onStage(async (stage) => {
      flood(stage, "loud");
      new ActivityLog(stage.storage).merge(denial("quiet", 1));
      const denied = await ofKind(stage, "denied");
      expect(denied.filter(({ clientId }) => clientId === "loud")).toHaveLength(MERGED_ENTRIES_PER_CLIENT + 1);
      expect(denied[1]).toMatchObject({ clientId: "loud", partyReference: null, count: 500, detail: { rest: true } });
      expect(denied[0]).toMatchObject({ clientId: "quiet", partyReference: "party-1", count: 1 });
    }),
  );

  it(
    "tells strangers' refusals as one entry, whatever each of them asks for, with what the last one met",
    onStage(async (stage) => {
      for (const scopes of [["view"], ["print"], ["view", "print"]]) {
        const ticket = stage.ticket({ permissions: [asking(PHOTO.id, ...scopes)] });
        expect(await stage.redeem(ticket)).toMatchObject({ outcome: "denied" });
      }
      const refused = ["view", "print"].map((scope) => expect.objectContaining({ scope }));
      expect(await ofKind(stage, "denied")).toMatchObject([
        { partyReference: null, count: 3, detail: { cause: "policies", refused } },
      ]);
    }),
  );

  it(
    "tells what becomes of people who are known, however much strangers do in the name of the same client",
    onStage(async (stage) => {
      await stage.share();
      const log = new ActivityLog(stage.storage);
      const stranger = { clientId: PRINTER.id, partyReference: null };
      for (let hour = 0; hour < 744; hour += 1) {
        for (const fault of ["aud", "exp", "form"] as const) {
          log.merge({ ...stranger, at: START + hour * 3_600, event: { kind: "claim_token_refused", fault } });
        }
      }
      stage.restart();
      stage.now = START + 86_400;
      await stage.grant({ pushed: pushed("bob") });
      expect((await ofKind(stage, "granted"))[0]).toMatchObject({ partyReference: "pairwise-bob", count: 1 });
    }),
  );

  it(
    "has for all that strangers do by clients that nobody registered the room of one, and counts the rest",
    onStage(async (stage) => {
      const byStranger = (number: number): Happening => ({
        ...denial(`https://app-${number}.example/app.json`, number),
        partyReference: null,
      });
      const add = (from: number, to: number) => {
        const log = new ActivityLog(stage.storage);
        stage.storage.transactionSync(() => {
          for (let n = from; n < to; n += 1) log.merge(byStranger(n));
        });
      };
      add(0, MERGED_ENTRIES_PER_CLIENT + 300);
      add(MERGED_ENTRIES_PER_CLIENT + 300, MERGED_ENTRIES_PER_CLIENT + 500);
      stage.restart();
      new ActivityLog(stage.storage).merge(denial("https://known.example/app.json", 1));
      const [known, rest, ...others] = await ofKind(stage, "denied");
      expect(known).toMatchObject({ partyReference: "party-1", count: 1 });
      expect(rest).toMatchObject({ clientId: "https://app-2000.example/app.json", count: 500, detail: { rest: true } });
      expect(others).toHaveLength(MERGED_ENTRIES_PER_CLIENT);
    }),
  );

  it(
    "tells grants to nobody known as one entry without a party, however many there are",
    onStage(async (stage) => {
      await stage.share();
      for (const anonymousReference of ["nobody-1", "nobody-2"]) await stage.grant({ anonymousReference });
      expect(await ofKind(stage, "granted")).toMatchObject([{ partyReference: null, count: 2 }]);
    }),
  );

  it(
    "goes on after a block that was undone, also where that was the first of a month",
    onStage(async (stage) => {
      const log = new ActivityLog(stage.storage);
      const twice = () => {
        for (const number of [1, 2]) log.merge(denial("loud", number));
      };
      const fail = () => {
        twice();
        throw new Error("undone");
      };
      for (const table of stage.tables().filter((name) => name.startsWith("activity_"))) {
        stage.storage.sql.exec(`DROP TABLE ${table}`);
      }
      expect(() => stage.storage.transactionSync(fail)).toThrow("undone");
      stage.storage.transactionSync(twice);
      expect(log.list(null, 10).map(({ partyReference }) => partyReference)).toEqual(["party-2", "party-1"]);
    }),
  );

  it(
    "has room for a client again in the next month",
    onStage(async (stage) => {
      flood(stage, "loud");
      new ActivityLog(stage.storage).merge(denial("loud", 7, START + 31 * 86_400));
      expect((await list(stage))[0]).toMatchObject({ partyReference: "party-7", count: 1 });
    }),
  );

  it(
    "names who changed something: a tool, or nobody for the operator",
    onStage(async (stage) => {
      const id = await stage.share();
      await stage.ledger.change("edit", put(id, {}), { by: "caller", caller: stage.caller });
      expect((await ofKind(stage, "changed")).slice(0, 2).map(({ clientId }) => clientId)).toEqual([RS, null]);
    }),
  );

  it(
    "tells what a resource server goes on changing once an hour, also after a restart",
    onStage(async (stage) => {
      const author = { by: "caller", caller: stage.caller } as const;
      const description = { resource_scopes: ["view"] };
      for (let n = 0; n < 5; n += 1) {
        const change = { kind: "update_resource", id: PHOTO.id, resourceServerId: RS, description } as const;
        await stage.restart().change(stage.draw("operation"), change, author);
      }
      const detail = { change: "update_resource", subject: PHOTO.id };
      expect((await ofKind(stage, "changed"))[0]).toMatchObject({ clientId: RS, count: 5, detail });
    }),
  );
});

it(
  "a time is asked for in whole months and within them",
  onStage(async (stage) => {
    const MONTH = 31 * 86_400;
    await stage.share();
    for (const name of ["bob", "carol", "dave"]) {
      await stage.grant({ pushed: pushed(name) });
      stage.now += MONTH;
    }
    const partiesIn = async (from: number, until: number) => {
      const entries = (await stage.ledger.activity(stage.caller, null, 10, { from, until })) ?? [];
      return entries.filter(({ kind }) => kind === "granted").map(({ partyReference }) => partyReference);
    };
    expect(await partiesIn(0, stage.now)).toEqual(["pairwise-dave", "pairwise-carol", "pairwise-bob"]);
    expect(await partiesIn(START + 1, START + 2 * MONTH + 1)).toEqual(["pairwise-dave", "pairwise-carol"]);
    expect(await partiesIn(START, START + MONTH)).toEqual(["pairwise-bob"]);
    expect(await partiesIn(START + 1, START + MONTH)).toEqual([]);
  }),
);
