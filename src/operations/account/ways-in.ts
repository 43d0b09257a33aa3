import type { IdentityProviderStore } from "../ports/identity-provider.ts";
import type { Post } from "../ports/post.ts";

/** What somebody can sign in with here, beside passkeys and recovery codes. */
export interface WaysIn {
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  /** Whether codes can be sent by e-mail. */
  readonly sendsMail: boolean;
}

export async function offeredWaysIn({
  identityProviders,
  post,
}: {
  readonly identityProviders: Pick<IdentityProviderStore, "listEnabled">;
  readonly post: Pick<Post, "isAvailable">;
}): Promise<WaysIn> {
  const providers = await identityProviders.listEnabled();
  return { providers: providers.map(({ id, name }) => ({ id, name })), sendsMail: post.isAvailable };
}
