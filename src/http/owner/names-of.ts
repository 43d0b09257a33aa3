/** By id, what is called by a name of all that something names by an id; what is gone has none. */
export function namesOf(ids: readonly string[], names: ReadonlyMap<string, string>): object {
  const named = [...new Set(ids)].map((id) => [id, names.get(id)] as const);
  return Object.fromEntries(named.filter(([, name]) => name !== undefined));
}
