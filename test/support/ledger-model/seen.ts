import type { Author, Change, Cut } from "../../../src/ledger/change.ts";
import type {
  ChangeReply,
  DecideReply,
  DecideRequest,
  RedeemReply,
  RedeemRequest,
  RefreshReply,
} from "../../../src/ledger/contract.ts";
import type { PartyClaims } from "../../../src/protocol/claims.ts";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import type { PermissionBody } from "../../../src/protocol/wire/permission.ts";

/** When something began, in the order in which all things happened. */
export interface Beginning {
  readonly begun: number;
  /** The highest epoch of a change that had been answered. */
  readonly since: number;
  /** The epoch up to which nothing was pending. */
  readonly settled: number;
  /** Epoch seconds. */
  readonly from: number;
}

/** When something began and ended. */
export interface Span extends Beginning {
  readonly ended: number;
  /** The last epoch booked when it ended. */
  readonly until: number;
  /** Epoch seconds when it ended. */
  readonly to: number;
}

export type Seen = Span &
  (
    | {
        readonly what: "redeemed";
        readonly request: RedeemRequest;
        readonly party: PartyClaims | null;
        readonly reply: RedeemReply;
      }
    | {
        readonly what: "shown";
        readonly grantId: string;
        /** Null: the ledger would not say. */
        readonly permissions: readonly PermissionBody[] | null;
        readonly by: Showing;
        /** Of the upgrade that looked at it. */
        readonly attemptId?: string;
      }
    | { readonly what: "rotated"; readonly grantId: string; readonly presented: number; readonly reply: RefreshReply }
    | {
        readonly what: "changed";
        readonly operationId: string;
        readonly change: Change;
        readonly author: Author;
        readonly reply: ChangeReply;
      }
    | {
        readonly what: "decided";
        readonly operationId: string;
        readonly request: DecideRequest;
        readonly reply: DecideReply;
      }
    | { readonly what: "cut"; readonly cut: Cut }
    /** Null: it was not for this caller to end. Its owner ends what it went into as well. */
    | { readonly what: "ended"; readonly grantId: string | null; readonly by: "client" | "owner" }
    | {
        readonly what: "listed";
        readonly caller: ConnectedCaller;
        /** What is permitted, by grant; null: the ledger would not say. */
        readonly grants: ReadonlyMap<string, readonly PermissionBody[]> | null;
        /** Whether there are no more than these. */
        readonly isWhole: boolean;
      }
  );

/**
 * How a grant was looked at: by an introspection under a token, by a refresh, which may have been refused for good, or by
 * the upgrade of an RPT.
 */
export type Showing =
  | { readonly how: "upgraded" }
  | { readonly how: "introspected"; readonly caller: ConnectedCaller }
  | { readonly how: "refreshed"; readonly invalid: boolean };

/** What is seen before it is known when. */
export type Unspanned<S> = S extends unknown ? Omit<S, keyof Span> : never;

/** A request as it stands in storage. */
export interface PendingRow {
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

/** An entry of the ledger's book, as it stands in storage. */
export interface BookRow {
  readonly epoch: number | null;
  readonly operation_id: string;
  readonly state: string;
}
