import { type IntrospectionBody, SIGNED_INTROSPECTION_TYPE } from "../../protocol/wire/introspection.ts";
import type { Signer } from "../ports/signer.ts";

interface SignIntrospectionServices {
  readonly config: { readonly issuer: string };
  readonly signer: Signer;
}

/**
 * An answer that its reader can show to others (RFC 9701 §5). INVARIANT: it has neither sub nor exp at its top, so that
 * nobody takes it for a token.
 * @param audience the client id of the resource server that asked
 */
export function signIntrospection(
  { config, signer }: SignIntrospectionServices,
  audience: string,
  answer: IntrospectionBody,
  now: number,
): Promise<string> {
  const claims = { iss: config.issuer, aud: audience, iat: now, token_introspection: answer };
  return signer.sign(SIGNED_INTROSPECTION_TYPE, claims);
}
