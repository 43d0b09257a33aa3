import type { IssuerWords } from "../../ledger/ports.ts";
import type { AccessRequest } from "../../protocol/access-request.ts";
import { listLeftOut, readPartyClaims } from "../../protocol/admissible-claims.ts";
import { boundByAssertion } from "../../protocol/assertion-access.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import { ProtocolError } from "../../shared/error.ts";
import { type AcceptedAssertion, spendAssertion } from "../authorize/verify-assertion.ts";
import { type HearTokenServices, hearStatement } from "../grant/hear-token.ts";
import { identityIdOf } from "../identity-id.ts";
import type { Account, AccountStore } from "../ports/account.ts";
import type { ReplayGuard } from "../ports/replay.ts";
import { type GrantByWordServices, grantByWord, type WordOrder } from "./grant-by-word.ts";

interface AccessByAssertionServices extends GrantByWordServices, HearTokenServices {
  readonly config: GrantByWordServices["config"];
  readonly accounts: Pick<AccountStore, "findByIdentity">;
  readonly inPerson: Pick<IssuerWords, "findLeased">;
  readonly replayGuard: ReplayGuard;
}

/** A request that names resources, by itself or by its assertion (RFC 7523 §2.1, RFC 8707 §2). */
interface AccessByAssertion extends Omit<WordOrder, "ownOwnerId" | "hear"> {
  readonly access: AccessRequest;
}

/**
 * Trades an assertion for access to what is named, in the name of the person whom it is about: what it says of them is
 * heard like a claim token, and the owner's policies decide. Whose identity is linked to an account here is let in to what
 * is their own, as if they had signed in.
 * @throws ProtocolError invalid_grant, invalid_scope, invalid_target for more than the assertion is good for; as grantByWord
 */
export async function accessByAssertion(
  services: AccessByAssertionServices,
  request: AccessByAssertion,
  accepted: AcceptedAssertion,
  now: number,
): Promise<TokenBody> {
  const { trusted, trust, spendable, payload } = accepted;
  if (!trust.access) {
    const description = "the assertion is not good: its issuer is not trusted here for access to resources";
    throw new ProtocolError("invalid_grant", description, { reason: "assertion_access" });
  }
  const access = boundByAssertion(request.access, payload);
  const account = await findAccount(services, accepted);
  const statement = { iat: now, ...payload };
  const said = { party: readPartyClaims(trusted, statement, now), leftOut: listLeftOut(trusted, statement) };
  const hear: WordOrder["hear"] = async (place) => {
    await spendAssertion(services, spendable);
    const evidence = await hearStatement(services, request.client, said, place);
    const { pushed } = evidence;
    return pushed && account?.ownerId === place.ledger
      ? { ...evidence, pushed: { ...pushed, isOwner: true } }
      : evidence;
  };
  // Another assertion does the work of a refresh token (RFC 7521 §4.1).
  const client = {
    ...request.client,
    grantTypes: request.client.grantTypes.filter((grant) => grant !== "refresh_token"),
  };
  return grantByWord(services, { ...request, access, client, ownOwnerId: account?.ownerId ?? null, hear }, now);
}

/** Whose account the identity is linked to, while people can sign in here at its issuer. */
async function findAccount(
  { accounts, inPerson }: AccessByAssertionServices,
  { trusted: { issuer }, payload }: AcceptedAssertion,
): Promise<Account | null> {
  if ((await inPerson.findLeased(issuer)) === null) return null;
  return accounts.findByIdentity(await identityIdOf({ issuer, subject: String(payload.sub) }));
}
