import { type Context, Hono } from "hono";
import { nameMentioned } from "../../operations/console/name-mentioned.ts";
import { listKnownApps, listOwnGroups, readThings } from "../../operations/console/read-shareable.ts";
import { previewShare, type SharePreview, saveShare } from "../../operations/console/share.ts";
import { openSavedShare, sealSavedShare, undoShare } from "../../operations/console/undo-share.ts";
import { canWrite, sharedWithMeLink, writeToShared } from "../../operations/console/write-to-shared.ts";
import { readPolicy } from "../../operations/own/edit-policy.ts";
import type { WordedResource } from "../../operations/ports/owned-resource.ts";
import type { SavedShareFacts } from "../../pages/console/saved-share.tsx";
import { type SharedThings, type ShareErrors, type ShareFields, SharePage } from "../../pages/console/share.tsx";
import { ShareReviewPage } from "../../pages/console/share-review.tsx";
import { renderLetter } from "../../pages/letter.ts";
import type { Policy, PolicyBody } from "../../policy/language/policy.ts";
import { describeShare, type Share } from "../../policy/share/describe-share.ts";
import { partyKey } from "../../protocol/party.ts";
import { readableScope } from "../../protocol/scope-names.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { isId } from "../../shared/ids.ts";
import { MAX_THINGS_SHARED_AT_ONCE } from "../../shared/limits.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { basePathOf } from "../browser/frame.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import { timeZoneOf } from "../browser/time-zone.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import type { FormParameters } from "../form.ts";
import { idOf } from "../path-id.ts";
import { actingOnly, consoleFrameOf, consolePath } from "./acting.ts";
import { emptyFields, type FilledShare, fieldsOfShare, kindOf, readShareForm } from "./share-form.ts";
import { audienceInWords } from "./speech/audience.ts";
import { actOf, type Naming } from "./speech/naming.ts";
import { policyInWords } from "./speech/policy.ts";
import { personOf } from "./thing-props.ts";

/** Sharing a thing, or several: what is filled in, what would follow, and then it is saved. */
export function shareRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/:thing/share", actingOnly(), unlessEnded(begin))
    .post("/:thing/share", actingOnly(), unlessEnded(goOn))
    .all("/:thing/share", onlyPageMethods("GET", "POST"))
    .post("/:thing/share/undo", actingOnly(), undo)
    .all("/:thing/share/undo", onlyPageMethods("POST"));
}

/** Where the list of things leads those who chose several: to the page of sharing the first, and the others with it. */
export function severalRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), (c) => {
      const [first, ...others] = (c.req.queries("thing") ?? []).filter(isId).slice(0, MAX_THINGS_SHARED_AT_ONCE);
      const things = `${basePathOf(c)}${consolePath(c.var.acting.right.ownerId)}/things`;
      if (first === undefined) return seeOther(c, things);
      return seeOther(c, `${things}/${first}/share?${new URLSearchParams(others.map((id) => ["also", id]))}`);
    })
    .all("/", onlyPageMethods("GET"));
}

/** The share that is to be changed is no longer there. */
class ShareEnded extends Error {}

/** Whoever changes a share that somebody else has ended meanwhile is told so, where they see how it stands now. */
function unlessEnded(answer: (c: Context<ActingEnv>) => Promise<Response>) {
  return async (c: Context<ActingEnv>): Promise<Response> => {
    try {
      return await answer(c);
    } catch (error) {
      if (error instanceof ShareEnded) return back(c, { error: "gone" });
      throw error;
    }
  };
}

/** What a share is about. */
interface Subject {
  readonly things: readonly WordedResource[];
  /** The share that is changed; null: it is a new one. */
  readonly change: { readonly policy: Policy; readonly share: Share } | null;
}

async function begin(c: Context<ActingEnv>): Promise<Response> {
  const [also, changed] = [c.req.queries("also") ?? [], c.req.query("change") ?? null];
  const subject = await readSubject(c, also, changed);
  const fields =
    subject.change === null
      ? emptyFields(kindOf(c.req.query("with")), scopesOf(subject.things))
      : fieldsOfShare(subject.change.share, timeZoneOf(c.req.raw));
  return showForm(c, subject, fields, []);
}

async function goOn(c: Context<ActingEnv>): Promise<Response> {
  const form = await readOwnForm(c);
  const { subject, filled } = await readFilled(c, form);
  const step = form.require("step");
  if (step === "edit") return showForm(c, subject, filled.fields, []);
  if (step !== "review" && step !== "save") throw invalidRequest("step: must be one of review, save, edit");
  // What somebody else changed meanwhile is shown, and nothing is saved over it.
  if (step === "review" || isOutdated(form, subject)) return review(c, subject, filled, isOutdated(form, subject));
  return save(c, subject, filled, form);
}

