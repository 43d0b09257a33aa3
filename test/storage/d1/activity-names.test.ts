import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { D1ActivityNameStore } from "../../../src/storage/d1/activity-names.ts";
import { givenAccount } from "../../support/workerd/people.ts";
import { givenCaller } from "../../support/workerd/records.ts";

const store = new D1ActivityNameStore(env.DB);

async function givenThing(ownerId: string, clientId: string, description: object): Promise<string> {
  const id = crypto.randomUUID();
  const insert = `INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
    VALUES (?, ?, ?, NULL, '["view"]', ?, 0)`;
  await env.DB.prepare(insert).bind(id, ownerId, clientId, JSON.stringify(description)).run();
  return id;
}

it("what has a name is called by it, if it is the owner's", async () => {
  const [caller, other, account] = await Promise.all([givenCaller(), givenCaller(), givenAccount()]);
  const own = await givenThing(caller.ownerId, caller.clientId, { name: "Holiday", scope_names: { view: "see" } });
  const nameless = await givenThing(caller.ownerId, caller.clientId, {});
  const foreign = await givenThing(other.ownerId, other.clientId, { name: "Secret" });
  const loaded = await store.load(caller, [own, nameless, foreign, caller.clientId, account.id, "gone"]);
  if (!loaded.standing) throw new Error("the connection does not stand");
  const { names, scopeNames, sealedNames } = loaded.value;
  expect([...names.keys()].sort()).toEqual([own, caller.clientId].sort());
  expect(names.get(own)).toBe("Holiday");
  expect(scopeNames.get(own)?.get("")).toEqual({ view: "see" });
  expect([...scopeNames.keys()].sort()).toEqual([own, nameless].sort());
  const { wrappedKey, sealedName } = account;
  expect([...sealedNames]).toEqual([[account.id, { wrappedKey, sealedName }]]);
});

it("nothing is told to whoever does not act for the owner", async () => {
  const caller = await givenCaller();
  expect(await store.load({ ...caller, generation: 99 }, [])).toEqual({ standing: false });
  const account = await givenAccount();
  expect(await store.load({ ownerId: caller.ownerId, accountId: account.id, now: 1 }, [])).toEqual({ standing: false });
});
