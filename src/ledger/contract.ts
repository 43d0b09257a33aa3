/**
 * The owner ledger as operations see it: one call per step, plain values both ways (a refusal is a value, because
 * error classes do not survive the way between objects). object.ts keeps the promise.
 */

import type { AdministratorsChange, Denial } from "../events/event.ts";
import type { Need } from "../policy/evaluation/outcome.ts";
import type { Whereabouts } from "../policy/evaluation/where.ts";
import type { Actor } from "../protocol/actor.ts";
import type { AuthorizationCode, ConnectionGift } from "../protocol/authorization-code.ts";
import type { ClaimTokenFault } from "../protocol/claim-token-fault.ts";
import type { PartyClaims } from "../protocol/claims.ts";
import type { RptFormat } from "../protocol/client.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";
import type { PartyCard } from "../protocol/party-card.ts";
import type { PermissionTicket } from "../protocol/ticket.ts";
import type { ConnectionScope } from "../protocol/wire/connection.ts";
import type { PermissionBody } from "../protocol/wire/permission.ts";
import type { Activity, TimeRange } from "./activity.ts";
import type { Author, AuthorName, Change, Cut } from "./change.ts";
import type { NextTicket } from "./interactions.ts";
import type { RequestStatus } from "./pending-requests.ts";
import type { ChangeResult, ErasedOwner } from "./record.ts";

/** A party that somebody vouched for just now, as the Worker hands it in. */
export interface HeardParty {
  readonly claims: PartyClaims;
  readonly partyReference: string;
  /** Until when its issuers are known to be trusted, epoch seconds; decided later, they are looked up again. */
  readonly trustedUntil: number;
  /** Who that is, for the owner to read; a Worker of an older release does not say. */
  readonly card?: PartyCard;
  /** Whether it is the account whose own things these are, as D1 says; a Worker of an older release does not. */
  readonly isOwner?: boolean;
}

/** An RPT that a client would have upgraded (Grant §3.3.5.1), as far as its seal tells. */
export interface SubmittedRpt {
  readonly grantId: string;
  /** Epoch seconds; it may have ended. */
  readonly expiresAt: number;
  /** What a refresh limited it to (Grant §3.6); null: everything that its grant holds. */
  readonly scopes: readonly string[] | null;
}

export interface RedeemRequest {
  /** Drawn before the call, so that a repeat of the call finds its own answer (ledger/README.md, rule 7). */
  readonly attemptId: string;
  readonly ticket: PermissionTicket;
  /**
   * Whether the ticket travelled inside a code, and its presenter has proved that the code is theirs; a Worker of an older
   * release does not say.
   */
  readonly inCode?: boolean;
  readonly client: {
    readonly id: string;
    /** False for a public client, whose name anybody may give. */
    readonly authenticated: boolean;
    readonly registeredScopes: readonly string[];
    readonly mayRefresh: boolean;
    /** Where not, what only a claim could decide is decided without it. */
    readonly mayPushClaims: boolean;
    /** Whether it may sign people in here, and so has ID Tokens of this server to push; a Worker of an older release does not say. */
    readonly maySignIn?: boolean;
    /** Whether it may send the party here in a browser, and get it back; a Worker of an older release does not say. */
    readonly mayRedirect?: boolean;
  };
  /** The `scope` parameter of this request only (Grant §3.3.4). */
  readonly requestedScopes: readonly string[];
  /** Verified claims pushed with this request. */
  readonly pushed: HeardParty | null;
  /** The claims behind a PCT of this request (Grant §3.3.1). */
  readonly remembered?: HeardParty | null;
  /** An RPT of the same client and owner, bound to no other key; a Worker of an older release does not say. */
  readonly rpt?: SubmittedRpt | null;
  /** Why the claim token that was pushed does not count; null: none was, or it counts. */
  readonly claimTokenFault: ClaimTokenFault | null;
  /** The reference of the requesting party as long as nobody knows who it is; good for this process only. */
  readonly anonymousReference: string;
  readonly whereabouts: Whereabouts;
  /** Whose failures are counted together where nobody proved who they are (http/source.ts). */
  readonly source: string;
  /** Set when the request is refused in any case but presents the ticket (half of the claim_token pair). */
  readonly refusal: "claim_token_pair" | null;
}

