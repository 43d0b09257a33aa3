/**
 * Whether a parameter stands in the query. Hot endpoints only ask this to refuse it, so a URL is parsed where there is a
 * query at all.
 */
export function queryHas({ url }: Request, name: string): boolean {
  return url.includes("?") && new URL(url).searchParams.has(name);
}
