import * as v from "valibot";
import { invalidRequest, ProtocolError } from "../shared/error.ts";
import {
  MAX_AUTHORIZATION_DETAILS,
  MAX_REQUESTED_ACCESS_CHARACTERS,
  MAX_RESOURCE_IDENTIFIERS,
  MAX_SCOPES_PER_PERMISSION,
  MAX_WORD_CHARACTERS,
} from "../shared/limits.ts";
import { distinctOf, line, nonEmptyListOf } from "../shared/parse.ts";
import { canonicalIdentifier } from "./resource-identifier.ts";
import { ACCESS_DETAIL_TYPE } from "./wire/authorization.ts";

/** What a client asks for that has no permission ticket: resources by their identifiers, and what to do with them. */
export interface AccessRequest {
  /** Of the parameters `resource` (RFC 8707 §2). */
  readonly resources: readonly string[];
  /** What to do with these; null: whatever can be had. */
  readonly scopes: readonly string[] | null;
  /** Of `authorization_details`, one for each location. */
  readonly details: readonly AccessDetail[];
}

/** RFC 9396 §2.2 */
export interface AccessDetail {
  readonly location: string;
  /** The keeper's own name of a thing that is kept there; null: what bears the location's name itself. */
  readonly identifier: string | null;
  /** Null: whatever can be had. */
  readonly actions: readonly string[] | null;
}

/** The parameters as they were sent. */
export interface SentAccess {
  readonly resources: readonly string[];
  /** Of the parameter `scope`, what means nothing else; null: it was left out. */
  readonly scopes: readonly string[] | null;
  readonly authorizationDetails: string | null;
}

/**
 * Says that a client wants refresh tokens (OpenID Connect Core §11). Whether it gets them stands in its registration, so
 * that clients which say so on their own account are not refused for it.
 */
const OFFLINE_ACCESS = "offline_access";

const Identifier = v.pipe(
  v.string("must be a string"),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const canonical = canonicalIdentifier(dataset.value);
    if (canonical !== null) return canonical;
    addIssue({ message: "must be an https URI without a fragment" });
    return NEVER;
  }),
);

const Details = nonEmptyListOf(
  v.strictObject({
    type: v.literal(ACCESS_DETAIL_TYPE, `must be ${ACCESS_DETAIL_TYPE}`),
    locations: nonEmptyListOf(Identifier, MAX_RESOURCE_IDENTIFIERS),
    identifier: v.exactOptional(line(MAX_WORD_CHARACTERS)),
    actions: v.exactOptional(distinctOf(line(MAX_WORD_CHARACTERS), MAX_SCOPES_PER_PERMISSION)),
  }),
  MAX_AUTHORIZATION_DETAILS,
);

/**
 * Reads what a client asks for by `resource`, `scope` and `authorization_details`.
 * @returns null where it names no resource in any of these ways
 * @throws ProtocolError invalid_target, invalid_authorization_details, invalid_request for too much at once
 */
export function parseAccessRequest(sent: SentAccess): AccessRequest | null {
  if (sent.resources.length === 0 && sent.authorizationDetails === null) return null;
  const resources = parseResources(sent.resources);
  const scopes = sent.scopes?.filter((scope) => scope !== OFFLINE_ACCESS) ?? [];
  if (resources.length === 0 && scopes.length > 0) {
    throw new ProtocolError("invalid_scope", "scope says what to do with a resource: send resource, or actions");
  }
  const details = sent.authorizationDetails === null ? [] : parseDetails(sent.authorizationDetails);
  const access = { resources, scopes: scopes.length === 0 ? null : scopes, details };
  if (JSON.stringify(access).length <= MAX_REQUESTED_ACCESS_CHARACTERS) return access;
  throw invalidRequest("too much is asked for at once: name fewer resources or scopes");
}

/**
 * Reads the parameters `resource` of a request that names them once more (RFC 8707 §2.2).
 * @throws ProtocolError invalid_target
 */
export function parseResources(texts: readonly string[]): readonly string[] {
  const identifiers = new Set(texts.map(parseIdentifier));
  if (identifiers.size <= MAX_RESOURCE_IDENTIFIERS) return [...identifiers];
  throw invalidTarget(`resource may be sent at most ${MAX_RESOURCE_IDENTIFIERS} times`);
}

function parseIdentifier(text: string): string {
  const identifier = canonicalIdentifier(text);
  if (identifier !== null) return identifier;
  throw invalidTarget("resource must be an https URI without a fragment");
}

function parseDetails(text: string): readonly AccessDetail[] {
  const parsed = v.safeParse(Details, parseJson(text), { abortEarly: true });
  if (!parsed.success) {
    const description = `authorization_details must be a list of objects of type ${ACCESS_DETAIL_TYPE} with locations, and optionally identifier and actions`;
    throw new ProtocolError("invalid_authorization_details", description);
  }
  return parsed.output.flatMap(({ locations, identifier = null, actions = null }) =>
    locations.map((location) => ({ location, identifier, actions })),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function invalidTarget(description: string): ProtocolError {
  return new ProtocolError("invalid_target", description);
}

/**
 * A token request may name what was asked for once more, and nothing else (RFC 8707 §2.2).
 * @throws ProtocolError invalid_target
 */
export function checkAskedFor(asked: readonly string[], named: readonly string[]): void {
  if (named.every((resource) => asked.includes(resource))) return;
  throw invalidTarget("resource names something that this authorization is not about");
}

/**
 * An access token for this server itself is for nothing else: whoever means it for a resource server would hand that a key
 * to more (RFC 8707 §2, §3).
 * @throws ProtocolError invalid_target
 */
export function checkOwnTarget(issuer: string, named: readonly string[]): void {
  checkAskedFor([canonicalIdentifier(issuer) ?? issuer], named);
}

/** Every identifier that is named: what an access token for all of it is good for. */
export function locationsOf({ resources, details }: Pick<AccessRequest, "resources" | "details">): readonly string[] {
  return [...new Set([...resources, ...details.map(({ location }) => location)])];
}
