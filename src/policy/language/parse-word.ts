import * as v from "valibot";
import { MAX_IDENTIFIER_CHARACTERS, MAX_WORD_CHARACTERS } from "./limits.ts";

/**
 * The smallest parts of a document. A space at either end is refused: it is invisible to its author, and a name with
 * one matches nothing, which for a deny means that it does not deny.
 */
export const TRIMMED_LINE = /^\S(?:.*\S)?$/u;

export function line(maxCharacters: number) {
  return v.pipe(
    v.string("must be a text"),
    v.maxLength(maxCharacters, `must have at most ${maxCharacters} characters`),
    v.regex(TRIMMED_LINE, "must be one line that is not empty and neither starts nor ends with a space"),
  );
}

/** A claim or its value, a scope, a resource type or id, a group. */
export const word = line(MAX_WORD_CHARACTERS);

/** An issuer or a client id. */
export const identifier = line(MAX_IDENTIFIER_CHARACTERS);

/** An empty list is refused everywhere: everything or nothing would be a guess (docs/design.md, decision 7). */
export function listOf<Item>(item: v.GenericSchema<unknown, Item>, most: number) {
  return v.pipe(
    v.array(item, "must be a list"),
    v.minLength(1, "must not be empty"),
    v.maxLength(most, `must have at most ${most} entries`),
  );
}

export function oneOrListOf<Item>(item: v.GenericSchema<unknown, Item>, most: number) {
  const list = listOf(item, most);
  return v.lazy((input): v.GenericSchema<unknown, Item | Item[]> => (Array.isArray(input) ? list : item));
}

export function integer(least: number, most: number) {
  return v.pipe(
    v.number("must be a number"),
    v.integer("must be a whole number"),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}

export const yes = v.literal(true, "must be true");

/** An object whose kind is told by which of some members it has. Exactly one must be there. */
export function byMember<Body>(kinds: Readonly<Record<string, v.GenericSchema<unknown, Body>>>) {
  const members = Object.keys(kinds);
  const none = v.never(`must be an object with exactly one of ${members.join(", ")}`);
  return v.lazy((input): v.GenericSchema<unknown, Body> => {
    const [member, ...others] = members.filter((name) => isObject(input) && Object.hasOwn(input, name));
    return member === undefined || others.length > 0 ? none : (kinds[member] ?? none);
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
