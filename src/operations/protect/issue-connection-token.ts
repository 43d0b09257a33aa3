import { cnfOf, tokenTypeOf } from "../../protocol/confirmation.ts";
import type { Choices } from "../../protocol/profile.ts";
import type { Confirmation } from "../../protocol/wire/confirmation.ts";
import type { TokenBody } from "../../protocol/wire/token.ts";
import type { AccessTokenSigner } from "../ports/access-token.ts";
import type { EventSink } from "../ports/event.ts";

export interface IssueConnectionTokenServices {
  readonly config: {
    readonly issuer: string;
    readonly patLifetime: number;
    readonly profile: Pick<Choices, "bearerName">;
  };
  readonly tokens: Pick<AccessTokenSigner, "sign">;
  readonly events: EventSink;
}

/** An access token to be made under a connection. */
interface ConnectionTokenOrder {
  readonly ownerId: string;
  readonly clientId: string;
  /** The connection's; the token ends with it. */
  readonly generation: number;
  readonly scope: string;
  readonly tokenId: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** What its client proved, so that whoever presents the token has to; null: nothing. */
  readonly confirmation: Confirmation | null;
  /** Whom the UserInfo endpoint tells about by it, sealed; null: nobody. */
  readonly person: string | null;
}

/** Makes a PAT, or a token for an owner's tool: it speaks for one owner and one client (FedAuthz §1.3, RFC 9068 §2.2). */
export async function issueConnectionToken(
  { config, tokens, events }: IssueConnectionTokenServices,
  { ownerId, clientId, generation, scope, tokenId, issuedAt, confirmation, person }: ConnectionTokenOrder,
): Promise<TokenBody & { readonly scope: string }> {
  const accessToken = await tokens.sign({
    iss: config.issuer,
    sub: ownerId,
    aud: config.issuer,
    client_id: clientId,
    iat: issuedAt,
    exp: issuedAt + config.patLifetime,
    jti: tokenId,
    scope,
    ...cnfOf(confirmation),
    connection_generation: generation,
    ...(person === null ? {} : { person }),
  });
  events.emit({ kind: "token_issued", ownerId, clientId, scope });
  const tokenType = tokenTypeOf(confirmation, config.profile.bearerName);
  return { access_token: accessToken, token_type: tokenType, expires_in: config.patLifetime, scope };
}
