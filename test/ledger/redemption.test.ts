import { describe, expect, it, vi } from "vitest";
import { DOWN } from "../support/faulty-record.ts";
import {
  asking,
  OWNER,
  onStage,
  PHOTO,
  PRINTER,
  plainSealer,
  pushed,
  RS,
  START,
  VIEWER,
} from "../support/ledger-stage.ts";

const SPENT = { outcome: "invalid_ticket", fault: "spent" };
const EXPIRED = { outcome: "invalid_ticket", fault: "expired" };

describe("rule 4: a ticket is spent once", () => {
  it(
    "grants what the policies allow, and says what the token is to say",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket({ permissions: [asking(PHOTO.id, "view", "print")] });
      expect(await stage.redeem(ticket, { pushed: pushed("bob") })).toEqual({
        outcome: "granted",
        rpt: {
          grantId: ticket.processId,
          resourceServerId: RS,
          rptFormat: "jwt",
          partyReference: "pairwise-bob",
          permissions: [{ resource_id: PHOTO.id, resource_scopes: ["view", "print"] }],
          issuedAt: START,
          expiresAt: START + 300,
          refreshGeneration: 0,
        },
      });
    }),
  );

  it(
    "refuses every other presentation, whatever came of the first",
    onStage(async (stage) => {
      const noPolicy = stage.ticket();
      expect(await stage.redeem(noPolicy)).toMatchObject({ outcome: "denied" });
      await stage.share();
      expect(await stage.redeem(noPolicy)).toMatchObject(SPENT);
      const half = stage.ticket();
      expect(await stage.redeem(half, { refusal: "claim_token_pair" })).toEqual({ outcome: "refused" });
      expect(await stage.redeem(half)).toMatchObject(SPENT);
      const misfit = stage.ticket();
      const tooMuch = { client: VIEWER, requestedScopes: ["print"] };
      expect(await stage.redeem(misfit, tooMuch)).toEqual({ outcome: "invalid_scope", scopes: ["print"] });
      expect(await stage.redeem(misfit)).toMatchObject(SPENT);
    }),
  );

  it(
    "grants one of many that come at the same time",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      const replies = await Promise.all(Array.from({ length: 8 }, () => stage.redeem(ticket)));
      expect(replies.filter(({ outcome }) => outcome === "granted")).toHaveLength(1);
      expect(replies.filter((reply) => reply.outcome === "invalid_ticket")).toHaveLength(7);
      expect(await stage.ledger.counts()).toMatchObject({ grants: 1 });
    }),
  );

  it(
    "rule 7: answers a repeat of the same attempt as it answered the first, also after a restart",
    onStage(async (stage) => {
      await stage.share();
      const request = stage.request(stage.ticket());
      const first = await stage.ledger.redeem(request);
      expect(first.outcome).toBe("granted");
      expect(await stage.ledger.redeem(request)).toEqual(first);
      expect(await stage.restart().redeem(request)).toEqual(first);
      expect(await stage.ledger.counts()).toMatchObject({ grants: 1 });
    }),
  );
});

describe("replays", () => {
  it.each([
    ["within the grace", 10, PRINTER, true, 1],
    ["after the grace by its own client", 11, PRINTER, true, 0],
    ["after the grace by another client", 11, VIEWER, true, 1],
    ["after the grace by whoever names a public client", 11, { ...PRINTER, authenticated: false }, true, 1],
    ["after the grace where the operator switched it off", 11, PRINTER, false, 1],
  ] as const)("are refused and counted; %s", (_case, seconds, client, replayWithdraws, left) =>
    onStage(async (stage) => {
      stage.settings = { ...stage.settings, replayWithdraws };
      stage.restart();
      await stage.share();
      const ticket = stage.ticket();
      const grantId = await stage.grant({}, ticket);
      stage.now += seconds;
      expect(await stage.redeem(ticket, { client })).toMatchObject(SPENT);
      expect(await stage.redeem(ticket, { client })).toMatchObject(SPENT);
      expect((await stage.held(grantId)).length).toBe(left);
      const bucket = stage.tables().find((name) => name.startsWith("spent_")) ?? "";
      expect(stage.rows(bucket)).toMatchObject([{ ticket_id: ticket.id, replays: 2 }]);
    })(),
  );

  it(
    "are counted in memory and written rarely, however many come; a restart goes on from what was written",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      await stage.grant({}, ticket);
      const bucket = stage.tables().find((name) => name.startsWith("spent_")) ?? "";
      const written = new Set<SqlStorageValue | undefined>();
      for (let count = 0; count < 100; count += 1) {
        expect(await stage.redeem(ticket)).toMatchObject(SPENT);
        written.add(stage.rows(bucket)[0]?.replays);
      }
      expect([...written]).toEqual([1, 2, 4, 8, 16, 32, 64]);
      stage.restart();
      for (let count = 0; count < 64; count += 1) await stage.redeem(ticket);
      expect(stage.rows(bucket)).toMatchObject([{ replays: 128 }]);
      const log = (await stage.ledger.activity(stage.caller, null, 10)) ?? [];
      expect(log.filter(({ kind }) => kind === "replayed")).toHaveLength(1);
    }),
  );

  it(
    "are told to the owner once, and again when one ends the grant",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      await stage.grant({}, ticket);
      for (const seconds of [1, 1, 20, 1]) {
        stage.now += seconds;
        await stage.redeem(ticket);
      }
      const log = (await stage.ledger.activity(stage.caller, null, 10)) ?? [];
      const replays = log.filter(({ kind }) => kind === "replayed");
      expect(replays.map(({ detail }) => detail)).toEqual([{ withdrawn: true }, { withdrawn: false }]);
    }),
  );

  it(
    "of a ticket that was rotated are told apart",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", domain: "example.com" } });
      const ticket = stage.ticket();
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "need_info" });
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "invalid_ticket", fault: "superseded" });
    }),
  );
});

