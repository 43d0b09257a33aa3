import type { EvaluationFacts } from "../policy/evaluation/evaluate.ts";
import { ANYBODY, type Ways, type Witnesses, witnessesIn } from "../policy/evaluation/witnesses.ts";
import type { Policy } from "../policy/language/policy.ts";
import { type RequestedScopes, requestedSets } from "../protocol/assessment.ts";
import type { Agreements } from "./agreements.ts";
import { includesScope, likenessOf } from "./approval.ts";
import { type Assessment, assess, type OwnersRefusal, type ScopeDecision } from "./assess.ts";
import type { RedeemReply, RedeemRequest } from "./contract.ts";
import type { Directories } from "./directories.ts";
import type { PartyOnRecord } from "./known-party.ts";
import type { PendingRequest, PendingRequests } from "./pending-requests.ts";
import type { LedgerSettings } from "./ports.ts";
import type { AssessmentInput } from "./record-reader.ts";
import type { Uses } from "./uses.ts";

/** Everything that was read before a decision. */
export interface DecisionInput extends AssessmentInput {
  readonly party: PartyOnRecord;
  /** Whom to ask for claims; null as long as it was not read. */
  readonly directories: Directories | null;
  /** The hash of every text that a policy asks to agree to, by its policy. */
  readonly agreementTexts: ReadonlyMap<string, string>;
}

/** What is asked for, and by whom. */
export type Asked = Pick<RedeemRequest, "ticket" | "client" | "requestedScopes" | "whereabouts">;

/** What is refused for what it asks, whatever the policies say. */
type Refusal = Extract<RedeemReply, { readonly outcome: "refused" | "invalid_scope" }>;

/** What else an assessment depends on. */
interface AssessmentContext {
  readonly settings: LedgerSettings;
  readonly uses: Uses;
  readonly agreements: Agreements;
  readonly pendingRequests: PendingRequests;
  /** Epoch seconds. */
  readonly now: number;
}

/** What a token request asks for (Grant §3.3.4), and what comes of it. */
export function assessRequest(
  request: RedeemRequest,
  input: DecisionInput,
  context: AssessmentContext,
): Assessment | Refusal {
  return request.refusal ? { outcome: "refused" } : assessAsked(request, input, context);
}

/** The same whatever is wrong with the request besides. */
export function assessAsked(
  request: Asked,
  input: DecisionInput,
  context: AssessmentContext,
): Exclude<Assessment | Refusal, { readonly outcome: "refused" }> {
  const { ticket, client, requestedScopes } = request;
  const resources = input.resources.filter(({ resourceServerId }) => resourceServerId === ticket.resourceServerId);
  const requested = requestedSets(ticket.permissions, resources, client.registeredScopes, requestedScopes);
  if (requested.outcome === "invalid_scope") return requested;
  // A resource that is gone since the ticket was made leaves the grant partial at best.
  const isShort = requested.sets.length < ticket.permissions.length;
  const isGone = requested.sets.length === 0 || (isShort && !context.settings.partialGrants);
  if (isGone) return { outcome: "denied", cause: "resource_gone", decisions: [] };
  return weighFor(client, input.directories, context.settings, (witnesses) =>
    assessWith(requested.sets, witnesses, request, input, context),
  );
}

/**
 * Asks only for what this client can bring, by pushing or by sending the party here. Where it can bring nothing that
 * would help, and another client could, it is told so.
 * INVARIANT: only where another client would be asked for claims, so that it learns no more of the owner's policies
 * (Grant §6.3).
 */
function weighFor(
  { id, mayPushClaims, maySignIn = false, mayRedirect = false }: RedeemRequest["client"],
  directories: Directories | null,
  { issuer }: Pick<LedgerSettings, "issuer">,
  weigh: (witnesses: Witnesses) => Assessment,
): Assessment {
  if (directories === null) return weigh(ANYBODY);
  const { inPerson } = directories;
  const pushed = directories.pushed.through(id);
  const ways: Ways = {
    pushed: mayPushClaims ? pushed : null,
    inPerson: mayRedirect ? inPerson : null,
    ownIdToken: mayPushClaims && maySignIn ? { issuer, standsFor: inPerson } : null,
  };
  const assessment = weigh(witnessesIn(ways));
  if (assessment.outcome !== "denied" || (mayPushClaims && mayRedirect)) return assessment;
  if (weigh(witnessesIn({ pushed, inPerson, ownIdToken: null })).outcome !== "need_info") return assessment;
  return { ...assessment, cause: mayPushClaims ? "client_may_not_redirect" : "client_may_not_push" };
}

/**
 * Whoever proves to be the owner is let in to their own things, unless they deny it themselves: nobody has to ask
 * themselves. No policy has such an id.
 */
const OWN_ACCESS: Policy = {
  id: "own",
  version: 1,
  document: { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true } },
};

function assessWith(
  sets: readonly RequestedScopes[],
  witnesses: Witnesses,
  { client, whereabouts }: Asked,
  { policies, groups, party, agreementTexts }: DecisionInput,
  { settings: { partialGrants }, uses, agreements, pendingRequests, now }: AssessmentContext,
): Assessment {
  const facts: EvaluationFacts = {
    party: party.claims,
    clientId: client.id,
    witnesses,
    groups,
    whereabouts,
    usesLeft: (policy) => uses.left(policy),
    // Nobody known agrees to anything: each process makes them another one.
    agreements: party.claims === null ? [] : agreements.listStanding(party.reference, agreementTexts),
    now,
  };
  const ofOwner = party.claims?.isOwner === true ? [OWN_ACCESS] : [];
  const findRefusal = (decisions: readonly ScopeDecision[]) => {
    const key = { partyReference: party.reference, clientId: client.id, likeness: likenessOf(decisions) };
    return refusalIn(pendingRequests.find(key, now));
  };
  return assess(sets, [...policies, ...ofOwner], facts, { partialGrants, findRefusal });
}

/** A yes is no matter of this: it has become a policy. What it left out is a no. */
function refusalIn(request: PendingRequest | null): OwnersRefusal | null {
  if (request === null || request.status === "waiting") return null;
  const { status, asked, decision } = request;
  const allowed = decision?.allowed ?? [];
  return {
    cause: status === "expired" ? "owner_silent" : "owner_refused",
    covers: (one) => includesScope(asked, one) && !includesScope(allowed, one),
  };
}
