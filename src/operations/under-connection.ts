import type { ChangeReply } from "../ledger/contract.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";
import type { ConnectionScope } from "../protocol/wire/connection.ts";
import { ProtocolError } from "../shared/error.ts";
import type { ConnectionStore, UnderConnection } from "./ports/connection.ts";
import { quotaExceeded } from "./quota.ts";

/** What became of a change that was not refused. */
export type Receipt =
  | { readonly recorded: true; readonly version: number }
  /** In force for whatever it takes away; the system of record has yet to write it down. */
  | { readonly recorded: false };

/**
 * The value of something asked under a connection.
 * @throws ProtocolError invalid_token when the connection has ended since the access token was made.
 */
export function requireStanding<T>(answer: UnderConnection<T>): T {
  if (answer.standing) return answer.value;
  throw connectionEnded();
}

/**
 * For an answer that nothing was asked for under the connection.
 * @throws ProtocolError invalid_token when the connection has ended since the access token was made.
 */
export async function checkStanding(
  { connections }: { readonly connections: Pick<ConnectionStore, "stands"> },
  caller: ConnectedCaller,
  scope: ConnectionScope,
): Promise<void> {
  if (!(await connections.stands(caller, scope))) throw connectionEnded();
}

/**
 * The outcome of a change in an owner's ledger.
 * @throws ProtocolError invalid_token, not_found, precondition_failed or quota_exceeded.
 */
export function requireReceipt(reply: ChangeReply): Receipt {
  switch (reply.outcome) {
    case "done":
      return { recorded: true, version: reply.version };
    case "pending":
      return { recorded: false };
    case "not_found":
      throw notFound();
    case "version_mismatch":
      throw new ProtocolError("precondition_failed", `it has changed since: the current version is ${reply.version}`);
    case "limit_reached":
      throw quotaExceeded();
    case "not_connected":
    case "closed":
      throw connectionEnded();
  }
}

/** The same for what never was, was deleted, or is somebody else's. */
export function notFound(): ProtocolError {
  return new ProtocolError("not_found", "there is nothing by this id under this access token");
}

export function connectionEnded(): ProtocolError {
  return new ProtocolError("invalid_token", "the connection that this access token was made under has ended");
}
