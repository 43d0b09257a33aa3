import type { ConnectionScope } from "./wire/connection.ts";

/** A resource owner's standing consent that a client (as a resource server, or as a tool) acts for them. */
export interface Connection {
  readonly ownerId: string;
  readonly clientId: string;
  readonly scopes: readonly ConnectionScope[];
  /** Every token of the connection names it; ending the connection raises it, and so ends them all. */
  readonly generation: number;
}

/** Whether what stands is all that is asked. */
export function coversScopes(standing: readonly string[], asked: readonly string[]): boolean {
  return asked.every((scope) => standing.includes(scope));
}

/** As every id that is drawn here (shared/ids.ts). */
export const FAMILY_ID_CHARACTERS = 22;

/**
 * A code, the access tokens and the refresh token that come of it are a family, known by the code's id. The id of each
 * access token begins with that, so that to revoke the family is to revoke them all.
 */
export function tokenIdInFamily(familyId: string, id: string): string {
  return `${familyId}.${id}`;
}

/** The family of an access token, by the token's id; one that belongs to none is its own. */
export function familyOf(tokenId: string): string {
  return tokenId.slice(0, FAMILY_ID_CHARACTERS);
}

/** Who stands behind a protection or policy API call: read from a verified access token, never from the request. */
export interface ConnectedCaller {
  readonly ownerId: string;
  readonly clientId: string;
  readonly generation: number;
  /** The token's jti: one token can be revoked without the others of its connection. */
  readonly tokenId: string;
  readonly scopes: readonly string[];
}
