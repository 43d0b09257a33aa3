import * as v from "valibot";
import { MAX_RESOURCE_IDENTIFIER_CHARACTERS } from "../shared/limits.ts";
import { isLoopback, parseUri } from "../shared/uri.ts";

/**
 * A resource identifier (RFC 8707 §2) as it is compared and kept: an absolute https URI without a fragment, as a URL
 * parser writes it, so that letters of the host and a left out slash after it make no difference.
 * @returns null for what is none; plain http names a server on one's own machine, in development
 */
export function canonicalIdentifier(text: string): string | null {
  if (text.length > MAX_RESOURCE_IDENTIFIER_CHARACTERS || text.includes("#")) return null;
  const url = parseUri(text);
  if (url === null) return null;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)) ? url.href : null;
}

/** Whether a text is an identifier in the form in which it is kept. */
export function isCanonicalIdentifier(text: string): boolean {
  return canonicalIdentifier(text) === text;
}

/** As a resource or a resource server is registered with it. */
export const ResourceIdentifier = v.pipe(
  v.string("must be a string"),
  v.check(
    isCanonicalIdentifier,
    "must be an https URI without a fragment, as a URL parser writes it: a lower-case host, and a slash after a bare one",
  ),
);

/**
 * Whether an identifier is one of these or lies below it, a whole segment of the path further down. INVARIANT: a resource
 * server speaks for no other identifiers than below those that the operator wrote into its registration.
 */
export function isWithin(identifier: string, bases: readonly string[]): boolean {
  return bases.some((base) => {
    if (!identifier.startsWith(base)) return false;
    const rest = identifier.slice(base.length);
    return rest === "" || base.endsWith("/") || rest.startsWith("/") || rest.startsWith("?");
  });
}
