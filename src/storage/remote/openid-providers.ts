import * as oauth from "oauth4webapi";
import type { Documents } from "../../operations/ports/document.ts";
import type { KnownProvider, OpenIdProviders, Upstream } from "../../operations/ports/identity-provider.ts";
import type { PublishedKeys } from "../../operations/ports/published-keys.ts";
import { ACCEPTED_ALGORITHMS } from "../../protocol/algorithm.ts";
import { type Discovery, discoveryReader, discoveryUrl } from "../../protocol/discovery.ts";
import { providerRedirectUri } from "../../protocol/identity-provider-registration.ts";
import type { JwtPayload, KeySource } from "../../protocol/jwt.ts";
import { FetchRefused } from "../../protocol/public-document.ts";
import type { UpstreamFault } from "../../protocol/upstream-fault.ts";
import type { UpstreamRequest } from "../../protocol/upstream-flow.ts";
import {
  findIdentityFault,
  joinUserInfo,
  lacksClaims,
  readUpstreamIdentity,
  type UpstreamIdentity,
} from "../../protocol/upstream-identity.ts";
import { MAX_IDENTITY_BYTES, MAX_WORD_CHARACTERS } from "../../shared/limits.ts";
import { wireSafe, withoutTokens } from "../../shared/wire-text.ts";
import type { GuardedRequest } from "./guarded-fetch.ts";
import { clientAuthenticationOf, clientOf, requestOptions, signingKeyOf } from "./openid-client.ts";

interface ProviderDependencies {
  readonly request: GuardedRequest;
  readonly documents: Documents;
  readonly publishedKeys: PublishedKeys;
  /** The payload of a JWT of good signature. @throws Error, whose message says why not. */
  readonly verify: (token: string, source: KeySource, now: number) => Promise<JwtPayload>;
  /** Our own issuer identifier. */
  readonly issuer: string;
}

/** A step that came to nothing; it is told by the port's answer and leaves this file in no other way. */
class StepFailed extends Error {
  readonly fault: UpstreamFault;

  /** @param detail for the log; in what a browser or a provider brought there may be anything, a token in the wrong place too. */
  constructor(fault: UpstreamFault, detail: string) {
    super(wireSafe(withoutTokens(detail)));
    this.fault = fault;
  }
}

/**
 * OpenID Connect as a relying party. oauth4webapi makes the requests and checks the answers; discovery documents and keys
 * come from where those of trusted issuers come from, so they are cached and guarded alike.
 */
export function createOpenIdProviders(dependencies: ProviderDependencies): OpenIdProviders {
  const { documents, issuer, publishedKeys } = dependencies;
  return {
    authorizationUrl: (known, request, now) => attempt(() => makeUrl(dependencies, known, request, now)),
    complete: (known, request, answer, now) => attempt(() => completeSignIn(dependencies, known, request, answer, now)),
    async inspect(provider, now) {
      const unread = await publishedKeys.renew({ jwks: null, jwksUri: null, issuer: provider });
      return unread ?? documents.load(discoveryUrl(provider), discoveryReader(provider, issuer), now);
    },
  };
}

async function attempt<Value>(work: () => Promise<Value>): Promise<Upstream<Value>> {
  try {
    return { outcome: "done", value: await work() };
  } catch (error) {
    if (error instanceof StepFailed) return { outcome: "failed", fault: error.fault, detail: error.message };
    throw error;
  }
}

async function makeUrl(
  dependencies: ProviderDependencies,
  known: KnownProvider,
  request: UpstreamRequest,
  now: number,
): Promise<string> {
  const server = await findMetadata(dependencies, known, now);
  if (server.authorization_endpoint === undefined) throw new StepFailed("metadata", "authorization_endpoint");
  const url = new URL(server.authorization_endpoint);
  const asked = await askedFor(known, request, dependencies.issuer, now);
  const sent = known.provider.signsRequests ? await signed(server, known, asked) : asked;
  for (const [name, value] of Object.entries(sent)) url.searchParams.set(name, value);
  return url.href;
}

/** A discovery document as the library knows it. */
type Server = oauth.AuthorizationServer & Pick<Discovery, "jwks_uri">;

type Parameters = Readonly<Record<string, string>>;

/** OIDC Core §3.1.2.1, RFC 7636 §4.3. */
async function askedFor(
  { provider }: KnownProvider,
  { state, nonce, codeVerifier, authenticatedSince, loginHint }: UpstreamRequest,
  ownIssuer: string,
  now: number,
): Promise<Parameters> {
  return {
    client_id: provider.clientId,
    response_type: "code",
    redirect_uri: providerRedirectUri(ownIssuer),
    scope: provider.scopes.join(" "),
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
    ...(provider.acrValues.length === 0 ? {} : { acr_values: provider.acrValues.join(" ") }),
    ...(provider.prompt === null ? {} : { prompt: provider.prompt }),
    ...(authenticatedSince === null ? {} : { max_age: String(Math.max(0, now - authenticatedSince)) }),
    ...(loginHint === null ? {} : { login_hint: loginHint }),
  };
}

/** OIDC Core §6.1: what makes it an OpenID request stands outside of the object, too. */
async function signed(server: Server, known: KnownProvider, asked: Parameters): Promise<Parameters> {
  const { client_id = "", response_type = "", scope = "" } = asked;
  const key = await signingKeyOf(known);
  const request = await oauth.issueRequestObject(server, clientOf(known), { ...asked }, key);
  return { client_id, response_type, scope, request };
}