export interface GrantedRpt {
  /** Identifies the grant; with the ledger's name it is the locator sealed into jti, handle and refresh token. */
  readonly grantId: string;
  readonly resourceServerId: string;
  readonly rptFormat: RptFormat;
  /** Who the RPT is about, as the resource server may know it. */
  readonly partyReference: string;
  readonly permissions: readonly PermissionBody[];
  /** When the RPT was made and when it ends, epoch seconds: by one clock, the ledger's. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The generation of the refresh token to hand out; null: none. */
  readonly refreshGeneration: number | null;
}

/** Why a ticket is not good; the wire says invalid_grant to all, and the authenticated client a little more. */
export type TicketFault = "spent" | "expired" | "foreign" | "superseded" | "closed";

/** Why nothing can be decided now; for the operator's eyes. */
export type UnavailableCause =
  /** D1 does not answer. */
  | "record_unreachable"
  /** D1 lacks changes that it had taken, as after a restore; or has more than the book, as after the ledger's. */
  | "record_behind"
  | "record_ahead"
  /** D1 does not know the owner. */
  | "record_without_owner"
  /** A change that touches the matter has not reached D1 in time. */
  | "change_on_its_way"
  /** The keys that seal and open claims cannot be had. */
  | "claims_unopened"
  | "claims_unsealed"
  /** What room is left is kept for withdrawals. */
  | "full";

/** Nothing was decided, spent or taken; a repeat may do better. */
interface UnavailableReply {
  readonly outcome: "unavailable";
  readonly cause: UnavailableCause;
}

export type RedeemReply =
  | {
      readonly outcome: "granted";
      readonly rpt: GrantedRpt;
      /** What the party wants to be known by next time, if it wants to be. */
      readonly sealedPct?: string;
      /** Of an RPT into which another one went, what was granted now; left out: none did. */
      readonly added?: readonly PermissionBody[];
    }
  | { readonly outcome: "need_info"; readonly needs: readonly Need[] }
  /** `requestId` for what is put to the owner just now: what waits already is no news. */
  | { readonly outcome: "submitted"; readonly requestId?: string }
  /** An object of an older release says no more than no (ledger/README.md, rule 10). */
  | {
      readonly outcome: "denied";
      readonly denial?: Denial;
      /** What the owner says to whoever asked. Sealed where it is kept, and opened before it leaves the ledger. */
      readonly sealedWord?: string;
      readonly word?: string;
    }
  | { readonly outcome: "invalid_scope"; readonly scopes: readonly string[] }
  | { readonly outcome: "refused" }
  | RefusedTicket
  | UnavailableReply;

/** A ticket that is no good, wherever it is presented. */
export type RefusedTicket =
  /** For a repeat that is told to the owner, `withdrawn` says whether it ended what the process had issued. */
  | { readonly outcome: "invalid_ticket"; readonly fault: TicketFault; readonly withdrawn?: boolean }
  /** The client presents too many tickets; nothing was spent. Seconds to wait. */
  | { readonly outcome: "too_many"; readonly retryAfter: number };

/** A ticket that comes with the browser of the requesting party (Grant §3.3.2). */
export interface ArriveRequest {
  /** Made of what tells the browser from others and the ticket, so that a reload finds its own answer and another browser does not. */
  readonly attemptId: string;
  readonly ticket: PermissionTicket;
  /** The client that sent the browser, as it says: nobody proves that here. */
  readonly clientId: string;
  readonly source: string;
}

/** The ticket is spent, and a visit begins. */
export interface Arrived {
  readonly outcome: "arrived";
}

export type ArriveReply = Arrived | RefusedTicket | UnavailableReply;

/** A step of a visit. */
export interface VisitRequest extends Pick<RedeemRequest, "client" | "anonymousReference" | "whereabouts"> {
  /** The ticket that the visit began with. */
  readonly ticket: PermissionTicket;
  /** The account that is signed in; null: nobody is, yet. */
  readonly party: HeardParty | null;
}

/** A text to agree to. */
export interface AgreementOffer {
  readonly policyId: string;
  readonly title: string;
  readonly text: string;
  readonly textHash: string;
}

/** How it stands with a visit, for the person to see; nothing is recorded. */
export type LookReply =
  /** What the client would be answered if it came now, with what this person is known by. */
  | {
      readonly outcome: "open";
      readonly answer: "granted";
      /** The resources of which the client would get something; an object of an older release names none. */
      readonly withinReach?: readonly string[];
    }
  | { readonly outcome: "open"; readonly answer: "submitted" | "denied" }
  | {
      readonly outcome: "open";
      readonly answer: "need_info";
      readonly needs: readonly Need[];
      /** The texts of agreements that are among the needs. */
      readonly agreements: readonly AgreementOffer[];
      /** The same of what lacks nothing but agreements. */
      readonly withinReach?: readonly string[];
    }
  | EndedVisit
  | UnavailableReply;

