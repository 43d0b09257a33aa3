import type { PartyCard } from "../protocol/party-card.ts";
import type { PermissionBody } from "../protocol/wire/permission.ts";

/**
 * What an owner's ledger has told to others, who are not there when it happens: by letter, or by a webhook. A closed list,
 * of which every letter and message is a rendering (docs/webhooks.md).
 *
 * INVARIANT: no notice holds a token, a ticket, a secret, or the value of a claim.
 */
export type Notice =
  /** Everything ended at once: with what was kept, and for these clients. */
  | { readonly kind: "owner_gone"; readonly clientIds: readonly string[] }
  | { readonly kind: "connection_ended"; readonly clientId: string; readonly resources: "keep" | "remove" }
  | { readonly kind: "resource_dropped"; readonly resourceServerId: string; readonly resourceId: string }
  /** What an RPT stands on became less; what is left, as introspection would say it. */
  | {
      readonly kind: "grant_withdrawn";
      readonly resourceServerId: string;
      readonly clientId: string;
      readonly partyReference: string;
      readonly permissions: readonly PermissionBody[];
    }
  /** Somebody waits for the owner's decision. */
  | ({ readonly kind: "request_waiting"; readonly requestId: string } & Encounter)
  | ({ readonly kind: "request_decided"; readonly requestId: string; readonly isAllowed: boolean } & Encounter)
  /** A known party was let in whom the owner had never let in before, nor just said yes to. */
  | ({ readonly kind: "first_access" } & Encounter)
  /** What happened in a week in which something did. */
  | ({ readonly kind: "week" } & WeekCounts);

/** Somebody known, and the app that they came with. */
interface Encounter {
  readonly clientId: string;
  readonly partyReference: string;
}

/** How often each happened. */
export interface WeekCounts {
  readonly letIn: number;
  readonly refused: number;
  readonly asked: number;
  /** What the owner, or an app of theirs, changed about who can see what. */
  readonly changed: number;
}

/** A notice as it is told. */
export interface ToldNotice extends KeptNotice {
  /** The party that it names; null: it names none, or nobody knows (any more) who that is. */
  readonly party: PartyCard | null;
}

/** A notice as the ledger keeps it until it is told. */
export interface KeptNotice {
  /** Drawn once, so that whoever is told twice can tell. */
  readonly id: string;
  /** When it happened, epoch seconds. */
  readonly at: number;
  readonly notice: Notice;
}
