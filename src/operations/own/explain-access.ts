import { closeHopeless } from "../../ledger/assess.ts";
import { readDirectories } from "../../ledger/directories.ts";
import type { IssuerWords } from "../../ledger/ports.ts";
import type { RecordExcerpt, SystemOfRecord } from "../../ledger/record.ts";
import { Deliberation } from "../../policy/evaluation/deliberation.ts";
import { type EvaluationFacts, mayConcern, reachOf } from "../../policy/evaluation/evaluate.ts";
import type { Decision } from "../../policy/evaluation/outcome.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { type Witnesses, witnessesIn } from "../../policy/evaluation/witnesses.ts";
import { mentionedGroups } from "../../policy/language/mentioned-groups.ts";
import type { Group, Policy, PolicyBody } from "../../policy/language/policy.ts";
import type { Actor } from "../../protocol/actor.ts";
import { readPartyClaims } from "../../protocol/admissible-claims.ts";
import type { ClaimValue, PartyClaims } from "../../protocol/claims.ts";
import { mayRedirect, mayUseCode } from "../../protocol/client.ts";
import type { ProtectedResource } from "../../protocol/resource.ts";
import { UMA_TICKET_GRANT } from "../../protocol/wire/client.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_ADDED_GROUPS } from "../../shared/limits.ts";
import type { ClientStore } from "../ports/client.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { PolicyStore } from "../ports/policy.ts";
import { connectionEnded, notFound, requireStanding } from "../under-connection.ts";
import { checkStrangers } from "./check-strangers.ts";

interface ExplainServices {
  readonly config: { readonly issuer: string };
  readonly clients: Pick<ClientStore, "find" | "listPublic">;
  readonly connections: Pick<ConnectionStore, "mayAct">;
  readonly policies: Pick<PolicyStore, "findGroups">;
  readonly record: Pick<SystemOfRecord, "load">;
  readonly trustedIssuers: Pick<TrustedIssuerStore, "findLeased" | "directory">;
  readonly inPerson: IssuerWords;
}

/** "What would happen if …?" */
export interface AccessQuestion {
  readonly resourceId: string;
  /** Null: every scope the resource has. */
  readonly scopes: readonly string[] | null;
  readonly party: SupposedParty | null;
  /** Null: an app of which nothing is known, and that may do whatever one may. */
  readonly clientId: string | null;
  /** Epoch seconds. */
  readonly at: number;
  readonly whereabouts: Whereabouts;
  /** Policies to suppose besides those there are. */
  readonly added: readonly PolicyBody[];
  /** Ids of policies to leave out. */
  readonly without: readonly string[];
}

/** What a trusted issuer is supposed to say of somebody. */
interface SupposedParty {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, ClaimValue>>;
  readonly authenticatedAt: number | null;
}

export interface Explanation {
  readonly resource: ProtectedResource;
  /** What the operator's word on the client makes impossible here; null: nothing. */
  readonly obstacle: ClientObstacle | null;
  /** Every policy that is about this resource. */
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly scopes: readonly { readonly scope: string | null; readonly decision: Decision }[];
}

export type ClientObstacle =
  /** It may not use the UMA grant. */
  | "client_may_not_ask"
  /** It may not bring what others could say of a person. */
  | "client_may_not_push"
  /** It may not send a person here, who could do what is missing. */
  | "client_may_not_redirect";

/**
 * Answers who would get what, by the very evaluation that assessments use; nothing is granted, spent or recorded.
 * Limited uses are taken as not used up and agreements as not accepted.
 * @throws ProtocolError invalid_token, not_found, or invalid_request for a client that is not registered, an issuer whose
 *   word would not count, a supposed policy that could not be written, and supposed policies that name too many groups.
 */
export async function explainAccess(
  services: ExplainServices,
  caller: Actor,
  question: AccessQuestion,
): Promise<Explanation> {
  const [loaded, party, client, { pushed, inPerson }] = await Promise.all([
    loadFacts(services, caller, question.resourceId),
    supposeParty(services, question),
    findClient(services, question),
    readDirectories(services.trustedIssuers, services.inPerson),
  ]);
  await checkStrangers(services, question.added);
  const resource = loaded.resources[0];
  if (resource === undefined) throw notFound();
  if (client === null) throw invalidRequest("client_id: no client of this id is registered here");
  const supposed = question.added.map((document, index) => ({ id: `supposed-${index + 1}`, version: 0, document }));
  const policies = [...loaded.policies.filter(({ id }) => !question.without.includes(id)), ...supposed];
  const groups = await withMentionedGroups(services, caller, loaded.groups, question.added);
  const decideWith = (known: PartyClaims | null, witnesses: Witnesses) => {
    const facts = supposeFacts(question, { party: known, witnesses, groups });
    return decideEach(new Deliberation(policies, facts), question, resource);
  };
  const scopes = new Set(resource.scopes);
  return {
    resource,
    policies: policies.filter((policy) => isAbout(policy, resource, scopes)),
    groups,
    ...decideThrough(client, (mayPush, mayRedirect) => {
      const heard = question.clientId === null ? pushed : pushed.through(question.clientId);
      const witnesses = witnessesIn({
        pushed: mayPush ? heard : null,
        inPerson: mayRedirect ? inPerson : null,
        ownIdToken: mayPush && client.maySignIn ? { issuer: services.config.issuer, standsFor: inPerson } : null,
      });
      return decideWith(mayPush || mayRedirect ? party : null, witnesses);
    }),
  };
}

