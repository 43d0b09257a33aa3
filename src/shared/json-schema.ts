import type * as v from "valibot";

/** A JSON Schema (2020-12), as far as schemas of ours need one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Describe = (of: (schema: v.GenericSchema) => JsonSchema) => JsonSchema;

/** What cannot be read off a schema itself, because it is decided by a function. */
const described = new WeakMap<object, Describe>();

/** Says how a schema is described that decides by a function. @returns the schema. */
export function describedAs<Schema extends v.GenericSchema>(schema: Schema, describe: Describe): Schema {
  described.set(schema, describe);
  return schema;
}

/**
 * Describes what a schema takes, so that what is published is what validates. Rules that are functions are left out:
 * whatever is refused by the description is refused by the schema, and now and then a little more.
 * @throws Error for a schema that nobody described yet.
 */
export function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  return ofPart(schema as unknown as Part);
}

/** A schema, or a step of one, as valibot keeps it. */
interface Part {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Part[];
  readonly entries?: Readonly<Record<string, Part>>;
  readonly item?: Part;
  readonly options?: readonly unknown[];
  readonly wrapped?: Part;
  readonly literal?: unknown;
  readonly default?: unknown;
  readonly requirement?: unknown;
}

function ofPart(part: Part): JsonSchema {
  const describe = described.get(part);
  if (describe !== undefined) return describe(jsonSchemaOf);
  if (part.pipe === undefined) return ofSchema(part);
  return part.pipe.reduce<JsonSchema>((base, step) => (step.kind === "schema" ? ofPart(step) : narrow(base, step)), {});
}

/** A schema without the steps that may follow it; the first step of a pipe is the schema as it was before there was one. */
function ofSchema({ type, entries = {}, item, options = [], wrapped, literal, default: usual }: Part): JsonSchema {
  switch (type) {
    case "unknown":
      return {};
    case "string":
    case "number":
    case "boolean":
      return { type };
    case "literal":
      return { const: literal };
    case "picklist":
      return { enum: options };
    case "union":
      return { anyOf: options.map((option) => ofPart(option as Part)) };
    case "array":
      return { type: "array", items: item === undefined ? {} : ofPart(item) };
    case "strict_object":
      return { ...ofObject(entries), additionalProperties: false };
    case "object":
    case "loose_object":
      return ofObject(entries);
    case "optional":
    case "exact_optional":
      return { ...(wrapped === undefined ? {} : ofPart(wrapped)), ...(usual === undefined ? {} : { default: usual }) };
    default:
      throw new Error(`nobody has said how a schema of the type ${type} is described`);
  }
}

function ofObject(entries: Readonly<Record<string, Part>>): JsonSchema {
  const members = Object.entries(entries);
  const required = members.filter(([, { type }]) => !type.endsWith("optional")).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(members.map(([name, member]) => [name, ofPart(member)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** What a step adds; one that changes a value, or asks a function, adds nothing. */
function narrow(base: JsonSchema, { type, requirement }: Part): JsonSchema {
  const isList = base.type === "array";
  switch (type) {
    case "max_length":
      return { ...base, [isList ? "maxItems" : "maxLength"]: requirement };
    case "min_length":
      return { ...base, [isList ? "minItems" : "minLength"]: requirement };
    case "length":
      return { ...base, minLength: requirement, maxLength: requirement };
    case "regex":
      return withPattern(base, (requirement as RegExp).source);
    case "integer":
      return { ...base, type: "integer" };
    case "min_value":
      return { ...base, minimum: requirement };
    case "max_value":
      return { ...base, maximum: requirement };
    case "ipv4":
    case "ipv6":
      return { ...base, format: type };
    default:
      return base;
  }
}

/** A schema has one pattern; what has two has to fit both. */
function withPattern(base: JsonSchema, pattern: string): JsonSchema {
  return base.pattern === undefined ? { ...base, pattern } : { ...base, allOf: [{ pattern }] };
}
