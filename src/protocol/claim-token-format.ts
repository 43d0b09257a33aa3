import type { Speaker } from "./claims.ts";
import { ID_TOKEN_FORMAT } from "./wire/claims.ts";

/** In what an issuer's word about somebody can come. */
export const CLAIM_TOKEN_KINDS = [
  /** What the issuer gave the pushing client when somebody signed in (OIDC Core §2). */
  "id_token",
  /** Any other statement that the issuer signed, for us or for the pushing client (RFC 7519). */
  "jwt",
  /** A token that the pushing client was given for somebody, about which the issuer is asked (RFC 7662). */
  "access_token",
] as const;
export type ClaimTokenKind = (typeof CLAIM_TOKEN_KINDS)[number];

interface KindNames {
  /** How clients name it in `claim_token_format` (Grant §3.3.1) where the operator has not said otherwise. */
  readonly usualFormat: string;
  /** How clients name it in `subject_token_type` (RFC 8693 §3). */
  readonly tokenType: string;
}

const NAMES: Readonly<Record<ClaimTokenKind, KindNames>> = {
  id_token: { usualFormat: ID_TOKEN_FORMAT, tokenType: "urn:ietf:params:oauth:token-type:id_token" },
  jwt: {
    usualFormat: "urn:ietf:params:oauth:token-type:jwt",
    tokenType: "urn:ietf:params:oauth:token-type:jwt",
  },
  access_token: {
    usualFormat: "urn:ietf:params:oauth:token-type:access_token",
    tokenType: "urn:ietf:params:oauth:token-type:access_token",
  },
};

/** A row of the format table: a form in which the word of one issuer counts. */
export interface ClaimTokenFormat {
  readonly kind: ClaimTokenKind;
  /** How clients name it in `claim_token_format`: a URI, or a plain word. */
  readonly format: string;
  /** The type that its header must give a JWT (RFC 8725 §3.11); null: `JWT`, or none. */
  readonly typ: string | null;
  /** Of what its issuer may speak for, what counts in this form. */
  readonly claims: Speaker["claims"];
}

/** What is accepted of an issuer of which the operator says no more. */
export const ID_TOKENS: ClaimTokenFormat = { kind: "id_token", format: ID_TOKEN_FORMAT, typ: null, claims: "all" };

export function usualFormatOf(kind: ClaimTokenKind): string {
  return NAMES[kind].usualFormat;
}

/** How whoever pushes a token says what it is: by a format (Grant §3.3.1), or by a token type (RFC 8693 §2.1). */
export type TokenName = { readonly format: string } | { readonly tokenType: string };

/** Whether a name can mean an ID Token of this server, which needs no row. */
export function namesIdToken(name: TokenName): boolean {
  const { usualFormat, tokenType } = NAMES.id_token;
  return "format" in name ? name.format === usualFormat : name.tokenType === tokenType;
}

/** The rows that a name can mean, in the order of the operator. */
export function findFormats(formats: readonly ClaimTokenFormat[], name: TokenName): readonly ClaimTokenFormat[] {
  return formats.filter(({ kind, format }) =>
    "format" in name ? format === name.format : NAMES[kind].tokenType === name.tokenType,
  );
}

/** How far an issuer's word counts in one of its forms. */
export function narrowedBy<One extends Pick<Speaker, "claims">>(
  speaker: One,
  { claims }: Pick<ClaimTokenFormat, "claims">,
): One {
  if (claims === "all") return speaker;
  const allowed = speaker.claims;
  return { ...speaker, claims: allowed === "all" ? claims : claims.filter((name) => allowed.includes(name)) };
}