/** What an app may do at all, as far as it bears on what anybody gets through it. */
interface SupposedClient {
  readonly mayAsk: boolean;
  readonly mayPush: boolean;
  readonly maySignIn: boolean;
  readonly mayRedirect: boolean;
}

/** What it brings by an ID Token of this server, its people bring here in a browser as well. */
const ANY_CLIENT: SupposedClient = { mayAsk: true, mayPush: true, maySignIn: false, mayRedirect: true };

async function findClient({ clients }: ExplainServices, { clientId }: AccessQuestion): Promise<SupposedClient | null> {
  if (clientId === null) return ANY_CLIENT;
  const client = await clients.find(clientId);
  if (client === null) return null;
  const mayAsk = client.grantTypes.includes(UMA_TICKET_GRANT);
  return { mayAsk, mayPush: client.mayPushClaims, maySignIn: mayUseCode(client), mayRedirect: mayRedirect(client) };
}

type ScopeDecisions = Explanation["scopes"];

/** What comes of it through this client, and what of the client's own stands in the way. */
function decideThrough(
  { mayAsk, mayPush, mayRedirect }: SupposedClient,
  decideAs: (mayPush: boolean, mayRedirect: boolean) => ScopeDecisions,
): Pick<Explanation, "scopes" | "obstacle"> {
  const possible = decideAs(true, true);
  if (!mayAsk) return { scopes: possible.map(refuse), obstacle: "client_may_not_ask" };
  if (mayPush && mayRedirect) return { scopes: possible, obstacle: null };
  const scopes = decideAs(mayPush, mayRedirect);
  const differs = scopes.some(({ decision }, index) => decision.outcome !== possible[index]?.decision.outcome);
  const obstacle = mayPush ? "client_may_not_redirect" : "client_may_not_push";
  return { scopes, obstacle: differs ? obstacle : null };
}

function refuse({ scope, decision }: ScopeDecisions[number]): ScopeDecisions[number] {
  return { scope, decision: { ...decision, outcome: "deny", needs: [], grounds: [] } };
}

function decideEach(deliberation: Deliberation, question: AccessQuestion, resource: ProtectedResource): ScopeDecisions {
  return scopesOf(question, resource).map((scope) => ({
    scope,
    decision: closeHopeless(deliberation.decide(resource, scope)),
  }));
}

/** The facts an assessment would load, and in the same time whether the caller may ask. */
async function loadFacts(services: ExplainServices, caller: Actor, resourceId: string): Promise<RecordExcerpt> {
  const [stands, facts] = await Promise.all([
    services.connections.mayAct(caller),
    services.record.load(caller.ownerId, [resourceId]),
  ]);
  if (!stands) throw connectionEnded();
  return facts;
}

/** The party as it would stand before the policies: of its claims those that its issuer may speak for. */
async function supposeParty(services: ExplainServices, { party, at }: AccessQuestion): Promise<PartyClaims | null> {
  if (party === null) return null;
  const { issuer, subject, claims, authenticatedAt } = party;
  const [trusted, met] = await Promise.all([
    services.trustedIssuers.findLeased(issuer),
    services.inPerson.findLeased(issuer),
  ]);
  const speaker = (trusted ?? met)?.issuer;
  if (speaker === undefined) {
    throw invalidRequest("party.issuer: is not trusted here, so its claims would not count");
  }
  // Whoever supposes an e-mail address means a verified one, unless they say otherwise.
  const supposed = { email_verified: true, ...claims, sub: subject, iat: at, auth_time: authenticatedAt };
  return readPartyClaims(speaker, supposed, at);
}

/** Groups come with the policies that name them; those that only a supposed policy names are read besides. */
async function withMentionedGroups(
  services: ExplainServices,
  caller: Actor,
  loaded: readonly Group[],
  added: readonly PolicyBody[],
): Promise<ReadonlyMap<string, Group>> {
  const groups = new Map(loaded.map((group) => [group.id, group]));
  const mentioned = new Set(added.flatMap(({ who }) => mentionedGroups(who)));
  const missing = [...mentioned].filter((id) => !groups.has(id));
  if (missing.length === 0) return groups;
  if (missing.length > MAX_ADDED_GROUPS) {
    throw invalidRequest(`policies: must name at most ${MAX_ADDED_GROUPS} groups that no policy of the resource names`);
  }
  const found = requireStanding(await services.policies.findGroups(caller, missing));
  return new Map([...groups, ...found.map((group): [string, Group] => [group.id, group])]);
}

function supposeFacts(
  question: AccessQuestion,
  known: Pick<EvaluationFacts, "party" | "witnesses" | "groups">,
): EvaluationFacts {
  return {
    ...known,
    clientId: question.clientId ?? "",
    whereabouts: question.whereabouts,
    usesLeft: (policy) => policy.document.terms?.uses ?? 0,
    agreements: [],
    now: question.at,
  };
}

/** A resource without scopes can be asked for as a whole. */
function scopesOf(question: AccessQuestion, resource: ProtectedResource): readonly (string | null)[] {
  const scopes = question.scopes ?? resource.scopes;
  return scopes.length > 0 ? scopes : [null];
}

function isAbout(policy: Policy, resource: ProtectedResource, registered: ReadonlySet<string>): boolean {
  const { document } = policy;
  const reach = reachOf(policy);
  if (reach !== "target") return reach === "everything";
  if (!mayConcern(document, resource)) return false;
  return document.scopes === "all" || document.scopes.some((scope) => registered.has(scope));
}
