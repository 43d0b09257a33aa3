import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { findOwnerLedgers } from "../../../src/storage/durable/owner-ledgers.ts";

/** The real namespace, with every call of getByName written down. */
function recording() {
  const calls: unknown[] = [];
  const namespace = new Proxy(env.OWNER_LEDGER, {
    get: (target, name) =>
      name === "getByName"
        ? (...parameters: Parameters<typeof target.getByName>) => {
            calls.push(parameters);
            return target.getByName(...parameters);
          }
        : Reflect.get(target, name, target),
  });
  const changed: string[] = [];
  return { calls, changed, ledgers: findOwnerLedgers(namespace, (ownerId) => changed.push(ownerId)) };
}

it("a ledger is created where its owner wants it, which is said whenever it is called", async () => {
  const { calls, ledgers } = recording();
  const name = crypto.randomUUID();
  const ledger = ledgers.ledger(name, "weur");
  await ledger.open(name);
  expect(await ledger.counts()).toMatchObject({ grants: 0 });
  const call = [name, { locationHint: "weur" }];
  expect(calls).toEqual([call, call]);
});

it("the platform chooses the place of a ledger for which none is named", async () => {
  const { calls, ledgers } = recording();
  const name = crypto.randomUUID();
  await ledgers.ledger(name).open(name);
  expect(calls).toEqual([[name, {}]]);
});

it("whose record a change went through here is told when it is over, and of nothing else", async () => {
  const { changed, ledgers } = recording();
  const owner = crypto.randomUUID();
  const ledger = ledgers.ledger(owner);
  const change = { kind: "delete_policy", id: "p", expected: "any" } as const;
  const booking = ledger.change("operation", change, { by: "operator" });
  expect(changed).toEqual([]);
  expect(await booking).toEqual({ outcome: "closed" });
  expect(changed).toEqual([owner]);
  await ledger.counts();
  await expect(ledger.change("operation", {} as never, null as never)).resolves.toEqual({ outcome: "closed" });
  expect(changed).toEqual([owner, owner]);
});
