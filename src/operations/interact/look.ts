import type { AgreementOffer, LedgerDirectory, LookReply, VisitRequest } from "../../ledger/contract.ts";
import type { Need } from "../../policy/evaluation/outcome.ts";
import type { Whereabouts } from "../../policy/evaluation/where.ts";
import { type Client, isPublic, mayRedirect, mayUseCode } from "../../protocol/client.ts";
import { ANY_SIGN_IN, type SignInDemand } from "../../protocol/continuation.ts";
import type { IdentityProvider } from "../../protocol/identity-provider.ts";
import type { Interaction } from "../../protocol/interaction.ts";
import { partyKey } from "../../protocol/party.ts";
import type { PartyCard } from "../../protocol/party-card.ts";
import { unavailable } from "../../shared/error.ts";
import { type AccountClaims, type AccountClaimsServices, readAccountClaims } from "../account/account-claims.ts";
import { readName } from "../account/create-account.ts";
import { makePartyCard } from "../party-card.ts";
import type { ClientStore } from "../ports/client.ts";
import type { IdentityProviderStore } from "../ports/identity-provider.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { KnownPerson } from "../ports/session.ts";
import type { AskedThing, VisitStore } from "../ports/visit.ts";
import type { FoundInteraction } from "./sealed-interaction.ts";

export interface LookServices extends AccountClaimsServices {
  readonly ledgers: LedgerDirectory;
  readonly clients: Pick<ClientStore, "find">;
  readonly pairwise: PairwiseSubjects;
  readonly visits: VisitStore;
  readonly identityProviders: AccountClaimsServices["identityProviders"] & Pick<IdentityProviderStore, "listEnabled">;
}

/** How it stands with a visit, as its person is shown it. */
export type VisitView =
  | { readonly outcome: "open"; readonly open: OpenVisit }
  /** Nothing is left to do. */
  | { readonly outcome: "ended"; readonly how: "completed" | "cancelled" | "closed" };

export interface OpenVisit {
  readonly answer: Extract<LookReply, { readonly outcome: "open" }>["answer"];
  readonly things: readonly AskedThing[];
  /** Of the resource server; null: it is not registered any more. */
  readonly keeper: string | null;
  /** What is missing that the person could do here; and whether more is missing that only the app can bring. */
  readonly missing: readonly MissingProof[];
  readonly isMoreMissing: boolean;
  readonly agreements: readonly AgreementOffer[];
  /** Names the person to the form, so that what they see is what they send. */
  readonly partyReference: string;
  /** Who the owner would be told that this is. */
  readonly card: PartyCard;
  /** Whether the app can make use of being known next time (Grant §5.2, confidential clients only). */
  readonly isRememberable: boolean;
}

export type MissingProof =
  | { readonly kind: "address" }
  | { readonly kind: "fact"; readonly claim: string; readonly providers: readonly AbleProvider[] }
  | { readonly kind: "recent"; readonly withinSeconds: number };

/** Where somebody can sign in whose word would count. */
type AbleProvider = Pick<IdentityProvider, "id" | "name">;

/** Whoever is signed in, as the ledger is told of them. */
interface Visitor extends AccountClaims {
  /** Whether what is asked for is the person's own. */
  readonly isOwner: boolean;
  readonly partyReference: string;
  readonly card: PartyCard;
}

/** @returns what the account is known by, and its name at the resource server of the visit. */
export async function readVisitor(
  services: Pick<LookServices, "pairwise"> & AccountClaimsServices,
  { ticket }: Interaction,
  person: KnownPerson,
  now: number,
): Promise<Visitor> {
  const known = await readAccountClaims(services, person, now);
  const name = await readName(services, person.account);
  const [partyReference, card] = await Promise.all([
    services.pairwise.subject(ticket.resourceServerId, partyKey(known.claims)),
    makePartyCard(services, ticket.ledger, known.claims, name),
  ]);
  return { ...known, partyReference, card, isOwner: person.account.ownerId === ticket.ledger };
}

/** A step of a visit as the ledger takes it. @param party null: before anybody has signed in. */
export async function describeVisit(
  { pairwise }: Pick<LookServices, "pairwise">,
  { interaction, client }: FoundInteraction,
  party: Visitor | null,
  whereabouts: Whereabouts,
): Promise<VisitRequest> {
  const { ticket } = interaction;
  return {
    ticket,
    client: {
      id: client.id,
      authenticated: false,
      registeredScopes: client.scopes,
      mayRefresh: client.grantTypes.includes("refresh_token"),
      ...meansOf(interaction, client),
    },
    party,
    anonymousReference: await pairwise.subject(ticket.resourceServerId, ticket.processId),
    whereabouts,
  };
}

