import type { PermissionBody } from "../protocol/wire/permission.ts";

/**
 * What an owner's ledger has told to others, who are not there when it happens: by letter, or by a webhook. A closed list,
 * of which every letter and message is a rendering (docs/webhooks.md).
 *
 * INVARIANT: no notice holds a token, a ticket, a secret, or the value of a claim.
 */
export type Notice =
  | { readonly kind: "connection_ended"; readonly clientId: string; readonly resources: "keep" | "remove" }
  | { readonly kind: "resource_dropped"; readonly resourceServerId: string; readonly resourceId: string }
  /** What an RPT stands on became less; what is left, as introspection would say it. */
  | {
      readonly kind: "grant_withdrawn";
      readonly resourceServerId: string;
      readonly clientId: string;
      readonly partyReference: string;
      readonly permissions: readonly PermissionBody[];
    };

/** A notice as the ledger keeps it until it is told. */
export interface KeptNotice {
  /** Drawn once, so that whoever is told twice can tell. */
  readonly id: string;
  /** When it happened, epoch seconds. */
  readonly at: number;
  readonly notice: Notice;
}
