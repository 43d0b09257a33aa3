import type { IdentityProvider } from "../../protocol/identity-provider.ts";
import { reviewProvider, reviewProviderMetadata } from "../../protocol/identity-provider-review.ts";
import { describeUnread } from "../../protocol/public-document.ts";
import type { IdentityProviderStore, OpenIdProviders } from "../ports/identity-provider.ts";
import { type Check, type CheckStatus, lookAtPage, lookOrTell, wordsOf } from "./check.ts";

interface ProviderServices {
  readonly identityProviders: Pick<IdentityProviderStore, "listEnabled">;
  readonly openIdProviders: Pick<OpenIdProviders, "inspect">;
}

/** Whether people can be sent to the identity providers now, and what of their registration does not go with them. */
export async function checkProviders(services: ProviderServices, now: number): Promise<readonly Check[]> {
  const { items } = await lookAtPage("providers", async () => {
    const enabled = await services.identityProviders.listEnabled();
    const checks = await Promise.all(enabled.map((provider) => checkProvider(services, provider, now)));
    return { items: checks.flat(), next: null };
  });
  return items;
}

async function checkProvider(
  { openIdProviders }: ProviderServices,
  provider: IdentityProvider,
  now: number,
): Promise<readonly Check[]> {
  const tell = (status: CheckStatus, message: string): Check => {
    return { check: "provider", status, message: `${provider.issuer}: ${message}`, subject: provider.id };
  };
  const look = async () => {
    const found = await openIdProviders.inspect(provider.issuer, now);
    if ("document" in found) return [tell("error", describeUnread(found))];
    return reviewProviderMetadata(provider, found).map((warning) => tell("warning", wordsOf(warning)));
  };
  const seen = await lookOrTell(look, (fault) => [tell("error", `could not be reached (${fault})`)]);
  const checks = [...seen, ...reviewProvider(provider).map((warning) => tell("warning", wordsOf(warning)))];
  return checks.length > 0 ? checks : [tell("ok", "people can sign in there")];
}
