/** What keeps a claim token from counting, and what keeps a claim of a good one from it: names, and the words for them. */

export type HeaderFault = "alg" | "crit" | "typ";
export type TimeFault = "exp" | "iat" | "nbf";
export type AgeFault = "iat" | "age";

export type ClaimTokenFault =
  /** Of the client that pushed it, and of how it named it. */
  | "client"
  | "format"
  | "form"
  | "ambiguous"
  | "parties"
  /** Of whoever issued it, and of what they can be asked or known by. */
  | "issuer"
  | "issuer_client"
  | "signature"
  | "keys"
  | "unasked"
  /** Of what it says. */
  | HeaderFault
  | "inactive"
  | "iss"
  | "sub"
  | "kind"
  | "bound"
  | "client_id"
  | "azp"
  | "aud"
  | TimeFault
  | AgeFault
  | "ticket_hash";

/** Why a claim of an accepted token does not count. */
export type ClaimFault = "not_trusted_for" | "unverified" | "domain" | "value";

/** A claim that a token states and that does not count. */
export interface ClaimLeftOut {
  readonly name: string;
  readonly fault: ClaimFault;
}

/** For the client that pushed it, and for whoever looks after that client. */
const WORDS: Readonly<Record<ClaimTokenFault, string>> = {
  client: "this client is not registered to push claims (may_push_claims)",
  format: "its claim_token_format is not known here",
  form: "it is not a signed JWT in compact form, nor that in base64url",
  ambiguous: "several issuers go by its format, and it does not say of which it is",
  parties: "it is several, and nobody says that they are about one person",
  issuer: "its issuer is not trusted here",
  issuer_client: "its issuer is another client, which vouches for people in its own requests alone",
  signature: "its signature does not verify with the keys of its issuer",
  keys: "the keys of its issuer cannot be had at present",
  unasked: "its issuer cannot be asked about it at present",
  alg: "its header names no algorithm that is accepted",
  crit: "its header has critical extensions (crit), of which none is known here",
  typ: "its header gives it another type than its format has",
  inactive: "its issuer says that it is not active",
  iss: "its iss is not the issuer that signed it",
  sub: "its sub is missing, too long, or the issuer itself",
  kind: "it is another kind of token than its format is about",
  bound: "it is bound to a key, and counts for whoever proves to have that",
  client_id: "it was not issued to this client",
  azp: "its azp is not this client",
  aud: "its aud does not name this client or this server, or names others besides",
  exp: "it has expired, or has no exp",
  iat: "its iat is missing, or lies in the future",
  nbf: "its nbf lies in the future",
  age: "it was issued longer ago than is accepted of its issuer",
  ticket_hash: "its ticket_hash is not that of the ticket it came with",
};

const CLAIM_WORDS: Readonly<Record<ClaimFault, string>> = {
  not_trusted_for: "its issuer may not speak for it here",
  unverified: "email_verified is not true",
  domain: "its issuer may not speak for addresses of this domain",
  value: "its value has no form that is compared here",
};

/** Why a claim token does not count, in words that can follow "the claim token does not count:". */
export function describeTokenFault(fault: ClaimTokenFault): string {
  return WORDS[fault];
}

/** Why a claim does not count, in words that can follow its name. */
export function describeClaimFault(fault: ClaimFault): string {
  return CLAIM_WORDS[fault];
}