/** There is nothing to do here any more. */
export type EndedVisit =
  | { readonly outcome: "ended"; readonly how: "completed" | "cancelled" }
  /** What the ticket was issued for is no longer protected here. */
  | { readonly outcome: "closed" };

export interface CompleteRequest extends VisitRequest {
  readonly party: HeardParty;
  /** What the person agreed to. */
  readonly agreements: readonly Pick<AgreementOffer, "policyId" | "textHash">[];
  /** What the person wants to be known by next time, sealed; null: they do not. */
  readonly sealedPct: string | null;
  /** The ticket to go on with. */
  readonly next: NextTicket;
  /** When nobody can come back to this visit any more, epoch seconds. */
  readonly forgottenAt: number;
}

export type CompleteReply =
  /** A repeat by the same person gets the same ticket, and changes nothing. */
  | {
      readonly outcome: "completed";
      readonly next: NextTicket;
      readonly isRepeat?: true;
      /** Whether the next ticket would be answered with an RPT now; a repeat, and an object of an older release, do not say. */
      readonly isGranted?: boolean;
    }
  /** A text that was agreed to is another one by now, or gone. */
  | { readonly outcome: "changed" }
  | EndedVisit
  | UnavailableReply;

export interface CancelRequest {
  readonly ticket: PermissionTicket;
  /** As above. */
  readonly forgottenAt: number;
}

export type CancelReply = { readonly outcome: "cancelled" } | EndedVisit;

/**
 * A resource server that asks about tokens made for it: with its PAT, or with credentials of its own, which say nothing
 * of an owner.
 */
export type Introspector = ConnectedCaller | { readonly clientId: string; readonly generation: null };

export interface IntrospectRequest {
  readonly caller: Introspector;
  readonly grantId: string;
  /** Epoch seconds at which the presented token ends. */
  readonly tokenExpiresAt: number;
}

export type IntrospectReply =
  /** The caller's connection no longer stands. */
  | { readonly outcome: "not_connected" }
  | { readonly outcome: "inactive" }
  | UnavailableReply
  | {
      readonly outcome: "active";
      readonly partyReference: string;
      readonly permissions: readonly PermissionBody[];
    };

export interface RefreshRequest {
  readonly attemptId: string;
  readonly clientId: string;
  readonly grantId: string;
  readonly generation: number;
  /** Public clients get a new refresh token each time (RFC 9700 §4.14.2). */
  readonly rotate: boolean;
  /** Scopes that the new RPT is to be limited to (Grant §3.6); null: all. */
  readonly scopes: readonly string[] | null;
  readonly whereabouts: Whereabouts;
}

/** Not this client's, used before, or at its end; the wire says the same to all. */
interface InvalidRefreshToken {
  readonly outcome: "invalid";
  /** It had been replaced, and came again: what it was good for has ended with it. */
  readonly isReused?: true;
}

export type RefreshReply =
  | { readonly outcome: "refreshed"; readonly rpt: GrantedRpt }
  /** A scope was asked for that the grant never had; nothing happened. */
  | { readonly outcome: "invalid_scope" }
  | InvalidRefreshToken
  /** Nothing was rotated. */
  | UnavailableReply;

export interface RedeemCodeRequest {
  readonly attemptId: string;
  readonly code: Pick<AuthorizationCode, "id" | "clientId" | "accountId" | "expiresAt"> &
    Pick<ConnectionGift, "connectionGeneration" | "scopes">;
  /** Whether the client may have a refresh token, and use it. */
  readonly mayRefresh: boolean;
}

/** What a code gave: with its id, which is its family's, enough to make the tokens. */
export interface SpentCode {
  /** Epoch seconds, by the ledger's clock. */
  readonly issuedAt: number;
  /** Null: no refresh token. */
  readonly refreshGeneration: number | null;
}

/** Why a code is not good; the wire says invalid_grant to all. */
export type CodeFault = "expired" | "spent" | "not_connected" | "closed";

export type RedeemCodeReply =
  | ({ readonly outcome: "redeemed" } & SpentCode)
  | { readonly outcome: "invalid"; readonly fault: CodeFault };

