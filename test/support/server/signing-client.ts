import type { JWTHeaderParameters } from "jose";
import { Signer } from "../pure/signer.ts";
import type { Answer } from "./http-site.ts";
import type { Credentials, World } from "./world.ts";

export const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** A client that proves itself with private_key_jwt. */
export class SigningClient {
  readonly credentials: Credentials;
  readonly signer: Signer;
  readonly #world: World;

  private constructor(world: World, credentials: Credentials, signer: Signer) {
    this.#world = world;
    this.credentials = credentials;
    this.signer = signer;
  }

  /** @param jwksUri where its keys are; without one they are registered. */
  static async register(world: World, jwksUri?: string): Promise<SigningClient> {
    const signer = await Signer.create("k1");
    const keys = jwksUri === undefined ? { jwks: { keys: [signer.publicJwk] } } : { jwks_uri: jwksUri };
    const client = await world.client({ token_endpoint_auth_method: "private_key_jwt", ...keys });
    return new SigningClient(world, client, signer);
  }

  /** A good assertion, except where `claims` or `header` say otherwise; `undefined` leaves a claim out. */
  assertion(
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
    signer: Signer = this.signer,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const { id } = this.credentials;
    const usual = { iss: id, sub: id, aud: this.#world.site.issuer, jti: crypto.randomUUID(), iat: now, exp: now + 60 };
    return signer.sign({ ...usual, ...claims }, header);
  }

  /** Revoking nothing is the least that only an authenticated client may do. */
  async present(
    assertion: string | Promise<string>,
    more: Readonly<Record<string, string>> = {},
    path = "/revocation",
  ): Promise<Answer> {
    const proof = { client_assertion: await assertion, client_assertion_type: JWT_BEARER };
    return this.#world.send("POST", path, { form: { token: "x", grant_type: "none", ...proof, ...more } });
  }
}
