import { type Context, Hono } from "hono";
import type { RequestView } from "../../ledger/contract.ts";
import { listNamedRequests, readNamedRequest } from "../../operations/console/read-requests.ts";
import { deletePolicy } from "../../operations/own/edit-policy.ts";
import { decideRequest, type OwnersAnswer, type Taken } from "../../operations/own/requests.ts";
import { notFound } from "../../operations/under-connection.ts";
import { DecidedRequestPage, type DecisionForm, RequestPage, UNTILS } from "../../pages/console/request.tsx";
import { DecidedRequestsPage, type RequestNotice, RequestsPage } from "../../pages/console/requests.tsx";
import { inWords } from "../../pages/parts/time.tsx";
import { en } from "../../pages/words/en.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_OWNERS_WORD_CHARACTERS } from "../../shared/limits.ts";
import { DAY } from "../../shared/time.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { lastSecondOf } from "../browser/day.ts";
import { basePathOf } from "../browser/frame.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { timeZoneOf } from "../browser/time-zone.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { idOf } from "../path-id.ts";
import { shownApp } from "../people/shown-app.ts";
import { actingOnly, consoleFrameOf, consolePath } from "./acting.ts";
import {
  askedThings,
  chosenOf,
  knownFacts,
  leftOutOf,
  type RequestReader,
  waitingFacts,
  whatInWords,
  wholeSentenceOf,
} from "./request-facts.ts";

const REQUESTS_PER_PAGE = 20;

/** Who waits for the owner, and the decision about it. */
export function requestPageRoutes(): UsherHono {
  const orBack = actingOnly((ownerId) => `/console/${ownerId}/requests`);
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), showWaiting)
    .all("/", onlyPageMethods("GET"))
    .get("/:request", actingOnly(), async (c) => showRequest(c, await read(c), noticeOf(c)))
    .all("/:request", onlyPageMethods("GET"))
    .post("/:request/decision", orBack, decide)
    .all("/:request/decision", onlyPageMethods("POST"))
    .post("/:request/end", orBack, end)
    .all("/:request/end", onlyPageMethods("POST"));
}

/** What the owner decided of late, or left to expire. */
export function decidedRequestRoutes(): UsherHono {
  return new Hono<UsherEnv>().get("/", actingOnly(), showDecided).all("/", onlyPageMethods("GET"));
}

async function showWaiting(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const query = { status: "waiting", after: afterOf(c), limit: REQUESTS_PER_PAGE } as const;
  const { items, next, ...names } = await listNamedRequests(services, acting.actor, query);
  const frame = await consoleFrameOf(c);
  const page = RequestsPage({
    frame,
    waiting: items.map((request) => waitingFacts(request, { ...names, frame, accountId: acting.actor.accountId })),
    isAll: next === null && query.after === null,
    next: next === null ? null : `${frame.console}/requests?after=${next}`,
  });
  return renderPage(c, page);
}

async function showDecided(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const query = { status: null, after: afterOf(c), limit: REQUESTS_PER_PAGE };
  const { items, next, ...names } = await listNamedRequests(services, acting.actor, query);
  const frame = await consoleFrameOf(c);
  const decided = items.filter(({ status }) => status !== "waiting");
  const page = DecidedRequestsPage({
    frame,
    decided: decided.map((request) => ({
      id: request.id,
      sentence: wholeSentenceOf(request, { ...names, frame, accountId: acting.actor.accountId }),
      at: request.decision?.at ?? request.lastAskedAt,
    })),
    next: next === null ? null : `${frame.console}/decided?after=${next}`,
  });
  return renderPage(c, page);
}

type Named = Awaited<ReturnType<typeof readNamedRequest>>;

function read(c: Context<ActingEnv>): Promise<Named> {
  const { services, acting } = c.var;
  return readNamedRequest(services, acting.actor, idOf(c.req, notFound, "request"));
}

/** All of it is chosen at first, as it was asked for. */
const UNTOUCHED: DecisionForm = { until: "always", lastDay: "", word: "", errors: {} };
const everything = () => true;

