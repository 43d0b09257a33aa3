import type { Words } from "./words/en.ts";

/** Something that can be known of somebody. */
export interface Fact {
  /** As it is called on the wire (OpenID Connect Core §5.1). */
  readonly name: string;
  /** As it is shown; null: only that it is known. */
  readonly value: string | null;
}

/** "Your e-mail address: ana@example.com" */
export function factInWords({ facts }: Words, { name, value }: Fact): string {
  const known = new Map(Object.entries(facts.known)).get(name) ?? facts.other(name);
  return value === null ? known : facts.withValue(known, value);
}
