import * as v from "valibot";
import { SIGN_IN_METHODS, type SignInMethod } from "./sign-in-method.ts";
import { IDENTITY_SCOPES, type IdentityScope, type IdTokenClaims } from "./wire/identity.ts";

/** What somebody let a client learn about them, in one sign-in (OpenID Connect Core §3.1.2). Times are epoch seconds. */
export interface GrantedIdentity {
  /** The consent that it stands on, and ends with. */
  readonly consentId: string;
  /** `openid` among them. */
  readonly scopes: readonly IdentityScope[];
  readonly nonce: string | null;
  readonly authenticatedAt: number;
  readonly methods: readonly SignInMethod[];
}

/** Whom a token is about, sealed into it. */
export interface SealedPerson {
  readonly accountId: string;
  readonly clientId: string;
  readonly consentId: string;
}

/** Whom an access token tells about at the UserInfo endpoint, and what. */
export interface ToldPerson {
  /** A `SealedPerson`. */
  readonly sealed: string;
  readonly scopes: readonly IdentityScope[];
}

/** It travels in codes, so its members stand by place. */
export const GrantedStatement = v.tuple([
  v.string(),
  v.array(v.picklist(IDENTITY_SCOPES)),
  v.nullable(v.string()),
  v.number(),
  v.array(v.picklist(SIGN_IN_METHODS)),
]);
const Person = v.tuple([v.string(), v.string(), v.string()]);

export function grantedStatement(identity: GrantedIdentity): v.InferOutput<typeof GrantedStatement> {
  const { consentId, scopes, nonce, authenticatedAt, methods } = identity;
  return [consentId, [...scopes], nonce, authenticatedAt, [...methods]];
}

export function toGranted(statement: v.InferOutput<typeof GrantedStatement>): GrantedIdentity {
  const [consentId, scopes, nonce, authenticatedAt, methods] = statement;
  return { consentId, scopes, nonce, authenticatedAt, methods };
}

export function personStatement({ accountId, clientId, consentId }: SealedPerson): v.InferOutput<typeof Person> {
  return [accountId, clientId, consentId];
}

/** @param statement what the seal gave, null when it did not open */
export function parsePerson(statement: unknown): SealedPerson | null {
  const parsed = v.safeParse(Person, statement);
  if (!parsed.success) return null;
  const [accountId, clientId, consentId] = parsed.output;
  return { accountId, clientId, consentId };
}

/** The names of RFC 8176 §2, where it has one; that of a sign-in somewhere else is the one in common use. */
const METHOD_NAMES: Readonly<Record<SignInMethod, readonly string[]>> = {
  passkey: ["pop", "user", "mfa"],
  email_code: ["otp"],
  recovery_code: ["otp"],
  provider: ["fed"],
};

/** How the person signed in (`amr`). */
function methodNames(methods: readonly SignInMethod[]): readonly string[] {
  return [...new Set(methods.flatMap((method) => METHOD_NAMES[method]))];
}

/** Nobody can be tricked out of what proved them (OpenID Connect EAP ACR Values §3). */
export const PHISHING_RESISTANT = "phr";

/** How far it can be trusted (`acr`); null: there is no common name for it. */
function levelOf(methods: readonly SignInMethod[]): string | null {
  return methods.includes("passkey") ? PHISHING_RESISTANT : null;
}

/** What an ID Token says of the sign-in (OpenID Connect Core §2). */
export function describeIdentity({
  nonce,
  authenticatedAt,
  methods,
}: GrantedIdentity): Pick<IdTokenClaims, "auth_time" | "amr" | "acr" | "nonce"> {
  const level = levelOf(methods);
  return {
    auth_time: authenticatedAt,
    amr: methodNames(methods),
    ...(level === null ? {} : { acr: level }),
    ...(nonce === null ? {} : { nonce }),
  };
}

/** Whether an access token was made before the tokens of its consent were ended. Epoch seconds. */
export function isTokenEnded({ tokensEndedAt }: { readonly tokensEndedAt: number }, issuedAt: number): boolean {
  return issuedAt <= tokensEndedAt;
}
