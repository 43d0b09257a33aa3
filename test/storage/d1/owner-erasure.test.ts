import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { D1DeletionStore } from "../../../src/storage/d1/deletions.ts";
import { D1OwnerErasure } from "../../../src/storage/d1/owner-erasure.ts";
import source from "../../../src/storage/d1/owner-erasure.ts?raw";
import { D1PctStore } from "../../../src/storage/d1/pcts.ts";
import { D1SessionStore } from "../../../src/storage/d1/sessions.ts";
import { givenAccount, START, someSession } from "../../support/workerd/people.ts";
import { freshId, givenCaller, givenOwner } from "../../support/workerd/records.ts";
import { rowsThatName } from "../../support/workerd/stored-content.ts";

const erasure = new D1OwnerErasure(env.DB);
const going = (ownerId: string, accountId: string | null = null) => ({ ownerId, accountId, closedAt: START });
const run = (sql: string, ...values: readonly unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

function giveResource(ownerId: string, id = freshId("resource")) {
  const insert = `INSERT INTO resources (id, owner_id, resource_server_id, scopes, description, created_at)
    VALUES (?, ?, 'rs', '[]', '{}', 0)`;
  return run(insert, id, ownerId);
}

/** @returns how many slices it took. */
async function eraseAll(ownerId: string): Promise<number> {
  for (let slices = 1; ; slices += 1) if (!(await erasure.eraseSlice(going(ownerId), START))) return slices;
}

describe("an owner whom D1 lets go of", () => {
  it("leaves the bare id, and nothing of anybody else's is touched", async () => {
    const [one, other] = [await givenCaller(), await givenCaller()];
    for (const { ownerId } of [one, other]) await giveResource(ownerId);
    const before = await rowsThatName(other.ownerId);
    await erasure.detach(going(one.ownerId));
    await eraseAll(one.ownerId);
    expect(await rowsThatName(one.ownerId)).toEqual({ deletions: 1 });
    expect(await rowsThatName(other.ownerId)).toEqual(before);
  });

  it("goes in slices", async () => {
    const { id } = await givenOwner();
    const insert = `INSERT INTO resources (id, owner_id, resource_server_id, scopes, description, created_at)
      WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 5001)
      SELECT ?1 || '-' || value, ?1, 'rs', '[]', '{}', 0 FROM n`;
    await run(insert, id);
    await erasure.detach(going(id));
    expect(await eraseAll(id)).toBe(2);
    expect(await rowsThatName(id)).toEqual({ deletions: 1 });
  });

  it("takes along what came late, after the last slice was looked for", async () => {
    const { id } = await givenOwner();
    await erasure.detach(going(id));
    const late = { ...env.DB, batch: env.DB.batch.bind(env.DB), prepare: env.DB.prepare.bind(env.DB) };
    let batches = 0;
    const racing = new D1OwnerErasure({
      ...late,
      batch: async (statements: D1PreparedStatement[]) => {
        batches += 1;
        if (batches === 2) await giveResource(id);
        return env.DB.batch(statements);
      },
    } as unknown as D1Database);
    await expect(racing.eraseSlice(going(id), START)).rejects.toThrow("FOREIGN KEY");
    await eraseAll(id);
    expect(await rowsThatName(id)).toEqual({ deletions: 1 });
  });

  it("takes nothing that comes when it is gone", async () => {
    const { id } = await givenOwner();
    await erasure.detach(going(id));
    await eraseAll(id);
    await expect(giveResource(id)).rejects.toThrow("FOREIGN KEY");
  });

  it("is let go of as often as anybody likes", async () => {
    const account = await givenAccount();
    for (let time = 0; time < 2; time += 1) {
      await erasure.detach(going(account.ownerId, account.id));
      await eraseAll(account.ownerId);
    }
    const deletion = await new D1DeletionStore(env.DB).find(account.ownerId);
    expect(deletion).toMatchObject({ closedAt: START, erasedAt: START });
  });
});

describe("an account that goes", () => {
  it("is gone in one step with everything that is known of its person", async () => {
    const account = await givenAccount();
    await new D1SessionStore(env.DB).insert(someSession(account), freshId("hash"), null, null);
    const pct = { clientId: "app", accountId: account.id, sealedClaims: "s", createdAt: START, expiresAt: START + 1 };
    await new D1PctStore(env.DB).insert(pct, freshId("pct"));
    await erasure.detach(going(account.ownerId, account.id));
    expect(await rowsThatName(account.id)).toEqual({ owners: 1, owner_epochs: 1, deletions: 1 });
  });
});

describe("whoever asks for the end of their account", () => {
  it("loses what they may do for organisations at once, if each has somebody else", async () => {
    const [deletions, ana, ben] = [new D1DeletionStore(env.DB), await givenAccount(), await givenAccount()];
    const { id } = await givenOwner();
    const administer = (account: string, ends: number | null = null) =>
      run("INSERT INTO administrators VALUES (?, ?, 'administrator', 0, ?, NULL)", id, account, ends);
    await administer(ana.id);
    expect(await deletions.requestByPerson(ana.id, START)).toBeNull();
    expect(await deletions.listSoleCharges(ana.id, START)).toEqual([{ ownerId: id, name: "Alice" }]);
    await administer(ben.id, START);
    expect(await deletions.requestByPerson(ana.id, START)).toBeNull();
    expect(await deletions.requestByPerson(ana.id, START - 1)).toEqual([id]);
    expect(await deletions.requestByPerson(ana.id, START)).toEqual([]);
  });
});

/** A table that nobody thought of would keep what its owner wanted gone. */
it("no table that names an owner or an account is left out", async () => {
  const schema = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'";
  const { results } = await env.DB.prepare(schema).all<{ name: string; sql: string }>();
  const naming = results.filter(({ sql }) => /\b(owner_id|account_id|invited_by)\b/.test(sql ?? ""));
  const along = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%AFTER DELETE ON%'";
  const triggers = (await env.DB.prepare(along).all<{ sql: string }>()).results.map(({ sql }) => sql);
  const erased = [source, ...triggers];
  const isErased = (name: string) => erased.some((text) => text.includes(`DELETE FROM ${name}`));
  const left = naming.filter(({ name, sql }) => !isErased(name) && !sql.includes("CASCADE"));
  expect(left.map(({ name }) => name)).toEqual(["deletions"]);
  expect(naming.length).toBeGreaterThan(10);
});
