import * as v from "valibot";
import { invalidRequest } from "./error.ts";
import { describedAs } from "./json-schema.ts";
import { isExact } from "./number.ts";
import { wireSafe } from "./wire-text.ts";

/** The one kit for whatever is sent as JSON: schemas say what is taken, and every refusal is worded here. */

const ABORT_EARLY = { abortEarly: true, abortPipeEarly: true };

/**
 * Turns what was sent into a typed value; it stops at the first fault and says where that is.
 * @throws ProtocolError invalid_request with "path: what is wrong".
 */
export function parseBody<Body>(schema: v.GenericSchema<unknown, Body>, input: unknown): Body {
  const result = v.safeParse(schema, input, ABORT_EARLY);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalidRequest(wireSafe(`${pathOf(issue)}: ${messageOf(issue)}`));
}

/** Such as `who.all[1].claim`. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return keys.join("").replace(/^\./, "") || "body";
}

const OBJECTS = ["object", "strict_object", "loose_object"];

/** Objects have three faults, which only the issue tells apart; the fault's path names the member. */
function messageOf({ type, expected, message }: v.BaseIssue<unknown>): string {
  if (!OBJECTS.includes(type)) return message;
  if (expected === "Object") return "must be an object";
  return expected === "never" ? "is not known" : "is missing";
}

/**
 * Bounds a document as a whole, for input that did not come through a bounded body or is kept at its full size.
 * @param maxBytes of the document written as JSON.
 * @param maxLevels of objects and lists inside each other; keeps the walks that follow from running out of stack.
 * @throws ProtocolError invalid_request.
 */
export function checkSize(input: unknown, maxBytes: number, maxLevels: number): void {
  if (isDeeperThan(input, maxLevels)) throw invalidRequest(`body: must have at most ${maxLevels} levels`);
  if (byteLength(input) > maxBytes) throw invalidRequest(`body: must have at most ${maxBytes} bytes`);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function byteLength(input: unknown): number {
  return new TextEncoder().encode(JSON.stringify(input)).length;
}

const string = v.string("must be a string");

function atMostCharacters(maxCharacters: number) {
  return v.maxLength<string, number, string>(maxCharacters, `must have at most ${maxCharacters} characters`);
}

/** A string that may be empty. */
export function boundedString(maxCharacters: number) {
  return v.pipe(string, atMostCharacters(maxCharacters));
}

/** A string that says something: not blanks alone. */
export function boundedText(maxCharacters: number) {
  return v.pipe(boundedString(maxCharacters), v.regex(/\S/u, "must not be empty"));
}

export const TRIMMED_LINE = /^\S(?:.*\S)?$/u;

/**
 * One line. A space at either end is refused: it is invisible to its author, and a name with one matches nothing,
 * which for a deny means that it does not deny.
 */
export function line(maxCharacters: number) {
  return v.pipe(
    boundedString(maxCharacters),
    v.regex(TRIMMED_LINE, "must be one line that is not empty and neither starts nor ends with a space"),
  );
}

export const exactNumber = v.pipe(
  v.number("must be a number"),
  v.check(isExact, "must be a number of at most 2^53 - 1, on either side of 0"),
);

export function integer(least: number, most = Number.MAX_SAFE_INTEGER) {
  return v.pipe(
    v.number("must be a number"),
    v.integer("must be a whole number"),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}

export const trueOrFalse = v.boolean("must be true or false");

/** A member that says something by being there, and that is left out otherwise. */
export const yes = v.literal(true, "must be true");

export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `must be one of ${words.join(", ")}`);
}

/**
 * An object of a request, in which null stands for an optional member that is left out, as many clients write it. Not for
 * policies: there what could grant by accident is refused.
 */
export function sentObject<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(
    v.unknown(),
    v.transform((input) => withoutNulls(input)),
    v.strictObject(entries),
  );
}

/**
 * The same object without the members that are null; whatever is no object stays what it is.
 * @param isOurs which members it is about, where some may say null on their own account.
 */
export function withoutNulls(input: unknown, isOurs: (member: string) => boolean = () => true): unknown {
  if (!isRecord(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([member, value]) => value !== null || !isOurs(member)));
}

/** A list that may be empty. */
export function listOf<Item>(item: v.GenericSchema<unknown, Item>, most: number): v.GenericSchema<unknown, Item[]> {
  return v.pipe(v.array(item, "must be a list"), v.maxLength(most, `must have at most ${most} entries`));
}