async function showRequest(
  c: Context<ActingEnv>,
  { request, app, isStanding, isAllOrNothing, ...names }: Named,
  notice: RequestNotice | null,
  form = UNTOUCHED,
  isChosen: (field: string) => boolean = everything,
): Promise<Response> {
  const reader = { ...names, frame: await consoleFrameOf(c), accountId: c.var.acting.actor.accountId };
  if (request.status !== "waiting") return showDecidedRequest(c, { request, isStanding }, reader, notice);
  const isTrue = notice === "changed" || notice === "noRoom";
  const page = RequestPage({
    frame: reader.frame,
    request: { ...waitingFacts(request, reader), expiresAt: request.endsAt },
    known: knownFacts(request, c.var.services.config.issuer),
    appFacts: app && shownApp(app, [...app.redirectUris, ...app.claimsRedirectUris], reader.frame.words.language.tag),
    things: askedThings(request, reader, isChosen),
    isAllOrNothing,
    form,
    notice: isTrue ? notice : null,
  });
  return renderPage(c, page, Object.keys(form.errors).length > 0 ? 400 : 200);
}

/** INVARIANT: anybody can write a link to this page, and none makes it say what is not so. */
function isSo(notice: RequestNotice, { status }: RequestView, isStanding: boolean): boolean {
  if (notice === "alreadyDecided") return true;
  if (status === "refused") return notice === "refused";
  return status === "approved" && (isStanding ? ["approved"] : ["ended", "recorded"]).includes(notice);
}

function showDecidedRequest(
  c: Context<ActingEnv>,
  { request, isStanding }: Pick<Named, "request" | "isStanding">,
  reader: RequestReader,
  notice: RequestNotice | null,
): Promise<Response> {
  const { decision, status } = request;
  if (status === "waiting") throw notFound();
  const leftOut = status === "approved" ? leftOutOf(request) : [];
  const things = askedThings(request, reader, everything);
  const page = DecidedRequestPage({
    frame: reader.frame,
    request: waitingFacts(request, reader),
    status,
    decidedBy: decidedBy(c, request, reader),
    leftOut: leftOut.length === 0 ? null : whatInWords(leftOut, reader),
    isStanding,
    until: decision?.until ?? null,
    word: decision?.word ?? null,
    isTold: request.isTold,
    things: things.flatMap(({ id, name }) => (id === null ? [] : [{ id, name }])),
    notice: notice !== null && isSo(notice, request, isStanding) ? notice : null,
  });
  return renderPage(c, page);
}

/** "You decided yesterday." Null: nobody did. */
function decidedBy(c: Context<ActingEnv>, { decision }: RequestView, { frame, names }: RequestReader): string | null {
  if (decision === null) return null;
  const words = frame.words.requests.decidedBy;
  const day = inWords(new Date(decision.at * 1_000), "moment", frame);
  const { clientId, accountId } = decision.by;
  if (clientId !== null) return words.app(names.get(clientId) ?? frame.words.requests.lostApp, day);
  if (accountId === null) return words.operator(day);
  if (accountId === c.var.acting.actor.accountId) return words.you(day);
  const name = names.get(accountId);
  return name === undefined ? words.other(day) : words.somebody(name, day);
}

/** From a list all is allowed or refused at once; from the page of the request it may be less, or for a time. */
async function decide(c: Context<ActingEnv>): Promise<Response> {
  const [form, named] = [await readOwnForm(c), await read(c)];
  const { request } = named;
  const isChosen = (field: string) => form.get(field) !== null;
  const version = Number(form.require("version"));
  if (request.status !== "waiting") return backToRequest(c, request.id, "alreadyDecided");
  if (version !== request.version) return backToRequest(c, request.id, "changed");
  const filled = readDecision(c, request, form, isChosen);
  if (filled.answer === null) return showRequest(c, named, null, filled.form, isChosen);
  return take(c, filled.answer);
}

