import { SCOPES } from "./reports.ts";
import type { Settings } from "./settings.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/**
 * What a client may know of an API before it comes with a token (RFC 9728 §2): whom to ask, and for which scopes.
 * @param path of the API
 */
export function describeApi({ ORIGIN, USHER }: Pick<Settings, "ORIGIN" | "USHER">, path: string): object {
  return {
    resource: ORIGIN + path,
    authorization_servers: [USHER],
    scopes_supported: SCOPES,
    bearer_methods_supported: ["header"],
    resource_name: "Lakeside health records",
  };
}

/** Where that is told: the well-known part stands before the path of the API (RFC 9728 §3.1). */
export function metadataUrl({ ORIGIN }: Pick<Settings, "ORIGIN">, path: string): string {
  return ORIGIN + WELL_KNOWN + path;
}

/** The path of the API that a description is asked for; null: there is none. */
export function describedPath(url: string): string | null {
  const { pathname } = new URL(url);
  const path = pathname.slice(WELL_KNOWN.length);
  return pathname.startsWith(`${WELL_KNOWN}/`) && API_PATH.test(path) ? path : null;
}

/** The clinic's own reports, and those of a patient; whether there is such a patient is not told here. */
const API_PATH = /^(?:\/patients\/[\w-]{1,64})?\/reports$/;