export interface ConnectionRefreshRequest {
  readonly attemptId: string;
  readonly clientId: string;
  readonly familyId: string;
  readonly connectionGeneration: number;
  readonly generation: number;
  /** Public clients get a new refresh token each time (RFC 9700 §4.14.2). */
  readonly rotate: boolean;
  /** Scopes that the new access token is to be limited to (RFC 6749 §6); null: all. */
  readonly scopes: readonly string[] | null;
}

export type ConnectionRefreshReply =
  | {
      readonly outcome: "refreshed";
      readonly issuedAt: number;
      readonly scopes: readonly ConnectionScope[];
      readonly refreshGeneration: number;
    }
  /** A scope was asked for that was not consented to; nothing happened. */
  | { readonly outcome: "invalid_scope" }
  | InvalidRefreshToken;

export interface GrantsRequest {
  readonly caller: Actor;
  /** Only what this client holds, what this party does, or what is about this resource; null: whatever there is. */
  readonly clientId: string | null;
  readonly partyReference: string | null;
  readonly resourceId: string | null;
  /** The place after which to go on; null: from the first. */
  readonly after: string | null;
  readonly limit: number;
}

/** A live grant as its owner is told of it. Times are epoch seconds. */
export interface LiveGrant {
  readonly id: string;
  readonly clientId: string;
  readonly resourceServerId: string;
  readonly partyReference: string;
  /** False: nobody known, who is another one in each grant. */
  readonly partyKnown: boolean;
  /** Who that is; left out where the reference is all there is. */
  readonly card?: PartyCard;
  readonly permissions: readonly PermissionBody[];
  /** The policies that what it holds stands on; an object of an older release does not say. */
  readonly policyIds?: readonly string[];
  readonly createdAt: number;
  /** When it last gave an RPT. */
  readonly usedAt: number;
  /** When it ends unless it is refreshed before. */
  readonly expiresAt: number;
  readonly refreshable: boolean;
}

export type GrantsReply =
  | { readonly outcome: "not_connected" }
  | UnavailableReply
  /** `next` is the place to go on from, null at the end; a page may be short, or empty, and still have one. */
  | { readonly outcome: "listed"; readonly items: readonly LiveGrant[]; readonly next: string | null };

export type PartiesReply =
  | { readonly outcome: "not_connected" }
  /** By person (PartyCard); who is not among them never came. */
  | { readonly outcome: "found"; readonly cards: Readonly<Record<string, PartyCard>> };

/** A part of what was asked for: scopes of a resource; none: the resource as a whole. */
export interface PermissionName {
  readonly resourceId: string;
  readonly scopes: readonly string[];
}

export interface DecideRequest {
  readonly requestId: string;
  /** The version that the owner has read. */
  readonly version: number;
  readonly decision:
    | {
        readonly kind: "approve";
        /** Null: all that was asked for. */
        readonly allowed: readonly PermissionName[] | null;
        /** Epoch seconds; null: no end of its own. */
        readonly until: number | null;
      }
    | { readonly kind: "refuse" };
  /** What the owner says to whoever asked; null: nothing. */
  readonly word: string | null;
  /** Drawn before the call: as many as a yes can come to policies, one for each resource at most. */
  readonly policyIds: readonly string[];
}

export type DecideReply =
  | {
      readonly outcome: "decided";
      readonly version: number;
      /** The policies that a yes came to. */
      readonly policyIds: readonly string[];
      /** False: D1 has yet to take what was allowed. */
      readonly isRecorded: boolean;
    }
  /** It allows what was not asked for, or nothing at all. */
  | { readonly outcome: "not_asked" }
  | Exclude<ChangeReply, { readonly outcome: "done" | "pending" }>
  | UnavailableReply;

/** A request as its owner is told of it. Times are epoch seconds. */
export interface RequestView {
  readonly id: string;
  readonly version: number;
  readonly status: RequestStatus;
  readonly clientId: string;
  readonly resourceServerId: string;
  readonly partyReference: string;
  /** Left out: the reference is all that is known. */
  readonly card?: PartyCard;
  readonly asked: readonly PermissionName[];
  readonly createdAt: number;
  readonly lastAskedAt: number;
  readonly timesAsked: number;
  /** When it expires if nobody decides, or is forgotten if somebody did. */
  readonly endsAt: number;
  readonly isTold: boolean;
  /** Null: nobody has decided. */
  readonly decision: {
    readonly at: number;
    /** Who did: a client under its connection, or an administrator. */
    readonly by: AuthorName;
    readonly allowed: readonly PermissionName[];
    readonly policyIds: readonly string[];
    readonly until: number | null;
    readonly word: string | null;
  } | null;
}

