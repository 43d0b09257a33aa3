import { ProtocolError } from "../shared/error.ts";
import {
  type AccessDetail,
  type AccessRequest,
  invalidTarget,
  locationsOf,
  parseAccessRequest,
} from "./access-request.ts";
import { scopesSaid } from "./assertion.ts";
import type { JwtPayload } from "./jwt.ts";
import { canonicalIdentifier } from "./resource-identifier.ts";

/**
 * What an assertion itself names, for a request that names nothing (draft-ietf-oauth-identity-assertion-authz-grant).
 * @param scopes of the request; null: it names none
 * @returns null where it names nothing but this server, which needs no naming
 * @throws ProtocolError as parseAccessRequest, also for details of a kind that is not known here: they may bound it to less
 */
export function accessSaid(
  payload: JwtPayload,
  scopes: readonly string[] | null,
  ownIssuer: string,
): AccessRequest | null {
  const resources = resourcesSaid(payload)?.filter((resource) => resource !== ownIssuer) ?? [];
  return parseAccessRequest({ resources, scopes, authorizationDetails: writtenDetails(payload) });
}

/**
 * An assertion that names resources, or details, is for these, and one that names scopes for no others; they are what is
 * meant where the request names none.
 * @throws ProtocolError invalid_target, invalid_scope; invalid_authorization_details where those of the assertion are of a
 *   kind that is not known here
 */
export function boundByAssertion(access: AccessRequest, payload: JwtPayload): AccessRequest {
  const given = detailsSaid(payload);
  // What a detail of the assertion gives, neither its resources nor its scopes have to give again.
  const details = access.details.filter((asked) => !given?.some((detail) => covers(detail, asked)));
  const said = resourcesSaid(payload) ?? (given === null ? null : []);
  const resources = said?.map((resource) => canonicalIdentifier(resource) ?? resource) ?? null;
  if (resources !== null && !locationsOf({ ...access, details }).every((resource) => resources.includes(resource))) {
    throw invalidTarget("resource names something that the assertion is not about");
  }
  return boundByScopes(access, details, payload);
}

/** @param details of the request, those that have to be within the scopes */
function boundByScopes(access: AccessRequest, details: readonly AccessDetail[], payload: JwtPayload): AccessRequest {
  const said = scopesSaid(payload);
  if (said === null) return access;
  const scopes = access.scopes ?? (access.resources.length === 0 ? null : said);
  const asked = [scopes ?? [], ...details.map(({ actions }) => actions)];
  if (asked.every((some) => some?.every((scope) => said.includes(scope)))) return { ...access, scopes };
  throw new ProtocolError("invalid_scope", `name only scopes of the assertion: ${said.join(" ")}`);
}

/** Null: it names none, and so bounds nothing. */
function resourcesSaid({ resource }: JwtPayload): readonly string[] | null {
  if (resource === undefined) return null;
  const values: readonly unknown[] = Array.isArray(resource) ? resource : [resource];
  return values.filter((value) => typeof value === "string");
}

/** RFC 9396 §2, in a member of the assertion. Null: it has none, and so bounds nothing. */
function detailsSaid(payload: JwtPayload): readonly AccessDetail[] | null {
  const authorizationDetails = writtenDetails(payload);
  if (authorizationDetails === null) return null;
  return parseAccessRequest({ resources: [], scopes: null, authorizationDetails })?.details ?? [];
}

function writtenDetails({ authorization_details: details }: JwtPayload): string | null {
  return details === undefined ? null : JSON.stringify(details);
}

function covers(given: AccessDetail, asked: AccessDetail): boolean {
  if (given.location !== asked.location || given.identifier !== asked.identifier) return false;
  const { actions } = given;
  return actions === null || (asked.actions?.every((action) => actions.includes(action)) ?? false);
}
