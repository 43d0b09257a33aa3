import * as v from "valibot";
import { MAX_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import type { DocumentReader } from "./public-document.ts";

/** What we need of an issuer's discovery document. */
export interface Discovery {
  readonly issuer: string;
  readonly jwks_uri: string;
}

/** OpenID Connect Discovery §4: a slash at the end of the issuer is left out. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/**
 * Reads the discovery document of one issuer. It must name the very issuer it was asked about (OIDC Discovery §4.3), or
 * one host could speak for another, and keys that may be fetched.
 * @param ownIssuer ours, which tells whether we run on loopback.
 */
export function discoveryReader(issuer: string, ownIssuer: string): DocumentReader<Discovery> {
  const Document = v.object({
    issuer: v.literal(issuer),
    jwks_uri: v.pipe(
      v.string(),
      v.maxLength(MAX_IDENTIFIER_CHARACTERS),
      v.check((uri) => isPublicUrl(uri, ownIssuer)),
    ),
  });
  return (body) => {
    const read = v.safeParse(Document, body);
    return read.success ? read.output : null;
  };
}
