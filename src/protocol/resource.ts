import * as v from "valibot";
import {
  MAX_COLLECTIONS,
  MAX_IDENTIFIER_CHARACTERS,
  MAX_RESOURCE_DESCRIPTION_CHARACTERS,
  MAX_RESOURCE_IDENTIFIERS,
  MAX_RESOURCE_NAME_CHARACTERS,
  MAX_SCOPES_PER_RESOURCE,
  MAX_WORD_CHARACTERS,
} from "../shared/limits.ts";
import { boundedString, boundedText, distinctOf, line, parseBody, withoutNulls } from "../shared/parse.ts";
import { isUriAsWritten } from "../shared/uri.ts";
import { ResourceIdentifier } from "./resource-identifier.ts";
import { SCOPE_NAMES, scopeNamesSchema } from "./scope-names.ts";
import type { ResourceDescriptionBody } from "./wire/resource.ts";

/** A registered resource. Its id is made here and never reused. */
export interface Resource {
  readonly id: string;
  readonly ownerId: string;
  /** The client id of the resource server that registered it. */
  readonly resourceServerId: string;
  readonly description: ResourceDescriptionBody;
  /** What the resource server called it when it registered it; null: nothing. */
  readonly externalId: string | null;
  readonly version: number;
}

/** What a resource server registers. */
export interface ResourceRegistration {
  readonly description: ResourceDescriptionBody;
  readonly externalId: string | null;
}

/** The part of a resource that permission and policy rules look at. */
export interface ProtectedResource {
  readonly id: string;
  readonly resourceServerId: string;
  readonly type: string | null;
  readonly scopes: readonly string[];
  /**
   * The resources that it is in. A member names its collections, and not the other way round: so what an assessment reads
   * does not grow with a collection, a new member takes nothing from anybody, and membership changes with the member's
   * own description. One level: what its collections are in is not looked at.
   */
  readonly collections: readonly string[];
}

/** Characters of each member that the specification names (FedAuthz §3.1). */
const MAX_CHARACTERS = {
  name: MAX_RESOURCE_NAME_CHARACTERS,
  description: MAX_RESOURCE_DESCRIPTION_CHARACTERS,
  type: MAX_WORD_CHARACTERS,
  icon_uri: MAX_IDENTIFIER_CHARACTERS,
} as const;
type NamedMember = keyof typeof MAX_CHARACTERS;

/** Of FedAuthz §3.1, but for `external_id`, `collections` and `resource_identifiers`, which are ours. Scopes and types are lines, as in policies: one that no policy can name would be nobody's to share. */
export const DescriptionBody = v.looseObject({
  external_id: v.exactOptional(line(MAX_WORD_CHARACTERS)),
  resource_scopes: distinctOf(line(MAX_WORD_CHARACTERS), MAX_SCOPES_PER_RESOURCE),
  name: v.exactOptional(boundedText(MAX_CHARACTERS.name)),
  description: v.exactOptional(boundedString(MAX_CHARACTERS.description)),
  type: v.exactOptional(line(MAX_CHARACTERS.type)),
  collections: v.exactOptional(distinctOf(line(MAX_WORD_CHARACTERS), MAX_COLLECTIONS)),
  resource_identifiers: v.exactOptional(distinctOf(ResourceIdentifier, MAX_RESOURCE_IDENTIFIERS)),
  icon_uri: v.exactOptional(
    v.pipe(
      boundedText(MAX_CHARACTERS.icon_uri),
      v.check(isUriAsWritten, "must be an absolute URI as RFC 3986 writes it"),
    ),
  ),
  [SCOPE_NAMES]: v.exactOptional(scopeNamesSchema),
});

/**
 * Reads a resource description (FedAuthz §3.1). Members that do not change are dropped, so that a resource server can
 * read a description, edit it and write it back; and so are those of FedAuthz §3.1 that are null, which say nothing.
 * @throws ProtocolError invalid_request.
 */
export function parseResourceDescription(input: unknown): ResourceDescriptionBody {
  return parseResourceRegistration(input).description;
}

/**
 * Reads what is registered anew: beside the description the name that the resource server gives it once and for all.
 * @throws ProtocolError invalid_request.
 */
export function parseResourceRegistration(input: unknown): ResourceRegistration {
  const sent = withoutNulls(input, isNamed);
  const known = parseBody(DescriptionBody, sent);
  // valibot leaves out members such as `constructor`, and an extension may be called anything.
  const {
    _id,
    user_access_policy_uri,
    external_id: externalId = null,
    ...description
  } = {
    ...(sent as object),
    ...known,
  };
  for (const [member, value] of Object.entries(description)) checkTagged(member, value);
  return { description, externalId };
}

/** Whether the specification names a member, or the one that it is a variant of. */
function isNamed(member: string): boolean {
  const [name = ""] = member.split("#", 1);
  return Object.hasOwn(DescriptionBody.entries, name);
}

/** `name#fr` and its kin (RFC 7591 §2.2): texts for people, as long as the member without the tag may be. */
function checkTagged(member: string, value: unknown): void {
  const [name = "", tag] = member.split("#", 2);
  if (tag === undefined) return;
  if (name === SCOPE_NAMES) parseBody(v.object({ [member]: scopeNamesSchema }), { [member]: value });
  if (!Object.hasOwn(MAX_CHARACTERS, name)) return;
  const tagged = v.object({ [member]: boundedString(MAX_CHARACTERS[name as NamedMember]) });
  parseBody(tagged, { [member]: value });
}
