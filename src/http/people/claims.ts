import { Hono } from "hono";
import { readName } from "../../operations/account/create-account.ts";
import { sealFlow } from "../../operations/authorize/flow.ts";
import { finishAccess, refuseAccess } from "../../operations/doors/finish-access.ts";
import { type ArrivalFault, arriveWithTicket } from "../../operations/interact/arrive.ts";
import { type Conclusion, cancelVisit, completeVisit, type Finish } from "../../operations/interact/finish.ts";
import { demandOf, lookAtVisit } from "../../operations/interact/look.ts";
import { type FoundInteraction, findInteraction } from "../../operations/interact/sealed-interaction.ts";
import { ClaimsPage } from "../../pages/claims.tsx";
import { ErrorPage, type Problem } from "../../pages/error.tsx";
import { ANY_SIGN_IN, isRecentEnough } from "../../protocol/continuation.ts";
import { STEP_UP_SECONDS } from "../../protocol/lifetimes.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_NEEDS } from "../../shared/limits.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { arrivalOf } from "../browser/arrival.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { isReadByPerson } from "../browser/for-people.ts";
import { frameOf } from "../browser/frame.ts";
import { wordsFor } from "../browser/language.ts";
import { PageProblem } from "../browser/page-problem.ts";
import { seeOther } from "../browser/redirect.ts";
import { formTargetOf, renderPage } from "../browser/render-page.ts";
import { sendToSignIn, signedIn } from "../browser/session.ts";
import { forgetWayBack, rememberWayBack } from "../browser/way-back.ts";
import type { PageContext, SignedInPerson, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { sourceOf } from "../source.ts";
import { whereaboutsOf } from "../whereabouts.ts";
import { claimsPageProps } from "./claims-page-props.ts";
import { consentPath } from "./consent-path.ts";
import { interactionPath } from "./interaction-path.ts";
import { readSentParameters } from "./sent-parameters.ts";
import { calledApp } from "./shown-app.ts";
import { leaveFor } from "./upstream.ts";

/** The claims interaction endpoint (Grant §3.3.2), and the page on which a requesting party shows who they are. */
export function claimsRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      if (isVisiting(c.req.raw)) return arrive(c);
      return c.body(null, c.req.raw.method === "HEAD" ? 200 : 403, { "Cache-Control": "no-store" });
    })
    .all("/", onlyPageMethods("GET"))
    .get("/interaction", async (c) => {
      const at = c.req.query("at") ?? "";
      const found = await loadInteraction(c, at);
      const person = await signedIn(c);
      if (person !== null && isMeant(found, person)) {
        return showVisit(c, { at, found, person, notAgreed: [], remembers: false });
      }
      if (person !== null) return beginAnew(c, found);
      const demand = await demandOf(c.var.services, found, whereaboutsOf(c.req.raw));
      return sendToSignIn(c, {
        path: interactionPath(at),
        demand,
        app: calledIn(c, found),
        leadsTo: formTargetOf(found.interaction.redirectUri),
      });
    })
    .post("/interaction", async (c) => {
      const form = await readOwnForm(c);
      return decide(c, await loadInteraction(c, form.require("at")), form);
    })
    .all("/interaction", onlyPageMethods("GET", "POST"));
}

/** Whether a visit is for whoever is signed in: one of an authorization is for whom it began with. */
function isMeant({ interaction: { authorization } }: FoundInteraction, { account }: SignedInPerson): boolean {
  return authorization === null || authorization.accountId === account.id;
}

/** What an authorization asks for by name may be something else for somebody else. */
async function beginAnew(c: PageContext, { interaction: { authorization } }: FoundInteraction): Promise<Response> {
  if (authorization === null) throw new PageProblem("linkExpired");
  const { services } = c.var;
  return seeOther(c, services.config.issuer + consentPath(await sealFlow(services, authorization.flow)));
}

