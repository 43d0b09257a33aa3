import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

/**
 * What the design leans on, tried in the runtime itself. The other fact it leans on, that a Durable Object's reply is
 * held until its writes are durable, takes a real kill to show: test/soak/kill.ts.
 */
describe("D1: a trigger that aborts a batch", () => {
  const takeEpoch = (epoch: number) =>
    env.DB.prepare("UPDATE owner_epochs SET epoch = ?, operation_id = 'x' WHERE owner_id = 'facts'").bind(epoch);
  const insertOwner = (id: string) =>
    env.DB.prepare("INSERT INTO owners (id, kind, name, ledger, created_at) VALUES (?, 'organization', '', ?, 0)").bind(
      id,
      id,
    );
  const countOwners = async () =>
    (await env.DB.prepare("SELECT count(*) AS n FROM owners").first<{ n: number }>())?.n ?? -1;

  it("undoes the whole batch, wherever it fires", async () => {
    await env.DB.batch([
      insertOwner("facts"),
      env.DB.prepare("INSERT INTO owner_epochs (owner_id, epoch, operation_id) VALUES ('facts', 0, '')"),
    ]);
    await env.DB.batch([takeEpoch(1), insertOwner("first")]);
    const before = await countOwners();

    await expect(env.DB.batch([takeEpoch(3), insertOwner("gap")])).rejects.toThrow(/epoch out of turn/);
    await expect(env.DB.batch([insertOwner("repeat"), takeEpoch(1)])).rejects.toThrow(/epoch out of turn/);

    expect(await countOwners()).toBe(before);
  });
});

describe("Durable Object storage", () => {
  const inStorage = <T>(name: string, use: (storage: DurableObjectStorage) => T | Promise<T>) =>
    runInDurableObject(env.OWNER_LEDGER.getByName(name), (_, state) => use(state.storage));

  it("transactionSync undoes SQL and keys together, and a nested one only its own part", async () => {
    const found = await inStorage("rollback", (storage) => {
      storage.sql.exec("CREATE TABLE t (id INTEGER PRIMARY KEY)");
      storage.transactionSync(() => {
        storage.sql.exec("INSERT INTO t VALUES (1)");
        const inner = () =>
          storage.transactionSync(() => {
            storage.sql.exec("INSERT INTO t VALUES (2)");
            storage.kv.put("key", 2);
            throw new Error("undo");
          });
        expect(inner).toThrow("undo");
      });
      return { rows: storage.sql.exec("SELECT id FROM t").toArray(), key: storage.kv.get("key") ?? null };
    });
    expect(found).toEqual({ rows: [{ id: 1 }], key: null });
  });
});
