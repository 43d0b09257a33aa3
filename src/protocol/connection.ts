import type { ConnectionScope } from "./wire/connection.ts";

/** A resource owner's standing consent that a client (as a resource server, or as a tool) acts for them. */
export interface Connection {
  readonly ownerId: string;
  readonly clientId: string;
  readonly scopes: readonly ConnectionScope[];
  /** Every token of the connection names it; ending the connection raises it, and so ends them all. */
  readonly generation: number;
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
