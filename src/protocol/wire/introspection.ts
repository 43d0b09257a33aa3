import type { Confirmation } from "./confirmation.ts";
import type { PermissionBody } from "./permission.ts";

/** An introspection answer (RFC 7662 §2.2, FedAuthz §5.1.1). Never a scope: an RPT has permissions instead. */
export type IntrospectionBody =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly token_type: string;
      readonly iss: string;
      readonly aud: string;
      /** The requesting party as this resource server may know it. */
      readonly sub: string;
      readonly client_id: string;
      readonly iat: number;
      readonly exp: number;
      /** What its bearer has to prove (RFC 9449 §6.2, RFC 8705 §3.2); left out for a bearer token. */
      readonly cnf?: Confirmation;
      readonly permissions: readonly PermissionBody[];
    };