/** What the form is about as it stands now, and what it comes to. */
async function readFilled(c: Context<ActingEnv>, form: FormParameters) {
  const subject = await readSubject(c, form.chosen("also"), form.get("change"));
  const about = { ...subject, scopes: scopesOf(subject.things), timeZone: timeZoneOf(c.req.raw), now: c.var.now };
  return { subject, filled: readShareForm(form, about) };
}

/** Whether the share was changed since the form was shown. */
function isOutdated(form: FormParameters, { change }: Subject): boolean {
  return change !== null && form.get("version") !== String(change.policy.version);
}

/** @throws ProtocolError not_found, also for a policy that is no share; ShareEnded. */
async function readSubject(c: Context<ActingEnv>, also: readonly string[], changed: string | null): Promise<Subject> {
  const { services, acting } = c.var;
  const ids = [thingOf(c), ...also].filter(isId);
  if (changed !== null && !isId(changed)) throw nothingHere();
  const [things, policy] = await Promise.all([
    readThings(services, acting.actor, ids),
    changed === null ? null : readChanged(c, changed),
  ]);
  if (policy === null) return { things, change: null };
  const share = describeShare(policy.document);
  if (share.kind !== "share" || share.effect !== "permit") throw nothingHere();
  return { things, change: { policy, share } };
}

async function readChanged(c: Context<ActingEnv>, id: string): Promise<Policy> {
  const { services, acting } = c.var;
  try {
    return await readPolicy(services, acting.actor, id);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "not_found") throw new ShareEnded();
    throw error;
  }
}

function thingOf(c: Context<ActingEnv>): string {
  return idOf(c.req, nothingHere, "thing");
}

function nothingHere(): ProtocolError {
  return new ProtocolError("not_found", "there is no such thing here");
}

function scopesOf(things: readonly WordedResource[]): readonly string[] {
  return [...new Set(things.flatMap(({ scopes }) => scopes))];
}

async function showForm(
  c: Context<ActingEnv>,
  { things, change }: Subject,
  fields: ShareFields,
  errors: ShareErrors,
): Promise<Response> {
  const { services, acting } = c.var;
  const words = wordsFor(c);
  const scopeNames = things.map((thing) => thing.scopeNames);
  const [groups, apps, naming] = await Promise.all([
    fields.kind === "group" ? listOwnGroups(services, acting.actor) : [],
    fields.kind === "app" ? listKnownApps(services, acting.actor) : [],
    change === null ? null : nameAll(c, things, [change.policy.document], null),
  ]);
  const page = SharePage({
    frame: await consoleFrameOf(c),
    things: shownThings(things),
    fields,
    errors,
    acts: scopesOf(things).map((scope) => ({ id: scope, name: actOf(scope, scopeNames, words) })),
    groups: groups.map(({ id, document }) => ({ id, name: document.name, members: document.members.length })),
    apps,
    change:
      change === null || naming === null
        ? null
        : {
            policy: change.policy.id,
            version: change.policy.version,
            whom: words.shares.list(change.share.whom.map((one) => audienceInWords(one, naming, words))),
          },
  });
  return renderPage(c, page, errors.length === 0 ? 200 : 400);
}

function shownThings(things: readonly WordedResource[]): SharedThings {
  const [first] = things;
  const type = first?.type ?? null;
  return {
    ids: things.map(({ id }) => id),
    name: first?.name ?? null,
    kind: type === null ? null : readableScope(type),
  };
}

async function review(
  c: Context<ActingEnv>,
  subject: Subject,
  filled: FilledShare,
  isConflict: boolean,
): Promise<Response> {
  const { fields, address, errors, document } = filled;
  if (document === null) return showForm(c, subject, fields, errors);
  const { things, change } = subject;
  const wanted = { document, replaces: change?.policy ?? null, things };
  const preview = await previewShare(c.var.services, c.var.acting.actor, wanted);
  const { effect, obstacle, because, seen, key } = preview;
  const former = change === null ? [] : [change.policy.document];
  const told = [document, ...former, ...because.map((policy) => policy.document)];
  const naming = await nameAll(c, things, told, preview);
  const frame = await consoleFrameOf(c);
  const say = (one: PolicyBody) => policyInWords(one, naming, frame);
  const sayAll = (ids: readonly string[] = []) =>
    because.filter(({ id }) => ids.includes(id)).map((policy) => say(aboutThese(policy.document, naming)));
  const page = ShareReviewPage({
    frame,
    things: shownThings(things),
    fields,
    change: change === null ? null : { policy: change.policy.id, version: change.policy.version },
    sentence: say(document),
    effect:
      effect === null ? null : { ...effect, allowedBy: sayAll(effect.allowedBy), deniedBy: sayAll(effect.deniedBy) },
    obstacle,
    letter: address === null || change !== null ? null : { address, canBeSent: canWrite(c.var.services) },
    shown: { seen, key },
    conflict: isConflict ? { to: change === null ? null : say(change.policy.document) } : null,
  });
  return renderPage(c, page, isConflict ? 409 : 200);
}

