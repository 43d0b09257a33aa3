import type { Page } from "../../operations/ports/page.ts";
import { decodeBase64url, encodeBase64url } from "../../shared/base64url.ts";
import { badCursor } from "../../shared/cursor.ts";

/**
 * Keyset paging: a page starts after a key, not at an offset, so that a long list costs the same on every page and no
 * entry is skipped when others come and go. The cursor is the key of a page's last entry; our ids are url-safe.
 */

/** Lists by age: the oldest first, ties by id. */
export interface AgeKey {
  readonly createdAt: number;
  readonly id: string;
}

const AGE_CURSOR = /^(\d{1,15})\.([\w-]{1,128})$/;
const ID_CURSOR = /^[\w-]{1,128}$/;
const PAIR_CURSOR = /^([\w-]{1,128})\.([\w-]{1,128})$/;

/** @throws ProtocolError invalid_request for a text that is no cursor of ours. */
export function parseAgeCursor(cursor: string | null): AgeKey {
  if (cursor === null) return { createdAt: -1, id: "" };
  const [, createdAt, id] = AGE_CURSOR.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw badCursor();
  return { createdAt: Number(createdAt), id };
}

/** @throws ProtocolError invalid_request for a text that is no cursor of ours. */
export function parseIdCursor(cursor: string | null): string {
  if (cursor === null) return "";
  if (!ID_CURSOR.test(cursor)) throw badCursor();
  return cursor;
}

/** @throws ProtocolError invalid_request for a text that is no cursor of ours. */
export function parsePairCursor(cursor: string | null): readonly [first: string, second: string] {
  if (cursor === null) return ["", ""];
  const [, first, second] = PAIR_CURSOR.exec(cursor) ?? [];
  if (first === undefined || second === undefined) throw badCursor();
  return [first, second];
}

/** Lists by a text, such as a name, that may be anybody's; ties by id. The cursor hides both. */
interface TextKey {
  readonly text: string;
  readonly id: string;
}

/** @throws ProtocolError invalid_request for a text that is no cursor of ours. */
export function parseTextCursor(cursor: string | null): TextKey {
  if (cursor === null) return { text: "", id: "" };
  const bytes = decodeBase64url(cursor);
  const [, id, text] = /^([\w-]{1,128}) (.{0,200})$/su.exec(new TextDecoder().decode(bytes ?? undefined)) ?? [];
  if (id === undefined || text === undefined) throw badCursor();
  return { text, id };
}

export const textCursor = ({ text, id }: TextKey): string => encodeBase64url(new TextEncoder().encode(`${id} ${text}`));
export const ageCursor = (entry: AgeKey): string => `${entry.createdAt}.${entry.id}`;
export const idCursor = (entry: { readonly id: string }): string => entry.id;
export const pairCursor = (first: string, second: string): string => `${first}.${second}`;

/** @param read one entry more than the limit, if there are so many: it tells whether there is a next page. */
export function toPage<T>(read: readonly T[], limit: number, cursorOf: (entry: T) => string): Page<T> {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return { items, next: read.length > limit && last !== undefined ? cursorOf(last) : null };
}
