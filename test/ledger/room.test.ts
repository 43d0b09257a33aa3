import { describe, expect, it } from "vitest";
import type { Grant } from "../../src/ledger/grant.ts";
import { Grants } from "../../src/ledger/grants.ts";
import {
  type LedgerStage,
  onStage,
  PRINTER,
  permit,
  plainSealer,
  pushed,
  RS,
  VIEWER,
} from "../support/ledger-stage.ts";
import { sized } from "../support/sized-storage.ts";

const GIGABYTE = 1_024 ** 3;

function fill(stage: LedgerStage, bytes: number): void {
  const { storage } = stage;
  stage.restart({
    storage: {
      sql: sized(storage.sql, () => bytes),
      kv: storage.kv,
      transactionSync: (block) => storage.transactionSync(block),
      getAlarm: () => storage.getAlarm(),
      setAlarm: (at) => storage.setAlarm(at),
      deleteAll: () => storage.deleteAll(),
    },
  });
}

describe("rule 9: live grants are capped", () => {
  it(
    "for one party and client: the one that lay idle longest ends, and nobody else's",
    onStage(async (stage) => {
      await stage.share();
      const others = [
        await stage.grant({ pushed: pushed("carol") }),
        await stage.grant({ pushed: pushed("bob"), client: VIEWER }),
        await stage.grant(),
      ];
      const grants: string[] = [];
      for (let count = 0; count < 20; count += 1) {
        stage.now += 1;
        grants.push(await stage.grant({ pushed: pushed("bob") }));
      }
      stage.now += 1;
      const [used = "", idle = "", ...rest] = grants;
      expect(await stage.refresh(used)).toMatchObject({ outcome: "refreshed" });
      const last = await stage.grant({ pushed: pushed("bob") });
      expect(await stage.held(idle)).toEqual([]);
      for (const id of [used, last, ...rest, ...others]) expect(await stage.held(id)).toEqual(["photo:view"]);
    }),
  );

  it(
    "for nobody known, each of whom is another: by client",
    onStage(async (stage) => {
      const grants = new Grants(stage.storage);
      const grantOf = (number: number, clientId = "app"): Grant => ({
        id: `${clientId}-${number}`,
        clientId,
        resourceServerId: "rs1",
        rptFormat: "jwt",
        partyReference: `nobody-${number}`,
        partyKnown: false,
        permissions: [],
        judged: 0,
        sealedClaims: null,
        createdAt: number,
        usedAt: number,
        refreshGeneration: null,
        refreshRotatedAt: null,
        refreshAttempt: null,
        expiresAt: 1e12,
      });
      grants.insert(grantOf(0, "another"));
      let most = 0;
      for (let number = 0; number < 21_000; number += 1) {
        grants.insert(grantOf(number));
        if (number % 250 === 249) most = Math.max(most, grants.count() - 1);
      }
      expect(most).toBe(20_000);
      expect(grants.find("app-20999")).not.toBeNull();
      expect(grants.find("app-0")).toBeNull();
      expect(grants.find("another-0")).not.toBeNull();
    }),
  );
});

describe("rule 9: of the claims is kept", () => {
  const keptOf = (row: { readonly sealed_claims?: unknown } | undefined) =>
    JSON.parse(String(row?.sealed_claims))[1].claims as object;
  const long = (characters: number) => "x".repeat(characters);

  it(
    "what the policies mention, and of the rest what fits into 2 KB",
    onStage(async (stage) => {
      const groups = Array.from({ length: 200 }, (_, index) => `0b9a7c5e-0000-4000-8000-${index}`);
      await stage.share({ who: { claim: "groups", equals: groups[7] ?? "" } });
      await stage.grant({ pushed: pushed("bob", { picture: long(500), groups }) });
      expect(Object.keys(keptOf(stage.rows("grants")[0]))).toEqual(["groups"]);
      await stage.grant({
        pushed: pushed("carol", { a: long(500), b: long(9_000), c: long(500), groups: [groups[7] ?? ""] }),
      });
      expect(Object.keys(keptOf(stage.rows("grants").find((row) => row.party_reference === "pairwise-carol")))).toEqual(
        ["groups", "a", "c"],
      );
    }),
  );

  it(
    "in a process, too, and it counts in the next round",
    onStage(async (stage) => {
      const who = {
        all: [
          { claim: "role", equals: "x" },
          { claim: "age", at_least: 18 },
        ],
      };
      await stage.share({ who });
      const first = stage.ticket();
      await stage.redeem(first, { pushed: pushed("bob", { noise: long(9_000), role: "x" }) });
      expect(keptOf(stage.rows("processes")[0])).toEqual({ role: "x" });
      expect(await stage.redeem(stage.next(first), { pushed: pushed("bob", { age: 20 }) })).toMatchObject({
        outcome: "granted",
      });
    }),
  );

  it(
    "nothing while it cannot be sealed, and the ticket is not spent",
    onStage(async (stage) => {
      await stage.share();
      const ticket = stage.ticket();
      stage.restart({ sealer: { ...plainSealer, seal: () => Promise.reject(new Error("no keys")) } });
      const bob = { pushed: pushed("bob") };
      expect(await stage.redeem(ticket, bob)).toEqual({ outcome: "unavailable", cause: "claims_unsealed" });
      stage.restart();
      expect(await stage.redeem(ticket, bob)).toMatchObject({ outcome: "granted" });
    }),
  );
});

