import type { LedgerDirectory, LiveGrant } from "../../ledger/contract.ts";
import { askTarget } from "../../policy/language/kinds.ts";
import { mentionedClients } from "../../policy/language/mentioned-clients.ts";
import type { Condition, PolicyBody } from "../../policy/language/policy.ts";
import { alternativesOf } from "../../policy/share/alternatives.ts";
import { type Audience, readAudiences } from "../../policy/share/audience.ts";
import type { Actor } from "../../protocol/actor.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PartyCard } from "../../protocol/party-card.ts";
import { listGrants } from "../own/read-grants.ts";
import type { ClientStore } from "../ports/client.ts";
import type { CollectionName, WordedResource } from "../ports/owned-resource.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { NamedGroup, ReachingPolicy, StoredThing, ThingStore } from "../ports/thing.ts";
import { notFound, requireStanding } from "../under-connection.ts";
import { findPeople } from "./find-people.ts";

interface ThingServices {
  readonly things: ThingStore;
  readonly ledgers: LedgerDirectory;
  readonly clients: Pick<ClientStore, "listNames">;
  readonly pairwise: Pick<PairwiseSubjects, "person">;
}

/** What else a policy is about, beside the thing that is looked at. */
export type Reach =
  | { readonly kind: "thing" }
  | { readonly kind: "things"; readonly others: number }
  /** A collection that the thing is in. */
  | { readonly kind: "collection"; readonly collection: CollectionName }
  | { readonly kind: "type"; readonly type: string }
  | { readonly kind: "all" }
  /** Something that this code does not know. */
  | { readonly kind: "unknown" };

/** That a policy speaks of somebody, and what it says of them. */
export interface Share {
  readonly policyId: string;
  readonly version: number;
  /** Which of those it speaks of; the number changes with the version alone. */
  readonly place: number;
  readonly document: PolicyBody;
  /** Who it is about, of those whom the policy speaks of. */
  readonly condition: Condition;
  /** Each of whom alone would do; null: what the condition says is more than that. */
  readonly whom: readonly Audience[] | null;
  /** The clients that they must come with, one of them; null: any. */
  readonly through: readonly string[] | null;
  readonly reach: Reach;
  /** Epoch seconds; null: before anybody noted when. */
  readonly createdAt: number | null;
  /** What is held under it at present, as far as it was looked for. */
  readonly held: readonly LiveGrant[];
}

/** A thing, and everybody who can see it or is kept from it. */
export interface ThingView {
  readonly resource: WordedResource;
  readonly permits: readonly Share[];
  readonly denies: readonly Share[];
  readonly groups: ReadonlyMap<string, NamedGroup>;
  /** Who those are whom a policy names, as far as they ever came; by `partyKey`. */
  readonly people: ReadonlyMap<string, PartyCard>;
  /** What clients are called, by id. */
  readonly clients: ReadonlyMap<string, string>;
  /** Whether all was looked at that is held at present. */
  readonly isWhole: boolean;
}

/** As many as a ledger looks at in one call. */
const HELD_LOOKED_AT = 20;

/**
 * Who can see a thing, and why. Two round trips at once, to D1 and the ledger; and one more to D1 where apps have to be
 * named, or to the ledger where people have to be who are known by an issuer's word.
 * @throws ProtocolError not_found, temporarily_unavailable
 */
export async function readThing(services: ThingServices, actor: Actor, id: string): Promise<ThingView> {
  const sought = { clientId: null, partyReference: null, resourceId: id, after: null, limit: HELD_LOOKED_AT };
  const [found, held] = await Promise.all([
    services.things.find(actor, id),
    listGrants(services, { caller: actor, ...sought }),
  ]);
  const thing = requireStanding(found);
  if (thing === null) throw notFound();
  const shares = thing.policies.flatMap((reaching) => sharesOf(reaching, thing, held.items));
  const isDeny = ({ document }: Share) => document.effect === "deny";
  const [clients, people] = await Promise.all([nameClients(services, shares), namePeople(services, actor, shares)]);
  return {
    resource: thing.resource,
    permits: shares.filter((share) => !isDeny(share)),
    denies: shares.filter(isDeny),
    groups: new Map(thing.groups.map((group) => [group.id, group])),
    people,
    clients,
    isWhole: held.next === null,
  };
}

