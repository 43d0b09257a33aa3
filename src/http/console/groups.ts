import { type Context, Hono } from "hono";
import {
  addMember,
  type GroupEdit,
  listGroupsInUse,
  newFormKey,
  removeGroup,
  removeMember,
  renameGroup,
  startGroup,
  viewGroup,
} from "../../operations/console/own-groups.ts";
import { GroupPage, type GroupPageProps, type MemberFacts } from "../../pages/console/group.tsx";
import { GroupsPage, type GroupsPageProps } from "../../pages/console/groups.tsx";
import { askTarget } from "../../policy/language/kinds.ts";
import { namedByMember } from "../../policy/language/named-people.ts";
import type { GroupMemberBody } from "../../policy/language/policy.ts";
import { parseAddress } from "../../protocol/email-address.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { TRIMMED_LINE } from "../../shared/parse.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { readOwnForm } from "../browser/csrf.ts";
import { knownKey } from "../browser/known-key.ts";
import { wordsFor } from "../browser/language.ts";
import { seeOther } from "../browser/redirect.ts";
import { renderPage } from "../browser/render-page.ts";
import type { ActingEnv, UsherEnv, UsherHono } from "../context.ts";
import { idOf } from "../path-id.ts";
import { actingOnly, consoleFrameOf, consolePath } from "./acting.ts";
import { NAMELESS, type Naming } from "./speech/naming.ts";
import { policyInWords } from "./speech/policy.ts";

/** Groups of an owner's own: who is in them, and what goes by them. */
export function groupRoutes(): UsherHono {
  const acting = actingOnly((owner) => `/console/${owner}/groups`);
  return new Hono<UsherEnv>()
    .get("/", actingOnly(), (c) => showGroups(c))
    .post("/", acting, make)
    .all("/", onlyPageMethods("GET", "POST"))
    .get("/:group", actingOnly(), (c) => showGroup(c))
    .all("/:group", onlyPageMethods("GET"))
    .post("/:group/add", acting, add)
    .all("/:group/add", onlyPageMethods("POST"))
    .post("/:group/remove", acting, remove)
    .all("/:group/remove", onlyPageMethods("POST"))
    .post("/:group/rename", acting, rename)
    .all("/:group/rename", onlyPageMethods("POST"))
    .post("/:group/delete", acting, removeWhole)
    .all("/:group/delete", onlyPageMethods("POST"));
}

const NO_FORM: GroupsPageProps["form"] = { name: "", error: null };

async function showGroups(c: Context<ActingEnv>, form = NO_FORM): Promise<Response> {
  const { services, acting } = c.var;
  const cursor = c.req.query("cursor") ?? null;
  const { items, next } = await listGroupsInUse(services, acting.actor, cursor);
  const frame = await consoleFrameOf(c);
  const { locale } = wordsFor(c).language;
  const page = GroupsPage({
    frame,
    groups: items.toSorted((one, other) => one.name.localeCompare(other.name, locale)),
    isWhole: cursor === null && next === null,
    next: next === null ? null : `${frame.console}/groups?cursor=${encodeURIComponent(next)}`,
    formKey: newFormKey(services),
    form,
    isDeleted: c.req.query("notice") === "deleted",
  });
  return renderPage(c, page, form.error === null ? 200 : 400);
}

async function make(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const form = await readOwnForm(c);
  const [typed, key] = [form.get("name") ?? "", form.require("key")];
  const name = parseName(typed);
  if (name === null) return showGroups(c, { name: typed, error: "notAName" });
  try {
    return backTo(c, `/${await startGroup(services, acting.actor, name, key)}`, {});
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "quota_exceeded") {
      return showGroups(c, { name: typed, error: "tooMany" });
    }
    throw error;
  }
}

type Form = GroupPageProps["form"];

const UNTOUCHED: Form = { address: "", name: null, error: null };