export interface RequestsQuery {
  /** Null: whatever its status. */
  readonly status: RequestStatus | null;
  /** The place after which to go on; null: from the newest. */
  readonly after: number | null;
  readonly limit: number;
}

export type RequestsReply =
  | { readonly outcome: "not_connected" }
  | UnavailableReply
  /** `next` is the place to go on from, null at the end. */
  | { readonly outcome: "listed"; readonly items: readonly RequestView[]; readonly next: number | null };

export type ChangeReply =
  | { readonly outcome: "not_connected" }
  | { readonly outcome: "closed" }
  /** Booked, so that it already takes away; D1 has yet to record it. */
  | { readonly outcome: "pending" }
  | ChangeResult;

/** `recorded`: D1 knows by now that nobody acts for the owner, and the account of the person is gone. */
export interface CloseReply {
  readonly recorded: boolean;
}

export interface LedgerCounts {
  readonly grants: number;
  readonly processes: number;
  readonly pendingChanges: number;
  /** What its storage takes; an object holds 10 GB. */
  readonly bytes: number;
}

export interface OwnerLedger {
  /** Opens the ledger for an owner, once; only account creation calls it (ledger/README.md, rule 8). */
  open(ownerId: string): Promise<void>;
  /**
   * Ends the ledger for good, and with it everything that its owner has: when this returns, everything is no. The rest
   * follows by alarm. Safe to repeat.
   */
  close(owner: ErasedOwner): Promise<CloseReply>;
  redeem(request: RedeemRequest): Promise<RedeemReply>;
  /** Presents a ticket with the browser of the requesting party. */
  arrive(request: ArriveRequest): Promise<ArriveReply>;
  look(request: VisitRequest): Promise<LookReply>;
  complete(request: CompleteRequest): Promise<CompleteReply>;
  /** Ends a visit, and with it the process: what was gathered in it is gone. */
  cancel(request: CancelRequest): Promise<CancelReply>;
  introspect(request: IntrospectRequest): Promise<IntrospectReply>;
  refresh(request: RefreshRequest): Promise<RefreshReply>;
  /** Ends a grant of this client; nothing happens for another client's (RFC 7009 §2.1). */
  revoke(clientId: string, grantId: string): Promise<void>;
  /** Spends an authorization code for a consent. */
  redeemCode(request: RedeemCodeRequest): Promise<RedeemCodeReply>;
  /** Renews the access token of a consent. */
  refreshConnection(request: ConnectionRefreshRequest): Promise<ConnectionRefreshReply>;
  /** What is held at present, as the book leaves it. */
  grants(request: GrantsRequest): Promise<GrantsReply>;
  /** Ends one grant for its owner. */
  endGrant(caller: Actor, grantId: string): Promise<ChangeReply>;
  change(operationId: string, change: Change, author: Author): Promise<ChangeReply>;
  cut(operationId: string, cut: Cut, author: Author): Promise<ChangeReply>;
  /** What waits for the owner, and what was decided of late; newest first. */
  requests(caller: Actor, query: RequestsQuery): Promise<RequestsReply>;
  /** One of these, as a list of one or none. */
  request(caller: Actor, requestId: string): Promise<RequestsReply>;
  /** Takes the owner's decision, once. */
  decide(operationId: string, request: DecideRequest, author: Author): Promise<DecideReply>;
  /** Tells the owner's activity of a change that D1 has taken: administrators are its to keep. */
  tellAdministrators(change: AdministratorsChange): Promise<void>;
  /** Newest first; before: an activity id. Null when the caller's connection no longer stands. */
  activity(caller: Actor, before: number | null, limit: number, range?: TimeRange): Promise<readonly Activity[] | null>;
  /** Who some persons are who came before, such as those whom a policy names by issuer and subject. */
  parties(caller: Actor, personIds: readonly string[]): Promise<PartiesReply>;
  counts(): Promise<LedgerCounts>;
}

/** Parts of the world that an object can be created in: Cloudflare's location hints. */
export const LOCATION_HINTS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
export type LocationHint = (typeof LOCATION_HINTS)[number];

/** Finds the ledger that a ticket, a token or an owner record names. */
export interface LedgerDirectory {
  /** @param location where to create it, if it does not exist yet: it never moves again. */
  ledger(name: string, location?: LocationHint): OwnerLedger;
}
