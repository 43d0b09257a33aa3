import * as v from "valibot";
import type { Speaker } from "./claims.ts";

/**
 * How we authenticate at a provider's token endpoint (OIDC Core §9); with private_key_jwt by a key that was made here.
 * Never as a public client: whoever stole a code could then redeem it.
 */
export const PROVIDER_AUTHENTICATION_METHODS = [
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
] as const;
export type ProviderAuthenticationMethod = (typeof PROVIDER_AUTHENTICATION_METHODS)[number];

/** What a key of ours for a provider signs with: what national providers ask for (RFC 7518 §3.1). */
export const CLIENT_SIGNING_ALGORITHMS = ["ES256", "PS256", "RS256"] as const;
export type ClientSigningAlgorithm = (typeof CLIENT_SIGNING_ALGORITHMS)[number];

/**
 * For whom an assertion of ours says that it is. The issuer, so that no provider can hand on at another one what was meant
 * for it (draft-ietf-oauth-rfc7523bis §4); some know none but the address of their token endpoint (RFC 7523 §3).
 */
export const ASSERTION_AUDIENCES = ["issuer", "token_endpoint"] as const;
export type AssertionAudience = (typeof ASSERTION_AUDIENCES)[number];

/** OIDC Core §3.1.2.1, prompt. Not `none`: a person is there and can be asked. */
export const PROVIDER_PROMPTS = ["login", "consent", "select_account"] as const;
export type ProviderPrompt = (typeof PROVIDER_PROMPTS)[number];

/** A public key of ours, by which a provider knows what we signed. */
export type PublicKey = Readonly<Record<string, string>>;

/** An OpenID Provider at which people sign in, as the operator registered it and it knows us. */
export interface IdentityProvider extends Speaker {
  readonly id: string;
  /** What people read on the button. */
  readonly name: string;
  /** Who we are there. */
  readonly clientId: string;
  readonly authenticationMethod: ProviderAuthenticationMethod;
  readonly signingAlgorithm: ClientSigningAlgorithm;
  readonly assertionAudience: AssertionAudience;
  /** Whether the authorization request is a signed object (OIDC Core §6.1, RFC 9101). */
  readonly signsRequests: boolean;
  /** With openid (OIDC Core §3.1.2.1). */
  readonly scopes: readonly string[];
  /** Levels of authentication that are asked for, the best liked first (OIDC Core §3.1.2.1, acr_values). */
  readonly acrValues: readonly string[];
  /** Levels that an ID Token must name one of; "all": any, also none. */
  readonly acceptedLevels: readonly string[] | "all";
  readonly prompt: ProviderPrompt | null;
  /** Seconds after which what it said at a sign-in counts no more; null: until the next one. */
  readonly maxClaimsAge: number | null;
  readonly enabled: boolean;
  /** The public halves of our keys for it: the first one signs, a second one waits. */
  readonly publicKeys: readonly PublicKey[];
  /** The secret and the private keys, sealed: see `ProviderCredentials`. */
  readonly sealedCredentials: string;
}

/** What proves at a provider who we are. */
export interface ProviderCredentials {
  readonly secret: string | null;
  /** Private JWKs, in the order of the public ones. */
  readonly keys: readonly PublicKey[];
}

const Credentials = v.object({
  secret: v.nullable(v.string()),
  keys: v.array(v.record(v.string(), v.string())),
});

/** Credentials as they were sealed. @returns null for a statement of another form. */
export function parseCredentials(statement: unknown): ProviderCredentials | null {
  const parsed = v.safeParse(Credentials, statement);
  return parsed.success ? parsed.output : null;
}

/** Whether it knows us by a key and not, or not alone, by a secret. */
export function needsKey(provider: Pick<IdentityProvider, "authenticationMethod" | "signsRequests">): boolean {
  return provider.authenticationMethod === "private_key_jwt" || provider.signsRequests;
}

/** Whether the level that an ID Token names is one that the operator accepts. */
export function acceptsLevel(
  { acceptedLevels }: Pick<IdentityProvider, "acceptedLevels">,
  acr: string | null,
): boolean {
  return acceptedLevels === "all" || (acr !== null && acceptedLevels.includes(acr));
}
