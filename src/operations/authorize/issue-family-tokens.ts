import { tokenIdInFamily } from "../../protocol/connection.ts";
import type { ToldPerson } from "../../protocol/identity.ts";
import { connectionRefreshStatement } from "../../protocol/locator.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Randomness } from "../ports/secret.ts";
import { type IssueConnectionTokenServices, issueConnectionToken } from "../protect/issue-connection-token.ts";

export interface IssueFamilyTokensServices extends IssueConnectionTokenServices {
  readonly sealer: Sealer;
  readonly randomness: Randomness;
}

/** The tokens of a family (protocol/connection.ts) to be made. */
interface FamilyTokensOrder {
  readonly ownerId: string;
  readonly clientId: string;
  readonly familyId: string;
  readonly connectionGeneration: number;
  readonly scopes: readonly string[];
  /** Of the refresh token; null: there is none. */
  readonly refreshGeneration: number | null;
  /** Epoch seconds, by the ledger's clock. */
  readonly issuedAt: number;
  /** What its client proved, so that whoever presents the tokens has to; null: nothing. */
  readonly confirmation: Confirmation | null;
  /** Whom the access token tells about at the UserInfo endpoint, and what; null: nobody. */
  readonly person: ToldPerson | null;
}

/** The answer of the token endpoint to a code or a refresh (RFC 6749 §5.1). Nothing is stored: both tokens say where. */
export async function issueFamilyTokens(
  services: IssueFamilyTokensServices,
  order: FamilyTokensOrder,
): Promise<TokenBody> {
  const { ownerId, clientId, familyId, connectionGeneration, refreshGeneration, issuedAt, confirmation, person } =
    order;
  const tokenId = tokenIdInFamily(familyId, services.randomness.id());
  const scope = [...(person?.scopes ?? []), ...order.scopes].join(" ");
  const access = { ownerId, clientId, generation: connectionGeneration, scope, tokenId, issuedAt, confirmation };
  const body = await issueConnectionToken(services, { ...access, person: person?.sealed ?? null });
  if (refreshGeneration === null) return body;
  const locator = { ownerId, clientId, familyId, connectionGeneration, generation: refreshGeneration, confirmation };
  const statement = connectionRefreshStatement(locator);
  return { ...body, refresh_token: await services.sealer.seal("connection_refresh", statement) };
}