function sharesOf(
  { policy, createdAt }: ReachingPolicy,
  thing: StoredThing,
  held: readonly LiveGrant[],
): readonly Share[] {
  const { id: policyId, version, document } = policy;
  const alternatives = alternativesOf(document.who);
  const common = { policyId, version, document, reach: reachOf(document.target, thing), createdAt };
  const under = held.filter(({ policyIds = [] }) => policyIds.includes(policyId));
  return alternatives.map((alternative, place) => {
    const { whom, through } = read(alternative);
    const isOnly = alternatives.length === 1;
    const own = under.filter((grant) => isOnly || whom === null || whom.some((one) => isOf(grant, one)));
    return { ...common, place, condition: alternative, whom, through, held: own };
  });
}

/** Whether it can be by this one of those whom a policy names that a grant is held. */
function isOf({ card, clientId }: LiveGrant, audience: Audience): boolean {
  switch (audience.kind) {
    case "everybody":
    case "group":
      return true;
    case "app":
      return audience.clientId === clientId;
    case "address":
      return card?.addresses.some((address) => isSameText(address, audience.address)) ?? false;
    case "domain":
      return card?.addresses.some((address) => isSameText(domainOf(address), audience.domain)) ?? false;
    case "person":
      return card !== undefined && card.issuer === audience.issuer && card.subject === audience.subject;
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

function isSameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A kept policy can be newer than this code and have any form (ledger/README.md, rule 10): of what throws nothing is told. */
function read(alternative: Condition): Pick<Share, "whom" | "through"> {
  try {
    return readAudiences(alternative) ?? { whom: null, through: null };
  } catch {
    return { whom: null, through: null };
  }
}

const reachOf = askTarget<[thing: StoredThing], Reach>(
  {
    resources: ({ resources }, { resource }) => {
      const collection = resources.includes(resource.id)
        ? undefined
        : resource.collections.find(({ id }) => resources.includes(id));
      if (collection !== undefined) return { kind: "collection", collection };
      return resources.length > 1 ? { kind: "things", others: resources.length - 1 } : { kind: "thing" };
    },
    type: ({ type }) => ({ kind: "type", type }),
    all: () => ({ kind: "all" }),
  },
  () => ({ kind: "unknown" }),
);

/** Of a condition that cannot be read, as `read`. */
function clientsIn(condition: Condition): readonly string[] {
  try {
    return mentionedClients(condition);
  } catch {
    return [];
  }
}

async function nameClients(
  { clients }: Pick<ThingServices, "clients">,
  shares: readonly Share[],
): Promise<ReadonlyMap<string, string>> {
  const ids = shares.flatMap(({ condition, held }) => [
    ...clientsIn(condition),
    ...held.map(({ clientId }) => clientId),
  ]);
  return ids.length === 0 ? new Map() : clients.listNames([...new Set(ids)]);
}

/** Whoever has something open at present is known with it; the others are asked for. */
async function namePeople(
  { ledgers, pairwise }: Pick<ThingServices, "ledgers" | "pairwise">,
  actor: Actor,
  shares: readonly Share[],
): Promise<ReadonlyMap<string, PartyCard>> {
  const present = shares.flatMap(({ held }) => held.flatMap(({ card }) => card ?? []));
  const known = new Map(present.map((card) => [partyKey(card), card]));
  const named = shares.flatMap(({ whom }) => (whom ?? []).filter((one) => one.kind === "person").map(partyKey));
  const missing = [...new Set(named)].filter((key) => !known.has(key));
  return new Map([...known, ...(await findPeople({ ledgers, pairwise }, actor, missing))]);
}
