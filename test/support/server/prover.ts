import { base64url, calculateJwkThumbprint, type JWTHeaderParameters } from "jose";
import { Signer } from "../pure/signer.ts";
import type { Answer, Call } from "./http-site.ts";
import type { Credentials, World } from "./world.ts";

type Claims = Readonly<Record<string, unknown>>;

/** What a proof is made for, and what it says otherwise than it should; `undefined` leaves a claim out. */
export interface ProofOrder {
  readonly method?: string;
  readonly path?: string;
  readonly accessToken?: string;
  readonly claims?: Claims;
  readonly header?: Partial<JWTHeaderParameters>;
  readonly signer?: Signer;
}

/** Somebody who proves that they hold a key (RFC 9449). */
export class Prover {
  readonly jkt: string;
  readonly signer: Signer;
  readonly #world: World;

  private constructor(world: World, signer: Signer, jkt: string) {
    this.#world = world;
    this.signer = signer;
    this.jkt = jkt;
  }

  static async create(world: World, alg = "ES256"): Promise<Prover> {
    const signer = await Signer.create("k1", alg);
    return new Prover(world, signer, await calculateJwkThumbprint(signer.publicJwk, "sha256"));
  }

  /** A good proof for the token endpoint, except where the order says otherwise. */
  async proof({ method = "POST", path = "/token", ...order }: ProofOrder = {}): Promise<string> {
    const { accessToken, claims = {}, header = {}, signer = this.signer } = order;
    const ath = accessToken === undefined ? {} : { ath: await hashOf(accessToken) };
    const times = { iat: Math.floor(Date.now() / 1_000), jti: crypto.randomUUID() };
    const usual = { htm: method, htu: this.#world.site.issuer + path, ...times, ...ath };
    const { kid: _, ...jwk } = this.signer.publicJwk;
    return signer.sign({ ...usual, ...claims }, { typ: "dpop+jwt", jwk, ...header });
  }

  /** A request to the token endpoint, with a proof. */
  async token(client: Credentials, form: Readonly<Record<string, string>>, order: ProofOrder = {}): Promise<Answer> {
    return this.tokenWith(client, form, await this.proof(order));
  }

  /** The same with a proof that is there. */
  tokenWith(client: Credentials, form: Readonly<Record<string, string>>, proof: string): Promise<Answer> {
    const headers = { DPoP: proof };
    const isPublic = client.secret === "";
    const call = isPublic ? { form: { client_id: client.id, ...form } } : { basic: client, form };
    return this.#world.send("POST", "/token", { ...call, headers });
  }

  /** A request with an access token that is bound to this key. */
  async send(
    method: string,
    path: string,
    accessToken: string,
    call: Call = {},
    order: ProofOrder = {},
  ): Promise<Answer> {
    const [where = ""] = path.split("?", 1);
    const proof = await this.proof({ method, path: where, accessToken, ...order });
    const authorization = `DPoP ${accessToken}`;
    return this.#world.send(method, path, { ...call, authorization, headers: { ...call.headers, DPoP: proof } });
  }
}

/** RFC 9449 §4.2, ath. */
async function hashOf(accessToken: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken));
  return base64url.encode(new Uint8Array(hash));
}
