import type * as v from "valibot";
import { type JsonSchema, jsonSchemaOf } from "../../shared/json-schema.ts";
import { MAX_IDENTIFIER_CHARACTERS, MAX_PAGE_ENTRIES } from "../../shared/limits.ts";
import { maxCharactersOf } from "../form.ts";

/** The words in which calls are described, for whoever adds one: each room has a list of its own calls (api/everything.ts). */

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Who may call, and so how they say who they are (api/callers.ts). */
export type Caller =
  | "anybody"
  | "client"
  | "registrant"
  | "signedInApp"
  | "resourceServer"
  | "ownersTool"
  | "operator"
  | "browser";

/** What an answer or a body is, by media type. */
export interface Contents {
  readonly contents: Readonly<Record<string, JsonSchema>>;
}

/** JSON of this schema; or other media; or nothing. */
export type Described = JsonSchema | Contents | null;

/** One method of one path. */
export interface DescribedCall {
  readonly summary: string;
  /** Parameters of the query by name. */
  readonly query?: Readonly<Record<string, JsonSchema>>;
  /** Headers of the request by name, each with what it does. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonSchema | Contents;
  /** By status. Refusals are added to each. */
  readonly answers: Readonly<Record<number, Described>>;
}

/** By path, below the issuer. */
export type Calls = Readonly<Record<string, Readonly<Partial<Record<Method, DescribedCall>>>>>;

/** Calls that belong together and are made by the same callers. */
export interface CallGroup {
  /** As readers see it. */
  readonly title: string;
  readonly caller: Caller;
  readonly calls: Calls;
  /** What its calls point to by `answer`, by name. */
  readonly schemas?: Readonly<Record<string, JsonSchema>>;
}

export const text = { type: "string" };
export const textOrNull = { type: ["string", "null"] };
export const count = { type: "integer", minimum: 0 };
/** Epoch seconds. */
export const time = { type: "integer" };
export const timeOrNull = { type: ["integer", "null"] };
export const flag = { type: "boolean" };

/** What names something: an id, a filter of a list. */
export const named = { type: "string", minLength: 1, maxLength: MAX_IDENTIFIER_CHARACTERS };
const LIMIT = { limit: { type: "integer", minimum: 1, maximum: MAX_PAGE_ENTRIES, default: 50 } };
/** The parameters of every list (http/paging.ts). */
export const PAGED = { cursor: named, ...LIMIT };
/** The conditions of every change (http/preconditions.ts). */
export const VERSIONED = {
  "If-Match": "The ETag of the version that the change is meant for.",
  "If-None-Match": "* refuses what is already there.",
};
export const REPEATABLE = { "Idempotency-Key": "Makes a repeat of the same edit find its answer." };

export const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items });

/** @returns a reference to what is published under this name. */
export function answer(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** What a schema takes, so that what is published is what validates. */
export const sent = (schema: v.GenericSchema): JsonSchema => jsonSchemaOf(schema);

/** The page of a list. @param next what the query of the page that follows names. */
export function pageOf(item: JsonSchema, next: JsonSchema = text): JsonSchema {
  return strict({ items: listOf(item) }, { next });
}

/** An object with these members and no others. */
export function strict(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/**
 * What was sent as it is read again: the members of what is taken, and further ones.
 * @param hidden what is taken and never told.
 */
export function kept(
  taken: JsonSchema,
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
  hidden: readonly string[] = [],
): JsonSchema {
  const members = Object.entries((taken.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const told = Object.fromEntries(members.filter(([name]) => !hidden.includes(name)));
  return strict(required, { ...told, ...optional });
}

export const WARNINGS = { warnings: listOf(strict({ path: text, message: text })) };

/** The answer to a change that is booked and not yet recorded (http/receipt.ts). @param members that say what it is about. */
export function pending(members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    ...strict({ status: text }, { ...WARNINGS, ...members }),
    description: "In force for whatever it takes away; the database has yet to record it.",
  };
}

/** The parameters of a form; those that it does not name are ignored (RFC 6749 §3.1). */
export interface FormParts {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  /** Parameters of which more is known than how long they may be. */
  readonly known?: Readonly<Record<string, JsonSchema>>;
}

/** A form (http/form.ts). @param kinds of which it is one, where there are several. */
export function form(...kinds: readonly FormParts[]): Contents {
  const [only, ...others] = kinds.map(describeForm);
  const schema = only !== undefined && others.length === 0 ? only : { anyOf: [only, ...others] };
  return { contents: { "application/x-www-form-urlencoded": schema } };
}

function describeForm({ required = [], optional = [], known = {} }: FormParts): JsonSchema {
  const names = [...required, ...optional];
  const properties = names.map((name) => [name, known[name] ?? formParameter(name)]);
  return { type: "object", properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) };
}

function formParameter(name: string): JsonSchema {
  return { type: "string", minLength: 1, maxLength: maxCharactersOf(name) };
}