/** Of a policy that is about many things, only these matter here. */
function aboutThese(document: PolicyBody, { things }: Naming): PolicyBody {
  const { target } = document;
  if (!("resources" in target)) return document;
  return { ...document, target: { resources: target.resources.filter((id) => things.has(id)) } };
}

async function nameAll(
  c: Context<ActingEnv>,
  things: readonly WordedResource[],
  documents: readonly PolicyBody[],
  preview: SharePreview | null,
): Promise<Naming> {
  const { services, acting } = c.var;
  const [{ apps, people, collections }, groups] = await Promise.all([
    nameMentioned(services, acting.actor, documents, preview?.collections ?? []),
    preview?.groups ?? listOwnGroups(services, acting.actor),
  ]);
  const known = [...things, ...collections];
  return {
    things: new Map(known.map(({ id, name }) => [id, name])),
    groups: new Map([...groups.values()].map(({ id, document }) => [id, document.name])),
    apps,
    person: (issuer, subject) => {
      const card = people.get(partyKey({ issuer, subject }));
      return card === undefined ? null : personOf(card);
    },
    scopeNames: known.map(({ scopeNames }) => scopeNames),
  };
}

async function save(
  c: Context<ActingEnv>,
  subject: Subject,
  filled: FilledShare,
  form: FormParameters,
): Promise<Response> {
  const { services, acting } = c.var;
  const { things, change } = subject;
  const { document, fields, errors } = filled;
  if (document === null) return showForm(c, subject, fields, errors);
  const shown = { seen: form.require("seen"), key: keyIn(form) };
  const wanted = { document, replaces: change?.policy ?? null, things };
  const outcome = await saveShare(services, acting.actor, wanted, shown);
  if (outcome.outcome === "changed") {
    const now = await readFilled(c, form);
    return review(c, now.subject, now.filled, true);
  }
  const { policyId, version, isRepeated } = outcome;
  const address = change === null ? filled.address : null;
  const letter = address === null || isRepeated ? null : await writeTo(c, address);
  const former = change?.policy.document ?? null;
  return back(c, { saved: await sealSavedShare(services, acting, { policyId, version, address, letter }, former) });
}

function keyIn(form: FormParameters): string {
  const key = form.require("key");
  if (!isId(key)) throw invalidRequest("key: must be one that a page of ours has made");
  return key;
}

function writeTo(c: Context<ActingEnv>, address: string): Promise<"sent" | "not_sent"> {
  const { services, acting } = c.var;
  const { letter } = wordsFor(c).share;
  const host = new URL(services.config.issuer).host;
  return writeToShared(services, acting, address, (facts) => renderLetter(letter(facts, host)));
}

async function undo(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const form = await readOwnForm(c);
  const saved = await openSavedShare(services, acting, form.require("at"));
  if (saved === null) return back(c, { undone: "no" });
  try {
    await undoShare(services, acting, saved);
  } catch (error) {
    if (error instanceof ProtocolError && HAS_CHANGED.has(error.code)) return back(c, { undone: "no" });
    throw error;
  }
  return back(c, { undone: "yes" });
}

const HAS_CHANGED: ReadonlySet<string> = new Set(["precondition_failed", "not_found"]);

/** What the page of a thing tells of a share that was just saved, or undone; null: nothing. */
export async function savedShareOf(c: Context<ActingEnv>): Promise<SavedShareFacts | null> {
  const { services, acting } = c.var;
  const thing = thingOf(c);
  const undone = c.req.query("undone");
  if (undone !== undefined) {
    return { what: undone === "yes" ? "undone" : "notUndone", undo: null, letter: null, thing };
  }
  const sealed = c.req.query("saved");
  const saved = sealed === undefined ? null : await openSavedShare(services, acting, sealed);
  if (sealed === undefined || saved === null) return null;
  const { former, canUndo, address, letter } = saved;
  return {
    what: former === null && canUndo ? "shared" : "changed",
    undo: canUndo ? sealed : null,
    letter:
      address === null || letter === null
        ? null
        : { address, isSent: letter === "sent", link: sharedWithMeLink(services) },
    thing,
  };
}

function back(c: Context<ActingEnv>, outcome: Readonly<Record<string, string>>): Response {
  const { services, acting } = c.var;
  const path = `${services.config.issuer}${consolePath(acting.right.ownerId)}/things/${thingOf(c)}`;
  return seeOther(c, `${path}?${new URLSearchParams(outcome)}`);
}
