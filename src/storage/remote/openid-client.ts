import * as oauth from "oauth4webapi";
import type { KnownProvider } from "../../operations/ports/identity-provider.ts";
import type { ClientSigningAlgorithm, PublicKey } from "../../protocol/identity-provider.ts";
import type { GuardedRequest } from "./guarded-fetch.ts";

/** How this server is a client of an identity provider, in the words of the library that speaks the protocol. */

/** What Web Crypto calls the algorithms of our keys (RFC 7518 §3.1). */
const SIGNING_PARAMETERS = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
} as const satisfies Record<ClientSigningAlgorithm, object>;

export function clientOf({ provider }: KnownProvider): oauth.Client {
  return { client_id: provider.clientId };
}

/** @param tokenEndpoint where it is shown. */
export async function clientAuthenticationOf(known: KnownProvider, tokenEndpoint: string): Promise<oauth.ClientAuth> {
  const { secret } = known.credentials;
  switch (known.provider.authenticationMethod) {
    case "client_secret_basic":
      return oauth.ClientSecretBasic(secret ?? "");
    case "client_secret_post":
      return oauth.ClientSecretPost(secret ?? "");
    case "private_key_jwt":
      return oauth.PrivateKeyJwt(await signingKeyOf(known), {
        [oauth.modifyAssertion]: (_header, payload) => {
          if (known.provider.assertionAudience === "token_endpoint") payload.aud = tokenEndpoint;
        },
      });
  }
}

/** The first key signs. @throws Error when there is none, which no entry allows. */
export async function signingKeyOf({ provider, credentials }: KnownProvider): Promise<oauth.PrivateKey> {
  const [jwk] = credentials.keys;
  if (jwk === undefined) throw new Error("an identity provider needs a key and has none");
  const parameters = SIGNING_PARAMETERS[provider.signingAlgorithm];
  const key = await crypto.subtle.importKey("jwk", { kty: "", ...jwk }, parameters, false, ["sign"]);
  return { key, ...kidOf(jwk) };
}

function kidOf({ kid }: PublicKey): { readonly kid?: string } {
  return kid === undefined ? {} : { kid };
}

/** Every request of the library goes through the guarded one; plain http is left to what that allows on loopback. */
export function requestOptions(request: GuardedRequest) {
  return {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (
      url: string,
      { method, headers, body }: oauth.CustomFetchOptions<"GET" | "POST", URLSearchParams | undefined>,
    ) => request(url, { method, headers, ...(body === undefined ? {} : { body }) }),
  };
}
