import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

/** Who signs in at a provider. */
export interface UpstreamPerson {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** How the provider knows the server under test. */
export interface RelyingParty {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly secret?: string;
  readonly jwks?: JSONWebKeySet;
}

/** Where a provider differs from an honest one that offers everything. */
export interface Twists {
  /** Members of its discovery document. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What it writes into an ID Token instead. */
  readonly claims?: (honest: JWTPayload) => JWTPayload;
  /** The ID Token that it hands out instead. */
  readonly idToken?: (honest: string) => string | Promise<string>;
  /** What the browser brings back instead. */
  readonly answer?: (honest: URLSearchParams) => void;
  /** What an endpoint answers instead, by path. */
  readonly endpoints?: Readonly<Record<string, () => Response | Promise<Response>>>;
  /** For whom assertions must be here; else for the issuer. */
  readonly assertionAudience?: string;
  /** Claims that stand at the UserInfo endpoint and not in the ID Token. */
  readonly atUserInfo?: readonly string[];
  /** The level at which people sign in here. */
  readonly acr?: string;
  /** When people signed in here, epoch seconds; else at the moment that they are asked. */
  readonly authenticatedAt?: number;
}

interface Grant {
  readonly person: UpstreamPerson;
  readonly nonce: string;
  readonly challenge: string;
  readonly authenticatedAt: number;
}

const now = () => Math.floor(Date.now() / 1_000);
const PATHS = { authorize: "/authorize", token: "/token", userinfo: "/userinfo", jwks: "/jwks" };

/**
 * An OpenID Provider as a test is one: it checks what is asked of it as an honest one does (OIDC Core §3.1, RFC 7636,
 * RFC 9207, RFC 7523 §3, RFC 9101), and then lies where the test wants it to.
 */
export class UpstreamProvider {
  readonly issuer: string;
  /** Parameters of the last authorization request, those of a request object included. */
  asked: Readonly<Record<string, unknown>> = {};
  twists: Twists = {};
  readonly #party: RelyingParty;
  readonly #key: { readonly privateKey: CryptoKey; readonly jwk: JWK };
  readonly #codes = new Map<string, Grant>();
  readonly #tokens = new Map<string, UpstreamPerson>();

  private constructor(issuer: string, party: RelyingParty, key: { privateKey: CryptoKey; jwk: JWK }) {
    this.issuer = issuer;
    this.#party = party;
    this.#key = key;
  }

