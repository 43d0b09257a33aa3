import type { AccessRequest } from "../../protocol/access-request.ts";
import { isAuthorizationError } from "../../protocol/authorization-request.ts";
import type { GrantedIdentity } from "../../protocol/identity.ts";
import { type AskedFlow, targetOf } from "../../protocol/interaction.ts";
import { INTERACTION_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { ProtocolError } from "../../shared/error.ts";
import { errorLocation } from "../authorize/respond.ts";
import { sealInteraction } from "../interact/sealed-interaction.ts";
import type { Account } from "../ports/account.ts";
import { type AskForAccessServices, askForAccess } from "./ask-for-access.ts";

export interface BeginAccessServices extends AskForAccessServices {
  readonly config: AskForAccessServices["config"] & { readonly issuer: string };
}

export type BegunAccess =
  /** `at` is the visit, sealed, on which its person says whether the client gets what it asks for. */
  | { readonly step: "visit"; readonly at: string }
  /** What is asked for cannot be; the client is told. */
  | { readonly step: "respond"; readonly location: string };

/** Somebody who has signed in, and what they let the client learn about them; null: nothing is asked. */
export interface AccessAsker {
  readonly account: Pick<Account, "id" | "ownerId">;
  readonly identity: GrantedIdentity | null;
}

/**
 * Begins the visit of somebody who has signed in, for a client that asks for what owners keep somewhere. Its ticket never
 * leaves this server as such, so nobody presents it, and it is spent by the visit itself.
 */
export async function beginAccess(
  services: BeginAccessServices,
  flow: AskedFlow,
  access: AccessRequest,
  { account, identity }: AccessAsker,
  now: number,
): Promise<BegunAccess> {
  const { clientId } = flow.asked.request;
  const target = targetOf(flow);
  try {
    const { ticket, door } = await askForAccess(services, { clientId, access, ownOwnerId: account.ownerId }, now);
    const authorization = { flow, door, identity, accountId: account.id };
    const expiresAt = Math.min(flow.expiresAt, now + INTERACTION_LIFETIME_SECONDS);
    return {
      step: "visit",
      at: await sealInteraction(services, { ...target, ticket, clientId, authorization, expiresAt }),
    };
  } catch (error) {
    if (!(error instanceof ProtocolError) || !isAuthorizationError(error.code)) throw error;
    return { step: "respond", location: errorLocation(services, flow.asked.request, error.code, error.message) };
  }
}
