import type { CodeGift } from "../../protocol/authorization-code.ts";
import {
  type AuthorizationRequest,
  isSilent,
  type SentParameters,
  signedInSince,
} from "../../protocol/authorization-request.ts";
import type { AuthorizationFlow } from "../../protocol/authorization-statement.ts";
import { type Client, isKnownAgain } from "../../protocol/client.ts";
import { coversScopes } from "../../protocol/connection.ts";
import type { SignInDemand } from "../../protocol/continuation.ts";
import type { GrantedIdentity } from "../../protocol/identity.ts";
import { AUTHORIZATION_FLOW_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { type BeginAccessServices, type BegunAccess, beginAccess } from "../doors/begin-access.ts";
import { grantIdentity } from "../identify/grant-identity.ts";
import type { Consenter } from "../ports/consent.ts";
import { type ClaimResponseServices, claimResponse } from "./claim-response.ts";
import { type ConsenterServices, findConsenter } from "./consenter.ts";
import { isMeant, loadFlow, recentEnough, sealFlow } from "./flow.ts";
import { type ReadRequestServices, readRequest } from "./read-request.ts";
import { codeLocation, errorLocation, type IssueCodeServices } from "./respond.ts";

export interface AdvanceServices
  extends ReadRequestServices,
    IssueCodeServices,
    ClaimResponseServices,
    ConsenterServices,
    BeginAccessServices {
  readonly config: ReadRequestServices["config"] & IssueCodeServices["config"] & BeginAccessServices["config"];
}

/** What comes next in an authorization. `at` is the flow, sealed, to go on with. */
export type NextStep =
  /** The client gets its answer. */
  | { readonly step: "respond"; readonly location: string }
  /** The person is shown what is asked for, on a visit (operations/doors/begin-access.ts). */
  | Extract<BegunAccess, { readonly step: "visit" }>
  /** Somebody has to sign in, and then comes back with the flow. */
  | {
      readonly step: "sign_in";
      readonly at: string;
      readonly demand: SignInDemand;
      readonly client: Client;
      /** Where the client may get its answer as soon as somebody has signed in. */
      readonly redirectUri: string;
    }
  /** The person has to be asked. */
  | {
      readonly step: "ask";
      readonly at: string;
      readonly client: Client;
      readonly request: AuthorizationRequest;
      readonly consenter: Consenter;
    };

/**
 * Takes an authorization request (RFC 6749 §4.1.1).
 * @param session the secret that the browser holds; null: none
 * @returns the next step, and in which languages the client thinks that its person reads
 * @throws ProtocolError for what is told to the person (read-request.ts)
 */
export async function beginAuthorization(
  services: AdvanceServices,
  parameters: SentParameters,
  session: string | null,
  now: number,
): Promise<{ readonly next: NextStep; readonly uiLocales: string | null }> {
  const { client, pushedId, asked } = await readRequest(services, parameters, now);
  const expiresAt = now + AUTHORIZATION_FLOW_LIFETIME_SECONDS;
  if (asked.kind === "asked") {
    const { request } = asked;
    const flow = { pushedId, asked, signedInSince: signedInSince(request, now), expiresAt };
    return { next: await advance(services, client, flow, session, now), uiLocales: request.uiLocales };
  }
  if (parameters.get("prompt") === "none") return { next: refuse(services, asked), uiLocales: null };
  const flow = { pushedId, asked, signedInSince: null, expiresAt };
  return { next: await advance(services, client, flow, session, now), uiLocales: null };
}

/**
 * Goes on with an authorization after its person has signed in, or looks at it once more.
 * @throws ProtocolError invalid_request (flow.ts)
 */
export async function continueAuthorization(
  services: AdvanceServices,
  at: string,
  session: string | null,
  now: number,
): Promise<NextStep> {
  const { flow, client } = await loadFlow(services, at, now);
  return advance(services, client, flow, session, now);
}

/**
 * Has somebody else sign in than who is signed in now, who was not meant.
 * @throws ProtocolError invalid_request (flow.ts)
 */
export async function signInAnother(services: AdvanceServices, at: string, now: number): Promise<NextStep> {
  const { flow, client } = await loadFlow(services, at, now);
  return signIn(services, client, { ...flow, signedInSince: now });
}

async function advance(
  services: AdvanceServices,
  client: Client,
  flow: AuthorizationFlow,
  session: string | null,
  now: number,
): Promise<NextStep> {
  return advanceFor(services, client, flow, await findConsenter(services, session, client.id, now), now);
}

/**
 * INVARIANT: unless the client wants an answer at once, nobody is sent on before they have signed in (RFC 9700 §4.11.2).
 * @param person who is signed in; null: nobody
 */
export async function advanceFor(
  services: AdvanceServices,
  client: Client,
  flow: AuthorizationFlow,
  person: Consenter | null,
  now: number,
): Promise<NextStep> {
  const { asked } = flow;
  const known = recentEnough(flow, person);
  if (asked.kind === "refused") return known === null ? signIn(services, client, flow) : refuse(services, asked);
  const { request } = asked;
  if (known === null && !isSilent(request)) return signIn(services, client, flow);
  if (known === null) return respond(errorLocation(services, request, "login_required", "nobody is signed in"));
  // OpenID Connect Core §3.1.2.2: nobody gets a token about somebody else than they mean.
  if (!isMeant(request, known)) {
    return respond(errorLocation(services, request, "login_required", "somebody else is signed in"));
  }
  if (request.access !== null && !isSilent(request)) {
    const identity = findStandingIdentity(request, known);
    const isConsented = request.identity === null || (identity !== null && !request.prompts.includes("consent"));
    if (isConsented) {
      return beginAccess(services, { ...flow, asked }, request.access, { account: known.account, identity }, now);
    }
  }
  const standing = request.access === null ? findStanding(client, request, known) : null;
  if (standing !== null) {
    await claimResponse(services, { clientId: client.id, pushedId: flow.pushedId }, now);
    return respond(await codeLocation(services, request, { accountId: known.account.id, gift: standing }, now));
  }
  if (!isSilent(request)) return { step: "ask", at: await sealFlow(services, flow), client, request, consenter: known };
  return respond(errorLocation(services, request, "consent_required", "the person has to be asked"));
}

/**
 * A consent that stands, so that nobody has to be asked again: given to a client that is known again, for all that it asks,
 * and where there is no choice of owners.
 */
function findStanding(client: Client, request: AuthorizationRequest, known: Consenter): CodeGift | null {
  const { prompts, connectionScopes: scopes } = request;
  if (!isKnownAgain(client) || prompts.includes("consent") || prompts.includes("select_account")) return null;
  const identity = findStandingIdentity(request, known);
  if (request.identity !== null && identity === null) return null;
  if (scopes.length === 0) return identity && { kind: "identity", identity };
  const [only, another] = known.owners;
  const connection = another === undefined ? only?.connection : null;
  if (!connection || !coversScopes(connection.scopes, scopes)) return null;
  const { ownerId, generation: connectionGeneration } = connection;
  return { kind: "connection", ownerId, connectionGeneration, scopes, identity };
}

function findStandingIdentity({ identity }: AuthorizationRequest, known: Consenter): GrantedIdentity | null {
  const { identityConsent: consent } = known;
  if (identity === null || consent === null || !coversScopes(consent.scopes, identity.scopes)) return null;
  return grantIdentity(identity, consent.id, known);
}

async function signIn(services: AdvanceServices, client: Client, flow: AuthorizationFlow): Promise<NextStep> {
  const { signedInSince: authenticatedSince, asked } = flow;
  const loginHint = asked.kind === "asked" ? asked.request.loginHint : null;
  const demand = { authenticatedSince, loginHint, addressSuffices: false };
  const { redirectUri } = asked.kind === "asked" ? asked.request : asked.target;
  return { step: "sign_in", at: await sealFlow(services, flow), demand, client, redirectUri };
}

function refuse(
  services: AdvanceServices,
  { target, error, description }: Extract<AuthorizationFlow["asked"], { readonly kind: "refused" }>,
): NextStep {
  return respond(errorLocation(services, target, error, description));
}

function respond(location: string): NextStep {
  return { step: "respond", location };
}
