import { type Context, Hono } from "hono";
import { endShare } from "../../operations/console/end-share.ts";
import { readThing } from "../../operations/console/read-thing.ts";
import { ThingPage } from "../../pages/console/thing.tsx";
import { readableScope } from "../../protocol/scope-names.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { idOf } from "../path-id.ts";
import { actingOnly, consoleFrameOf, consolePath } from "./acting.ts";
import { listedShares } from "./listed-shares.ts";
import { savedShareOf } from "./share.ts";
import { shareFacts } from "./thing-props.ts";

/** One thing: who can see it, and an end to it. */
export function thingRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/:thing", actingOnly(), showThing)
    .all("/:thing", onlyPageMethods("GET"))
    .post("/:thing/end", actingOnly(), end)
    .all("/:thing/end", onlyPageMethods("POST"));
}

async function showThing(c: Context<ActingEnv>): Promise<Response> {
  const view = await readThing(c.var.services, c.var.acting.actor, thingOf(c));
  const { resource, isWhole } = view;
  const { id, name, description, type, resourceServer } = resource;
  const words = wordsFor(c);
  const { notices, errors } = words.thing;
  const permits = view.permits.map((share) => shareFacts(view, share, words));
  const denies = view.denies.map((share) => shareFacts(view, share, words));
  const page = ThingPage({
    frame: await consoleFrameOf(c),
    thing: {
      id,
      name,
      description,
      kind: type === null ? null : readableScope(type),
      app: resourceServer.name,
      isCollection: resource.members > 0,
    },
    permits,
    listed: listedShares({ permits, denies }, new URL(c.req.url)),
    isWhole,
    saved: await savedShareOf(c),
    notice: knownKey(notices, c.req.query("notice")),
    error: knownKey(errors, c.req.query("error")),
  });
  return renderPage(c, page);
}

async function end(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const [thingId, form] = [thingOf(c), await readOwnForm(c)];
  const shown = {
    policyId: form.require("policy"),
    version: numberOf(form, "version"),
    place: numberOf(form, "place"),
    subjectId: form.require("of"),
  };
  try {
    const { recorded } = await endShare(services, acting.actor, shown);
    return back(c, thingId, { notice: recorded ? "ended" : "pending" });
  } catch (error) {
    if (error instanceof ProtocolError && HAS_CHANGED.has(error.code)) return back(c, thingId, { error: "changed" });
    throw error;
  }
}

const HAS_CHANGED: ReadonlySet<string> = new Set(["precondition_failed", "not_found"]);

function numberOf(form: FormParameters, name: string): number {
  const text = form.require(name);
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`${name}: must be a number`);
  return Number(text);
}

function thingOf(c: Context<ActingEnv>): string {
  return idOf(c.req, () => new ProtocolError("not_found", "there is no such thing here"), "thing");
}

function back(c: Context<ActingEnv>, thingId: string, outcome: Readonly<Record<string, string>>): Response {
  const { services, acting } = c.var;
  const path = `${services.config.issuer}${consolePath(acting.right.ownerId)}/things/${thingId}`;
  return seeOther(c, `${path}?${new URLSearchParams(outcome)}`);
}
