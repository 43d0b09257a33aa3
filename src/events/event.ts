import type { Reason } from "../policy/evaluation/outcome.ts";
import type { ClaimLeftOut, ClaimTokenFault } from "../protocol/claim-token-fault.ts";
import type { CodePurpose } from "../protocol/email-challenge.ts";
import type { UpstreamFault } from "../protocol/upstream-fault.ts";
import type { PermissionBody } from "../protocol/wire/permission.ts";

/**
 * What happened, told once (docs/events.md). Whatever anybody reads about a decision is a rendering of one of these: the
 * log, the story of a request, the owner's activity, and the description that a client gets.
 *
 * INVARIANT: no event holds a token, a ticket, a secret, or the value of a claim.
 */
export type Event = (OwnerEvent & AtOwner) | ServerEvent;

/** Where an owner's event happened, as the server tells it. */
interface AtOwner {
  readonly ownerId: string;
  /** Null: the operator. */
  readonly clientId: string | null;
}

/** What an owner is told of: the kinds of the activity log. */
export type OwnerEvent =
  | {
      readonly kind: "granted";
      readonly permissions: readonly PermissionBody[];
      /** The RPT holds as well what another one held, which was surrendered (Grant §3.3.5.1). */
      readonly upgraded?: true;
    }
  | ({ readonly kind: "denied" } & Denial)
  /** Somebody waits for the owner's decision. */
  | { readonly kind: "submitted"; readonly requestId: string }
  | {
      readonly kind: "request_decided";
      readonly requestId: string;
      readonly decision: "approved" | "refused";
      /** The policies that a yes came to. */
      readonly policyIds: readonly string[];
      readonly accountId?: string;
    }
  /** The owner did not decide in time. */
  | { readonly kind: "request_expired"; readonly requestId: string }
  /** The party agreed to the text of a policy: which one, and by its hash to what. */
  | { readonly kind: "agreed"; readonly policyId: string; readonly version: number; readonly textHash: string }
  | { readonly kind: "claim_token_refused"; readonly fault: ClaimTokenFault; readonly detail?: string }
  | { readonly kind: "replayed"; readonly withdrawn: boolean }
  | { readonly kind: "refresh_reused" }
  /** An administrator's consent was turned into tokens (RFC 6749 §4.1.3). */
  | { readonly kind: "authorized"; readonly accountId: string; readonly scope: string }
  /** A code came again, and what it had given ended (RFC 6749 §4.1.2). */
  | { readonly kind: "code_replayed"; readonly accountId: string }
  | { readonly kind: "revoked" }
  | {
      readonly kind: "changed";
      readonly change: string;
      readonly subject?: string;
      readonly version?: number;
      readonly accountId?: string;
    }
  | ({ readonly kind: "administrators_changed" } & AdministratorsChange)
  /** Grants that were ended by the owner, and which. */
  | {
      readonly kind: "cut";
      readonly by: "everyone" | "client" | "party" | "resource" | "grant";
      readonly clientId?: string | null;
      readonly partyReference?: string;
      readonly resourceId?: string;
      readonly grantId?: string;
      /** The administrator who did it; left out: the client that is named. */
      readonly accountId?: string;
    };

/** Who may act for the owner, and who let them: "accountId for ownerId". */
export interface AdministratorsChange {
  readonly what:
    | "invited"
    | "invitation_taken_back"
    | "invitation_declined"
    /** Somebody accepted an invitation. */
    | "added"
    | "ended";
  /** Who did it; left out: the operator, or whoever held the link of an invitation. */
  readonly accountId?: string;
  /** Whose right it is; an invitation is nobody's yet. */
  readonly administratorId?: string;
  readonly invitationId?: string;
  /** Who gave the invitation; left out: the operator. */
  readonly invitedBy?: string;
  readonly role?: string;
  /** When the right ends, epoch seconds; left out: when somebody ends it. */
  readonly endsAt?: number;
}

