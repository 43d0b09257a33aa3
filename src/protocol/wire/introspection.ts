import type { Confirmation } from "./confirmation.ts";
import type { PermissionBody } from "./permission.ts";

/** The media type of a signed answer, without its `application/`, which is also the type of its JWT (RFC 9701 §4 and §5). */
export const SIGNED_INTROSPECTION_TYPE = "token-introspection+jwt";

/** What is told of any active token (RFC 7662 §2.2). Times are epoch seconds. */
interface ActiveTokenBody {
  readonly active: true;
  readonly token_type: string;
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly client_id: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  /** What whoever presents it has to prove (RFC 9449 §6.2, RFC 8705 §3.2). */
  readonly cnf?: Confirmation;
}

/** Of an RPT (FedAuthz §5.1.1): never a scope, it has permissions instead. `sub` is the party as its resource server may know it. */
interface ActiveRptBody extends ActiveTokenBody {
  readonly permissions: readonly PermissionBody[];
}

/** Of any other access token, told to the client that it was issued to. */
interface ActiveAccessTokenBody extends ActiveTokenBody {
  readonly scope: string;
}

/** An introspection answer. */
export type IntrospectionBody = { readonly active: false } | ActiveRptBody | ActiveAccessTokenBody;
