import * as v from "valibot";
import { MAX_LOCALIZED_NAMES, MAX_NAME_CHARACTERS } from "../shared/limits.ts";
import { boundedText, parseBody, recordOf } from "../shared/parse.ts";
import { isVisible } from "../shared/visible.ts";
import type { Client } from "./client.ts";

/** `client_name#de` (RFC 7591 §2.2), with a language tag as BCP 47 writes it. */
const TAGGED_NAME = /^client_name#([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)$/;

/** What a client is called: to be told from others it has to be seen. */
export const ClientName = v.pipe(
  boundedText(MAX_NAME_CHARACTERS),
  v.check(isVisible, "must have something to be seen"),
);
const TaggedNames = recordOf(ClientName, MAX_LOCALIZED_NAMES);

export function isTaggedName(member: string): boolean {
  return TAGGED_NAME.test(member);
}

/**
 * Takes the names that bear a language tag out of a registration.
 * @returns these, by tag, and the registration without them
 * @throws ProtocolError invalid_request that names the member
 */
export function takeLocalizedNames(input: unknown): {
  readonly names: Readonly<Record<string, string>>;
  readonly rest: unknown;
} {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return { names: {}, rest: input };
  const members = Object.entries(input);
  const tagged = members.filter(([member, value]) => isTaggedName(member) && value !== null);
  const names = Object.entries(parseBody(TaggedNames, Object.fromEntries(tagged)));
  const rest = members.filter(([member]) => !isTaggedName(member));
  return {
    names: Object.fromEntries(names.map(([member, name]) => [TAGGED_NAME.exec(member)?.[1] ?? "", name])),
    rest: Object.fromEntries(rest),
  };
}

/** The same names as members of a registration. */
export function renderLocalizedNames(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([tag, name]) => [`client_name#${tag}`, name]));
}

/**
 * What a client is called in a language, or else without saying in which.
 * @param language BCP 47 primary subtag
 */
export function nameIn(language: string, { name, localizedNames }: Pick<Client, "name" | "localizedNames">): string {
  const tags = Object.keys(localizedNames);
  const isOfLanguage = (tag: string) => tag.toLowerCase().startsWith(`${language}-`);
  const tag = tags.find((one) => one.toLowerCase() === language) ?? tags.find(isOfLanguage);
  return (tag === undefined ? undefined : localizedNames[tag]) ?? name;
}
