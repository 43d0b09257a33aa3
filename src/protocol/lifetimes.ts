import { DAY, HOUR, MINUTE } from "../shared/time.ts";

/**
 * How long things live and how often they may be looked at, in seconds, with the reason. Those that operators may
 * change are defaults of config.ts; the others follow from each other and stay here.
 */

/** A requesting party may have an account to make, and a letter box in another room. */
export const INTERACTION_LIFETIME_SECONDS = HOUR;
/**
 * What somebody lets Usher remember for an app. Each use shows that it is of use, and begins the time anew; what issuers
 * said in it ages by their own terms besides.
 */
export const PCT_LIFETIME_SECONDS = 90 * DAY;
/** That a PCT was used is written down this often, so that most redemptions write nothing. */
export const PCT_SEEN_SECONDS = DAY;

/** A ticket is traded at once; this leaves time to fetch an ID Token. */
export const TICKET_LIFETIME_SECONDS = 5 * MINUTE;
export const TICKET_LIFETIME_MAX_SECONDS = HOUR;
/** While an owner is asked, the ticket must outlive the owner's night (Grant §5.5). */
export const SUBMITTED_TICKET_LIFETIME_SECONDS = 24 * HOUR;
/** A pending request waits for its owner this long, over holidays, whether anybody polls or not (docs/owner-tools.md). */
export const PENDING_REQUEST_LIFETIME_SECONDS = 28 * DAY;
/** A refusal stands this long, and until it was told; the same request is not put to the owner before. */
export const REFUSAL_LIFETIME_SECONDS = 7 * DAY;
/** How often a client is asked to poll while the owner decides (Grant §3.3.6, `interval`). */
export const SUBMITTED_INTERVAL_SECONDS = 5;
/**
 * Repeats of the owning client within this time are double clicks and retries, not theft (docs/design.md, order of
 * steps).
 */
export const REPLAY_GRACE_SECONDS = 10;
/** However long a process goes on, claims gathered in it count no longer than this. */
export const GATHERED_CLAIMS_LIFETIME_SECONDS = 7 * DAY;

/** A code is redeemed at once, by a program (RFC 6749 §4.1.2). */
export const AUTHORIZATION_CODE_LIFETIME_SECONDS = MINUTE;
/** A pushed request is fetched at once, by a browser (RFC 9126 §2.2). */
export const PUSHED_REQUEST_LIFETIME_SECONDS = 90;
/** Time for a person to find a passkey, or to make an account first, before an app must ask anew. */
export const AUTHORIZATION_FLOW_LIFETIME_SECONDS = HOUR;

/** Time to use a sign-in somewhere else: as a claim token, or for what an app asks its own servers. */
export const ID_TOKEN_LIFETIME_SECONDS = HOUR;

/** A JWT RPT that is validated locally is good until it expires, so it is short (docs/design.md, decision 5). */
export const RPT_LIFETIME_SECONDS = 5 * MINUTE;
export const RPT_LIFETIME_MAX_SECONDS = 15 * MINUTE;
export const PAT_LIFETIME_SECONDS = HOUR;
export const PAT_LIFETIME_MAX_SECONDS = DAY;
/** A refresh token that stays unused this long is dead (RFC 9700 §4.14.2). */
export const REFRESH_IDLE_SECONDS = 14 * DAY;
/** A grant ends after this time however often it is refreshed; then access is assessed anew. */
export const GRANT_LIFETIME_SECONDS = 30 * DAY;
/** Claims gathered in a process wait this long for its next ticket. */
export const PROCESS_LIFETIME_SECONDS = SUBMITTED_TICKET_LIFETIME_SECONDS;

/**
 * Clients and trusted issuers are cached this long; a removal answers when every lease has run out. So is what permission
 * requests look at, because their tickets count for nothing until redemption looks at it anew.
 */
export const LEASE_SECONDS = 5;

/** An isolate asks the key ring again after this time. JWKS answers may be cached as long. */
export const KEY_CACHE_SECONDS = 5 * MINUTE;
/** A new key is published this long before its first use: two cache lives, ours and our readers'. */
export const KEY_PUBLISH_AHEAD_SECONDS = 2 * KEY_CACHE_SECONDS;
/** A key signs and seals for this long. */
export const KEY_ACTIVE_SECONDS = 30 * DAY;
/** An old signing key stays published until every token it signed has expired. */
export const SIGNING_KEY_KEPT_SECONDS = DAY;
/** An old sealing key opens until everything it sealed has expired; refresh tokens and kept claims live longest. */
export const SEALING_KEY_KEPT_SECONDS = GRANT_LIFETIME_SECONDS + DAY;

