import { createRemoteJWKSet, jwtVerify } from "jose";
import type { Settings } from "./settings.ts";

/** Somebody whom people can be signed in for. */
export interface Client {
  readonly id: string;
  readonly name: string;
  readonly redirectUri: string;
  /** Where its public keys are (private_key_jwt); null: a public client, whom PKCE alone protects. */
  readonly jwksUri: string | null;
}

/** The app that pushes ID Tokens to Usher, and Usher itself, where people sign in with an account here. */
export function findClient(settings: Settings, id: string | null): Client | null {
  const clients: readonly Client[] = [
    { id: settings.CLIENT_ID, name: "Consult", redirectUri: settings.REDIRECT_URI, jwksUri: null },
    {
      id: "usher",
      name: "Usher",
      redirectUri: `${settings.USHER}/sign-in/callback`,
      jwksUri: `${settings.USHER}/sign-in/jwks`,
    },
  ];
  return clients.find((client) => client.id === id) ?? null;
}

/** The client that a token request is of, if it proves that (RFC 7523 §3, OIDC Core §9); null otherwise. */
export async function authenticateClient(settings: Settings, form: URLSearchParams): Promise<Client | null> {
  const client = findClient(settings, form.get("client_id"));
  if (client === null || client.jwksUri === null) return client;
  const keys = createRemoteJWKSet(new URL(client.jwksUri));
  const claims = { issuer: client.id, subject: client.id, audience: settings.ISSUER, requiredClaims: ["exp", "jti"] };
  try {
    await jwtVerify(form.get("client_assertion") ?? "", keys, claims);
    return client;
  } catch {
    return null;
  }
}
