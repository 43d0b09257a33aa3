import { SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS, SESSION_SEEN_SECONDS } from "../../protocol/lifetimes.ts";
import type { Account } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { Session, SessionStore, SignedIn, SignInMethod } from "../ports/session.ts";

interface SessionServices {
  readonly sessions: SessionStore;
  readonly accountSeals: AccountSeals;
  readonly secrets: Pick<Secrets, "random" | "hash">;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** Where a session is used, as its person is told it. */
export interface SessionPlace {
  /** The browser's own description of itself, shortened. */
  readonly device: string;
  /** An ISO 3166 code as the edge tells it; null: not known. */
  readonly country: string | null;
}

/** Somebody who has just proved who they are. */
export interface SignIn {
  readonly account: Account;
  readonly method: SignInMethod;
  /** When they did so, epoch seconds; at an identity provider that may have been before now. */
  readonly authenticatedAt: number;
  readonly place: SessionPlace;
  /** The secret of the session that the browser had; it ends. */
  readonly replaced: string | null;
}

/**
 * Begins a session. It is always a new one: a secret that a browser had before anybody signed in is worth nothing.
 * @returns the secret for the browser.
 */
export async function startSession(services: SessionServices, signIn: SignIn, now: number): Promise<string> {
  const { account, method, authenticatedAt, place, replaced } = signIn;
  const secret = services.secrets.random();
  const session: Session = {
    id: services.randomness.id(),
    accountId: account.id,
    authenticatedAt,
    methods: [method],
    sealedPlace: await services.accountSeals.seal(account.wrappedKey, "session_place", place),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + SESSION_IDLE_SECONDS,
  };
  const before = replaced === null ? null : await services.secrets.hash(replaced);
  await services.sessions.insert(session, await services.secrets.hash(secret), before);
  services.events.emit({ kind: "signed_in", accountId: account.id, method });
  return secret;
}

/**
 * Finds who is signed in where a browser holds this secret. One round trip, and once an hour another that notes it.
 * @returns null when nobody is.
 */
export async function findSignedIn(
  services: Pick<SessionServices, "sessions" | "secrets">,
  secret: string,
  now: number,
): Promise<SignedIn | null> {
  const hash = await services.secrets.hash(secret);
  const found = await services.sessions.find(hash, now);
  if (found === null || now - found.session.lastSeenAt < SESSION_SEEN_SECONDS) return found;
  const end = Math.min(now + SESSION_IDLE_SECONDS, found.session.createdAt + SESSION_LIFETIME_SECONDS);
  await services.sessions.touch(hash, now, end);
  return found;
}

/** Ends the session of the browser that holds this secret. */
export async function endSession(services: Pick<SessionServices, "sessions" | "secrets">, secret: string) {
  await services.sessions.endByHash(await services.secrets.hash(secret));
}