/** What concerns no owner, or what owners need not hear of. */
export type ServerEvent =
  | { readonly kind: "ticket_issued"; readonly ownerId: string; readonly clientId: string; readonly resources: number }
  /** Of the claims of an accepted token, those that do not count. */
  | {
      readonly kind: "claims_left_out";
      readonly clientId: string;
      readonly issuer: string;
      readonly claims: readonly ClaimLeftOut[];
    }
  /** need_info: the names of the claims that were asked for. */
  | {
      readonly kind: "claims_asked";
      readonly ownerId: string;
      readonly clientId: string;
      readonly claims: readonly string[];
    }
  | {
      readonly kind: "refreshed";
      readonly ownerId: string;
      readonly clientId: string;
      readonly permissions: readonly PermissionBody[];
    }
  | {
      readonly kind: "introspected";
      readonly clientId: string;
      readonly active: boolean;
      readonly cause?: InactiveCause;
    }
  /**
   * Who calls: a client, for an owner where it acts under a connection, or null for the operator. A public client only
   * names itself, and has proved nothing.
   */
  | {
      readonly kind: "authenticated";
      readonly clientId: string | null;
      readonly ownerId?: string;
      readonly proven: boolean;
    }
  | { readonly kind: "token_issued"; readonly ownerId: string; readonly clientId: string; readonly scope: string }
  /** A requesting party came with a ticket in a browser, and how that ended. */
  | { readonly kind: "arrived"; readonly ownerId: string; readonly clientId: string }
  | {
      readonly kind: "visit_completed";
      readonly ownerId: string;
      readonly clientId: string;
      readonly accountId: string;
    }
  | { readonly kind: "visit_cancelled"; readonly ownerId: string; readonly clientId: string }
  /** A PCT was presented: `found` is false for one of another client, which ends, and for what is none. */
  | { readonly kind: "pct_presented"; readonly clientId: string; readonly found: boolean }
  /** A client presented what had been given to another one, so it has ended (Grant §5.2). */
  | { readonly kind: "pct_stolen"; readonly clientId: string }
  /** What was remembered of people for apps was forgotten, and of how many. */
  | {
      readonly kind: "pcts_forgotten";
      readonly clientId: string | null;
      readonly accountId: string | null;
      readonly count: number;
    }
  | { readonly kind: "account_created"; readonly accountId: string; readonly ownerId: string }
  /** Its person downloaded everything that is kept about them. */
  | { readonly kind: "account_exported"; readonly accountId: string; readonly ownerId: string }
  /** At the wish of its person or the operator; nothing of it can be read any more. */
  | { readonly kind: "account_deleted"; readonly accountId: string; readonly ownerId: string }
  /** Nothing that the owner shared is shared any more. */
  | { readonly kind: "owner_gone"; readonly ownerId: string }
  | { readonly kind: "signed_in"; readonly accountId: string; readonly method: string }
  /** A sign-in at an identity provider came to nothing; `detail` may say what the provider answered. */
  | {
      readonly kind: "upstream_failed";
      readonly providerId: string;
      readonly fault: UpstreamFault;
      readonly detail: string;
    }
  /** How somebody can sign in has changed. */
  | { readonly kind: "way_in_changed"; readonly accountId: string; readonly change: WayInChange }
  /** The counter of a passkey went back: two authenticators have it. */
  | { readonly kind: "passkey_copied"; readonly accountId: string }
  /** Somebody signed out, here or elsewhere. */
  | { readonly kind: "sessions_ended"; readonly accountId: string; readonly which: "this" | "one" | "others" | "all" }
  /** What happened stands, but the owner's activity could not be told of it. */
  | { readonly kind: "owner_untold"; readonly ownerId: string; readonly what: string }
  | { readonly kind: "email_code_sent"; readonly purpose: CodePurpose }
  /** Too many were sent of late, at the wish of one source or to one address. */
  | { readonly kind: "email_code_held_back"; readonly by: "source" | "address" }
  /** Too many were sent of late in sum. */
  | { readonly kind: "mail_used_up" }
  | {
      readonly kind: "email_code_entered";
      readonly purpose: CodePurpose;
      readonly outcome: "right" | "wrong" | "gone";
    }
  /** A letter that could not be sent: the platform's word for why. */
  | { readonly kind: "mail_failed"; readonly failure: string }
  /** Somebody let a client act for an owner, or would not, on its own page (RFC 6749 §4.1). */
  | {
      readonly kind: "consented";
      readonly ownerId: string;
      readonly clientId: string;
      readonly accountId: string;
      readonly scope: string;
    }
  | { readonly kind: "consent_refused"; readonly clientId: string; readonly accountId: string }
  /** A client is told who signed in (OpenID Connect Core §3.1.2.5). */
  | { readonly kind: "identified"; readonly clientId: string; readonly accountId: string; readonly scope: string }
  /** Somebody would not have a client told any more. */
  | { readonly kind: "identity_taken_back"; readonly clientId: string; readonly accountId: string }
  /** The access tokens that tell a client who signed in ended: it revoked one, or its code came again. */
  | { readonly kind: "sign_in_tokens_ended"; readonly clientId: string; readonly accountId: string }
  /** What a client pushed for a person to be asked (RFC 9126). */
  | { readonly kind: "request_pushed"; readonly clientId: string; readonly scope: string }
  /** A program registered a client (RFC 7591): by which of the operator's tokens; null: by none. */
  | { readonly kind: "client_registered"; readonly clientId: string; readonly initialAccessTokenId: string | null }
  /** A client that registered itself said anew what it is, or ended that (RFC 7592). */
  | { readonly kind: "registration_changed"; readonly clientId: string; readonly what: "replaced" | "ended" }
  | { readonly kind: "administered"; readonly what: Administration; readonly subject?: string }
  | { readonly kind: "previous_admin_secret_used" }
  /** An answer of 400 to 499 that somebody's mistake, or their lack of a right, brought about. */
  | { readonly kind: "refused"; readonly error: string; readonly reason: string; readonly description: string }
  /** The same, of a write for which there was no room. */
  | { readonly kind: "quota_reached" }
  /** An answer of 500 or more that we meant to give. */
  | { readonly kind: "request_failed"; readonly error: string; readonly reason: string }
  | {
      readonly kind: "unexpected_error";
      readonly name: string;
      readonly message: string;
      readonly stack: string | null;
    };

