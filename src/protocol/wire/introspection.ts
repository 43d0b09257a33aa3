import type { PermissionBody } from "./permission.ts";

/** An introspection answer (RFC 7662 §2.2, FedAuthz §5.1.1). Never a scope: an RPT has permissions instead. */
export type IntrospectionBody =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly token_type: "Bearer";
      readonly iss: string;
      readonly aud: string;
      /** The requesting party as this resource server may know it. */
      readonly sub: string;
      readonly client_id: string;
      readonly iat: number;
      readonly exp: number;
      readonly permissions: readonly PermissionBody[];
    };