/** Whoever does not come back within this time signs in anew; each visit begins it anew. */
export const SESSION_IDLE_SECONDS = 7 * DAY;
/** However often somebody comes back, they prove who they are once in this time. */
export const SESSION_LIFETIME_SECONDS = 30 * DAY;
/** That a session was used is written down this often, so that a page is read without a write. */
export const SESSION_SEEN_SECONDS = HOUR;
/** What changes how an account is signed in to asks for a sign-in within this time. */
export const STEP_UP_SECONDS = 10 * MINUTE;
/** Time to find an authenticator, and to tell it who one is. */
export const PASSKEY_CHALLENGE_LIFETIME_SECONDS = 5 * MINUTE;
/** A link that makes somebody an administrator waits for its reader this long, unless whoever invites says otherwise. */
export const INVITATION_LIFETIME_SECONDS = 7 * DAY;
export const INVITATION_LIFETIME_MAX_SECONDS = 30 * DAY;
/** From the making of recovery codes to the page that shows them is one redirect, over a slow line. */
export const SHOWN_CODES_LIFETIME_SECONDS = 5 * MINUTE;
/** Time to sign in at an identity provider, and then to decide on an account here. */
export const UPSTREAM_LIFETIME_SECONDS = 10 * MINUTE;
/** Time to sign in, with a letter box in another room and an account to be made. */
export const CONTINUATION_LIFETIME_SECONDS = HOUR;

/** Time for a letter to arrive, and for somebody to find it. */
export const EMAIL_CODE_LIFETIME_SECONDS = 10 * MINUTE;
/** A code, or what it proved, that comes again so soon is a double click, by the one browser that can send it at all. */
export const REPEATED_CODE_SECONDS = 10;
/** Another letter before the last one could have arrived helps nobody. */
export const NEXT_LETTER_SECONDS = MINUTE;
/** Whoever has entered a code has this long to say what they are called. */
export const PROVEN_ADDRESS_LIFETIME_SECONDS = 30 * MINUTE;
/** A browser in which an address was proved has a budget of its own for so long; each proof begins it anew. */
export const KNOWN_BROWSER_LIFETIME_SECONDS = 30 * DAY;

/** A client that registered itself without a token, and was never used, goes; most of them were tried once. */
export const UNUSED_CLIENT_SECONDS = 7 * DAY;
/** And one that was used goes when that is so long ago. */
export const IDLE_CLIENT_SECONDS = 90 * DAY;
/** That it was used is written down once a day, by whichever isolate sees it first. */
export const NOTED_SECONDS = DAY;
export const PUT_OFF_SECONDS = IDLE_CLIENT_SECONDS - NOTED_SECONDS;
/** What an operator hands out for programs to register by is used soon, unless the operator says otherwise. */
export const INITIAL_ACCESS_TOKEN_SECONDS = 7 * DAY;
export const INITIAL_ACCESS_TOKEN_MAX_SECONDS = 365 * DAY;

/** Clock difference tolerated in what others sign. */
export const CLOCK_SKEW_SECONDS = 30;
/** A DPoP proof is made for one request, which is sent at once (RFC 9449 §11.1). */
export const DPOP_PROOF_SECONDS = MINUTE;
/** A proof that was made ahead, to be used by somebody else, is good no longer than its nonce (RFC 9449 §11.2). */
export const DPOP_NONCE_SECONDS = 5 * MINUTE;
/** A client assertion may be valid for at most this long (RFC 7523 §3). */
export const ASSERTION_LIFETIME_MAX_SECONDS = 10 * MINUTE;
/** An assertion of others about a person may be valid for at most this long, as some make theirs (RFC 7523 §3). */
export const ASSERTION_GRANT_LIFETIME_MAX_SECONDS = HOUR;

/**
 * Whoever was here is known to the owner as long as the log may name them: 13 months and what is left of the one it was.
 */
export const PARTY_CARD_LIFETIME_SECONDS = 430 * DAY;
/**
 * What is left of a ledger that has closed stays until no ticket, visit or token that names it is good: the longest is a
 * ticket while an owner is asked, and an hour is to spare.
 */
export const TOMBSTONE_SECONDS = SUBMITTED_TICKET_LIFETIME_SECONDS + HOUR;
/** That an owner was deleted is known for as long as D1 can travel back to a time when they were there. */
export const DELETION_KEPT_SECONDS = 31 * DAY;

/** The book of changes is kept one day longer than D1 can travel back in time. */
export const BOOK_KEPT_SECONDS = 31 * DAY;

/** Failures (wrong secrets, forged tickets) are counted over this time, and who fails too often waits as long. */
export const FAILURE_WINDOW_SECONDS = MINUTE;
