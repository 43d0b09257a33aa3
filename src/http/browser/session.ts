import type { MiddlewareHandler } from "hono";
import { sealContinuation } from "../../operations/account/continuation.ts";
import { findSignedIn, type SessionPlace, type SignIn, startSession } from "../../operations/account/sessions.ts";
import { ANY_SIGN_IN, type Continuation, isRecentEnough, type SignInDemand } from "../../protocol/continuation.ts";
import { SESSION_LIFETIME_SECONDS, STEP_UP_SECONDS } from "../../protocol/lifetimes.ts";
import { MAX_FLOW_CHARACTERS } from "../../shared/limits.ts";
import type { AccountOverview, PageContext, PersonEnv, SignedInPerson } from "../context.ts";
import { whereaboutsOf } from "../whereabouts.ts";
import { readCookie, writeCookie } from "./cookies.ts";
import { isReadByPerson } from "./for-people.ts";
import { wordsFor } from "./language.ts";
import { seeOther } from "./redirect.ts";
import { scriptAnswer } from "./script-answer.ts";
import { startVisit } from "./visit.ts";

/** Enough to tell a phone from a laptop. */
const MAX_DEVICE_CHARACTERS = 200;
/** What we make is shorter; anything longer is nobody's. */
const MAX_COOKIE_CHARACTERS = 64;

/** Who is signed in in this browser; null: nobody. Asks storage only if the browser says that somebody is. */
export async function signedIn(c: PageContext): Promise<SignedInPerson | null> {
  const secret = sessionSecret(c);
  return secret === null ? null : findSignedIn(c.var.services, secret, c.var.now);
}

/** The secret that this browser holds, good or not; null: none. */
export function sessionSecret(c: PageContext): string | null {
  const secret = readCookie(c, "session");
  return secret === null || secret.length > MAX_COOKIE_CHARACTERS ? null : secret;
}

/**
 * Signs somebody in who has just proved who they are, in a visit of its own; whatever session the browser had ends, and
 * what was sealed for its visit opens no more.
 */
export async function beginSession(
  c: PageContext,
  proven: Pick<SignIn, "account" | "method" | "authenticatedAt">,
): Promise<void> {
  const signIn = {
    ...proven,
    place: placeOf(c.req.raw),
    language: wordsFor(c).language.tag,
    replaced: sessionSecret(c),
  };
  const secret = await startSession(c.var.services, signIn, c.var.now);
  writeCookie(c, "session", secret, SESSION_LIFETIME_SECONDS);
  startVisit(c);
}

/** Makes the browser forget its session; the session itself ends by `endSession`. */
export function forgetSession(c: PageContext): void {
  writeCookie(c, "session", "", 0);
}

function placeOf(request: Request): SessionPlace {
  const device = (request.headers.get("user-agent") ?? "").slice(0, MAX_DEVICE_CHARACTERS);
  return { device, country: whereaboutsOf(request).country };
}

/**
 * Lets only those pass who are signed in as asked for; others sign in first.
 * @param back the path below the issuer at which they then are; null: the same page, which a form cannot come back to.
 * @param provenAt when they last proved who they are, epoch seconds.
 */
export function signedInOnly(
  demandOf: (c: PageContext) => SignInDemand,
  back: string | null = null,
  provenAt: (person: SignedInPerson) => number = ({ session }) => session.authenticatedAt,
): MiddlewareHandler<PersonEnv> {
  return async (c, next) => {
    const demand = demandOf(c);
    const person = await signedIn(c);
    if (person === null || !isRecentEnough(demand, provenAt(person))) {
      const path = back ?? pathOf(c);
      return sendToSignIn(c, { path, demand, app: null, leadsTo: null });
    }
    c.set("person", person);
    return next();
  };
}

/**
 * Lets only those pass who proved a moment ago who they are: to what changes who can be them. Or who made their account a
 * moment ago: at a provider that does not say when they signed in there, nobody could ever add another way in.
 */
export function signedInLately(back: string | null = null): MiddlewareHandler<PersonEnv> {
  return signedInOnly(lateSignIn, back, lateProof);
}

/** A sign-in a moment ago. */
export function lateSignIn({ var: { now } }: PageContext): SignInDemand {
  return { ...ANY_SIGN_IN, authenticatedSince: now - STEP_UP_SECONDS };
}

/** What counts as one, epoch seconds. */
export function lateProof({ account, session }: SignedInPerson | AccountOverview["signedIn"]): number {
  return Math.max(session.authenticatedAt, account.createdAt);
}

/**
 * Sends somebody to sign in (303, so that no form is posted again), who then goes on where the continuation says, unless
 * that is too long to be read again. A script is told where to, as its page has to go there.
 */
export async function sendToSignIn(c: PageContext, continuation: Omit<Continuation, "expiresAt">): Promise<Response> {
  const { services, now } = c.var;
  const sealed = await sealContinuation(services, continuation, now);
  const query = sealed.length > MAX_FLOW_CHARACTERS ? "" : `?continue=${encodeURIComponent(sealed)}`;
  const location = `${services.config.issuer}/sign-in${query}`;
  const isScript = c.req.method === "POST" && !isReadByPerson(c);
  return isScript ? scriptAnswer(c, { location }) : seeOther(c, location);
}

/** Path and query of the page at hand, below the issuer. */
export function pathOf(c: PageContext): string {
  return c.req.url.slice(c.var.services.config.issuer.length);
}
