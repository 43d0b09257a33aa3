import type { TrustedIssuer } from "../../protocol/claims.ts";
import type { IssuerRegistration } from "../../protocol/issuer-registration.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";
import type { Randomness } from "../ports/secret.ts";

interface IssuerServices {
  readonly trustedIssuers: TrustedIssuerStore;
  readonly publishedKeys: PublishedKeys;
  readonly randomness: Randomness;
}

/** @throws ProtocolError conflict when this issuer is trusted already. */
export async function trustIssuer(services: IssuerServices, registration: IssuerRegistration): Promise<TrustedIssuer> {
  const trusted = { ...registration, id: services.randomness.id() };
  if (!(await services.trustedIssuers.insert(trusted))) {
    throw new ProtocolError("conflict", "this issuer is trusted already; replace its entry instead");
  }
  await services.publishedKeys.renew(trusted);
  return trusted;
}

/** @throws ProtocolError invalid_request for another issuer identifier: that would be another issuer. */
export async function replaceIssuer(
  services: IssuerServices,
  id: string,
  registration: IssuerRegistration,
): Promise<TrustedIssuer> {
  const present = await loadIssuer(services, id);
  if (present.issuer !== registration.issuer) {
    throw invalidRequest("issuer: cannot be changed; add the other issuer and remove this one");
  }
  const trusted = { ...registration, id };
  if (!(await services.trustedIssuers.replace(trusted))) throw unknownIssuer();
  await services.publishedKeys.renew(trusted);
  return trusted;
}

/**
 * From now on no token of the issuer counts. What it said before stands: claims that open processes have gathered until
 * those end, grants until theirs or until the owner withdraws them.
 */
export async function distrustIssuer(services: IssuerServices, id: string): Promise<void> {
  if (!(await services.trustedIssuers.remove(id))) throw unknownIssuer();
}

export function listIssuers(
  { trustedIssuers }: Pick<IssuerServices, "trustedIssuers">,
  cursor: string | null,
  limit: number,
): Promise<Page<TrustedIssuer>> {
  return trustedIssuers.list(cursor, limit);
}

/** @throws ProtocolError not_found */
export async function loadIssuer(services: IssuerServices, id: string): Promise<TrustedIssuer> {
  const trusted = await services.trustedIssuers.find(id);
  if (trusted === null) throw unknownIssuer();
  return trusted;
}

/** The refusal of an id that no trusted issuer has. */
export function unknownIssuer(): ProtocolError {
  return new ProtocolError("not_found", "there is no trusted issuer of this id");
}
