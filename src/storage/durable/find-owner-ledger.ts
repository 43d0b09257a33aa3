import type { OwnerLedger } from "../../operations/owner-ledger.ts";
import type { LedgerDirectory } from "../../operations/ports.ts";
import type { OwnerLedgerHost } from "./owner-ledger.ts";

/** How often a call that never reached its object is sent again. Each carries its attempt id, so a repeat is safe. */
const TRIES = 3;

/**
 * Finds ledgers by name. A call is repeated with a new stub when the platform says that it may be, because a stub whose
 * object was reset fails for ever.
 */
export function findOwnerLedgers(namespace: DurableObjectNamespace<OwnerLedgerHost>): LedgerDirectory {
  // The stub's own type takes unions apart; what comes back is what the object's interface says.
  return { ledger: (name) => repeating(() => namespace.getByName(name) as unknown as OwnerLedger) };
}

function repeating(stub: () => OwnerLedger): OwnerLedger {
  return {
    open: (ownerId) => repeat(() => stub().open(ownerId)),
    redeem: (request) => repeat(() => stub().redeem(request)),
    introspect: (request) => repeat(() => stub().introspect(request)),
    refresh: (request) => repeat(() => stub().refresh(request)),
    revoke: (clientId, grantId) => repeat(() => stub().revoke(clientId, grantId)),
    change: (operationId, change, caller) => repeat(() => stub().change(operationId, change, caller)),
    cut: (operationId, cut, caller) => repeat(() => stub().cut(operationId, cut, caller)),
    activity: (caller, before, limit) => repeat(() => stub().activity(caller, before, limit)),
    counts: () => repeat(() => stub().counts()),
  };
}

async function repeat<T>(call: () => Promise<T>): Promise<T> {
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