export type WayInChange =
  | "passkey_added"
  | "passkey_removed"
  | "recovery_codes_made"
  | "address_added"
  | "address_removed"
  | "identity_linked"
  | "identity_unlinked";

/** What an operator does beside what concerns one owner. */
export type Administration =
  | "register_client"
  | "replace_client"
  | "renew_secret"
  | "remove_client"
  | "make_initial_access_token"
  | "remove_initial_access_token"
  | "trust_issuer"
  | "replace_issuer"
  | "distrust_issuer"
  | "add_provider"
  | "replace_provider"
  | "renew_provider_key"
  | "remove_provider"
  | "add_webhook"
  | "replace_webhook"
  | "renew_webhook_secret"
  | "remove_webhook"
  | "resend_dead_letters"
  | "discard_dead_letter"
  | "create_owner"
  | "rename_owner"
  | "delete_owner"
  | "rotate_keys";

/** Why an RPT is not active for the resource server that asks. */
export type InactiveCause =
  /** Not issued here, altered, expired, or no RPT. */
  | "not_good"
  /** Of another owner than the PAT's. */
  | "elsewhere"
  /** Withdrawn, at its end, for another resource server, or its client is gone. */
  | "ended";

/** Why nothing was granted. */
export interface Denial {
  readonly cause: DenialCause;
  /** Which policy said what about which scope. */
  readonly refused: readonly RefusedScope[];
}

export type DenialCause =
  | "policies"
  /** A claim could help, and this client is not registered to push any. */
  | "client_may_not_push"
  /** The party could help in a browser, and this client is not registered to send anybody here. */
  | "client_may_not_redirect"
  /** Nothing of what the ticket asks for is registered any more, or not all, where it is all or nothing. */
  | "resource_gone"
  /** The owner was asked and said no, or allowed less than would do. */
  | "owner_refused"
  /** The owner was asked and has not decided in time. */
  | "owner_silent"
  /** So much waits for the owner, of this party, of this client or in sum, that no more is put to them. */
  | "too_many_waiting"
  /** It would take more steps than a decision may. */
  | "too_much";

/** What one policy said about one scope of one resource. */
export interface RefusedScope {
  readonly resourceId: string;
  /** Null: the resource as such. */
  readonly scope: string | null;
  /** Null: no policy is about it. */
  readonly policyId: string | null;
  readonly outcome: string;
  readonly reasons: readonly Reason[];
}

/** How much an operator should care. What is no more than a step on the way is a `detail`: only the story tells it. */
export type Level = "detail" | "info" | "warn" | "error";

const LEVELS: Readonly<Record<Event["kind"], Level>> = {
  granted: "info",
  denied: "info",
  submitted: "info",
  request_decided: "info",
  request_expired: "info",
  agreed: "info",
  claim_token_refused: "warn",
  replayed: "warn",
  refresh_reused: "warn",
  authorized: "info",
  code_replayed: "warn",
  revoked: "info",
  changed: "info",
  administrators_changed: "info",
  cut: "info",
  ticket_issued: "info",
  claims_left_out: "detail",
  claims_asked: "info",
  refreshed: "info",
  introspected: "info",
  authenticated: "detail",
  token_issued: "info",
  arrived: "info",
  visit_completed: "info",
  visit_cancelled: "info",
  pct_presented: "detail",
  pct_stolen: "warn",
  pcts_forgotten: "info",
  account_created: "info",
  account_exported: "info",
  account_deleted: "info",
  owner_gone: "info",
  signed_in: "info",
  upstream_failed: "warn",
  way_in_changed: "info",
  passkey_copied: "warn",
  sessions_ended: "info",
  owner_untold: "error",
  email_code_sent: "info",
  email_code_held_back: "info",
  mail_used_up: "warn",
  email_code_entered: "info",
  mail_failed: "error",
  consented: "info",
  consent_refused: "info",
  identified: "info",
  identity_taken_back: "info",
  sign_in_tokens_ended: "info",
  request_pushed: "info",
  client_registered: "info",
  registration_changed: "info",
  administered: "info",
  previous_admin_secret_used: "warn",
  refused: "info",
  quota_reached: "warn",
  request_failed: "error",
  unexpected_error: "error",
};

export function levelOf({ kind }: Event): Level {
  return LEVELS[kind];
}