/** For lists of which nobody could say whether an empty one means everything or nothing (docs/design.md, decision 7). */
export function nonEmptyListOf<Item>(
  item: v.GenericSchema<unknown, Item>,
  most: number,
): v.GenericSchema<unknown, Item[]> {
  return v.pipe(listOf(item, most), v.minLength(1, "must not be empty"));
}

/** A list that may be empty, of different strings. */
export function setOf<Item extends string>(
  item: v.GenericSchema<unknown, Item>,
  most: number,
): v.GenericSchema<unknown, Item[]> {
  return v.pipe(
    listOf(item, most),
    v.check((items) => new Set(items).size === items.length, "must not name anything twice"),
  );
}

/** A list that may be empty; what it names twice is kept once. */
export function distinctOf<Item extends string>(
  item: v.GenericSchema<unknown, Item>,
  most: number,
): v.GenericSchema<unknown, Item[]> {
  return v.pipe(
    listOf(item, most),
    v.transform((items) => [...new Set(items)]),
  );
}

export function oneOrListOf<Item>(item: v.GenericSchema<unknown, Item>, most: number) {
  return thisOrList(item, nonEmptyListOf(item, most));
}

/** One thing, or what is taken where a list was sent. */
export function thisOrList<One, List>(
  one: v.GenericSchema<unknown, One>,
  list: v.GenericSchema<unknown, List>,
): v.GenericSchema<unknown, One | List> {
  return chosen<One | List>([one, list], (input) => (Array.isArray(input) ? list : one));
}

/** One of several schemas, by what was sent. */
function chosen<Value>(
  all: readonly v.GenericSchema<unknown, Value>[],
  choose: (input: unknown) => v.GenericSchema<unknown, Value>,
): v.GenericSchema<unknown, Value> {
  return describedAs(v.lazy(choose), (of) => ({ anyOf: all.map(of) }));
}

/** The word all, or a list. */
export function allOr<Item>(list: v.GenericSchema<unknown, Item[]>): v.GenericSchema<unknown, Item[] | "all"> {
  return thisOrList(v.literal("all", "must be a list, or all"), list);
}

/** An object whose members the sender names: also `constructor` or `__proto__`, which a record of valibot leaves out. */
export function recordOf<Value>(
  value: v.GenericSchema<unknown, Value>,
  most: number,
): v.GenericSchema<unknown, Readonly<Record<string, Value>>> {
  const record = v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isRecord, "must be an object"),
    v.check((record) => Object.keys(record).length <= most, `must have at most ${most} members`),
    v.rawTransform(({ dataset: { value: record }, addIssue, NEVER }) => {
      const members: [string, Value][] = [];
      for (const [key, input] of Object.entries(record)) {
        const member = v.safeParse(value, input, ABORT_EARLY);
        if (!member.success) {
          const [issue] = member.issues;
          const step = { type: "object", origin: "value", input: record, key, value: input } as const;
          addIssue({ message: messageOf(issue), path: [step, ...(issue.path ?? [])] });
          return NEVER;
        }
        members.push([key, member.output]);
      }
      return Object.fromEntries(members);
    }),
  );
  return describedAs(record, (of) => ({ type: "object", additionalProperties: of(value), maxProperties: most }));
}

function isRecord(input: unknown): input is object {
  return isObject(input) && !Array.isArray(input);
}

/** An object whose kind is told by which of some members it has. Exactly one must be there. */
export function byMember<Kinds extends object>(
  kinds: {
    readonly [Kind in keyof Kinds]: v.GenericSchema<unknown, Kinds[Kind]>;
  },
): v.GenericSchema<unknown, Kinds[keyof Kinds]> {
  const members = Object.keys(kinds) as (keyof Kinds & string)[];
  const none = v.never(`must be an object with exactly one of ${members.join(", ")}`);
  return chosen<Kinds[keyof Kinds]>(Object.values(kinds), (input) => {
    const [member, ...others] = members.filter((name) => isObject(input) && Object.hasOwn(input, name));
    return member === undefined || others.length > 0 ? none : kinds[member];
  });
}

function isObject(input: unknown): input is object {
  return typeof input === "object" && input !== null;
}

/** An object of optional members that says at least one of them. */
export function notEmpty<Body extends object>(object: v.GenericSchema<unknown, Body>): v.GenericSchema<unknown, Body> {
  return v.pipe(
    object,
    v.check((body) => Object.keys(body).length > 0, "must not be empty"),
  );
}
