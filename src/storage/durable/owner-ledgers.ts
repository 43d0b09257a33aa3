import type { LedgerDirectory, OwnerLedger } from "../../ledger/contract.ts";
import type { OwnerLedgerObject } from "../../ledger/object.ts";

/** How often a call that never reached its object is sent again. Each carries its attempt id, so a repeat is safe. */
const TRIES = 3;

/**
 * Finds ledgers by name. A call is repeated with a new stub when the platform says that it may be, because a stub whose
 * object was reset fails for ever.
 * @param changed told the owner's id after each change, or the end, that went through here, whatever came of it: an owner's changes
 *   are all booked at home, the ledger that bears that id (docs/design.md, decision 2).
 */
export function findOwnerLedgers(
  namespace: DurableObjectNamespace<OwnerLedgerObject>,
  changed: (ownerId: string) => void,
): LedgerDirectory {
  // The stub's own type takes unions apart; what comes back is what the object's interface says.
  return {
    ledger: (name, location) => {
      const options = location === undefined ? {} : { locationHint: location };
      const stub = () => namespace.getByName(name, options) as unknown as OwnerLedger;
      return repeating(stub, () => changed(name));
    },
  };
}

/** Every call of the interface, each repeated on its own; the list of calls is the interface's, not one more here. */
function repeating(stub: () => OwnerLedger, changed: () => void): OwnerLedger {
  type Call = (...parameters: readonly unknown[]) => Promise<unknown>;
  return new Proxy({} as OwnerLedger, {
    get: (_target, name) => {
      // Whoever awaits a ledger asks whether it is a promise.
      if (typeof name === "symbol" || name === "then") return undefined;
      const call: Call = (...parameters) =>
        repeat(() => (stub() as unknown as Readonly<Record<string, Call>>)[name]?.(...parameters));
      return name === "change" || name === "close"
        ? (...parameters: readonly unknown[]) => call(...parameters).finally(changed)
        : call;
    },
  });
}

async function repeat<T>(call: () => T): Promise<Awaited<T>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries >= TRIES || !isRepeatable(error)) throw error;
    }
  }
}

/** An overloaded object is not helped by more calls. */
function isRepeatable(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  return retryable === true && overloaded !== true;
}
