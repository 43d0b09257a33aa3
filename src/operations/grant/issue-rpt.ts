import type { GrantedRpt } from "../../ledger/contract.ts";
import { cnfOf, tokenTypeOf } from "../../protocol/confirmation.ts";
import { type AudienceName, namedAccess } from "../../protocol/door.ts";
import { type RptLocator, refreshStatement, rptStatement } from "../../protocol/locator.ts";
import type { Choices } from "../../protocol/profile.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import type { AccessTokenSigner } from "../ports/access-token.ts";
import type { Sealer } from "../ports/seal.ts";

export interface IssueServices {
  readonly config: {
    readonly issuer: string;
    readonly rptSizeLimit: number;
    readonly profile: Pick<Choices, "bearerName">;
  };
  readonly sealer: Sealer;
  readonly tokens: AccessTokenSigner;
}

/** What a token request for an RPT was answered with (RFC 6749 §5.1 or 5.2). */
export interface TokenAnswer {
  readonly status: 200 | 403;
  readonly body: object;
}

/** An RPT to hand out: what the ledger granted, to whom, and what a refresh limited it to. */
interface RptOrder {
  readonly ledger: string;
  readonly clientId: string;
  readonly rpt: GrantedRpt;
  readonly scopes: readonly string[] | null;
  /** By which names it was asked for, where that was without a ticket (RFC 8707); null: with one. */
  readonly audience: readonly AudienceName[] | null;
  /** What its client proved, so that whoever presents the RPT has to; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/**
 * Turns what the ledger granted into the answer of the token endpoint (Grant §3.3.5): the RPT, and a refresh token
 * where the grant has one. Nothing is stored: both carry a sealed locator.
 */
export async function issueRpt(services: IssueServices, order: RptOrder): Promise<TokenBody> {
  const { ledger, rpt, confirmation, audience } = order;
  const body: TokenBody = {
    access_token: await encodeRpt(services, order),
    token_type: tokenTypeOf(confirmation, services.config.profile.bearerName),
    expires_in: rpt.expiresAt - rpt.issuedAt,
  };
  if (rpt.refreshGeneration === null) return body;
  const { grantId, refreshGeneration: generation } = rpt;
  const statement = refreshStatement({ ledger, grantId, generation, confirmation, audience });
  return { ...body, refresh_token: await services.sealer.seal("refresh", statement) };
}

/** A JWT unless the resource server wants handles, or the JWT would be too large to travel in a header. */
async function encodeRpt(services: IssueServices, order: RptOrder): Promise<string> {
  const { rpt, clientId, ledger, scopes, confirmation } = order;
  const { grantId, issuedAt, expiresAt } = rpt;
  const locator: RptLocator = { ledger, grantId, clientId, issuedAt, expiresAt, scopes, confirmation };
  const statement = rptStatement(locator);
  if (rpt.rptFormat === "jwt") {
    const jwt = await signRpt(services, order, await services.sealer.seal("locator", statement));
    if (jwt.length <= services.config.rptSizeLimit) return jwt;
  }
  return services.sealer.seal("handle", statement);
}

/**
 * RFC 9068 §2.2, with the permissions that introspection would state at this moment. No scope, but where it was asked for
 * by names (RFC 9068 §3): there a resource server may know nothing else.
 */
function signRpt(
  services: IssueServices,
  { rpt, clientId, confirmation, audience }: RptOrder,
  jti: string,
): Promise<string> {
  const named = audience && namedAccess(audience, rpt.permissions);
  return services.tokens.sign({
    iss: services.config.issuer,
    sub: rpt.partyReference,
    aud: named === null ? rpt.resourceServerId : [rpt.resourceServerId, ...named.audience],
    client_id: clientId,
    iat: rpt.issuedAt,
    exp: rpt.expiresAt,
    jti,
    ...cnfOf(confirmation),
    permissions: rpt.permissions,
    ...(named === null || named.scope === "" ? {} : { scope: named.scope }),
  });
}