async function take(c: Context<ActingEnv>, answer: OwnersAnswer): Promise<Response> {
  const { services, acting } = c.var;
  try {
    const taken = await decideRequest(services, { caller: acting.actor, repeatKey: null }, answer);
    return backToRequest(c, answer.requestId, noticeOfTaken(answer, taken));
  } catch (error) {
    // Somebody else was quicker: nothing is lost, and the page says what they decided.
    if (error instanceof ProtocolError && error.code === "conflict") {
      return backToRequest(c, answer.requestId, "alreadyDecided");
    }
    if (error instanceof ProtocolError && error.code === "quota_exceeded") {
      return backToRequest(c, answer.requestId, "noRoom");
    }
    throw error;
  }
}

function noticeOfTaken({ decision }: OwnersAnswer, { isRecorded }: Taken): RequestNotice {
  if (decision.kind === "refuse") return "refused";
  return isRecorded ? "approved" : "recorded";
}

/** What was filled in, and as far as it can be used what it comes to. */
function readDecision(
  c: Context<ActingEnv>,
  request: RequestView,
  form: FormParameters,
  isChosen: (field: string) => boolean,
): { readonly form: DecisionForm; readonly answer: OwnersAnswer | null } {
  const decision = form.require("decision");
  const [word, lastDay] = [form.get("word"), form.get("last_day") ?? ""];
  const until = UNTILS.find((one) => one === form.get("until")) ?? "always";
  const isTooLong = (word?.length ?? 0) > MAX_OWNERS_WORD_CHARACTERS;
  const rest = { requestId: request.id, version: request.version, word };
  const errors = isTooLong ? ({ word: "word" } as const) : {};
  const filled = (more: DecisionForm["errors"] = {}): DecisionForm => {
    return { until, lastDay, word: word ?? "", errors: { ...errors, ...more } };
  };
  const none = { form: filled(), answer: null };
  if (decision === "refuse") {
    return isTooLong ? none : { form: filled(), answer: { ...rest, decision: { kind: "refuse" } } };
  }
  if (decision === "approve") {
    return { form: filled(), answer: { ...rest, decision: { kind: "approve", allowed: null, until: null } } };
  }
  if (decision !== "choose") throw invalidRequest("decision: must be one of approve, choose, refuse");
  const allowed = chosenOf(request, isChosen);
  const end = endOf(c, until, lastDay);
  const wrong = filled({
    ...(allowed.length === 0 ? { allow: "nothing" } : {}),
    ...(end === undefined ? { last_day: "day" } : {}),
  });
  if (end === undefined || Object.keys(wrong.errors).length > 0) return { form: wrong, answer: null };
  return { form: wrong, answer: { ...rest, decision: { kind: "approve", allowed, until: end } } };
}

const DAYS = { week: 7, month: 30 } as const;

/** @returns epoch seconds; null: no end; undefined for a day that is none, or over */
function endOf(c: Context<ActingEnv>, until: DecisionForm["until"], lastDay: string): number | null | undefined {
  const { now } = c.var;
  if (until === "always") return null;
  if (until !== "day") return now + DAYS[until] * DAY;
  const end = lastSecondOf(lastDay, timeZoneOf(c.req.raw));
  return end !== null && end > now ? end : undefined;
}

/** Ends what a yes came to: its policies, as far as they are there. */
async function end(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const [, { request }] = [await readOwnForm(c), await read(c)];
  for (const id of request.decision?.policyIds ?? []) {
    await deletePolicy(services, { caller: acting.actor, repeatKey: null }, { id, expected: "any" }).catch(unlessGone);
  }
  return backToRequest(c, request.id, "ended");
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ProtocolError) || error.code !== "not_found") throw error;
}

function backToRequest(c: Context<ActingEnv>, id: string, notice: RequestNotice): Response {
  const path = `${consolePath(c.var.acting.right.ownerId)}/requests/${encodeURIComponent(id)}`;
  return seeOther(c, `${basePathOf(c)}${path}?notice=${notice}`);
}

function noticeOf(c: Context<ActingEnv>): RequestNotice | null {
  const notice = c.req.query("notice") ?? "";
  return isNotice(notice) ? notice : null;
}

function isNotice(text: string): text is RequestNotice {
  return Object.hasOwn(en.requests.notices, text);
}

function afterOf(c: Context<ActingEnv>): number | null {
  const after = c.req.query("after");
  return after !== undefined && /^\d{1,15}$/.test(after) ? Number(after) : null;
}
