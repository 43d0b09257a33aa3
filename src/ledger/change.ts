import type { GroupBody, PolicyBody } from "../policy/language/policy.ts";
import { type Actor, isAdministrator } from "../protocol/actor.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";
import type { ConnectionScope } from "../protocol/wire/connection.ts";
import type { ResourceDescriptionBody } from "../protocol/wire/resource.ts";

/**
 * A change that can take something away; it goes through the book of the owner's ledger (ledger/README.md, rules 1 and
 * 2).
 */
export type Change =
  | {
      readonly kind: "put_policy";
      readonly id: string;
      readonly document: PolicyBody;
      readonly expected: VersionExpectation;
    }
  | { readonly kind: "delete_policy"; readonly id: string; readonly expected: VersionExpectation }
  | {
      readonly kind: "put_group";
      readonly id: string;
      readonly document: GroupBody;
      readonly expected: VersionExpectation;
    }
  | { readonly kind: "delete_group"; readonly id: string; readonly expected: VersionExpectation }
  | {
      readonly kind: "update_resource";
      readonly id: string;
      readonly resourceServerId: string;
      readonly description: ResourceDescriptionBody;
      /** The version that it was decided on; left out: whatever stands. */
      readonly version?: number;
    }
  | {
      readonly kind: "delete_resource";
      readonly id: string;
      readonly resourceServerId: string;
      /** As above. */
      readonly version?: number;
    }
  | { readonly kind: "put_connection"; readonly clientId: string; readonly scopes: readonly ConnectionScope[] }
  /**
   * A person consents: what stands goes on, with these scopes beside those it has, so that nothing that was made under it
   * ends; where nothing stands a connection begins.
   */
  | { readonly kind: "allow_connection"; readonly clientId: string; readonly scopes: readonly ConnectionScope[] }
  | {
      readonly kind: "end_connection";
      readonly clientId: string;
      /** Whether what the client registered as a resource server waits for it to be connected again. */
      readonly resources: "keep" | "remove";
    }
  /**
   * Ends one access token of a connection, by its jti, or a family of them, by its id; it is remembered until that has
   * expired (epoch seconds).
   */
  | {
      readonly kind: "revoke_token";
      readonly clientId: string;
      readonly tokenId: string;
      readonly expiresAt: number;
    };

/** A change of a policy or group: its documents have versions. */
export type DocumentChange = Extract<Change, { readonly expected: VersionExpectation }>;

export type ResourceChange = Extract<Change, { readonly resourceServerId: string }>;

/** A change that may be meant for one version of its subject. */
export type VersionedChange = DocumentChange | ResourceChange;

/** What a change is about; ids are drawn, so no two subjects share one. */
export function subjectOf(change: Change): string {
  if ("id" in change) return change.id;
  return "tokenId" in change ? change.tokenId : change.clientId;
}

/**
 * Who wants something changed: the operator, who stands above connections; an account that administers the owner, whose
 * right D1 looks at when it takes what the change gives; or whoever calls under a connection.
 */
export type Author =
  | { readonly by: "operator" }
  | { readonly by: "administrator"; readonly accountId: string }
  | { readonly by: "caller"; readonly caller: ConnectedCaller };

export const OPERATOR: Author = { by: "operator" };

/** Whoever acts for an owner as the author of what they do. */
export function authorOf(actor: Actor): Author {
  return isAdministrator(actor) ? { by: "administrator", accountId: actor.accountId } : { by: "caller", caller: actor };
}

/** Under which names an author is told of; the operator has neither. */
export interface AuthorName {
  readonly clientId: string | null;
  readonly accountId: string | null;
}

export function nameOf(author: Author): AuthorName {
  return {
    clientId: author.by === "caller" ? author.caller.clientId : null,
    accountId: author.by === "administrator" ? author.accountId : null,
  };
}

/** An administrator acts for the owner, and the owner is told which. */
export function byAccount(accountId: string | null): { readonly accountId?: string } {
  return accountId === null ? {} : { accountId };
}

/** INVARIANT: no client makes a connection, and nobody changes anything in the name of another client. */
export function mayMake(author: Author, change: Change): boolean {
  if (author.by === "operator") return true;
  const clientId = author.by === "caller" ? author.caller.clientId : null;
  switch (change.kind) {
    case "put_connection":
      return false;
    case "allow_connection":
    case "end_connection":
      return author.by === "administrator";
    case "revoke_token":
      return change.clientId === clientId;
    case "update_resource":
    case "delete_resource":
      return change.resourceServerId === clientId;
    case "put_policy":
    case "delete_policy":
    case "put_group":
    case "delete_group":
      return true;
  }
}

/** "absent": it must not exist yet (create). A number: that version (If-Match). "any": it must exist. */
export type VersionExpectation = "absent" | "any" | number;

/** Whose grants an owner cuts off: one row in the book, however many grants live. */
export type Cut =
  | { readonly by: "everyone" }
  | { readonly by: "client"; readonly clientId: string }
  | { readonly by: "party"; readonly partyReference: string }
  | { readonly by: "resource"; readonly resourceId: string };

/** What stands in the owner's book: a change on its way to D1, or a cut, which D1 need not know. */
export type BookContent = { readonly change: Change } | { readonly cut: Cut };

/** An entry of the book as withdrawal reads it. */
export interface BookEntry {
  /** Its place in the book; a grant remembers up to where it has been judged. */
  readonly sequence: number;
  /** Epoch seconds when it was booked; conditions are judged as of then. */
  readonly at: number;
  readonly content: BookContent;
}
