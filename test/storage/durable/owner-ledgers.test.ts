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
  return { calls, ledgers: findOwnerLedgers(namespace) };
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
