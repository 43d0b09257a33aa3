/** The Durable Objects as the runtime makes them: each is joined to its ports here, as app.ts joins the endpoints. */
import { clock, isolate } from "./isolate.ts";
import { D1SystemOfRecord } from "./storage/d1/system-of-record.ts";
import { D1TrustedIssuerStore } from "./storage/d1/trusted-issuers.ts";
import type { LedgerPorts } from "./storage/durable/ledger/ledger.ts";
import { OwnerLedgerHost } from "./storage/durable/owner-ledger.ts";

export { KeyRingObject } from "./storage/durable/key-ring.ts";
export { ReplayGuardObject } from "./storage/durable/replay-guard.ts";

export class OwnerLedgerObject extends OwnerLedgerHost {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env, ledgerPorts(state, env));
  }
}

function ledgerPorts({ storage }: DurableObjectState, env: Env): LedgerPorts {
  const { config, sealer } = isolate();
  return {
    storage,
    record: new D1SystemOfRecord(env.DB),
    sealer,
    trustedIssuers: new D1TrustedIssuerStore(env.DB),
    settings: config,
    now: clock,
    sleep: (seconds) => scheduler.wait(seconds * 1_000),
  };
}
