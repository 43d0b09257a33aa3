import type { LiveGrant } from "../../ledger/contract.ts";
import type { Share, ThingView } from "../../operations/console/read-thing.ts";
import type { SharedWith, ShareFacts, WhyShared } from "../../pages/console/thing.tsx";
import type { PersonFacts } from "../../pages/parts/identity.tsx";
import type { Words } from "../../pages/words/en.ts";
import { parseDateTime } from "../../policy/language/local-time.ts";
import type { Audience } from "../../policy/share/audience.ts";
import { describeShare } from "../../policy/share/describe-share.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PartyCard } from "../../protocol/party-card.ts";
import { readableScope } from "../../protocol/scope-names.ts";
import { conditionInWords } from "./speech/condition.ts";
import { actOf, NAMELESS } from "./speech/naming.ts";

/** What the page of a thing tells of one share. */
export function shareFacts(view: ThingView, share: Share, words: Words): ShareFacts {
  const { policyId, version, place, document, whom, through, createdAt, held } = share;
  const { when, where, terms } = document;
  const used = held.map(({ usedAt }) => usedAt);
  return {
    policy: policyId,
    version,
    place,
    of: share.reach.kind === "collection" ? share.reach.collection.id : view.resource.id,
    whom: whom?.map((audience) => sharedWith(view, held, audience)) ?? [ruleOf(view, share, words)],
    apps: through?.flatMap((id) => view.clients.get(id) ?? []) ?? null,
    actions:
      document.scopes === "all"
        ? null
        : document.scopes.map((scope) => actOf(scope, [view.resource.scopeNames], words)),
    from: secondsOf(when?.not_before),
    until: secondsOf(when?.expires),
    asksFirst: terms?.approval ?? false,
    agreement: terms?.agreement?.title ?? null,
    isLimited: where !== undefined || when?.hours !== undefined || terms?.uses !== undefined,
    canChange: document.effect === "permit" && describeShare(document).kind === "share",
    why: whyShared(share),
    since: createdAt,
    usedAt: used.length === 0 ? null : Math.max(...used),
    insiders: whom?.every(({ kind }) => kind === "person" || kind === "address")
      ? []
      : held.map((grant) => insiderOf(view, grant)),
  };
}

function sharedWith({ groups, clients, people }: ThingView, held: Share["held"], audience: Audience): SharedWith {
  switch (audience.kind) {
    case "everybody":
      return { kind: "anyone" };
    case "address":
      return { kind: "person", person: { name: nameBehind(held, audience.address), address: audience.address } };
    case "person": {
      const card = people.get(partyKey(audience));
      const person = card === undefined ? null : personOf(card);
      if (person !== null) return { kind: "person", person };
      const host = URL.parse(audience.issuer)?.host ?? audience.issuer;
      return { kind: "someone", host, says: card?.name ?? null };
    }
    case "domain":
      return { kind: "domain", domain: audience.domain };
    case "group": {
      const group = groups.get(audience.groupId);
      return { kind: "group", id: audience.groupId, name: group?.name ?? null, members: group?.members ?? 0 };
    }
    case "app":
      return { kind: "app", name: clients.get(audience.clientId) ?? null };
  }
}

/** What is more than a list of people is said whole; a kept condition that is newer than this code can have any form. */
function ruleOf({ groups, clients }: ThingView, { condition, document }: Share, words: Words): SharedWith {
  const naming = { ...NAMELESS, apps: clients, groups: new Map([...groups].map(([id, { name }]) => [id, name])) };
  try {
    return { kind: "rule", sentence: conditionInWords(condition, naming, words) };
  } catch {
    return { kind: "rule", sentence: words.thing.byRule(document.name ?? null) };
  }
}

function whyShared({ reach }: Share): WhyShared | null {
  switch (reach.kind) {
    case "thing":
    case "unknown":
      return null;
    case "things":
    case "all":
      return reach;
    case "collection":
      return { kind: "collection", name: reach.collection.name };
    case "type":
      return { kind: "type", name: readableScope(reach.type) };
  }
}

function insiderOf({ clients }: ThingView, { card, clientId }: LiveGrant): ShareFacts["insiders"][number] {
  return { person: card === undefined ? null : personOf(card), app: clients.get(clientId) ?? null };
}

/** What whoever has this address open at present is called, if it is one of them and no other. */
function nameBehind(held: Share["held"], address: string): string | null {
  const cards = held.flatMap(({ card }) => card ?? []).filter(({ addresses }) => addresses.includes(address));
  const names = new Set(cards.map(({ name }) => name));
  return names.size === 1 ? ([...names][0] ?? null) : null;
}

/** A name that nobody vouches for stands only beside an address that somebody does: alone it would prove nothing. */
export function personOf({ name, nameSaidBy, addresses }: PartyCard): PersonFacts | null {
  const address = addresses[0] ?? null;
  return address === null && nameSaidBy === null ? null : { name, address };
}

function secondsOf(dateTime: string | undefined): number | null {
  return dateTime === undefined ? null : Math.floor(parseDateTime(dateTime));
}
