import { type ProviderCredentials, parseCredentials } from "../../protocol/identity-provider.ts";
import type { Vault } from "../ports/vault.ts";

/** @returns what proves at a provider who we are, as it is kept. */
export function sealCredentials(
  { vault }: { readonly vault: Vault },
  credentials: ProviderCredentials,
): Promise<string> {
  return vault.seal("provider_credentials", credentials);
}

/** What was sealed under another ring opens no more: then there is nothing, until the operator says it again. */
export async function openCredentials(
  { vault }: { readonly vault: Vault },
  sealed: string,
): Promise<ProviderCredentials> {
  return parseCredentials(await vault.open("provider_credentials", sealed)) ?? { secret: null, keys: [] };
}
