import { env } from "cloudflare:workers";
import { AsyncLocalStorage } from "node:async_hooks";
import { vi } from "vitest";
import { OwnerLedgerObject } from "../../../src/index.ts";

/** What was asked of storage: one entry for each round trip that somebody waited for. */
export type Hop =
  | "d1"
  | "ledger"
  | "key-ring"
  | "replay-guard"
  | "failure-counter"
  | "request-log"
  | "email-code"
  | "pacer"
  | "webhook"
  | "kv";

const CLASSES: readonly (readonly [Hop, DurableObjectNamespace])[] = [
  ["ledger", env.OWNER_LEDGER as unknown as DurableObjectNamespace],
  ["key-ring", env.KEY_RING as unknown as DurableObjectNamespace],
  ["replay-guard", env.REPLAY_GUARD as unknown as DurableObjectNamespace],
  ["failure-counter", env.FAILURE_COUNTER as unknown as DurableObjectNamespace],
  ["request-log", env.REQUEST_LOG as unknown as DurableObjectNamespace],
  ["email-code", env.EMAIL_CODE as unknown as DurableObjectNamespace],
  ["pacer", env.PACER as unknown as DurableObjectNamespace],
  ["webhook", env.WEBHOOK as unknown as DurableObjectNamespace],
];

/**
 * Counts the round trips to storage that happen while `work` runs, in the Worker and in the Durable Objects alike: they
 * share one isolate here, so the classes of the bindings are watched and not the bindings.
 */
export async function countHops(work: () => Promise<unknown>): Promise<readonly Hop[]> {
  const hops: Hop[] = [];
  const watches = [watchDatabase(hops), watchObjects(hops), watchKv(hops)];
  try {
    await work();
  } finally {
    for (const restore of watches.flat()) restore();
  }
  return hops;
}

type Restore = () => void;

/** Is set while a ledger cleans up: its alarm rings whenever it is due, and no request waits for it. */
const cleaning = new AsyncLocalStorage<true>();
const { alarm } = OwnerLedgerObject.prototype;
OwnerLedgerObject.prototype.alarm = function () {
  return cleaning.run(true, () => alarm.call(this));
};

function watchDatabase(hops: Hop[]): readonly Restore[] {
  const database = Object.getPrototypeOf(env.DB);
  const statement = Object.getPrototypeOf(env.DB.prepare("SELECT 1"));
  return [watch(database, "batch"), ...["first", "run", "all", "raw"].map((name) => watch(statement, name))];

  function watch(prototype: Record<string, (...parameters: unknown[]) => unknown>, name: string): Restore {
    const original = prototype[name];
    const spy = vi.spyOn(prototype, name).mockImplementation(function (this: unknown, ...parameters: unknown[]) {
      if (!cleaning.getStore()) hops.push("d1");
      return original?.apply(this, parameters);
    });
    return () => spy.mockRestore();
  }
}

function watchObjects(hops: Hop[]): readonly Restore[] {
  const prototype = Object.getPrototypeOf(env.OWNER_LEDGER);
  const original: DurableObjectNamespace["getByName"] = prototype.getByName;
  const spy = vi.spyOn(prototype, "getByName").mockImplementation(function (this: unknown, ...parameters: unknown[]) {
    const stub = original.apply(this as DurableObjectNamespace, parameters as [string]);
    const hop = CLASSES.find(([, namespace]) => isOf(namespace, stub))?.[0] ?? "ledger";
    return new Proxy(stub, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...values: unknown[]) => {
          // Nobody waits for a story to be written.
          if (hop !== "request-log") hops.push(hop);
          return Reflect.apply(member, target, values);
        };
      },
    });
  });
  return [() => spy.mockRestore()];
}

function isOf(namespace: DurableObjectNamespace, stub: DurableObjectStub): boolean {
  try {
    return namespace.idFromString(String(stub.id)) !== null;
  } catch {
    return false;
  }
}

function watchKv(hops: Hop[]): readonly Restore[] {
  const prototype = Object.getPrototypeOf(env.PUBLIC_DOCUMENTS);
  return ["get", "put"].map((name) => {
    const original = prototype[name];
    const spy = vi.spyOn(prototype, name).mockImplementation(function (this: unknown, ...parameters: unknown[]) {
      hops.push("kv");
      return original.apply(this, parameters);
    });
    return () => spy.mockRestore();
  });
}
