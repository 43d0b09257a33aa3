import * as v from "valibot";
import { SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS, SESSION_SEEN_SECONDS } from "../../protocol/lifetimes.ts";
import type { SignInMethod } from "../../protocol/sign-in-method.ts";
import type { Account } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { EventSink } from "../ports/event.ts";
import type { Randomness, Secrets } from "../ports/secret.ts";
import type { KnownPerson, Session, SessionStore, SignedIn } from "../ports/session.ts";

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
  /** The language of the pages that they signed in by. */
  readonly language: string;
  /** The secret of the session that the browser had; it ends. */
  readonly replaced: string | null;
}

/**
 * Begins a session. It is always a new one: a secret that a browser had before anybody signed in is worth nothing.
 * @returns the secret for the browser.
 */
export async function startSession(services: SessionServices, signIn: SignIn, now: number): Promise<string> {
  const { account, method, authenticatedAt, place, language, replaced } = signIn;
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
  await services.sessions.insert(session, await services.secrets.hash(secret), before, language);
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
): Promise<KnownPerson | null> {
  const hash = await services.secrets.hash(secret);
  const found = await services.sessions.find(hash, now);
  if (found !== null) await noteSeen(services.sessions, hash, found.session, now);
  return found;
}

/** Notes that a session was used, and how long it lasts now; once an hour. */
export async function noteSeen(
  sessions: Pick<SessionStore, "touch">,
  hash: string,
  { lastSeenAt, createdAt }: Session,
  now: number,
): Promise<void> {
  if (now - lastSeenAt < SESSION_SEEN_SECONDS) return;
  await sessions.touch(hash, now, Math.min(now + SESSION_IDLE_SECONDS, createdAt + SESSION_LIFETIME_SECONDS));
}

/** Where a session was begun; nothing is known of one that another release sealed in another form. */
export async function readPlace(
  { accountSeals }: Pick<SessionServices, "accountSeals">,
  { wrappedKey }: Account,
  { sealedPlace }: Session,
): Promise<SessionPlace> {
  const place = v.safeParse(Place, await accountSeals.open(wrappedKey, "session_place", sealedPlace));
  return place.success ? place.output : { device: "", country: null };
}

const Place: v.GenericSchema<unknown, SessionPlace> = v.object({ device: v.string(), country: v.nullable(v.string()) });

/** Ends the session of the browser that holds this secret. */
export async function endSession(
  services: Pick<SessionServices, "sessions" | "secrets" | "events">,
  secret: string,
  now: number,
): Promise<void> {
  const hash = await services.secrets.hash(secret);
  const found = await services.sessions.find(hash, now);
  if (found === null) return;
  await services.sessions.endByHash(hash);
  services.events.emit({ kind: "sessions_ended", accountId: found.account.id, which: "this" });
}

/** Signs somebody out elsewhere. @returns false when there is no such session of theirs. */
export async function endOtherSession(
  { sessions, events }: Pick<SessionServices, "sessions" | "events">,
  { account }: SignedIn,
  sessionId: string,
): Promise<boolean> {
  if (!(await sessions.end(account.id, sessionId))) return false;
  events.emit({ kind: "sessions_ended", accountId: account.id, which: "one" });
  return true;
}

/** Signs somebody out everywhere but where they are. */
export async function endOtherSessions(
  { sessions, events }: Pick<SessionServices, "sessions" | "events">,
  { account, session }: SignedIn,
): Promise<void> {
  await sessions.endAll(account.id, session.id);
  events.emit({ kind: "sessions_ended", accountId: account.id, which: "others" });
}

/** Signs somebody out everywhere, where they are as well; their browser has to forget its secret besides. */
export async function endEverySession(
  { sessions, events }: Pick<SessionServices, "sessions" | "events">,
  { account }: SignedIn,
): Promise<void> {
  await sessions.endAll(account.id, null);
  events.emit({ kind: "sessions_ended", accountId: account.id, which: "all" });
}
