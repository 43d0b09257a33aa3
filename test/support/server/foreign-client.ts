import * as oauth from "oauth4webapi";
import type { Site } from "./http-site.ts";
import { UMA_GRANT } from "./world.ts";

/** An app on a library that is not ours: what it does with this server, any OAuth client can do. */
export class ForeignClient {
  readonly #site: Site;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #authentication: oauth.ClientAuth;

  private constructor(
    site: Site,
    server: oauth.AuthorizationServer,
    client: oauth.Client,
    authentication: oauth.ClientAuth,
  ) {
    this.#site = site;
    this.#server = server;
    this.#client = client;
    this.#authentication = authentication;
  }

  /** Learns from the server's metadata (RFC 8414) all that it needs to know. */
  static async discover(site: Site, clientId: string, authentication: oauth.ClientAuth): Promise<ForeignClient> {
    const issuer = new URL(site.issuer);
    const response = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...optionsFor(site) });
    const server = await oauth.processDiscoveryResponse(issuer, response);
    return new ForeignClient(site, server, { client_id: clientId }, authentication);
  }

  /** @returns an access token of its own (RFC 6749 §4.4). */
  async ownToken(scope: string): Promise<string> {
    const [server, client, options] = this.#terms();
    const parameters = { scope };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      this.#authentication,
      parameters,
      options,
    );
    return (await oauth.processClientCredentialsResponse(server, client, response)).access_token;
  }

  /** Redeems a permission ticket. @throws oauth.ResponseBodyError for every answer without an RPT */
  async redeem(ticket: string, extras: Readonly<Record<string, string>> = {}): Promise<oauth.TokenEndpointResponse> {
    const [server, client, options] = this.#terms();
    const parameters = { ticket, ...extras };
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      this.#authentication,
      UMA_GRANT,
      parameters,
      options,
    );
    return oauth.processGenericTokenEndpointResponse(server, client, response);
  }

  async refresh(refreshToken: string): Promise<oauth.TokenEndpointResponse> {
    const [server, client, options] = this.#terms();
    const response = await oauth.refreshTokenGrantRequest(server, client, this.#authentication, refreshToken, options);
    return oauth.processRefreshTokenResponse(server, client, response);
  }

  async revoke(token: string): Promise<void> {
    const [server, client, options] = this.#terms();
    const response = await oauth.revocationRequest(server, client, this.#authentication, token, options);
    await oauth.processRevocationResponse(response);
  }

  /** Asks as a resource server does: with a PAT in place of client authentication (FedAuthz §5.1). */
  async introspect(pat: string, token: string): Promise<oauth.IntrospectionResponse> {
    const [server, client, options] = this.#terms();
    const withPat: oauth.ClientAuth = (_server, _client, _body, headers) =>
      headers.set("authorization", `Bearer ${pat}`);
    const response = await oauth.introspectionRequest(server, client, withPat, token, options);
    return oauth.processIntrospectionResponse(server, client, response);
  }

  #terms(): readonly [oauth.AuthorizationServer, oauth.Client, ReturnType<typeof optionsFor>] {
    return [this.#server, this.#client, optionsFor(this.#site)];
  }
}

/** The error of an answer that was none of the good ones. */
export async function errorOf(answer: Promise<unknown>): Promise<oauth.ResponseBodyError> {
  const reason = await answer.then(
    () => null,
    (error: unknown) => error,
  );
  if (reason instanceof oauth.ResponseBodyError) return reason;
  throw new Error(`expected an OAuth error, got ${reason}`);
}

/** Every request goes to the site, wherever that runs; plain http is in order on loopback. */
function optionsFor(site: Site) {
  return {
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, URLSearchParams | null | undefined>) =>
      site.fetch(new Request(url, { ...init, body: init.body ?? null, signal: init.signal ?? null })),
    [oauth.allowInsecureRequests]: new URL(site.issuer).protocol === "http:",
  };
}