async function showGroup(c: Context<ActingEnv>, form = UNTOUCHED): Promise<Response> {
  const { services, acting } = c.var;
  const [view, frame] = await Promise.all([viewGroup(services, acting.actor, groupOf(c)), consoleFrameOf(c)]);
  const { group, policies, doubtful } = view;
  const naming = namingOf(view);
  const notice = knownKey(frame.words.groups.notices, c.req.query("notice"));
  const page = GroupPage({
    frame,
    id: group.id,
    name: group.document.name,
    members: group.document.members.map((member, place) => memberFacts(member, doubtful.has(place))),
    uses: policies.map(({ document }) => ({
      sentence: policyInWords(document, naming, frame),
      thing: onlyThingOf(document.target, naming),
    })),
    notice: notice === "deleted" ? null : notice,
    form,
  });
  return renderPage(c, page, form.error === null ? 200 : 400);
}

/** The one thing that a policy is about, if it is there still; null: it is about more. */
const onlyThingOf = askTarget<[naming: Naming], string | null>(
  {
    resources: ({ resources: [first = "", ...others] }, { things }) =>
      others.length === 0 && things.has(first) ? first : null,
    type: () => null,
    all: () => null,
  },
  () => null,
);

/** Of other groups, and of people whom an issuer knows, no name is looked up for this. */
function namingOf({ group, things, clients }: Awaited<ReturnType<typeof viewGroup>>): Naming {
  return {
    ...NAMELESS,
    things: new Map(things.map(({ id, name }) => [id, name])),
    groups: new Map([[group.id, group.document.name]]),
    apps: clients,
    scopeNames: things.map(({ scopeNames }) => scopeNames),
  };
}

function memberFacts(member: GroupMemberBody, isDoubtful: boolean): MemberFacts {
  const who = "email" in member ? { address: member.email } : { host: URL.parse(member.issuer)?.host ?? member.issuer };
  return { key: namedByMember(member), who, isDoubtful };
}

async function add(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const typed = (await readOwnForm(c)).get("address") ?? "";
  const address = parseAddress(typed);
  if (address === null) return showGroup(c, { ...UNTOUCHED, address: typed, error: "notAnAddress" });
  const outcome = await addMember(services, acting.actor, groupOf(c), address);
  if (outcome === "full") return showGroup(c, { ...UNTOUCHED, address: typed, error: "full" });
  return tell(c, outcome, "added", "already");
}

async function remove(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const person = (await readOwnForm(c)).require("person");
  return tell(c, await removeMember(services, acting.actor, groupOf(c), person), "removed", "removed");
}

async function rename(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  const typed = (await readOwnForm(c)).get("name") ?? "";
  const name = parseName(typed);
  if (name === null) return showGroup(c, { ...UNTOUCHED, name: typed, error: "notAName" });
  return tell(c, await renameGroup(services, acting.actor, groupOf(c), name), "renamed", "renamed");
}

async function removeWhole(c: Context<ActingEnv>): Promise<Response> {
  const { services, acting } = c.var;
  await readOwnForm(c);
  if (await removeGroup(services, acting.actor, groupOf(c))) return backTo(c, "", { notice: "deleted" });
  return showGroup(c, { ...UNTOUCHED, error: "inUse" });
}

type Notice = NonNullable<GroupPageProps["notice"]>;

function tell(c: Context<ActingEnv>, outcome: GroupEdit, done: Notice, unchanged: Notice) {
  const notices = { done, unchanged, full: unchanged, pending: "pending" } as const;
  return backTo(c, `/${groupOf(c)}`, { notice: notices[outcome] });
}

/** One line, as `parseGroup` takes it. */
function parseName(typed: string): string | null {
  const name = typed.trim();
  return name.length <= MAX_NAME_CHARACTERS && TRIMMED_LINE.test(name) ? name : null;
}

function groupOf(c: Context<ActingEnv>): string {
  return idOf(c.req, () => new ProtocolError("not_found", "there is no such group here"), "group");
}

function backTo(c: Context<ActingEnv>, path: string, outcome: Readonly<Record<string, string>>): Response {
  const { services, acting } = c.var;
  const query = Object.keys(outcome).length === 0 ? "" : `?${new URLSearchParams(outcome)}`;
  return seeOther(c, `${services.config.issuer}${consolePath(acting.right.ownerId)}/groups${path}${query}`);
}
