import { Hono } from "hono";
import { beginUpstream } from "../../operations/account/begin-upstream.ts";
import { listClientKeys } from "../../operations/account/client-keys.ts";
import {
  type CompletedUpstream,
  completeUpstream,
  type UpstreamFailure,
  type UpstreamNewcomer,
  type UpstreamSignIn,
} from "../../operations/account/complete-upstream.ts";
import { joinFromUpstream } from "../../operations/account/join-from-upstream.ts";
import type { Frame } from "../../pages/frame.ts";
import { withContinuation } from "../../pages/parts/continuation.ts";
import { UpstreamLeavingPage } from "../../pages/upstream-leaving.tsx";
import { UpstreamNewcomerPage } from "../../pages/upstream-newcomer.tsx";
import { UpstreamProblemPage } from "../../pages/upstream-problem.tsx";
import { UPSTREAM_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import type { UpstreamPurpose } from "../../protocol/upstream-flow.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { forgetLongCookie, readLongCookie, writeLongCookie } from "../browser/long-cookies.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { beginSession, signedIn } from "../browser/session.ts";
import { visitHashOf } from "../browser/visit.ts";
import type { PageContext, UsherEnv, UsherHono } from "../context.ts";
import { onlyMethods, publicJson } from "../respond.ts";
import { sourceOf } from "../source.ts";
import { destinationOf, formTargetsOf, readArrival } from "./continuation.ts";

const SECURITY = "/account/security";

/** To a provider, to sign in. */
export function upstreamRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/:id", async (c) => {
      const form = await readOwnForm(c);
      return leaveFor(c, c.req.param("id"), { kind: "sign_in", continuation: form.get("continue") });
    })
    .all("/:id", onlyPageMethods("POST"));
}

/** Our keys as a client, for providers to fetch: at one address, so that they can be told before they are known here. */
export function clientKeyRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => publicJson({ keys: await listClientKeys(c.var.services) }))
    .all("/", onlyMethods("GET"));
}

/** Back from a provider, whatever it was for (RFC 6749 §4.1.2). */
export function upstreamCallbackRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const { services, now } = c.var;
      const { searchParams: answer } = new URL(c.req.url);
      const back = {
        flow: readLongCookie(c, "upstream"),
        answer,
        visit: await visitHashOf(c),
        signedIn: await signedIn(c),
        source: sourceOf(c.req.raw),
      };
      return answerCompleted(c, await completeUpstream(services, back, now));
    })
    .all("/", onlyPageMethods("GET"));
}

/** An account for somebody who signed in at a provider and had none. */
export function upstreamSignUpRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/:id", async (c) => {
      const form = await readOwnForm(c);
      const wish = {
        offer: form.require("offer"),
        name: form.get("name") ?? "",
        visit: await visitHashOf(c),
        source: sourceOf(c.req.raw),
      };
      return answerCompleted(c, await joinFromUpstream(c.var.services, wish, c.var.now));
    })
    .all("/:id", onlyPageMethods("POST"));
}

/**
 * Sends the browser to a provider by a page that goes on by itself: were the answer to the form a redirect, our own
 * policy would have to name every provider's address on every page with a button (CSP Level 3 §6.4.2).
 */
export async function leaveFor(c: PageContext, providerId: string, purpose: UpstreamPurpose): Promise<Response> {
  const visit = await visitHashOf(c);
  const begun = await beginUpstream(c.var.services, { providerId, purpose, visit }, c.var.now);
  if (begun.outcome === "failed") return tellFailure(c, { ...begun, purpose });
  const { flow, provider, url } = begun;
  writeLongCookie(c, "upstream", flow, UPSTREAM_LIFETIME_SECONDS);
  c.header("Refresh", `0;url=${url}`);
  const frame = await frameBackTo(c, backFrom("declined", purpose).path);
  return renderPage(c, UpstreamLeavingPage({ frame, provider, url }));
}

async function answerCompleted(c: PageContext, completed: CompletedUpstream): Promise<Response> {
  // Whoever opens our address without having been sent away must not undo what somebody is in the middle of.
  if (completed.outcome !== "failed" || completed.problem !== "notBegun") forgetLongCookie(c, "upstream");
  switch (completed.outcome) {
    case "signed_in":
      return goOn(c, completed);
    case "newcomer":
      return askNewcomer(c, completed);
    case "linked":
      return seeOther(c, `${basePathOf(c)}${SECURITY}?notice=linked`);
    case "failed":
      return tellFailure(c, completed);
  }
}

async function goOn(c: PageContext, { account, authenticatedAt, continuation }: UpstreamSignIn): Promise<Response> {
  await beginSession(c, { account, method: "provider", authenticatedAt });
  return seeOther(c, destinationOf(c, await readArrival(c, continuation)));
}

async function askNewcomer(c: PageContext, newcomer: UpstreamNewcomer): Promise<Response> {
  const { offer, provider, continuation } = newcomer;
  const frame = await frameBackTo(c, signInPath(continuation));
  const page = UpstreamNewcomerPage({ frame, provider, name: newcomer.name ?? "", offer, continuation });
  return renderPage(c, page, 200, { formTargets: formTargetsOf(await readArrival(c, continuation)) });
}

async function tellFailure(
  c: PageContext,
  { problem, provider, purpose }: Omit<UpstreamFailure, "outcome">,
): Promise<Response> {
  const back = backFrom(problem, purpose);
  const frame = await frameBackTo(c, back.path);
  return renderPage(c, UpstreamProblemPage({ frame, problem, provider, back, requestId: c.var.requestId }), 400);
}

function backFrom(problem: UpstreamFailure["problem"], purpose: UpstreamPurpose | null) {
  const toSecurity = purpose?.kind === "link" || problem === "notLinked";
  if (toSecurity) return { to: "security", path: SECURITY } as const;
  return { to: "sign_in", path: signInPath(purpose?.kind === "sign_in" ? purpose.continuation : null) } as const;
}

function signInPath(continuation: string | null): string {
  return withContinuation("/sign-in", continuation);
}

/** The pages of this file answer what cannot be asked again, so a choice of language leads to where one begins. */
async function frameBackTo(c: PageContext, path: string): Promise<Frame> {
  return { ...(await frameOf(c)), here: basePathOf(c) + path };
}
