import { type Client, isPublic } from "../protocol/client.ts";
import { type ClientRegistration, usesSecret } from "../protocol/client-registration.ts";
import type { Secrets } from "./ports/secret.ts";

/** A client, and its secret if one was made just now: it is shown this once, and only its hash is kept. */
export interface MadeClient {
  readonly client: Client;
  readonly madeSecret: string | null;
}

/**
 * Makes a client of its registration; whoever authenticates by a secret, and has none yet, is given one.
 * @param present what stays as it is.
 */
export async function makeClient(
  { secrets }: { readonly secrets: Pick<Secrets, "random" | "hash"> },
  { clientSecret, ...registration }: ClientRegistration,
  { id, secretHash, provenance, createdAt }: Pick<Client, "id" | "secretHash" | "provenance" | "createdAt">,
): Promise<MadeClient> {
  const kept = { id, provenance, createdAt };
  if (!usesSecret(registration.authenticationMethod)) {
    return { client: { ...registration, ...kept, secretHash: null }, madeSecret: null };
  }
  const madeSecret = clientSecret === null && secretHash === null ? secrets.random() : null;
  const newSecret = clientSecret ?? madeSecret;
  const newHash = newSecret === null ? secretHash : await secrets.hash(newSecret);
  return { client: { ...registration, ...kept, secretHash: newHash }, madeSecret };
}

/** Whether a client would become public: policies that name it count on nobody else using its name (operations/own/check-strangers.ts). */
export function becomesPublic(present: Client, { authenticationMethod }: ClientRegistration): boolean {
  return authenticationMethod === "none" && !isPublic(present);
}

export const CANNOT_BECOME_PUBLIC =
  "token_endpoint_auth_method: a client that authenticates cannot become public; register another client";