describe("rule 9: a full ledger", () => {
  it(
    "grants nothing and spends nothing, while everything that takes away works",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const cutOff = await stage.grant();
      const revoked = await stage.grant();
      const withdrawn = await stage.grant({ client: VIEWER });
      fill(stage, 8 * GIGABYTE + 1);
      const ticket = stage.ticket();
      expect(await stage.redeem(ticket)).toEqual({ outcome: "unavailable", cause: "full" });
      expect(await stage.refresh(cutOff)).toMatchObject({ outcome: "refreshed" });
      await stage.ledger.revoke(PRINTER.id, revoked);
      expect(await stage.held(revoked)).toEqual([]);
      await stage.cut({ by: "client", clientId: PRINTER.id });
      expect(await stage.held(cutOff)).toEqual([]);
      expect(await stage.held(withdrawn)).toEqual(["photo:view"]);
      const gone = { kind: "delete_policy", id: policyId, expected: "any" } as const;
      expect(await stage.change(gone)).toMatchObject({ outcome: "done" });
      expect(await stage.held(withdrawn)).toEqual([]);
      await stage.share();
      fill(stage, 8 * GIGABYTE);
      expect(await stage.redeem(ticket)).toMatchObject({ outcome: "granted" });
    }),
  );

  it(
    "takes no more documents above 9 GB, so that there is room to end what wrote them",
    onStage(async (stage) => {
      const policyId = await stage.share();
      const groupId = await stage.group([]);
      const held = await stage.grant();
      const caller = stage.caller;
      const documents = [
        { kind: "put_policy", id: policyId, document: permit(), expected: "any" },
        { kind: "put_policy", id: "another", document: permit(), expected: "absent" },
        { kind: "put_group", id: groupId, document: { name: "g", members: [] }, expected: "any" },
        { kind: "update_resource", id: "photo", resourceServerId: RS, description: { resource_scopes: [] } },
      ] as const;
      fill(stage, 9 * GIGABYTE + 1);
      for (const change of documents) expect(await stage.change(change)).toEqual({ outcome: "limit_reached" });
      expect(await stage.held(held)).toEqual(["photo:view"]);
      const deletions = [
        { kind: "delete_group", id: groupId, expected: "any" },
        { kind: "delete_resource", id: "album", resourceServerId: RS },
        { kind: "revoke_token", clientId: RS, tokenId: "old", expiresAt: stage.now + 60 },
        { kind: "delete_policy", id: policyId, expected: "any" },
        { kind: "end_connection", clientId: RS, resources: "keep" },
      ] as const;
      for (const change of deletions) expect(await stage.change(change)).toMatchObject({ outcome: "done" });
      expect(await stage.introspect(held, stage.now + 300, caller)).toEqual({ outcome: "not_connected" });
      fill(stage, 9 * GIGABYTE);
      expect(await stage.change(documents[1])).toMatchObject({ outcome: "done" });
    }),
  );

  it(
    "keeps of a resource's description only what it may take",
    onStage(async (stage) => {
      await stage.share();
      const held = await stage.grant();
      const described = { resource_scopes: ["print"], type: "picture", name: "x".repeat(16_000) };
      const unknown = { resource_scopes: ["view"], name: "x".repeat(16_000) };
      for (const [id, description] of [
        ["photo", described],
        ["nothing", unknown],
      ] as const) {
        await stage.change({ kind: "update_resource", id, resourceServerId: RS, description });
      }
      const contents = stage.rows("book").map(({ content }) => String(content));
      expect(Math.max(...contents.map((content) => content.length))).toBeLessThan(1_000);
      expect(await stage.held(held)).toEqual([]);
    }),
  );

  it(
    "tells its operator how much it takes",
    onStage(async (stage) => {
      expect((await stage.ledger.counts()).bytes).toBe(stage.storage.sql.databaseSize);
    }),
  );
});
