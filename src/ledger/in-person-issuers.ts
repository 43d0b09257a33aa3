import { IssuerDirectory } from "../protocol/issuer-directory.ts";
import type { IssuerWord, IssuerWords, ProviderWords } from "./ports.ts";

/**
 * Whose word people can bring by coming here in a browser: that of the providers they sign in with, and ours. We speak for
 * what we saw ourselves: that it is the same account, when its person signed in, and which addresses they verified.
 *
 * @param issuer our own issuer identifier
 */
export function createInPersonIssuers(issuer: string, providers: ProviderWords): IssuerWords {
  const own: IssuerWord = { issuer, claims: ["email"], emailDomains: "all", maxTokenAge: null };
  return {
    async findLeased(named) {
      return named === issuer ? { issuer: own, until: Number.POSITIVE_INFINITY } : providers.findLeased(named);
    },
    async directory() {
      return new IssuerDirectory([own, ...(await providers.listSpeakers())]);
    },
  };
}