describe("a ticket is good only", () => {
  it(
    "for the client that its process belongs to, and others do not spend it",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket({ clientId: PRINTER.id, step: 1 });
      expect(await stage.redeem(ticket, { client: VIEWER })).toEqual({ outcome: "invalid_ticket", fault: "foreign" });
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "before it expires",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      stage.now = ticket.expiresAt;
      expect(await stage.redeem(ticket)).toEqual(EXPIRED);
      stage.now -= 1;
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "while its resource server is connected",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      expect(await stage.redeem(ticket)).toEqual({ outcome: "invalid_ticket", fault: "closed" });
    }),
  );

  it(
    "under the connection that it was made under: a renewed one is another",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      await stage.change({ kind: "end_connection", clientId: RS, resources: "keep" });
      await stage.change({ kind: "put_connection", clientId: RS, scopes: [] });
      expect(await stage.redeem(ticket)).toEqual({ outcome: "invalid_ticket", fault: "closed" });
      expect(await stage.redeem()).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "while the access token stands that it was made with, when it is first presented",
    onStage(async (stage) => {
      await stage.share({ who: { claim: "email", domain: "example.com" } });
      const { caller } = stage;
      const bob = { pushed: pushed("bob") };
      const [unused, gathering] = [stage.ticket(), stage.ticket()];
      const other = stage.ticket({ tokenId: "another" });
      expect(await stage.redeem(gathering)).toMatchObject({ outcome: "need_info" });
      const { clientId, tokenId } = caller;
      const revocation = { kind: "revoke_token", clientId, tokenId, expiresAt: stage.now + 60 } as const;
      await stage.ledger.change("revoke", revocation, { by: "caller", caller });
      expect(await stage.redeem(unused, bob)).toEqual({ outcome: "invalid_ticket", fault: "closed" });
      expect(await stage.redeem(stage.next(gathering), bob)).toMatchObject({ outcome: "granted" });
      expect(await stage.redeem(other, bob)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "for what its own resource server registered",
    onStage(async (stage) => {
      await stage.share();
      await stage.change({ kind: "put_connection", clientId: "rs2", scopes: [] });
      const connectionGeneration = stage.record.epoch ?? 0;
      const foreign = stage.ticket({ resourceServerId: "rs2", connectionGeneration });
      expect(await stage.redeem(foreign)).toMatchObject({ outcome: "denied" });
    }),
  );

  it(
    "rule 5: past the horizon, whatever the clock says",
    onStage(async (stage) => {
      await stage.share();
      const spent = stage.ticket();
      await stage.grant({}, spent);
      const unspent = stage.ticket();
      stage.now += 3_600;
      await stage.ledger.alarm();
      stage.now = START;
      expect(stage.tables().filter((name) => name.startsWith("spent_"))).toEqual([]);
      expect(await stage.redeem(spent)).toEqual(EXPIRED);
      expect(await stage.restart().redeem(stage.request(unspent))).toEqual(EXPIRED);
    }),
  );
});

describe("an outage is told to the operator", () => {
  it(
    "once, with its cause and the ledger that stands still",
    onStage(async (stage) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
      stage.record.epoch = 0;
      await stage.redeem();
      const behind = { event: "ledger_unavailable", cause: "record_behind", ledger: OWNER, message: null };
      expect(log.mock.calls).toEqual([[behind]]);
      stage.record.channel = DOWN;
      await stage.redeem();
      expect(log).toHaveBeenCalledTimes(2);
      expect(log).toHaveBeenLastCalledWith({
        ...behind,
        cause: "record_unreachable",
        message: "the network is down",
      });
      log.mockRestore();
    }),
  );
});

describe("an outage burns no ticket", () => {
  it(
    "rule 4: of D1",
    onStage(async (stage) => {
      await stage.share();
      const { channel } = stage.record;
      const ticket = stage.ticket();
      stage.record.channel = DOWN;
      expect(await stage.redeem(ticket)).toEqual({ outcome: "unavailable", cause: "record_unreachable" });
      stage.record.channel = channel;
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "rule 4: of the keys that open kept claims",
    onStage(async (stage) => {
      await stage.share({
        who: {
          all: [
            { claim: "email", exists: true },
            { claim: "age", at_least: 18 },
          ],
        },
      });
      const ticket = stage.ticket();
      await stage.redeem(ticket, { pushed: pushed("bob") });
      const next = stage.next(ticket);
      stage.restart({ sealer: { ...plainSealer, open: () => Promise.reject(new Error("no keys")) } });
      expect(await stage.redeem(next)).toEqual({ outcome: "unavailable", cause: "claims_unopened" });
      stage.restart();
      expect(await stage.redeem(next, { pushed: pushed("bob", { age: 18 }) })).toMatchObject({ outcome: "granted" });
    }),
  );

  it.each([
    ["behind what the ledger knows it had, as after a restore", -1, "record_behind"],
    ["beyond the ledger's book, as after a restore of the ledger", 1, "record_ahead"],
  ])("rule 3: nothing is decided while D1 is %s", (_case, difference, cause) =>
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      const epoch = stage.record.epoch ?? 0;
      stage.record.epoch = epoch + difference;
      expect(await stage.redeem(ticket)).toEqual({ outcome: "unavailable", cause });
      stage.record.epoch = epoch;
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    })(),
  );

  it(
    "nothing is decided while D1 does not know the owner",
    onStage(async (stage) => {
      stage.record.epoch = null;
      expect(await stage.redeem()).toEqual({ outcome: "unavailable", cause: "record_without_owner" });
    }),
  );
});