/**
 * Whether a person opens this, in a window of their own. INVARIANT: nothing else spends a ticket: no program that only
 * looks whether there is a page, no browser that fetches ahead, no page that embeds this one (Grant §5.5).
 */
function isVisiting({ method, headers }: Request): boolean {
  const purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"].map((name) => headers.get(name) ?? "");
  const isAhead = purposes.some((purpose) => /prefetch|preview|prerender/i.test(purpose));
  return method === "GET" && !isAhead && (headers.get("sec-fetch-dest") ?? "document") === "document";
}

async function arrive(c: PageContext): Promise<Response> {
  const { services, now } = c.var;
  const browser = {
    parameters: readSentParameters(new URL(c.req.url)),
    browser: arrivalOf(c),
    source: sourceOf(c.req.raw),
  };
  const arrival = await arriveWithTicket(services, browser, now);
  switch (arrival.outcome) {
    case "arrived":
      return seeOther(c, services.config.issuer + interactionPath(arrival.at));
    case "misdirected":
      throw new PageProblem(arrival.fault === "client" ? "appUnknown" : "addressUnknown");
    case "refused": {
      const { location, mayRedirect, cause, client } = arrival;
      if (mayRedirect) return seeOther(c, location);
      if (!isReadByPerson(c)) throw new PageProblem(PROBLEMS[cause]);
      const back = { app: calledApp(client, location, wordsFor(c)), href: location };
      const page = { frame: await frameOf(c), problem: PROBLEMS[cause], requestId: c.var.requestId, back };
      return renderPage(c, ErrorPage(page), 400);
    }
  }
}

/** What to tell a person who came with a ticket that is no good. */
const PROBLEMS: Readonly<Record<ArrivalFault, Problem>> = {
  request: "badRequest",
  forged: "linkUnknown",
  foreign: "linkUnknown",
  spent: "linkUsed",
  superseded: "linkUsed",
  expired: "linkExpired",
  closed: "linkExpired",
};

async function loadInteraction(c: PageContext, at: string): Promise<FoundInteraction> {
  const found = await findInteraction(c.var.services, at, c.var.now);
  if (found === null) throw new PageProblem("linkExpired");
  return found;
}

interface ShownVisit {
  readonly at: string;
  readonly found: FoundInteraction;
  readonly person: SignedInPerson;
  /** Policies whose text was not agreed to, though the person wanted to go on. */
  readonly notAgreed: readonly string[];
  /** Whether the person has already said that what they show may be remembered. */
  readonly remembers: boolean;
}

async function showVisit(c: PageContext, shown: ShownVisit): Promise<Response> {
  const { services, now } = c.var;
  const { found, person, notAgreed } = shown;
  const view = await lookAtVisit(services, found, { person, whereabouts: whereaboutsOf(c.req.raw) }, now);
  if (view.outcome === "ended") throw endedProblem(view.how);
  const { open } = view;
  const name = await readName(services, person.account);
  const facts = { name: name === "" ? null : name, address: open.card.addresses[0] ?? null };
  const frame = await frameOf(c, facts);
  const props = claimsPageProps({ ...shown, open, person: facts, words: frame.words });
  const formTargets = [formTargetOf(found.interaction.redirectUri)];
  return renderPage(c, ClaimsPage({ ...props, frame }), notAgreed.length > 0 ? 400 : 200, { formTargets });
}

function endedProblem(how: "completed" | "cancelled" | "closed"): PageProblem {
  return new PageProblem(how === "closed" ? "linkExpired" : "linkUsed");
}

