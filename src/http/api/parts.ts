import { ACCESS_DETAIL_TYPE } from "../../protocol/wire/authorization.ts";
import { strict, text, time } from "./call.ts";

/** Things of the wire that several answers hold. */

const texts = { type: "array", items: text };

export const PERMISSION_MEMBERS = { resource_id: text, resource_scopes: texts };

/** A permission as RPTs and introspection state it (FedAuthz §5.1.1). */
export const PERMISSION = strict(PERMISSION_MEMBERS, { exp: time });

/** Grant §3.3.6 */
export const REQUIRED_CLAIM = strict(
  {},
  { name: text, friendly_name: text, claim_type: text, claim_token_format: texts, issuer: texts },
);

/** What of `authorization_details` was granted (RFC 9396 §7). */
export const ACCESS_DETAIL = strict(
  { type: { const: ACCESS_DETAIL_TYPE }, locations: texts, actions: texts },
  { identifier: text },
);

/** `client_name#de` (RFC 7591 §2.2) */
export const TAGGED_NAMES = { patternProperties: { "^client_name#[A-Za-z]": { type: "string", minLength: 1 } } };

/** RFC 7517 §5 */
export const KEY_SET = {
  type: "object",
  properties: { keys: { type: "array", items: { type: "object", properties: { kty: text }, required: ["kty"] } } },
  required: ["keys"],
};

/** What a token is bound to (RFC 7800 §3.1): a key, or a certificate. */
export const CONFIRMATION = { anyOf: [strict({ jkt: text }), strict({ "x5t#S256": text })] };
