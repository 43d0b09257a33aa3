import { mentionedClients } from "../../policy/language/mentioned-clients.ts";
import { namedByMember } from "../../policy/language/named-people.ts";
import type { Group, GroupBody, GroupMemberBody } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import { ProtocolError } from "../../shared/error.ts";
import { MAX_GROUP_MEMBERS } from "../../shared/limits.ts";
import { createGroup, deleteGroup, type EditServices, readGroup, replaceGroup } from "../own/edit-policy.ts";
import { type ReviewServices, reviewOwnersGroup } from "../own/review-document.ts";
import type { ClientStore } from "../ports/client.ts";
import type { GroupInUse, GroupSummary, OwnGroupStore } from "../ports/own-group.ts";
import type { Page } from "../ports/page.ts";
import { notFound, requireStanding } from "../under-connection.ts";

interface GroupServices extends ReviewServices, EditServices {
  readonly ownGroups: OwnGroupStore;
  readonly clients: EditServices["clients"] & Pick<ClientStore, "listNames">;
}

export interface GroupView extends GroupInUse {
  /** What clients that its policies name are called, by id. */
  readonly clients: ReadonlyMap<string, string>;
  /** Places of members whom nobody could ever prove to be. */
  readonly doubtful: ReadonlySet<number>;
}

const GROUPS_ON_A_PAGE = 100;

/** @throws ProtocolError invalid_token, invalid_request */
export async function listGroupsInUse(
  { ownGroups }: Pick<GroupServices, "ownGroups">,
  actor: Actor,
  cursor: string | null,
): Promise<Page<GroupSummary>> {
  return requireStanding(await ownGroups.list(actor, cursor, GROUPS_ON_A_PAGE));
}

/**
 * A group, and what it is used for. One round trip to D1, and one more for what its members count for and what apps are
 * called.
 * @throws ProtocolError not_found
 */
export async function viewGroup(services: GroupServices, actor: Actor, id: string): Promise<GroupView> {
  const found = requireStanding(await services.ownGroups.find(actor, id));
  if (found === null) throw notFound();
  const clients = [...new Set(found.policies.flatMap(({ document }) => mentionedClients(document.who)))];
  const [names, warnings] = await Promise.all([
    clients.length === 0 ? new Map<string, string>() : services.clients.listNames(clients),
    reviewOwnersGroup(services, actor.ownerId, found.group.document),
  ]);
  const places = warnings.map(({ path }) => Number(/^members\[(\d+)\]/.exec(path)?.[1]));
  return { ...found, clients: names, doubtful: new Set(places) };
}

/** A key for a form: if that is sent twice, it is the same edit. */
export function newFormKey({ randomness }: Pick<GroupServices, "randomness">): string {
  return randomness.id();
}

/** @param key under which a form that comes again makes no second group. @returns its id. */
export async function startGroup(services: GroupServices, actor: Actor, name: string, key: string): Promise<string> {
  const { id } = await createGroup(services, { caller: actor, repeatKey: key }, { name, members: [] });
  return id;
}

/** What became of a change of a group. */
export type GroupEdit =
  | "done"
  /** It is booked, and has yet to reach the database. */
  | "pending"
  | "unchanged"
  | "full";

/** Adds somebody by their address, beside whatever others change meanwhile. */
export function addMember(services: GroupServices, actor: Actor, id: string, email: string): Promise<GroupEdit> {
  const added: GroupMemberBody = { email };
  return editGroup(services, actor, id, (group) => {
    if (group.members.some((one) => namedByMember(one) === namedByMember(added))) return "unchanged";
    if (group.members.length >= MAX_GROUP_MEMBERS) return "full";
    return { ...group, members: [...group.members, added] };
  });
}

/** @param person as `namedByMember` names them. */
export function removeMember(services: GroupServices, actor: Actor, id: string, person: string): Promise<GroupEdit> {
  return editGroup(services, actor, id, (group) => {
    const members = group.members.filter((one) => namedByMember(one) !== person);
    return members.length === group.members.length ? "unchanged" : { ...group, members };
  });
}

export function renameGroup(services: GroupServices, actor: Actor, id: string, name: string): Promise<GroupEdit> {
  return editGroup(services, actor, id, (group) => (group.name === name ? "unchanged" : { ...group, name }));
}

/**
 * Removes a group that no policy names. One that is named stays: a permit by it would let in nobody, and a deny by it would
 * keep out everybody.
 * @returns false when it is named.
 */
export async function removeGroup(services: GroupServices, actor: Actor, id: string): Promise<boolean> {
  const found = requireStanding(await services.ownGroups.find(actor, id));
  if (found === null) throw notFound();
  if (found.policies.length > 0) return false;
  await deleteGroup(services, { caller: actor, repeatKey: null }, { id, expected: found.group.version });
  return true;
}

/** Others may change the group at the same time; each change is made upon what they left. */
const TRIES = 4;

async function editGroup(
  services: GroupServices,
  actor: Actor,
  id: string,
  change: (group: GroupBody) => GroupBody | "unchanged" | "full",
): Promise<GroupEdit> {
  for (let left = TRIES; ; left -= 1) {
    const group: Group = await readGroup(services, actor, id);
    const document = change(group.document);
    if (typeof document === "string") return document;
    try {
      const change = { id, document, expected: group.version };
      const { recorded } = await replaceGroup(services, { caller: actor, repeatKey: null }, change);
      return recorded ? "done" : "pending";
    } catch (error) {
      const hasChanged = error instanceof ProtocolError && error.code === "precondition_failed";
      if (!hasChanged || left === 1) throw error;
    }
  }
}
