import type { PersonFacts } from "../../../pages/parts/identity.tsx";
import type { Words } from "../../../pages/words/en.ts";
import { said } from "../../../pages/words/said.ts";
import { findScopeName, readableScope, type ScopeNames } from "../../../protocol/scope-names.ts";

/** What people call whatever a policy names by an id; null for what there is no longer, or never told its name. */
export interface Naming {
  /** `null` as a name: it has none. */
  readonly things: ReadonlyMap<string, string | null>;
  readonly groups: ReadonlyMap<string, string>;
  readonly apps: ReadonlyMap<string, string>;
  /** @param issuer and subject as a policy names them. */
  readonly person: (issuer: string, subject: string) => PersonFacts | null;
  /** What the apps that host these things call what can be done with them. */
  readonly scopeNames: readonly ScopeNames[];
}

export const NAMELESS: Naming = {
  things: new Map(),
  groups: new Map(),
  apps: new Map(),
  person: () => null,
  scopeNames: [],
};

/**
 * What a scope lets somebody do, such as "view" in "can view": in the words of the app, in ours for what many apps call
 * alike, or else as it stands.
 */
export function actOf(scope: string, scopeNames: readonly ScopeNames[], words: Words): string {
  return nameOf(scope, scopeNames, words) ?? ourWordFor(scope, words) ?? readableScope(scope);
}

/** The same as a part of a sentence: a word of ours is one, and one of an app is set apart in it. */
export function actInSentence(scope: string, scopeNames: readonly ScopeNames[], words: Words): string {
  const ours = nameOf(scope, scopeNames, words) === null ? ourWordFor(scope, words) : null;
  return ours ?? words.shares.act(actOf(scope, scopeNames, words));
}

function nameOf(scope: string, scopeNames: readonly ScopeNames[], { language }: Words): string | null {
  return scopeNames.map((names) => findScopeName(names, scope, language.tag)).find((name) => name !== null) ?? null;
}

function ourWordFor(scope: string, { shares }: Words): string | null {
  const known: Readonly<Record<string, string>> = shares.acts;
  const word = readableScope(scope).toLowerCase();
  return Object.hasOwn(known, word) ? (known[word] ?? null) : null;
}

/** A name with the address that was verified. */
export function personInWords({ name, address }: PersonFacts, words: Words): string {
  if (name !== null && address !== null) return `${said`${name}`} (${said`${address}`})`;
  const known = name ?? address;
  return known === null ? words.shares.audiences.somebody : said`${known}`;
}
