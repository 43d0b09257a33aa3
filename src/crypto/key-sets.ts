import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from "jose";
import type { Documents } from "../operations/ports/document.ts";
import { ACCEPTED_ALGORITHMS } from "../protocol/algorithm.ts";
import type { JwtPayload, KeySource } from "../protocol/jwt.ts";
import { FetchRefused } from "../protocol/public-document.ts";

/** Why a signature does not count; for logs only. */
export class VerificationFailed extends Error {
  override readonly name = "VerificationFailed";
}

/** Verifies what trusted issuers and clients sign, with keys held here or fetched from where they publish them. */
export class KeySets {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /**
   * @returns the payload of a JWT of good signature; its claims are not checked.
   * @throws VerificationFailed for every fault: of the token, of the keys, or of the host that should give them.
   */
  async verify(token: string, source: KeySource, now: number): Promise<JwtPayload> {
    try {
      if (source.jwks) return await verifyWith(source.jwks, token);
      if (source.jwksUri !== null) return await this.#verifyRemote(token, source.jwksUri, now);
    } catch (error) {
      throw new VerificationFailed(reasonOf(error), { cause: error });
    }
    throw new VerificationFailed("no keys");
  }

  /**
   * Where an issuer publishes its keys, by its discovery document (OIDC Discovery §4). The document must name the very
   * issuer it was asked about (§4.3), or one host could speak for another.
   * @throws VerificationFailed
   */
  async discover(issuer: string, now: number): Promise<string> {
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const { body } = await this.#documents.load(url, now).catch((error: unknown) => {
      throw new VerificationFailed(reasonOf(error), { cause: error });
    });
    if (body.issuer !== issuer || typeof body.jwks_uri !== "string") throw new VerificationFailed("discovery");
    return body.jwks_uri;
  }

  /** A key we do not have may be a new one, which is worth one look at the source. */
  async #verifyRemote(token: string, url: string, now: number): Promise<JwtPayload> {
    const { body } = await this.#documents.load(url, now);
    try {
      return await verifyWith(body, token);
    } catch (error) {
      const renewed = error instanceof errors.JWKSNoMatchingKey ? await this.#documents.reload(url, now) : null;
      if (!renewed) throw error;
      return verifyWith(renewed.body, token);
    }
  }
}

/** jose checks that the value is a JWK Set, and picks the key by kid, kty, use and alg. */
async function verifyWith(jwks: object, token: string): Promise<JwtPayload> {
  const keySet = createLocalJWKSet(jwks as JSONWebKeySet);
  const { payload } = await compactVerify(token, keySet, { algorithms: [...ACCEPTED_ALGORITHMS] });
  const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) throw new errors.JWTInvalid("no object");
  return { ...claims };
}

/** Keys of others may be broken in any way, so an error of any kind only means that the signature does not count. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JOSEError) return error.code;
  return error instanceof FetchRefused ? `fetch: ${error.message}` : "unusable key";
}