async function completeSignIn(
  dependencies: ProviderDependencies,
  known: KnownProvider,
  request: UpstreamRequest,
  answer: URLSearchParams,
  now: number,
): Promise<UpstreamIdentity> {
  const server = await findMetadata(dependencies, known, now);
  const tokens = await exchange(dependencies, server, known, request, readAnswer(server, known, request, answer));
  const token = await verified(dependencies, server, tokens, now);
  const fault = findIdentityFault(known.provider, token, request.authenticatedSince, now);
  if (fault !== null) throw new StepFailed(fault.fault, fault.detail);
  const claims = await withUserInfo(dependencies, server, known, tokens, token, now);
  const identity = readUpstreamIdentity(known.provider, claims, now);
  if (isTooLong(identity)) throw new StepFailed("id_token", "more claims than are kept");
  return identity;
}

/** State and issuer of what came back (RFC 6749 §4.1.2, RFC 9207 §2.4), before anything is done with it. */
function readAnswer(
  server: Server,
  known: KnownProvider,
  { state }: UpstreamRequest,
  answer: URLSearchParams,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, clientOf(known), answer, state);
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) throw new StepFailed("answer", messageOf(error));
    throw new StepFailed(error.error === "access_denied" ? "declined" : "refused", wordOf(error.error));
  }
}

async function exchange(
  { request: ask, issuer }: ProviderDependencies,
  server: Server,
  known: KnownProvider,
  { codeVerifier, nonce }: UpstreamRequest,
  answer: URLSearchParams,
): Promise<oauth.TokenEndpointResponse> {
  if (server.token_endpoint === undefined) throw new StepFailed("metadata", "token_endpoint");
  const client = clientOf(known);
  const authentication = await clientAuthenticationOf(known, server.token_endpoint);
  const redirectUri = providerRedirectUri(issuer);
  try {
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      answer,
      redirectUri,
      codeVerifier,
      requestOptions(ask),
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    return await oauth.processAuthorizationCodeResponse(server, client, response, expected);
  } catch (error) {
    throw exchangeFailed(error);
  }
}

/** Faults of the answer as such; every other one that the library finds is of the ID Token in it. */
const OF_ANSWER: readonly unknown[] = [
  oauth.RESPONSE_BODY_ERROR,
  oauth.WWW_AUTHENTICATE_CHALLENGE,
  oauth.RESPONSE_IS_NOT_CONFORM,
  oauth.RESPONSE_IS_NOT_JSON,
];

function exchangeFailed(error: unknown): StepFailed {
  if (error instanceof FetchRefused) return new StepFailed("unreachable", `token endpoint: ${error.message}`);
  if (error instanceof oauth.ResponseBodyError) return new StepFailed("exchange", wordOf(error.error));
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return new StepFailed(OF_ANSWER.includes(code) ? "exchange" : "id_token", messageOf(error));
}

/** The library trusts the connection that brought the token (OIDC Core §3.1.3.7, item 6); here its signature must be good. */
async function verified(
  { verify }: ProviderDependencies,
  server: Server,
  tokens: oauth.TokenEndpointResponse,
  now: number,
): Promise<JwtPayload> {
  try {
    return await verify(tokens.id_token ?? "", { jwks: null, jwksUri: server.jwks_uri }, now);
  } catch (error) {
    throw new StepFailed("id_token", `signature: ${messageOf(error)}`);
  }
}

async function withUserInfo(
  dependencies: ProviderDependencies,
  server: Server,
  known: KnownProvider,
  { access_token }: oauth.TokenEndpointResponse,
  token: JwtPayload,
  now: number,
): Promise<JwtPayload> {
  if (server.userinfo_endpoint === undefined || !lacksClaims(known.provider, token)) return token;
  try {
    return joinUserInfo(token, await askUserInfo(dependencies, server, known, access_token, String(token.sub), now));
  } catch (error) {
    throw new StepFailed("userinfo", messageOf(error));
  }
}

/** OIDC Core §5.3.2: as JSON, or signed. Either must be about the person of the ID Token. */
async function askUserInfo(
  { request, verify }: ProviderDependencies,
  server: Server,
  known: KnownProvider,
  accessToken: string,
  subject: string,
  now: number,
): Promise<JwtPayload> {
  const client = clientOf(known);
  const response = await oauth.userInfoRequest(server, client, accessToken, requestOptions(request));
  const isSigned = /^application\/jwt\b/i.test(response.headers.get("content-type") ?? "");
  if (isSigned) await verify(await response.clone().text(), { jwks: null, jwksUri: server.jwks_uri }, now);
  const algorithms = { userinfo_signing_alg_values_supported: [...ACCEPTED_ALGORITHMS] };
  return oauth.processUserInfoResponse({ ...server, ...algorithms }, client, subject, response);
}

async function findMetadata(
  { documents, issuer }: ProviderDependencies,
  { provider }: KnownProvider,
  now: number,
): Promise<Server> {
  try {
    const read = discoveryReader(provider.issuer, issuer);
    return { ...(await documents.load(discoveryUrl(provider.issuer), read, now)) };
  } catch (error) {
    if (error instanceof FetchRefused) throw new StepFailed("unreachable", `discovery document: ${error.message}`);
    throw error;
  }
}

function isTooLong(identity: UpstreamIdentity): boolean {
  return new TextEncoder().encode(JSON.stringify(identity)).length > MAX_IDENTITY_BYTES;
}

/** What the library says names members and never their values. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}

/** An error code of a provider (RFC 6749 §4.1.2.1), which may be any text. */
function wordOf(error: string): string {
  return error.slice(0, MAX_WORD_CHARACTERS);
}
