import { isTokenEnded } from "../../protocol/identity.ts";
import { CONNECTION_SCOPES } from "../../protocol/wire/connection.ts";
import { OPENID_SCOPE, type PersonClaims, type UserInfoBody } from "../../protocol/wire/identity.ts";
import { ProtocolError } from "../../shared/error.ts";
import { readName } from "../account/create-account.ts";
import { connectedCaller } from "../authenticate/connected-caller.ts";
import { checkPossession, type PossessionServices, type PresentedToken } from "../authenticate/possession.ts";
import type { AccessTokenClaims, AccessTokenSigner } from "../ports/access-token.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import type { EventSink } from "../ports/event.ts";
import type { ConsentedPerson, IdentityConsentStore } from "../ports/identity-consent.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { Sealer } from "../ports/seal.ts";
import { openPerson } from "./open-person.ts";

export interface ReadUserInfoServices extends PossessionServices {
  readonly config: PossessionServices["config"] & { readonly issuer: string };
  readonly tokens: Pick<AccessTokenSigner, "verify">;
  readonly sealer: Sealer;
  readonly identityConsents: Pick<IdentityConsentStore, "find">;
  readonly connections: Pick<ConnectionStore, "stands">;
  readonly accountSeals: AccountSeals;
  readonly pairwise: PairwiseSubjects;
  readonly events: EventSink;
}

/** What is told, and a nonce for the next proof, where the one that was used is about to be too old. */
interface ToldUserInfo {
  readonly body: UserInfoBody;
  readonly nextNonce: string | null;
}

/**
 * What an app may know of the person that an access token is about (OpenID Connect Core §5.3), as they are now and as far
 * as they let it. One round trip, and beside it another where the token also acts for an owner.
 * @throws ProtocolError invalid_token, also once the consent, or the connection, has ended; insufficient_scope for one
 *   that is about nobody
 */
export async function readUserInfo(
  services: ReadUserInfoServices,
  presented: PresentedToken,
  now: number,
): Promise<ToldUserInfo> {
  const claims = await services.tokens.verify(presented.accessToken, now);
  if (claims === null || claims.aud !== services.config.issuer) throw notGood();
  const nextNonce = await checkPossession(services, presented, claims.cnf ?? null, OPENID_SCOPE, now);
  if (claims.person === undefined) {
    const description = `this needs an access token with the scope ${OPENID_SCOPE}`;
    throw new ProtocolError("insufficient_scope", description, { scope: OPENID_SCOPE });
  }
  const person = await openPerson(services.sealer, claims);
  if (person === null) throw notGood();
  const [found, stands] = await Promise.all([
    services.identityConsents.find(person.consentId),
    connectionStands(services, claims),
  ]);
  if (found === null || !stands || isTokenEnded(found, claims.iat)) throw notGood();
  services.events.emit({ kind: "authenticated", clientId: claims.client_id, proven: true });
  const scopes = (claims.scope?.split(" ") ?? []).filter((scope) => found.consent.scopes.some((one) => one === scope));
  const sub = await services.pairwise.account(person.clientId, person.accountId);
  return { body: { sub, ...(await describePerson(services, found, scopes)) }, nextNonce };
}

/** Whether the token counts as one of its connection, if it is one. */
async function connectionStands(
  { connections, config }: Pick<ReadUserInfoServices, "connections" | "config">,
  claims: AccessTokenClaims,
): Promise<boolean> {
  const caller = connectedCaller(claims, config.issuer);
  const scope = CONNECTION_SCOPES.find((one) => caller?.scopes.includes(one));
  return caller === null || (scope !== undefined && connections.stands(caller, scope));
}

/** What is said of a person by these scopes (OpenID Connect Core §5.4). */
export async function describePerson(
  services: Pick<ReadUserInfoServices, "accountSeals">,
  { account, addresses, language }: Omit<ConsentedPerson, "consent">,
  scopes: readonly string[],
): Promise<PersonClaims> {
  const [first] = scopes.includes("email") ? addresses : [];
  const name = scopes.includes("profile") ? await readName(services, account) : "";
  const locale = scopes.includes("profile") ? language : null;
  return {
    ...(first === undefined ? {} : { email: first.address, email_verified: true }),
    ...(name === "" ? {} : { name }),
    ...(locale === null ? {} : { locale }),
  };
}

function notGood(): ProtocolError {
  const description = "the access token is not valid here, has expired or was withdrawn";
  return new ProtocolError("invalid_token", description, { scope: OPENID_SCOPE });
}
