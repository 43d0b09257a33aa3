import { reviewIssuer } from "../../protocol/issuer-review.ts";
import type { Choices } from "../../protocol/profile.ts";
import { describeUnread } from "../../protocol/public-document.ts";
import { keySourceOf, type TrustedIssuer } from "../../protocol/trusted-issuer.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";
import { type Check, type CheckStatus, lookAtPage, lookOrTell, wordsOf } from "./check.ts";

/** Each takes two fetches. */
const AT_A_TIME = 20;

interface IssuerServices {
  readonly config: { readonly profile: Pick<Choices, "claimTokens"> };
  readonly trustedIssuers: Pick<TrustedIssuerStore, "list">;
  readonly publishedKeys: PublishedKeys;
}

/** Whether the keys of trusted issuers can be read now, and what of their word does not count. */
export function checkIssuers(services: IssuerServices, from: string | null): Promise<Page<Check>> {
  return lookAtPage("issuers", async () => {
    const { items, next } = await services.trustedIssuers.list(from, AT_A_TIME);
    if (from === null && items.length === 0) return { items: [NO_ISSUER], next };
    const checks = await Promise.all(items.map((trusted) => checkIssuer(services, trusted)));
    return { items: checks.flat(), next };
  });
}

const NO_ISSUER: Check = {
  check: "issuers",
  status: "warning",
  message: "none is trusted, so nobody's claims count: POST /admin/issuers",
};

async function checkIssuer(services: IssuerServices, trusted: TrustedIssuer): Promise<readonly Check[]> {
  const tell = (status: CheckStatus, message: string): Check => {
    return { check: "issuer", status, message: `${trusted.issuer}: ${message}`, subject: trusted.id };
  };
  const fault = await findKeysFault(services, trusted);
  const warnings = reviewIssuer(trusted, services.config.profile).map((warning) => tell("warning", wordsOf(warning)));
  if (fault !== null) return [tell("error", fault), ...warnings];
  return warnings.length > 0 ? warnings : [tell("ok", "its keys are at hand")];
}

function findKeysFault({ publishedKeys }: IssuerServices, trusted: TrustedIssuer): Promise<string | null> {
  const renew = async () => {
    const unread = await publishedKeys.renew(keySourceOf(trusted, null));
    return unread === null ? null : describeUnread(unread);
  };
  return lookOrTell(renew, (fault) => `its keys could not be read (${fault})`);
}
