import type { PermissionName, RequestView } from "../../ledger/contract.ts";
import type { RequestNames } from "../../operations/console/read-requests.ts";
import type { ConsoleFrame } from "../../pages/console/layout.tsx";
import type { WaitingFacts } from "../../pages/console/parts/request-card.tsx";
import type { AskedThing, KnownFacts } from "../../pages/console/request.tsx";
import type { PersonFacts } from "../../pages/parts/identity.tsx";
import { plain, said } from "../../pages/words/said.ts";
import { hostOf } from "../../protocol/client-home.ts";
import type { ScopeNames } from "../../protocol/scope-names.ts";
import { actInSentence, actOf, personInWords } from "./speech/naming.ts";

/** What pages need to say of requests beside the requests themselves. */
export interface RequestReader extends RequestNames {
  readonly frame: ConsoleFrame;
  /** Who reads, and is "you" where nobody else decided. */
  readonly accountId: string;
}

/** Of many things a sentence names the first. */
const THINGS_SAID = 4;

export function waitingFacts(request: RequestView, reader: RequestReader): WaitingFacts {
  const { id, version, clientId, createdAt: askedAt, lastAskedAt, timesAsked } = request;
  return {
    ...{ id, version, person: personOf(request), sentence: sentenceOf(request, reader) },
    app: reader.names.get(clientId) ?? null,
    ...uncheckedIn(clientId, reader),
    ...{ askedAt, lastAskedAt, timesAsked },
  };
}

function uncheckedIn(clientId: string, { unchecked }: RequestReader): Pick<WaitingFacts, "unchecked"> {
  const host = unchecked.get(clientId);
  return host === undefined ? {} : { unchecked: { host } };
}

/** A name with the address that was verified. */
function personOf({ card }: RequestView): PersonFacts {
  return { name: card?.name ?? null, address: card?.addresses[0] ?? null };
}

/** @param ourselves the issuer that this server is. */
export function knownFacts({ card }: RequestView, ourselves: string): KnownFacts {
  const { addresses = [], nameSaidBy = null, issuer = null } = card ?? {};
  return {
    addresses,
    nameSaidBy: nameSaidBy && (hostOf(nameSaidBy) ?? nameSaidBy),
    issuer: issuer && (hostOf(issuer) ?? issuer),
    hasAccount: issuer === ourselves,
  };
}

/** What became of a request, such as "Dr. Roth asks to view Lab results." The address stands beside it. */
export function sentenceOf(request: RequestView, reader: RequestReader): string {
  const { name, address } = personOf(request);
  return tell(request, { name: name ?? address, address: null }, reader);
}

/** The same where no address stands beside it. */
export function wholeSentenceOf(request: RequestView, reader: RequestReader): string {
  return tell(request, personOf(request), reader);
}

function tell(request: RequestView, person: PersonFacts, reader: RequestReader): string {
  const { words } = reader.frame;
  const { status, decision } = request;
  const who = personInWords(person, words);
  const what = whatInWords(status === "approved" ? (decision?.allowed ?? []) : request.asked, reader);
  const other = otherDecider(request, reader);
  if (other === null || status === "waiting" || status === "expired") return words.requests.statuses[status](who, what);
  return words.requests.statusesByOther[status](other, who, what);
}

/** The name of another administrator who decided; null: whoever reads did, or nobody whose name is known. */
function otherDecider({ decision }: RequestView, { accountId, names }: RequestReader): string | null {
  const decider = decision?.by.accountId ?? null;
  return decider === null || decider === accountId ? null : (names.get(decider) ?? null);
}

/** What would be done with what, such as "view and print Lab results"; what goes for several things is said once. */
export function whatInWords(permissions: readonly PermissionName[], reader: RequestReader): string {
  const { words } = reader.frame;
  const { shares } = words;
  const things = new Map<string, string[]>();
  for (const { resourceId, scopes } of permissions) {
    const acts = actsOf({ resourceId, scopes }, reader);
    things.set(acts, [...(things.get(acts) ?? []), thingInWords(resourceId, reader)]);
  }
  return shares.list(
    [...things].map(([acts, named]) => {
      const left = named.length - THINGS_SAID;
      const first = left > 0 ? [...named.slice(0, THINGS_SAID), shares.targets.more(left)] : named;
      return words.requests.act(acts, shares.list(first));
    }),
  );
}

function actsOf({ resourceId, scopes }: PermissionName, reader: RequestReader): string {
  const { words } = reader.frame;
  if (scopes.length === 0) return words.shares.everyAct;
  return words.shares.list(scopes.map((scope) => actInSentence(scope, namesOf(resourceId, reader), words)));
}

function namesOf(resourceId: string, { scopeNames }: RequestReader): readonly ScopeNames[] {
  const names = scopeNames.get(resourceId);
  return names === undefined ? [] : [names];
}

function thingInWords(resourceId: string, reader: RequestReader): string {
  const name = reader.names.get(resourceId);
  if (name !== undefined) return said`${name}`;
  const { lost, nameless } = reader.frame.words.shares.targets;
  return reader.scopeNames.has(resourceId) ? nameless : lost;
}

/** The name of the checkbox of an act: which thing, and which of its acts. */
export function fieldOf(thing: number, act: number): string {
  return `allow-${thing}-${act}`;
}

/** What is asked for, act by act. @param isChosen whether a box is ticked, by the name of its field. */
export function askedThings(
  { asked }: RequestView,
  reader: RequestReader,
  isChosen: (field: string) => boolean,
): readonly AskedThing[] {
  const { words } = reader.frame;
  return asked.map(({ resourceId, scopes }, thing) => ({
    id: reader.scopeNames.has(resourceId) ? resourceId : null,
    name: reader.names.get(resourceId) ?? plain(thingInWords(resourceId, reader)),
    acts: (scopes.length === 0 ? [null] : scopes).map((scope, act) => {
      const field = fieldOf(thing, act);
      const label = scope === null ? words.requests.wholeThing : actOf(scope, namesOf(resourceId, reader), words);
      return { field, label, isChosen: isChosen(field) };
    }),
  }));
}

/** What of a request was ticked. */
export function chosenOf({ asked }: RequestView, isChosen: (field: string) => boolean): readonly PermissionName[] {
  return asked.flatMap(({ resourceId, scopes }, thing) => {
    if (scopes.length === 0) return isChosen(fieldOf(thing, 0)) ? [{ resourceId, scopes: [] }] : [];
    const chosen = scopes.filter((_scope, act) => isChosen(fieldOf(thing, act)));
    return chosen.length > 0 ? [{ resourceId, scopes: chosen }] : [];
  });
}

/** What was asked for and not allowed. */
export function leftOutOf({ asked, decision }: RequestView): readonly PermissionName[] {
  const allowed = new Map(decision?.allowed.map(({ resourceId, scopes }) => [resourceId, scopes]));
  return asked.flatMap(({ resourceId, scopes }) => {
    const given = allowed.get(resourceId);
    if (given === undefined) return [{ resourceId, scopes }];
    const left = scopes.filter((scope) => !given.includes(scope));
    return left.length > 0 ? [{ resourceId, scopes: left }] : [];
  });
}
