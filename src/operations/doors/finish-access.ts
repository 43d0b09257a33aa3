import type { VisitingAuthorization } from "../../protocol/interaction.ts";
import { type ClaimResponseServices, claimResponse } from "../authorize/claim-response.ts";
import { codeLocation, errorLocation, type IssueCodeServices } from "../authorize/respond.ts";
import { type Conclusion, cancelVisit, concludeVisit, type Finish, type FinishServices } from "../interact/finish.ts";
import type { FoundInteraction } from "../interact/sealed-interaction.ts";
import { AFTER_VISIT, type PresentAccessServices, presentAccess } from "./present-access.ts";

interface FinishAccessServices extends FinishServices, IssueCodeServices, ClaimResponseServices, PresentAccessServices {
  readonly config: FinishServices["config"] & IssueCodeServices["config"];
}

interface AccessConclusion extends Conclusion {
  readonly source: string;
}

/** A visit that is part of an authorization. */
interface FoundAuthorization {
  readonly found: FoundInteraction;
  readonly authorization: VisitingAuthorization;
}

/**
 * Ends the visit of an authorization as its person wants it: the client gets a code, if it would get an RPT for it now.
 * Otherwise what was asked is put to the ledger all the same, which puts it to the owner or tells them that it was denied;
 * the client hears that there is no access, and may ask again later.
 * @throws ProtocolError temporarily_unavailable, invalid_request_uri for a pushed request that was answered before
 */
export async function finishAccess(
  services: FinishAccessServices,
  { found, authorization: { flow, door, accountId, identity } }: FoundAuthorization,
  conclusion: AccessConclusion,
  now: number,
): Promise<Finish> {
  const end = await concludeVisit(services, found, conclusion, now);
  if (end.outcome !== "completed") return end;
  const { client } = found;
  const { request } = flow.asked;
  await claimResponse(services, { clientId: client.id, pushedId: flow.pushedId }, now);
  if (end.isGranted !== false) {
    const gift = { kind: "access", ticket: end.ticket, door, identity } as const;
    return { outcome: "finished", location: await codeLocation(services, request, { accountId, gift }, now) };
  }
  const { whereabouts, source } = conclusion;
  const reply = await presentAccess(services, {
    ...AFTER_VISIT,
    client,
    ticket: end.ticket,
    inCode: false,
    whereabouts,
    source,
  });
  const description = reply?.outcome === "submitted" ? LEFT_TO_OWNER : NO_ACCESS;
  return { outcome: "finished", location: errorLocation(services, request, "access_denied", description) };
}

const LEFT_TO_OWNER = "the resource owner has to decide, and has been asked: try again later";
const NO_ACCESS = "there is no access to this for whoever is signed in";

/**
 * Ends such a visit without anything.
 * @throws ProtocolError invalid_request_uri for a pushed request that was answered before
 */
export async function refuseAccess(
  services: Parameters<typeof cancelVisit>[0] & ClaimResponseServices,
  { found, authorization: { flow } }: FoundAuthorization,
  now: number,
): Promise<Finish> {
  await claimResponse(services, { clientId: found.client.id, pushedId: flow.pushedId }, now);
  return cancelVisit(services, found);
}
