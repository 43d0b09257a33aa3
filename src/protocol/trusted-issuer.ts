import { type ClaimTokenFormat, ID_TOKENS } from "./claim-token-format.ts";
import type { Speaker } from "./claims.ts";
import type { KeySource } from "./jwt.ts";
import type { ConnectionScope } from "./wire/connection.ts";

/** An issuer whose word counts when a client pushes it. */
export interface TrustedIssuer extends Speaker, IssuerDetails {
  readonly id: string;
  /** A key set held here; otherwise jwksUri, otherwise OpenID discovery at the issuer. */
  readonly jwks: { readonly keys: readonly object[] } | null;
  readonly jwksUri: string | null;
  /** Audiences accepted besides the pushing client and this server. */
  readonly audiences: readonly string[];
  /** Seconds after iat at which its tokens count no more; null: only exp limits them. */
  readonly maxTokenAge: number | null;
}

/** What an operator may say of a trusted issuer besides whose word it is and how far it counts. */
export interface IssuerDetails {
  /** In which forms its word counts when clients push it. */
  readonly formats: readonly ClaimTokenFormat[];
  /** The client that is this issuer: what it signs with its own keys counts in its own requests alone. Null: none is. */
  readonly clientId: string | null;
  readonly introspection: Introspection | null;
  readonly assertions: AssertionTrust | null;
  /** Whether it vouches for what clients say of themselves, by software statements (RFC 7591 §2.3). */
  readonly attestsSoftware: boolean;
}

/** What clients trade for an access token (RFC 7523 §2.1). */
export const ASSERTION_KINDS = [
  /** What any issuer says to this server about a person. */
  "jwt",
  /** What an enterprise's provider lets one client do for a person (identity assertion authorization grant, a draft). */
  "id_jag",
] as const;
export type AssertionKind = (typeof ASSERTION_KINDS)[number];

/** What assertions of an issuer are good for. */
export interface AssertionTrust {
  readonly kinds: readonly AssertionKind[];
  /** Of a connection that stands already; empty: of none. */
  readonly scopes: readonly ConnectionScope[];
  /** Whether they stand for their person where resources are asked for by name. */
  readonly access: boolean;
}

/** Where an issuer tells about its access tokens (RFC 7662), and who we are there. */
export interface Introspection {
  readonly endpoint: string;
  readonly clientId: string;
  /** The secret, sealed in the vault. */
  readonly sealedSecret: string;
}

/** Of an issuer of which no more is said. */
export const DEFAULT_ISSUER_DETAILS: IssuerDetails = {
  formats: [ID_TOKENS],
  clientId: null,
  introspection: null,
  assertions: null,
  attestsSoftware: false,
};

const NO_KEYS: KeySource = { jwks: null, jwksUri: null };

/**
 * Where the keys are with which an issuer signs: nowhere, for one that is only asked about its access tokens.
 * @param client what is registered of the client that pushes; null: the keys are looked at without one.
 */
export function keySourceOf(trusted: TrustedIssuer, client: KeySource | null): KeySource {
  if (trusted.clientId !== null) return client === null ? NO_KEYS : { jwks: client.jwks, jwksUri: client.jwksUri };
  const signs =
    trusted.attestsSoftware ||
    trusted.assertions !== null ||
    trusted.formats.some(({ kind }) => kind !== "access_token");
  return signs ? trusted : NO_KEYS;
}
