import { type AuthorizationRequest, isStillRegistered } from "../../protocol/authorization-request.ts";
import {
  type AuthorizationFlow,
  flowStatement,
  parseAuthorizationFlow,
} from "../../protocol/authorization-statement.ts";
import type { Client } from "../../protocol/client.ts";
import { invalidRequest } from "../../shared/error.ts";
import type { Sealer } from "../ports/seal.ts";
import type { SignedIn } from "../ports/session.ts";
import type { ReadRequestServices } from "./read-request.ts";

/** An authorization on its way, and the client that it is about as it is registered now. */
interface FoundFlow {
  readonly flow: AuthorizationFlow;
  readonly client: Client;
}

/** @returns what the pages of an authorization carry along. */
export function sealFlow({ sealer }: { readonly sealer: Sealer }, flow: AuthorizationFlow): Promise<string> {
  return sealer.seal("authorization_request", flowStatement(flow));
}

/**
 * @throws ProtocolError invalid_request for what was not sealed here as a flow, has expired, or is of a client that is not
 *   registered for it any more
 */
export async function loadFlow(services: ReadRequestServices, at: string, now: number): Promise<FoundFlow> {
  const flow = parseAuthorizationFlow(await services.sealer.open("authorization_request", at));
  if (flow === null || flow.expiresAt <= now) {
    throw invalidRequest("this authorization is not there (any more)", "authorization_gone");
  }
  const target = flow.asked.kind === "asked" ? flow.asked.request : flow.asked.target;
  const client = await services.clients.find(target.clientId);
  if (client === null || !isStillRegistered(client, target)) {
    throw invalidRequest("the client of this authorization is not registered for it any more");
  }
  return { flow, client };
}

/** Whether somebody is the person whom the client means; where it means nobody, anybody is. */
export function isMeant(
  { meantAccountId }: Pick<AuthorizationRequest, "meantAccountId">,
  { account }: Pick<SignedIn, "account">,
): boolean {
  return meantAccountId === null || meantAccountId === account.id;
}

/** Who is signed in, if that is as recent as the flow asks for; else null. */
export function recentEnough<Person extends SignedIn>(
  { signedInSince }: AuthorizationFlow,
  person: Person | null,
): Person | null {
  return person !== null && person.session.authenticatedAt >= (signedInSince ?? 0) ? person : null;
}
