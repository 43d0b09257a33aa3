import type { DescribedCall, Description } from "../support/server/api-description.ts";
import { BY_CALL, BY_NAME, BY_SCHEMA, RARE, type Supplies } from "./samples.ts";
import type { Shot, ShotBody } from "./shot.ts";
import { kindOf, wholePath } from "./stock.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const FORM = "application/x-www-form-urlencoded";

const RARELY = 0.02;
/** Of what may be left out, how much is there. */
const FULLNESS = [0, 0.2, 0.9];

/** Nothing is deeper that somebody would send. */
const DEEPEST = 6;

/** Makes requests that a call takes, by its description and with what there is in stock. */
export class Aim {
  readonly #schemas: Readonly<Record<string, object>>;

  constructor(description: Description) {
    this.#schemas = description.components.schemas;
  }

  /** A request without its caller. */
  at(call: DescribedCall, supplies: Supplies): Shot {
    const { dice } = supplies;
    const parameters = call.operation.parameters ?? [];
    // What goes together is often there together: of an authorization request hardly anything can be left out.
    const fullness = dice.pick(FULLNESS);
    const query = parameters
      .filter((one) => one.in === "query" && dice.chance(RARE.has(one.name) ? RARELY : fullness))
      .map(({ name, schema }): [string, string] => [name, text(this.#member(name, schema, supplies, 0))]);
    return {
      call,
      method: call.method,
      path: this.#path(call.path, supplies),
      query: query.filter(([, value]) => value !== ""),
      headers: [],
      body: this.#body(call, supplies),
    };
  }

  /** What the list before a parameter holds, or what the parameter itself names. */
  #path(template: string, { stock, dice }: Supplies): string {
    const story = stock.take("request_id", dice);
    if (template === "/admin/requests/{id}" && story !== null) return `/admin/requests/${encodeURIComponent(story)}`;
    const known = stock.takeFresh(wholePath(template), dice);
    if (known !== null && dice.chance(0.5)) return known;
    const segments = template.split("/");
    return segments
      .map((segment, index) => {
        const name = /^\{(\w+)\}$/.exec(segment)?.[1];
        if (name === undefined) return segment;
        const named = name === "id" ? kindOf(segments[index - 1] ?? "") : name.replace(/Id$/, "");
        return encodeURIComponent(
          stock.take(named, dice) ?? stock.take(kindOf(segments[index - 1] ?? ""), dice) ?? "A".repeat(22),
        );
      })
      .join("/");
  }

  #body({ method, path, operation }: DescribedCall, supplies: Supplies): ShotBody | null {
    const [[type, described] = []] = Object.entries(operation.requestBody?.content ?? {});
    if (type === undefined || described === undefined) return null;
    const sample = BY_CALL[`${method} ${path}`];
    const value =
      sample !== undefined && supplies.dice.chance(0.8) ? sample(supplies) : this.#value(described.schema, supplies, 0);
    if (type !== FORM) return { kind: "json", type, value };
    const members = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
    return { kind: "form", pairs: members.map(([name, one]): [string, string] => [name, text(one)]) };
  }

  #member(name: string, schema: Schema, supplies: Supplies, depth: number): unknown {
    const known =
      schema.const === undefined && schema.enum === undefined ? BY_NAME[name.split("#")[0] ?? ""] : undefined;
    const value = known?.(supplies);
    return value === undefined || value === null ? this.#value(schema, supplies, depth) : value;
  }

  #value(schema: Schema, supplies: Supplies, depth: number): unknown {
    const { dice } = supplies;
    if (schema.$ref !== undefined) return this.#referred(schema.$ref, supplies, depth);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return dice.pick(schema.enum);
    const kinds = schema.anyOf ?? schema.oneOf;
    if (kinds !== undefined && schema.properties === undefined) return this.#value(dice.pick(kinds), supplies, depth);
    const [type] = [schema.type].flat();
    switch (type) {
      case "object":
        return this.#object(schema, supplies, depth);
      case "array": {
        const length = depth > DEEPEST ? 0 : Math.max(schema.minItems ?? 0, dice.below(3));
        return Array.from({ length }, () => this.#value(schema.items ?? {}, supplies, depth + 1));
      }
      case "integer":
      case "number":
        return (
          (schema.minimum ?? 0) + dice.below(Math.min(1_000, (schema.maximum ?? 1_000) - (schema.minimum ?? 0)) + 1)
        );
      case "boolean":
        return dice.chance(0.5);
      case "string":
        return dice.word(Math.min(schema.maxLength ?? 8, Math.max(schema.minLength ?? 1, 8)));
      default:
        return dice.pick<unknown>(["x", 1, true, { a: "b" }]);
    }
  }

  #referred(reference: string, supplies: Supplies, depth: number): unknown {
    const name = reference.split("/").at(-1) ?? "";
    const whole = BY_SCHEMA[name];
    if (whole !== undefined && supplies.dice.chance(0.8)) return whole(supplies);
    return this.#value((this.#schemas[name] ?? {}) as Schema, supplies, depth + 1);
  }

  #object(schema: Schema, supplies: Supplies, depth: number): object {
    const { dice } = supplies;
    const required = new Set(schema.required ?? []);
    const fullness = depth > 0 ? 0.3 : dice.pick(FULLNESS);
    const chosen = Object.entries(schema.properties ?? {}).filter(
      ([name]) => required.has(name) || (depth < DEEPEST && dice.chance(RARE.has(name) ? RARELY : fullness)),
    );
    const members = chosen.map(([name, member]) => [name, this.#member(name, member, supplies, depth + 1)] as const);
    const more = schema.additionalProperties;
    if (typeof more !== "object" || depth > DEEPEST) return Object.fromEntries(members);
    return Object.fromEntries([...members, [dice.word(), this.#value(more, supplies, depth + 1)]]);
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
