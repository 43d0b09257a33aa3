import type { IssuerRegistration } from "../../protocol/issuer-registration.ts";
import type { Introspection, TrustedIssuer } from "../../protocol/trusted-issuer.ts";
import { invalidRequest, ProtocolError } from "../../shared/error.ts";
import { MAX_TRUSTED_ISSUERS } from "../../shared/limits.ts";
import type { Versioned } from "../../shared/versioned.ts";
import type { Warning } from "../../shared/warning.ts";
import type { ClientStore } from "../ports/client.ts";
import type { EventSink } from "../ports/event.ts";
import type { TrustedIssuerStore } from "../ports/issuer.ts";
import type { Page } from "../ports/page.ts";
import type { Randomness } from "../ports/secret.ts";
import type { Vault } from "../ports/vault.ts";
import { reviewWrittenIssuer, type WrittenIssuerServices } from "./review.ts";
import { changedMeanwhile, checkVersion, type Edited } from "./versions.ts";

interface IssuerServices extends WrittenIssuerServices {
  readonly trustedIssuers: TrustedIssuerStore;
  readonly clients: Pick<ClientStore, "find">;
  readonly vault: Pick<Vault, "seal">;
  readonly randomness: Randomness;
  readonly events: EventSink;
}

/** An entry as it was just written, and what of it should be looked at again. */
export interface WrittenIssuer extends Versioned<TrustedIssuer> {
  readonly warnings: readonly Warning[];
}

/**
 * @throws ProtocolError conflict when this issuer is trusted already; quota_exceeded for one too many; invalid_request
 *   for a client that is not registered, or a secret that is missing.
 */
export async function trustIssuer(services: IssuerServices, registration: IssuerRegistration): Promise<WrittenIssuer> {
  const trusted = await makeTrusted(services, services.randomness.id(), registration, null);
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
 *   invalid_request for another issuer identifier, since that would be another issuer, and as for a new one. A secret
 *   that is not said again is kept.
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
  const trusted = await makeTrusted(services, id, registration, present.introspection);
  if (!(await services.trustedIssuers.replace(trusted, version))) throw changedMeanwhile(expected);
  services.events.emit({ kind: "administered", what: "replace_issuer", subject: id });
  return { value: trusted, version: version + 1, warnings: await reviewWrittenIssuer(services, trusted) };
}

async function makeTrusted(
  services: IssuerServices,
  id: string,
  registration: IssuerRegistration,
  present: Introspection | null,
): Promise<TrustedIssuer> {
  const { clientId } = registration;
  if (clientId !== null && (await services.clients.find(clientId)) === null) {
    throw invalidRequest("client_id: no client of this id is registered here");
  }
  return { ...registration, id, introspection: await makeIntrospection(services, registration, present) };
}

async function makeIntrospection(
  { vault }: IssuerServices,
  { introspection }: IssuerRegistration,
  present: Introspection | null,
): Promise<Introspection | null> {
  if (introspection === null) return null;
  const { endpoint, clientId, secret } = introspection;
  const sealedSecret = secret === null ? present?.sealedSecret : await vault.seal("introspection_secret", secret);
  if (sealedSecret === undefined) throw invalidRequest("introspection.client_secret: is missing");
  return { endpoint, clientId, sealedSecret };
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
