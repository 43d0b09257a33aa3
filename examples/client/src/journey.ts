import { askRecords } from "./records.ts";
import type { Session, Step, Wish } from "./session.ts";
import type { Settings } from "./settings.ts";
import * as story from "./story.ts";
import { type Challenge, type Credentials, parseChallenge, presentTicket, type RequiredClaim } from "./uma.ts";

/**
 * From a wish to a report: ask, be challenged, present the ticket, show who is asking, come back with the RPT.
 * Every function takes the session as it is and returns it as it becomes, with the steps taken.
 */

/** Begins a new story: what was told and shown before is cleared away. */
export async function pursue(settings: Settings, session: Session, wish: Wish): Promise<Session> {
  const start = { ...session, steps: [], document: null, waiting: null };
  const answer = await askRecords(settings.RECORDS, wish, session.rpts[wish.report]);
  if (answer.kind === "document") return { ...withStep(start, story.documentReceived(wish)), document: answer.report };
  const challenge = parseChallenge(answer.response);
  if (challenge === null) return withStep(start, story.unavailable(answer.reason, answer.response.status));
  const challenged = withStep(start, story.challenged(wish, answer.reason, challenge.ticket));
  return redeem(settings, challenged, wish, challenge, null);
}

/** Goes on where a wish had to wait for somebody to sign in. */
export async function resume(settings: Settings, session: Session): Promise<Session> {
  if (session.waiting === null || session.signedIn === null) return session;
  const { wish, challenge } = session.waiting;
  return pushClaims(settings, { ...session, waiting: null }, wish, challenge);
}

/** Presents a spent ticket once more, to show that it is of no use to whoever finds it (Grant §5.5). */
export async function replay(settings: Settings, session: Session): Promise<Session> {
  if (session.spent === null) return session;
  const outcome = await presentTicket(credentialsOf(settings), session.spent, null);
  if (outcome.kind !== "refused") throw new Error("a spent ticket was accepted");
  return withStep({ ...session, steps: [] }, story.refused(outcome.status, outcome.error, outcome.description));
}

async function redeem(
  settings: Settings,
  session: Session,
  wish: Wish,
  challenge: Challenge,
  idToken: string | null,
): Promise<Session> {
  const outcome = await presentTicket(credentialsOf(settings), challenge, idToken);
  const next = { ...session, spent: challenge };
  switch (outcome.kind) {
    case "granted":
      return fetchGranted(settings, withStep(next, story.granted(outcome.rpt, outcome.expiresIn)), wish, outcome.rpt);
    case "need_info":
      return answerNeed(settings, next, wish, { ...challenge, ticket: outcome.ticket }, outcome.requiredClaims);
    case "submitted":
      return withStep(next, story.submitted());
    case "refused":
      return withStep(next, story.refused(outcome.status, outcome.error, outcome.description));
  }
}

/** The ID Token goes to Usher only when Usher asks for claims of its issuer, and once: a second need is for more. */
async function answerNeed(
  settings: Settings,
  session: Session,
  wish: Wish,
  challenge: Challenge,
  claims: readonly RequiredClaim[],
): Promise<Session> {
  const asked = withStep(session, story.infoNeeded(claims, challenge.ticket));
  const alreadyPushed = session.steps.some((step) => step.kind === "claims_pushed");
  if (session.signedIn !== null && !alreadyPushed && mayAnswer(session.signedIn.issuer, claims)) {
    return pushClaims(settings, asked, wish, challenge);
  }
  return { ...withStep(asked, story.signInNeeded()), waiting: { wish, challenge } };
}

function mayAnswer(issuer: string, claims: readonly RequiredClaim[]): boolean {
  return claims.some((claim) => claim.issuer === undefined || claim.issuer.includes(issuer));
}

async function pushClaims(settings: Settings, session: Session, wish: Wish, challenge: Challenge): Promise<Session> {
  if (session.signedIn === null) return session;
  const pushed = withStep(session, story.claimsPushed(session.signedIn));
  return redeem(settings, pushed, wish, challenge, session.signedIn.idToken);
}

async function fetchGranted(settings: Settings, session: Session, wish: Wish, rpt: string): Promise<Session> {
  const holder = { ...session, rpts: { ...session.rpts, [wish.report]: rpt } };
  const answer = await askRecords(settings.RECORDS, wish, rpt);
  if (answer.kind === "document") return { ...withStep(holder, story.documentReceived(wish)), document: answer.report };
  // Grant §3.5: a challenge to a fresh RPT would only lead round in a circle.
  return withStep(holder, story.unavailable(answer.reason, answer.response.status));
}

function credentialsOf(settings: Settings): Credentials {
  return { issuer: settings.USHER, clientId: settings.CLIENT_ID, clientSecret: settings.CLIENT_SECRET };
}

function withStep(session: Session, step: Step): Session {
  return { ...session, steps: [...session.steps, step] };
}
