import { IssuerDirectory } from "../protocol/issuer-directory.ts";
import type { IssuerWord, IssuerWords, ProviderWords } from "./ports.ts";

/**
 * Whose word people can bring by coming here in a browser: that of the providers they sign in with, and ours. We speak for
 * what we saw ourselves: that it is the same account, when its person signed in, and which addresses they verified.
 *
 * @param issuer our own issuer identifier
 * @param sendsMail whether anybody can verify an address at present; those that are verified count in any case
 */
export function createInPersonIssuers(issuer: string, providers: ProviderWords, sendsMail: boolean): IssuerWords {
  const own: IssuerWord = { issuer, claims: ["email"], emailDomains: "all", maxTokenAge: null };
  const asked = { ...own, claims: sendsMail ? own.claims : [] };
  return {
    async findLeased(named) {
      return named === issuer ? { issuer: own, until: Number.POSITIVE_INFINITY } : providers.findLeased(named);
    },
    async directory() {
      return new IssuerDirectory([asked, ...(await providers.listSpeakers())]);
    },
  };
}