/** How a client can bring what is missing: one that came by a door knows no other way than this visit. */
function meansOf({ authorization }: Interaction, client: Client) {
  if (authorization !== null) return BY_VISIT_ALONE;
  const { mayPushClaims } = client;
  return { mayPushClaims, maySignIn: mayUseCode(client), mayRedirect: mayRedirect(client) };
}

export const BY_VISIT_ALONE = { mayPushClaims: false, maySignIn: false, mayRedirect: true } as const;

/**
 * What a sign-in has to be like for this visit, before anybody is known: no more is asked of people than the owner asks.
 *
 * @throws ProtocolError temporarily_unavailable
 */
export async function demandOf(
  services: LookServices,
  found: FoundInteraction,
  whereabouts: Whereabouts,
): Promise<SignInDemand> {
  const reply = await look(services, found, null, whereabouts);
  const needs = reply.outcome === "open" && reply.answer === "need_info" ? reply.needs : [];
  return { ...ANY_SIGN_IN, addressSuffices: needs.every(isMetByAddress) };
}

function isMetByAddress(need: Need): boolean {
  return need.kind === "agreement" || (need.kind === "claim" && ["email", "sub"].includes(need.claim));
}

/**
 * Shows somebody who is signed in how it stands, and changes nothing.
 *
 * @throws ProtocolError temporarily_unavailable
 */
export async function lookAtVisit(
  services: LookServices,
  found: FoundInteraction,
  { person, whereabouts }: { readonly person: KnownPerson; readonly whereabouts: Whereabouts },
  now: number,
): Promise<VisitView> {
  const { ticket } = found.interaction;
  const visitor = await readVisitor(services, found.interaction, person, now);
  const [reply, things, keeper] = await Promise.all([
    look(services, found, visitor, whereabouts),
    services.visits.listAsked(ticket.ledger, ticket.resourceServerId, ticket.permissions),
    services.clients.find(ticket.resourceServerId),
  ]);
  if (reply.outcome === "closed") return { outcome: "ended", how: "closed" };
  if (reply.outcome === "ended") return reply;
  const needs = reply.answer === "need_info" ? reply.needs : [];
  const isAllowed = reply.answer === "granted" || (needs.length > 0 && needs.every(({ kind }) => kind === "agreement"));
  const withinReach = new Set(isAllowed && "withinReach" in reply ? reply.withinReach : []);
  const isFactMissing = needs.some(({ kind }) => kind === "claim");
  const providers = isFactMissing ? await services.identityProviders.listEnabled() : [];
  const missing = needs.flatMap((need) => missingProof(need, services.config.issuer, providers));
  return {
    outcome: "open",
    open: {
      answer: reply.answer,
      // INVARIANT: what somebody may not have they are told the kind of, and never the name, though it be asked for
      // together with what they may (Grant §6).
      things: things.map((thing) => (withinReach.has(thing.resourceId) ? thing : unnamed(thing))),
      keeper: keeper?.name ?? null,
      missing,
      isMoreMissing: needs.length > missing.length + (reply.answer === "need_info" ? reply.agreements.length : 0),
      agreements: reply.answer === "need_info" ? reply.agreements : [],
      partyReference: visitor.partyReference,
      card: visitor.card,
      isRememberable: isRememberable(found),
    },
  };
}

function unnamed(thing: AskedThing): AskedThing {
  return { ...thing, name: null, scopeNames: new Map() };
}

/**
 * Anybody may give the name of a public client, so it has to prove a key, to which what it gets is bound (Grant §5.2). One
 * that came by a door knows no such thing.
 */
export function isRememberable({ client, interaction }: FoundInteraction): boolean {
  return interaction.authorization === null && (!isPublic(client) || client.dpopBoundAccessTokens);
}

function missingProof(need: Need, issuer: string, providers: readonly IdentityProvider[]): readonly MissingProof[] {
  if (need.kind === "agreement" || need.inPerson === undefined) return [];
  if (need.kind === "sign_in") return [{ kind: "recent", withinSeconds: need.within }];
  if (need.claim === "email" && need.inPerson.includes(issuer)) return [{ kind: "address" }];
  const able = providers.filter((provider) => need.inPerson?.includes(provider.issuer));
  return [{ kind: "fact", claim: need.claim, providers: able.map(({ id, name }) => ({ id, name })) }];
}

async function look(
  services: Pick<LookServices, "ledgers" | "pairwise">,
  found: FoundInteraction,
  visitor: Visitor | null,
  whereabouts: Whereabouts,
): Promise<Exclude<LookReply, { readonly outcome: "unavailable" }>> {
  const request = await describeVisit(services, found, visitor, whereabouts);
  const reply = await services.ledgers.ledger(request.ticket.ledger).look(request);
  if (reply.outcome === "unavailable") throw unavailable("try again shortly: nothing is lost", reply.cause);
  return reply;
}