async function decide(c: PageContext, found: FoundInteraction, form: FormParameters): Promise<Response> {
  const at = form.require("at");
  const decision = form.require("decision");
  if (decision === "cancel") return finish(c, at, await cancel(c, found));
  if (decision === "switch" || decision === "again") return signInAnew(c, found, at);
  const person = await signedIn(c);
  // Whoever was signed out meanwhile signs in and sees the page again; and so does whoever else is signed in.
  if (person === null || !isMeant(found, person))
    return seeOther(c, c.var.services.config.issuer + interactionPath(at));
  if (decision === "address" || decision.startsWith("provider:"))
    return seeToAccount(c, { at, found, person, decision });
  if (decision !== "continue") throw invalidRequest("decision must be one that the page offers");
  const offered = readOffered(form);
  const remember = form.get("remember") !== null;
  const open = offered.map(({ policyId }) => policyId).filter((policyId) => form.get(`agree-${policyId}`) === null);
  if (open.length > 0) return showVisit(c, { at, found, person, notAgreed: open, remembers: remember });
  const conclusion = {
    person,
    whereabouts: whereaboutsOf(c.req.raw),
    partyReference: form.require("party"),
    agreements: offered,
    remember,
  };
  return finish(c, at, await complete(c, found, conclusion));
}

function complete(c: PageContext, found: FoundInteraction, conclusion: Conclusion): Promise<Finish> {
  const { services, now } = c.var;
  const { authorization } = found.interaction;
  if (authorization === null) return completeVisit(services, found, conclusion, now);
  return finishAccess(services, { found, authorization }, { ...conclusion, source: sourceOf(c.req.raw) }, now);
}

function cancel(c: PageContext, found: FoundInteraction): Promise<Finish> {
  const { services, now } = c.var;
  const { authorization } = found.interaction;
  return authorization === null ? cancelVisit(services, found) : refuseAccess(services, { found, authorization }, now);
}

/** The texts that the page had shown, each by its policy and its hash. */
function readOffered(form: FormParameters): readonly { readonly policyId: string; readonly textHash: string }[] {
  const texts = (form.get("texts") ?? "").split(" ").filter((text) => text !== "");
  return texts.slice(0, MAX_NEEDS).map((text) => {
    const [policyId = "", textHash = ""] = text.split(".");
    return { policyId, textHash };
  });
}

function finish(c: PageContext, at: string, end: Finish): Response {
  switch (end.outcome) {
    case "finished":
      forgetWayBack(c);
      return seeOther(c, end.location);
    case "outdated":
      return seeOther(c, c.var.services.config.issuer + interactionPath(at));
    case "ended":
      throw endedProblem(end.how);
  }
}

interface Errand extends Omit<ShownVisit, "notAgreed" | "remembers"> {
  readonly decision: string;
}

/** What is missing is proved where all proofs of an account are, and from there the person comes back. */
async function seeToAccount(c: PageContext, { at, found, person, decision }: Errand): Promise<Response> {
  await rememberWayBack(c, interactionPath(at), calledIn(c, found));
  if (decision === "address") return seeOther(c, `${c.var.services.config.issuer}/account/security#addresses`);
  const demand = { ...ANY_SIGN_IN, authenticatedSince: c.var.now - STEP_UP_SECONDS };
  if (!isRecentEnough(demand, person.session.authenticatedAt)) {
    return sendToSignIn(c, {
      path: interactionPath(at),
      demand,
      app: calledIn(c, found),
      leadsTo: formTargetOf(found.interaction.redirectUri),
    });
  }
  const provider = decision.slice("provider:".length);
  return leaveFor(c, provider, { kind: "link", accountId: person.account.id });
}

function signInAnew(c: PageContext, found: FoundInteraction, at: string): Promise<Response> {
  const demand = { ...ANY_SIGN_IN, authenticatedSince: c.var.now };
  const leadsTo = formTargetOf(found.interaction.redirectUri);
  return sendToSignIn(c, { path: interactionPath(at), demand, app: calledIn(c, found), leadsTo });
}

/** What the pages on the way call the app that sent the person here. */
function calledIn(c: PageContext, { client, interaction }: FoundInteraction): string {
  return calledApp(client, interaction.redirectUri, wordsFor(c));
}
