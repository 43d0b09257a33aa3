import { sendToUsher, takeBack } from "./claims-redirect.ts";
import { askRecords } from "./records.ts";
import { keyOf, type Report, type Session, type SignedIn, type Step, type Wish } from "./session.ts";
import type { Settings } from "./settings.ts";
import * as story from "./story.ts";
import { type Challenge, type Credentials, type Needs, parseChallenge, presentTicket } from "./uma.ts";

/**
 * From a wish to a report: ask, be challenged, present the ticket, show who is asking, come back with the RPT.
 * Every function takes the session as it is and returns it as it becomes, with the steps taken.
 */

/** Begins a new story: what was told and shown before is cleared away. */
export async function pursue(settings: Settings, session: Session, wish: Wish): Promise<Session> {
  const start = { ...session, steps: [], document: null, waiting: null, visitState: null };
  const answer = await askRecords(settings.RECORDS, wish, session.rpts[keyOf(wish)]);
  if (answer.kind === "document") return withDocument(start, wish, answer.report);
  const challenge = parseChallenge(answer.response);
  if (challenge === null) return withStep(start, story.unavailable(answer.reason, answer.response.status));
  const challenged = withStep(start, story.challenged(wish, answer.reason, challenge.ticket));
  return redeem(settings, challenged, wish, challenge, null);
}

/** Goes on where a wish had to wait for somebody to sign in. */
export async function resume(settings: Settings, session: Session): Promise<Session> {
  const { waiting, signedIn } = session;
  if (waiting === null || signedIn === null) return session;
  return pushClaims(settings, { ...session, waiting: null }, waiting.wish, waiting.challenge, signedIn);
}

/** @returns where to send the browser for the wish that waits; null when there is none, or Usher did not ask for that. */
export function setOut(settings: Settings, session: Session): { url: string; session: Session } | null {
  const { waiting } = session;
  if (waiting === null || waiting.redirectUser === null) return null;
  const { url, state } = sendToUsher(settings, waiting.redirectUser, waiting.challenge.ticket);
  return { url, session: { ...withStep(session, story.sentToUsher()), visitState: state } };
}

/** Goes on with what a browser brought back from Usher. A second arrival, such as a reload, finds nothing to go on with. */
export async function comeBack(settings: Settings, session: Session, answer: URLSearchParams): Promise<Session> {
  const { waiting, visitState } = session;
  if (waiting === null || visitState === null) return session;
  const returned = await takeBack(settings, visitState, answer);
  const here = { ...session, waiting: null, visitState: null };
  if (returned.kind === "error") return withStep(here, story.cancelled(returned.error));
  const challenge = { ...waiting.challenge, ticket: returned.ticket };
  return redeem(settings, withStep(here, story.backFromUsher(returned.ticket)), waiting.wish, challenge, null);
}

/** Presents a spent ticket once more, to show that it is of no use to whoever finds it (Grant §5.5). */
export async function replay(settings: Settings, session: Session): Promise<Session> {
  if (session.spent === null) return session;
  const outcome = await presentTicket(credentialsOf(settings), session.spent, { idToken: null, pct: null });
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
  const { pct } = session;
  const outcome = await presentTicket(credentialsOf(settings), challenge, { idToken, pct });
  const shown = pct === null ? session : withStep(session, story.remembered());
  const next = { ...shown, spent: challenge };
  switch (outcome.kind) {
    case "granted": {
      const granted = withStep(next, story.granted(outcome.rpt, outcome.expiresIn, outcome.pct));
      return fetchGranted(settings, { ...granted, pct: outcome.pct ?? pct }, wish, outcome.rpt);
    }
    case "need_info":
      return answerNeeds(settings, next, wish, { ...challenge, ticket: outcome.ticket }, outcome.needs);
    case "submitted":
      return withStep(next, story.submitted());
    case "refused":
      return withStep(next, story.refused(outcome.status, outcome.error, outcome.description));
  }
}

/** The ID Token goes to Usher only when Usher asks for claims of its issuer, and once: a second need is for more. */
async function answerNeeds(
  settings: Settings,
  session: Session,
  wish: Wish,
  challenge: Challenge,
  needs: Needs,
): Promise<Session> {
  const asked = withStep(session, story.infoNeeded(needs, challenge.ticket));
  const { signedIn } = session;
  const alreadyPushed = session.steps.some((step) => step.kind === "claims_pushed");
  const signInHelps = !alreadyPushed && mayAnswer(signedIn?.issuer ?? settings.IDENTITY_PROVIDER, needs);
  if (signedIn !== null && signInHelps) return pushClaims(settings, asked, wish, challenge, signedIn);
  const waiting = { wish, challenge, signInHelps, redirectUser: needs.redirectUser };
  return { ...withStep(asked, story.signInNeeded()), waiting };
}

function mayAnswer(issuer: string, { requiredClaims }: Needs): boolean {
  return requiredClaims.some((claim) => claim.issuer === undefined || claim.issuer.includes(issuer));
}

async function pushClaims(
  settings: Settings,
  session: Session,
  wish: Wish,
  challenge: Challenge,
  signedIn: SignedIn,
): Promise<Session> {
  const pushed = withStep(session, story.claimsPushed(signedIn));
  return redeem(settings, pushed, wish, challenge, signedIn.idToken);
}

async function fetchGranted(settings: Settings, session: Session, wish: Wish, rpt: string): Promise<Session> {
  const holder = { ...session, rpts: { ...session.rpts, [keyOf(wish)]: rpt } };
  const answer = await askRecords(settings.RECORDS, wish, rpt);
  if (answer.kind === "document") return withDocument(holder, wish, answer.report);
  // Grant §3.5: a challenge to a fresh RPT would only lead round in a circle.
  return withStep(holder, story.unavailable(answer.reason, answer.response.status));
}

function credentialsOf(settings: Settings): Credentials {
  return { issuer: settings.USHER, clientId: settings.CLIENT_ID, clientSecret: settings.CLIENT_SECRET };
}

function withDocument(session: Session, wish: Wish, report: Report): Session {
  return { ...withStep(session, story.documentReceived(wish)), document: { ...report, patient: wish.patient } };
}

function withStep(session: Session, step: Step): Session {
  return { ...session, steps: [...session.steps, step] };
}
