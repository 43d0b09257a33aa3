import type { HonoRequest } from "hono";
import type { VersionExpectation } from "../ledger/change.ts";
import { ProtocolError } from "../shared/error.ts";

const ENTITY_TAG = /(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;

/** The tags that a condition names; "*" stands for whatever there is. */
type Tags = "*" | readonly string[];

/** The entity tag of a version (RFC 9110 §8.8.3). */
export function versionTag(version: number): { readonly ETag: string } {
  return { ETag: `"${version}"` };
}

/**
 * The version that a change is meant for (RFC 9110 §13.1.1, §13.1.2). A weak tag counts like the strong one that it was
 * made of: whatever compresses answers on their way makes those.
 * @param current looks up the present version, for conditions that name more than one; it throws where there is none.
 * @throws ProtocolError precondition_failed when the present version is none that is meant.
 */
export async function expectedVersion(
  request: HonoRequest,
  current: () => Promise<number>,
): Promise<Exclude<VersionExpectation, "absent">> {
  const wanted = tagsOf(request, "If-Match") ?? "*";
  const unwanted = tagsOf(request, "If-None-Match") ?? [];
  const [only = "", ...others] = wanted;
  if (unwanted.length === 0 && others.length === 0) return wanted === "*" ? "any" : versionOf(only);
  const version = await current();
  if (matches(unwanted, version) || !matches(wanted, version)) throw failed(`the current version is ${version}`);
  // What was decided on this version is written on no other.
  return version;
}

/** Null without the header. A list of nothing but tags that no version of ours ever had matches nothing. */
function tagsOf(request: HonoRequest, name: string): Tags | null {
  const header = request.header(name)?.trim();
  if (header === undefined) return null;
  if (header === "*") return "*";
  const tags = Array.from(header.matchAll(ENTITY_TAG), ([, tag = ""]) => tag);
  if (tags.length > 0 && /^[\s,]*$/.test(header.replaceAll(ENTITY_TAG, ""))) return tags;
  throw failed(`${name}: send ETags as they were received, or *`);
}

function versionOf(tag: string): number {
  if (/^\d{1,15}$/.test(tag)) return Number(tag);
  throw failed("If-Match: there was never a version with this ETag");
}

function matches(tags: Tags, version: number): boolean {
  return tags === "*" || tags.includes(String(version));
}

function failed(description: string): ProtocolError {
  return new ProtocolError("precondition_failed", description);
}
