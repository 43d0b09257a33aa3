import * as v from "valibot";
import { ProtocolError } from "../shared/error.ts";
import { boundedText, parseBody } from "../shared/parse.ts";
import { MAX_SCOPE_LENGTH } from "./scope.ts";
import type { ResourceDescriptionBody } from "./wire/resource.ts";

/** A registered resource. Its id is made here and never reused. */
export interface Resource {
  readonly id: string;
  readonly ownerId: string;
  /** The client id of the resource server that registered it. */
  readonly resourceServerId: string;
  readonly description: ResourceDescriptionBody;
}

/** The part of a resource that permission and policy rules look at. */
export interface ProtectedResource {
  readonly id: string;
  readonly resourceServerId: string;
  readonly type: string | null;
  readonly scopes: readonly string[];
}

/** Of one resource. */
const MAX_SCOPES = 100;
/** Characters of each member that the specification names (FedAuthz §3.1). */
const MAX_LENGTH = { name: 512, description: 4_096, type: 256, icon_uri: 2_048 } as const;
type NamedMember = keyof typeof MAX_LENGTH;

const Description = v.looseObject(
  {
    resource_scopes: v.pipe(
      v.array(boundedText(MAX_SCOPE_LENGTH), "must be a list of texts"),
      v.maxLength(MAX_SCOPES, `must not have more than ${MAX_SCOPES} scopes`),
      v.check((scopes) => new Set(scopes).size === scopes.length, "must not name a scope twice"),
    ),
    name: v.exactOptional(boundedText(MAX_LENGTH.name)),
    description: v.exactOptional(boundedText(MAX_LENGTH.description)),
    type: v.exactOptional(boundedText(MAX_LENGTH.type)),
    icon_uri: v.exactOptional(
      v.pipe(
        boundedText(MAX_LENGTH.icon_uri),
        v.check((uri) => URL.canParse(uri), "must be an absolute URI"),
      ),
    ),
  },
  "must be an object with resource_scopes",
);

/**
 * Reads a resource description (FedAuthz §3.1). Members we set ourselves are dropped, so that a resource server can
 * read a description, edit it and write it back.
 * @throws ProtocolError invalid_request.
 */
export function parseResourceDescription(input: unknown): ResourceDescriptionBody {
  const { _id, user_access_policy_uri, ...description } = parseBody(Description, input);
  for (const [member, value] of Object.entries(description)) checkTagged(member, value);
  return description;
}

/** `name#fr` and its kin (RFC 7591 §2.2): texts for people, as long as the member without the tag may be. */
function checkTagged(member: string, value: unknown): void {
  const [name = "", tag] = member.split("#", 2);
  if (tag === undefined || !Object.hasOwn(MAX_LENGTH, name)) return;
  if (typeof value === "string" && value.length <= MAX_LENGTH[name as NamedMember]) return;
  throw new ProtocolError("invalid_request", `${member}: must be a text, and no longer than ${name} may be`);
}
