import type { Client } from "../../protocol/client.ts";
import { cnfOf, tokenTypeOf } from "../../protocol/confirmation.ts";
import { describeIdentity, type GrantedIdentity, personStatement, type ToldPerson } from "../../protocol/identity.ts";
import { ID_TOKEN_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { PersonClaims } from "../../protocol/wire/identity.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import type { AccessTokenSigner } from "../ports/access-token.ts";
import type { IdTokenSigner } from "../ports/id-token.ts";
import type { PairwiseSubjects } from "../ports/party.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";
import type { IssueConnectionTokenServices } from "../protect/issue-connection-token.ts";

export interface IssueIdTokenServices {
  readonly config: { readonly issuer: string };
  readonly sealer: Sealer;
  readonly pairwise: PairwiseSubjects;
  readonly idTokens: Pick<IdTokenSigner, "sign">;
}

export interface IssueIdentityServices extends IssueIdTokenServices {
  readonly config: IssueConnectionTokenServices["config"];
  readonly tokens: Pick<AccessTokenSigner, "sign">;
  readonly randomness: Randomness;
}

/** Who is made known to which client. */
export interface IdentityOrder {
  readonly client: Client;
  readonly accountId: string;
  readonly identity: GrantedIdentity;
}

/**
 * Makes an ID Token (OpenID Connect Core §2). What is said of the person beside who they are is told at the UserInfo
 * endpoint (§5.4), unless the access token that goes with it is none for there.
 * @param claims what is said in the token itself.
 */
export async function issueIdToken(
  { config, sealer, pairwise, idTokens }: IssueIdTokenServices,
  { client, accountId, identity }: IdentityOrder,
  now: number,
  claims: PersonClaims = {},
): Promise<string> {
  const person = { accountId, clientId: client.id, consentId: identity.consentId };
  const [sub, jti] = await Promise.all([
    pairwise.account(client.id, accountId),
    sealer.seal("person", personStatement(person)),
  ]);
  const who = { iss: config.issuer, sub, aud: client.id, iat: now, exp: now + ID_TOKEN_LIFETIME_SECONDS, jti };
  return idTokens.sign({ ...who, ...describeIdentity(identity), ...claims }, client.idTokenAlgorithm);
}

/** Whom an access token of this consent tells about at the UserInfo endpoint. */
export async function tellPerson(
  { sealer }: Pick<IssueIdTokenServices, "sealer">,
  { client, accountId, identity: { consentId, scopes } }: IdentityOrder,
): Promise<ToldPerson> {
  const sealed = await sealer.seal("person", personStatement({ accountId, clientId: client.id, consentId }));
  return { sealed, scopes };
}

/** The answer to a code that only tells who signed in: an access token for the UserInfo endpoint, and an ID Token. */
export async function issueIdentityTokens(
  services: IssueIdentityServices,
  order: IdentityOrder,
  confirmation: Confirmation | null,
  now: number,
): Promise<TokenBody> {
  const { config, tokens, pairwise, randomness } = services;
  const { client, accountId } = order;
  const [{ sealed, scopes }, sub, idToken] = await Promise.all([
    tellPerson(services, order),
    pairwise.account(client.id, accountId),
    issueIdToken(services, order, now),
  ]);
  const scope = scopes.join(" ");
  const accessToken = await tokens.sign({
    iss: config.issuer,
    sub,
    aud: config.issuer,
    client_id: client.id,
    iat: now,
    exp: now + config.patLifetime,
    jti: randomness.id(),
    scope,
    ...cnfOf(confirmation),
    person: sealed,
  });
  const kind = { token_type: tokenTypeOf(confirmation, config.profile.bearerName), expires_in: config.patLifetime };
  return { access_token: accessToken, ...kind, scope, id_token: idToken };
}
