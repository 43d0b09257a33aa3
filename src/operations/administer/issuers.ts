import type { TrustedIssuer } from "../../protocol/claims.ts";
import type { IssuerRegistration } from "../../protocol/issuer-registration.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_TRUSTED_ISSUERS } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Warning } from "../../shared/warning.ts";
import type { EventSink } from "../ports/event.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import type { PublishedKeys } from "../ports/published-keys.ts";
import type { Randomness } from "../ports/secret.ts";
import { reviewWrittenIssuer } from "./review.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

interface IssuerServices {
  readonly trustedIssuers: TrustedIssuerStore;
  readonly publishedKeys: PublishedKeys;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** An entry as it was just written, and what of it should be looked at again. */
export interface WrittenIssuer extends Versioned<TrustedIssuer> {
  readonly warnings: readonly Warning[];
}

/** @throws ProtocolError conflict when this issuer is trusted already; quota_exceeded for one too many. */
export async function trustIssuer(services: IssuerServices, registration: IssuerRegistration): Promise<WrittenIssuer> {
  const trusted = { ...registration, id: services.randomness.id() };
  if (!(await services.trustedIssuers.insert(trusted))) {
    throw (await services.trustedIssuers.findByIssuer(trusted.issuer)) === null
      ? new ProtocolError(
          "quota_exceeded",
          `at most ${MAX_TRUSTED_ISSUERS} issuers can be trusted: remove another first`,
        )
      : new ProtocolError("conflict", "this issuer is trusted already; replace its entry instead");
  }
  services.events.emit({ kind: "administered", what: "trust_issuer", subject: trusted.id });
  return { value: trusted, version: 1, warnings: await reviewWrittenIssuer(services, trusted) };
}

/**
 * @throws ProtocolError not_found; precondition_failed or conflict when it is not the version that was decided on;
 *   invalid_request for another issuer identifier: that would be another issuer.
 */
export async function replaceIssuer(
  services: IssuerServices,
  { id, expected }: Edited,
  registration: IssuerRegistration,
): Promise<WrittenIssuer> {
  const { value: present, version } = await loadIssuer(services, id);
  checkVersion(expected, version);
  if (present.issuer !== registration.issuer) {
    throw invalidRequest("issuer: cannot be changed; add the other issuer and remove this one");
  }
  const trusted = { ...registration, id };
  if (!(await services.trustedIssuers.replace(trusted, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "replace_issuer", subject: id });
  return { value: trusted, version: version + 1, warnings: await reviewWrittenIssuer(services, trusted) };
}

/**
 * From now on no token of the issuer counts. What it said before stands: claims that open processes have gathered until
 * those end, grants until theirs or until the owner withdraws them.
 *
 * @throws ProtocolError not_found; precondition_failed when it is not the version that was decided on
 */
export async function distrustIssuer(services: IssuerServices, { id, expected }: Edited): Promise<void> {
  if (await services.trustedIssuers.remove(id, typeof expected === "number" ? expected : null)) {
    return services.events.emit({ kind: "administered", what: "distrust_issuer", subject: id });
  }
  await loadIssuer(services, id);
  throw changedMeanwhile(expected);
}

export function listIssuers(
  { trustedIssuers }: Pick<IssuerServices, "trustedIssuers">,
  cursor: string | null,
  limit: number,
): Promise<Page<TrustedIssuer>> {
  return trustedIssuers.list(cursor, limit);
}

/** @throws ProtocolError not_found */
export async function loadIssuer(services: IssuerServices, id: string): Promise<Versioned<TrustedIssuer>> {
  const trusted = await services.trustedIssuers.findCurrent(id);
  if (trusted === null) throw unknownIssuer();
  return trusted;
}

/** The refusal of an id that no trusted issuer has. */
export function unknownIssuer(): ProtocolError {
  return new ProtocolError("not_found", "there is no trusted issuer of this id");
}
