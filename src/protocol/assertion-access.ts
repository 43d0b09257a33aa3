import { ProtocolError } from "../shared/error.ts";
import { type AccessRequest, invalidTarget, locationsOf, parseAccessRequest } from "./access-request.ts";
import { scopesSaid } from "./assertion.ts";
import type { JwtPayload } from "./jwt.ts";
import { canonicalIdentifier } from "./resource-identifier.ts";

/**
 * What an assertion itself names, for a request that names nothing (draft-ietf-oauth-identity-assertion-authz-grant).
 * @param scopes of the request; null: it names none
 * @returns null where it names nothing but this server, which needs no naming
 * @throws ProtocolError as parseAccessRequest
 */
export function accessSaid(
  payload: JwtPayload,
  scopes: readonly string[] | null,
  ownIssuer: string,
): AccessRequest | null {
  const resources = resourcesSaid(payload)?.filter((resource) => resource !== ownIssuer) ?? [];
  return parseAccessRequest({ resources, scopes, authorizationDetails: null });
}

/**
 * An assertion that names resources is for these, and one that names scopes for no others; they are what is meant where
 * the request names none.
 * @throws ProtocolError invalid_target, invalid_scope
 */
export function boundByAssertion(access: AccessRequest, payload: JwtPayload): AccessRequest {
  const resources = resourcesSaid(payload)?.map((resource) => canonicalIdentifier(resource) ?? resource) ?? null;
  if (resources !== null && !locationsOf(access).every((resource) => resources.includes(resource))) {
    throw invalidTarget("resource names something that the assertion is not about");
  }
  const said = scopesSaid(payload);
  if (said === null) return access;
  const scopes = access.scopes ?? (access.resources.length === 0 ? null : said);
  const asked = [scopes ?? [], ...access.details.map(({ actions }) => actions)];
  if (asked.every((some) => some?.every((scope) => said.includes(scope)))) return { ...access, scopes };
  throw new ProtocolError("invalid_scope", `name only scopes of the assertion: ${said.join(" ")}`);
}

/** Null: it names none, and so bounds nothing. */
function resourcesSaid({ resource }: JwtPayload): readonly string[] | null {
  if (resource === undefined) return null;
  const values: readonly unknown[] = Array.isArray(resource) ? resource : [resource];
  return values.filter((value) => typeof value === "string");
}
