import type { PublicKey } from "../../protocol/identity-provider.ts";
import type { IdentityProviderStore } from "../ports/identity-provider.ts";

/** The public halves of our keys at identity providers, for these to fetch (RFC 7517 §5). */
export function listClientKeys({
  identityProviders,
}: {
  readonly identityProviders: Pick<IdentityProviderStore, "listPublicKeys">;
}): Promise<readonly PublicKey[]> {
  return identityProviders.listPublicKeys();
}
