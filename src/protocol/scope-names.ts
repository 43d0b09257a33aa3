import * as v from "valibot";
import { MAX_NAME_CHARACTERS, MAX_SCOPES_PER_RESOURCE } from "../shared/limits.ts";
import { line, recordOf } from "../shared/parse.ts";

/** What a resource server calls its scopes where people read them: an extension member of a resource description. */
export const SCOPE_NAMES = "scope_names";

/** Of one language: scope by scope. */
export const scopeNamesSchema = recordOf(line(MAX_NAME_CHARACTERS), MAX_SCOPES_PER_RESOURCE);

/** By language (BCP 47), as `scope_names#de` tells it; under the empty tag what was written without one. */
export type ScopeNames = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The names in a resource description. One that was kept before they were looked at may hold anything under that member,
 * which is none.
 */
export function readScopeNames(description: Readonly<Record<string, unknown>>): ScopeNames {
  const entries = Object.entries(description).flatMap(([member, value]) => {
    const [name, tag = ""] = member.split("#", 2);
    const names = v.safeParse(scopeNamesSchema, value);
    return name === SCOPE_NAMES && names.success ? [[tag.toLowerCase(), names.output] as const] : [];
  });
  return new Map(entries);
}

/**
 * What the resource server calls a scope in a language, or else without saying in which.
 * @param language BCP 47 primary subtag.
 * @returns null when it gave no name.
 */
export function findScopeName(names: ScopeNames, scope: string, language: string): string | null {
  const tags = [language, ...[...names.keys()].filter((tag) => tag.startsWith(`${language}-`)), ""];
  const found = tags.map((tag) => names.get(tag)).find((one) => one !== undefined && Object.hasOwn(one, scope));
  return found?.[scope] ?? null;
}

/** RFC 3986 §3.1, and something after it. */
const URI = /^[a-z][a-z0-9+.-]*:\S/i;

/**
 * A scope as people can read it where nobody named it: of a URI (FedAuthz §3.1.1) what stands last, and blanks for
 * underscores. No document is fetched for it: whoever hosts one would learn who looks, and could change what is read.
 */
export function readableScope(scope: string): string {
  const last = URI.test(scope)
    ? (decoded(scope)
        .split(/[/#:?=]+/)
        .findLast((part) => part.trim() !== "") ?? scope)
    : scope;
  return last.replaceAll("_", " ").trim() || scope;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
