import type { SystemOfRecord } from "../../ledger/record.ts";
import { Deliberation } from "../../policy/evaluation/deliberation.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { ANYBODY } from "../../policy/evaluation/witnesses.ts";
import { parseDateTime } from "../../policy/language/local-time.ts";
import { mentionedClients } from "../../policy/language/mentioned-clients.ts";
import { type NamedPerson, namedByAddress } from "../../policy/language/named-people.ts";
import type { Group, Policy } from "../../policy/language/policy.ts";
import { type PartyClaims, statementsOf } from "../../protocol/claims.ts";
import { partyKey } from "../../protocol/party.ts";
import type { ProtectedResource } from "../../protocol/resource.ts";
import type { Page } from "../ports/page.ts";
import type { KnownPerson } from "../ports/session.ts";
import type { ForeignThing, HomeOfApp, PermitForMe, SharedWithMeStore } from "../ports/shared-with-me.ts";
import { type AccountClaimsServices, readAccountClaims } from "./account-claims.ts";
import { readName } from "./create-account.ts";

interface SharedWithMeServices extends AccountClaimsServices {
  readonly sharedWithMe: SharedWithMeStore;
  readonly record: Pick<SystemOfRecord, "load">;
}

/** Who is signed in, and whence: what they may do can hang on it. */
export interface Reader {
  readonly person: KnownPerson;
  readonly whereabouts: Whereabouts;
  /** Epoch seconds. */
  readonly now: number;
}

/** What one permit lets somebody do. */
export interface SharedWithMe {
  readonly policyId: string;
  /** Whose it is; empty: they gave no name. */
  readonly ownerName: string;
  /** Some of what it is about, each with what can be done with it. */
  readonly things: readonly AllowedThing[];
  /** Whether it is about more than these. */
  readonly hasMore: boolean;
  /** The app by way of which alone it holds; null: any, or one of several. */
  readonly app: HomeOfApp | null;
  /** Epoch seconds; null: no end of its own. */
  readonly until: number | null;
}

export interface AllowedThing extends ForeignThing {
  /** Empty: all of it, where it has no scopes. */
  readonly scopes: readonly string[];
  /** Whether more is asked first: the owner, or whether somebody agrees. */
  readonly isAsked: boolean;
}

const PERMITS_ON_A_PAGE = 20;

/**
 * What others share with whoever is signed in: by their verified addresses, by their account here, and by those at identity
 * providers that they sign in with. What something else keeps them from is left out, so a page may be short, or empty, and
 * still have a next.
 */
export async function listSharedWithMe(
  services: SharedWithMeServices,
  reader: Reader,
  cursor: string | null,
): Promise<Page<SharedWithMe>> {
  const { person, now } = reader;
  const { claims } = await readAccountClaims(services, person, now);
  const { ownerId } = person.account;
  const permits = await services.sharedWithMe.list(namesOf(claims), ownerId, cursor, PERMITS_ON_A_PAGE);
  const things = await services.sharedWithMe.listThings(permits.items);
  const listed = permits.items.map((permit, index) => ({
    permit,
    ...(things[index] ?? { things: [], hasMore: false }),
  }));
  const [records, apps] = await Promise.all([
    loadRecords(services, listed),
    services.sharedWithMe.findApps([...new Set(listed.flatMap(({ permit }) => clientsOf(permit)))]),
  ]);
  const shown = await Promise.all(
    listed.map(async ({ permit, things: about, hasMore }): Promise<SharedWithMe> => {
      const { policy } = permit;
      const clients = clientsOf(permit);
      const [only = ""] = clients;
      const judge = judgeOf(permit, records.get(permit.ownerId), { claims, clientId: only, reader });
      const expires = policy.document.when?.expires;
      return {
        policyId: policy.id,
        ownerName: await ownerNameOf(services, permit),
        things: about.flatMap((thing) => judge(thing) ?? []),
        hasMore,
        app: clients.length === 1 ? (apps.get(only) ?? null) : null,
        until: expires === undefined ? null : Math.floor(parseDateTime(expires)),
      };
    }),
  );
  return { items: shown.filter((one) => one.things.length > 0), next: permits.next };
}

/** Everything under which a document may name a party. */
function namesOf(party: PartyClaims): readonly NamedPerson[] {
  const names = statementsOf(party).flatMap((statement) => [
    partyKey(statement),
    ...[statement.claims.email ?? []].flat().map((address) => namedByAddress(String(address))),
  ]);
  return [...new Set(names)];
}

function clientsOf({ policy }: PermitForMe): readonly string[] {
  return mentionedClients(policy.document.who);
}

interface OwnersRecord {
  readonly resources: ReadonlyMap<string, ProtectedResource>;
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
}

/** What decides about the things that are shown: of each owner in one round trip, all at once. */
async function loadRecords(
  { record }: SharedWithMeServices,
  listed: readonly { readonly permit: PermitForMe; readonly things: readonly ForeignThing[] }[],
): Promise<ReadonlyMap<string, OwnersRecord>> {
  const byOwner = Map.groupBy(listed, ({ permit }) => permit.ownerId);
  const loaded = Array.from(byOwner, async ([ownerId, own]): Promise<[string, OwnersRecord]> => {
    const ids = new Set(own.flatMap(({ things }) => things.map(({ id }) => id)));
    const { resources, policies, groups } = await record.load(ownerId, [...ids]);
    return [
      ownerId,
      {
        resources: new Map(resources.map((resource) => [resource.id, resource])),
        policies,
        groups: new Map(groups.map((group) => [group.id, group])),
      },
    ];
  });
  return new Map(await Promise.all(loaded));
}

/**
 * What can be done with a thing under a permit, by the evaluation that decides when it is asked for; null: nothing.
 * Agreements are taken as not accepted, and uses as not used up.
 */
function judgeOf(
  { policy }: PermitForMe,
  record: OwnersRecord | undefined,
  { claims, clientId, reader }: { claims: PartyClaims; clientId: string; reader: Reader },
): (thing: ForeignThing) => AllowedThing | null {
  if (record === undefined) return () => null;
  const deliberation = new Deliberation(record.policies, {
    party: claims,
    witnesses: ANYBODY,
    groups: record.groups,
    clientId,
    whereabouts: reader.whereabouts,
    usesLeft: ({ document }) => document.terms?.uses ?? 0,
    agreements: [],
    now: reader.now,
  });
  return (thing) => {
    const resource = record.resources.get(thing.id);
    if (resource === undefined) return null;
    const allowed = scopesOf(policy, resource).flatMap((scope) => {
      const { outcome, considered } = deliberation.decide(resource, scope);
      const isOpen = outcome !== "deny" && considered.some((one) => one.policyId === policy.id && one.outcome !== "no");
      return isOpen ? [{ scope, isAsked: outcome !== "permit" }] : [];
    });
    if (allowed.length === 0) return null;
    const scopes = allowed.map(({ scope }) => scope).filter((scope) => scope !== null);
    return { ...thing, scopes, isAsked: allowed.every(({ isAsked }) => isAsked) };
  };
}

function scopesOf({ document: { scopes } }: Policy, resource: ProtectedResource): readonly (string | null)[] {
  if (scopes !== "all") return resource.scopes.filter((scope) => scopes.includes(scope));
  return resource.scopes.length === 0 ? [null] : resource.scopes;
}

async function ownerNameOf(services: SharedWithMeServices, { ownerName, account }: PermitForMe): Promise<string> {
  return account === null ? ownerName : readName(services, account);
}
