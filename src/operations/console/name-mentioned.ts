import { askTarget } from "../../policy/language/kinds.ts";
import { mentionedClients } from "../../policy/language/mentioned-clients.ts";
import type { PolicyBody } from "../../policy/language/policy.ts";
import { describeShare } from "../../policy/share/describe-share.ts";
import type { Actor } from "../../protocol/actor.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PartyCard } from "../../protocol/party-card.ts";
import { readOwnedResource } from "../own/read-resources.ts";
import type { ClientStore } from "../ports/client.ts";
import type { OwnedResourceStore, WordedResource } from "../ports/owned-resource.ts";
import { findPeople, type PeopleServices } from "./find-people.ts";

interface NamingServices extends PeopleServices {
  readonly clients: Pick<ClientStore, "listNames">;
  readonly ownedResources: OwnedResourceStore;
}

/** What those are called whom policies mention by an id. */
export interface MentionedNames {
  readonly apps: ReadonlyMap<string, string>;
  /** By `partyKey`. */
  readonly people: ReadonlyMap<string, PartyCard>;
  /** Collections that are shared as a whole, beside what is known already. */
  readonly collections: readonly WordedResource[];
}

/** @param known ids of collections that these policies may be about. */
export async function nameMentioned(
  services: NamingServices,
  actor: Actor,
  documents: readonly PolicyBody[],
  known: readonly string[],
): Promise<MentionedNames> {
  const apps = [...new Set(documents.flatMap(({ who }) => mentionedClients(who)))];
  const targets = new Set(documents.flatMap(({ target }) => namedBy(target)));
  const collections = [...new Set(known)].filter((id) => targets.has(id));
  const [names, people, read] = await Promise.all([
    apps.length === 0 ? new Map<string, string>() : services.clients.listNames(apps),
    findPeople(services, actor, [...new Set(documents.flatMap(peopleIn))]),
    Promise.all(collections.map((id) => readOwnedResource(services, actor, id))),
  ]);
  return { apps: names, people, collections: read };
}

const namedBy = askTarget<[], readonly string[]>(
  { resources: ({ resources }) => resources, type: () => [], all: () => [] },
  () => [],
);

function peopleIn(document: PolicyBody): readonly string[] {
  const read = describeShare(document);
  return read.kind === "share" ? read.whom.filter((one) => one.kind === "person").map(partyKey) : [];
}
