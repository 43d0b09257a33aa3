import { DurableObject } from "cloudflare:workers";
import type { IntrospectRequest, OwnerLedger, RedeemRequest, RefreshRequest } from "../../operations/owner-ledger.ts";
import type { Change, Cut } from "../../policy/change.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { Ledger, type LedgerPorts } from "./ledger/ledger.ts";

/**
 * The owner ledger as a Durable Object: hands every call to the ledger, which is where the promises are kept.
 * durable-objects.ts joins it to its ports.
 */
export abstract class OwnerLedgerHost extends DurableObject<Env> implements OwnerLedger {
  readonly #ledger: Ledger;

  constructor(state: DurableObjectState, env: Env, ports: LedgerPorts) {
    super(state, env);
    this.#ledger = new Ledger(ports);
  }

  open(ownerId: string) {
    return this.#ledger.open(ownerId);
  }

  redeem(request: RedeemRequest) {
    return this.#ledger.redeem(request);
  }

  introspect(request: IntrospectRequest) {
    return this.#ledger.introspect(request);
  }

  refresh(request: RefreshRequest) {
    return this.#ledger.refresh(request);
  }

  revoke(clientId: string, grantId: string) {
    return this.#ledger.revoke(clientId, grantId);
  }

  change(operationId: string, change: Change, caller: ConnectedCaller | null) {
    return this.#ledger.change(operationId, change, caller);
  }

  cut(operationId: string, cut: Cut, caller: ConnectedCaller | null) {
    return this.#ledger.cut(operationId, cut, caller);
  }

  activity(caller: ConnectedCaller, before: number | null, limit: number) {
    return this.#ledger.activity(caller, before, limit);
  }

  counts() {
    return this.#ledger.counts();
  }

  override alarm() {
    return this.#ledger.alarm();
  }
}