  static async create(issuer: string, party: RelyingParty): Promise<UpstreamProvider> {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(publicKey)), kid: `op-${crypto.randomUUID()}`, use: "sig", alg: "ES256" };
    return new UpstreamProvider(issuer, party, { privateKey, jwk });
  }

  /** The browser is sent here, and the person signs in. @returns where the browser is sent back to. */
  async signIn(url: string, person: UpstreamPerson): Promise<URL> {
    const parameters = Object.fromEntries(new URL(url).searchParams);
    this.asked = await this.#read(parameters);
    this.#check();
    const code = crypto.randomUUID();
    this.#codes.set(code, {
      person,
      nonce: String(this.asked.nonce),
      challenge: String(this.asked.code_challenge),
      authenticatedAt: this.twists.authenticatedAt ?? now(),
    });
    const back = new URL(this.#party.redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", String(this.asked.state));
    back.searchParams.set("iss", this.issuer);
    this.twists.answer?.(back.searchParams);
    return back;
  }

  /** What the server under test asks over HTTP. */
  async fetch(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const twisted = this.twists.endpoints?.[path];
    if (twisted !== undefined) return twisted();
    if (path === "/.well-known/openid-configuration") return Response.json(this.#metadata());
    if (path === PATHS.jwks) return Response.json({ keys: [this.#key.jwk] });
    if (path === PATHS.token && request.method === "POST") return this.#token(request);
    if (path === PATHS.userinfo) return this.#userInfo(request);
    return new Response(null, { status: 404 });
  }

  #metadata(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}${PATHS.authorize}`,
      token_endpoint: `${this.issuer}${PATHS.token}`,
      userinfo_endpoint: `${this.issuer}${PATHS.userinfo}`,
      jwks_uri: `${this.issuer}${PATHS.jwks}`,
      authorization_response_iss_parameter_supported: true,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      code_challenge_methods_supported: ["S256"],
      id_token_signing_alg_values_supported: ["ES256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
      ...this.twists.metadata,
    };
  }

  /** Those of a signed request object count and no others (RFC 9101 §6.3). */
  async #read(parameters: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
    if (parameters.request === undefined) return parameters;
    const { payload } = await jwtVerify(parameters.request, this.#partyKeys(), {
      issuer: this.#party.clientId,
      audience: this.issuer,
      typ: "oauth-authz-req+jwt",
    });
    return { ...payload, signed: true };
  }

  #check(): void {
    const { client_id, redirect_uri, response_type, scope, code_challenge_method } = this.asked;
    const expected = [this.#party.clientId, this.#party.redirectUri, "code", "S256"];
    const found = [client_id, redirect_uri, response_type, code_challenge_method];
    if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`asked with ${JSON.stringify(this.asked)}`);
    if (!String(scope).split(" ").includes("openid")) throw new Error("not an OpenID request");
  }

  async #token(request: Request): Promise<Response> {
    const form = new URLSearchParams([...(await request.formData())].map(([name, value]) => [name, String(value)]));
    if (!(await this.#isParty(request, form))) return Response.json({ error: "invalid_client" }, { status: 401 });
    const grant = this.#codes.get(form.get("code") ?? "");
    this.#codes.delete(form.get("code") ?? "");
    const isOwn =
      form.get("redirect_uri") === this.#party.redirectUri &&
      (await challengeOf(form.get("code_verifier") ?? "")) === grant?.challenge;
    if (grant === undefined || !isOwn) return Response.json({ error: "invalid_grant" }, { status: 400 });
    const access_token = crypto.randomUUID();
    this.#tokens.set(access_token, grant.person);
    return Response.json({ access_token, token_type: "Bearer", id_token: await this.#idToken(grant) });
  }

  async #idToken({ person, nonce, authenticatedAt }: Grant): Promise<string> {
    const apart = this.twists.atUserInfo ?? [];
    const told = Object.fromEntries(Object.entries(person).filter(([name]) => !apart.includes(name)));
    const { acr } = this.twists;
    const honest: JWTPayload = {
      ...told,
      iss: this.issuer,
      aud: this.#party.clientId,
      iat: now(),
      exp: now() + 300,
      nonce,
      auth_time: authenticatedAt,
      ...(acr === undefined ? {} : { acr, amr: ["pin"] }),
    };
    const signed = await this.sign(this.twists.claims?.(honest) ?? honest);
    return (await this.twists.idToken?.(signed)) ?? signed;
  }

  /** A token of its own hand, with whatever in it. */
  sign(claims: JWTPayload): Promise<string> {
    const header = { alg: "ES256", kid: this.#key.jwk.kid ?? "" };
    return new SignJWT(claims).setProtectedHeader(header).sign(this.#key.privateKey);
  }

  #userInfo(request: Request): Response {
    const token = (request.headers.get("authorization") ?? "").replace(/^Bearer /, "");
    const person = this.#tokens.get(token);
    return person === undefined ? new Response(null, { status: 401 }) : Response.json(person);
  }

  async #isParty(request: Request, form: URLSearchParams): Promise<boolean> {
    const { clientId, secret } = this.#party;
    const assertion = form.get("client_assertion");
    if (assertion !== null) return this.#isSignedByParty(assertion);
    if (secret === undefined) return false;
    if (form.get("client_secret") !== null) return form.get("client_secret") === secret;
    const [id, given] = atob((request.headers.get("authorization") ?? "").replace(/^Basic /, ""))
      .split(":")
      .map(decode);
    return id === clientId && given === secret;
  }

  async #isSignedByParty(assertion: string): Promise<boolean> {
    const { clientId } = this.#party;
    const claims = {
      issuer: clientId,
      subject: clientId,
      audience: this.twists.assertionAudience ?? this.issuer,
      requiredClaims: ["jti", "exp"],
    };
    return jwtVerify(assertion, this.#partyKeys(), claims).then(
      () => true,
      () => false,
    );
  }

  #partyKeys() {
    return createLocalJWKSet(this.#party.jwks ?? { keys: [] });
  }
}

/** RFC 6749 §2.3.1: form-encoded before it is base64. */
function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
