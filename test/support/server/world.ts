import type { JWTPayload } from "jose";
import { type Answer, type Call, type Site, send } from "./http-site.ts";
import { createOpenIdProvider, type OpenIdProvider } from "./openid-provider.ts";

export const UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket";
export const ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";

/** A client with a secret; an empty secret stands for a public client. */
export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

export interface Permission {
  readonly resource_id: string;
  readonly resource_scopes: readonly string[];
}

/** Who plays in most tests (the labels of the requirements): each test file makes its own cast. */
export interface Cast {
  /** The owner's id. */
  readonly alice: string;
  readonly rs1: Credentials;
  /** Edits alice's policies. */
  readonly tool: Credentials;
  /** May push claims, is registered for the scope `download`. */
  readonly c1: Credentials;
  readonly provider: OpenIdProvider;
}

/** A world around one server, made and asked over HTTP only. */
export class World {
  readonly site: Site;

  constructor(site: Site) {
    this.site = site;
  }

  /**
   * A fresh owner with a resource server and a tool, a client, and a trusted issuer.
   * @param registration of RS1, where it differs from the usual.
   */
  async cast(registration: Readonly<Record<string, unknown>> = {}): Promise<Cast> {
    const provider = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
    const grants = { grant_types: ["client_credentials"] };
    const [alice, rs1, tool, c1] = await Promise.all([
      this.owner("alice"),
      this.client({ client_name: "RS1", ...grants, ...registration }),
      this.client({ client_name: "alice's tool", ...grants }),
      this.client({ client_name: "C1", scope: "download", may_push_claims: true }),
      this.trust(provider),
    ]);
    await this.connect(alice, rs1, ["uma_protection"]);
    await this.connect(alice, tool, ["uma_policy"]);
    return { alice, rs1, tool, c1, provider };
  }

  send(method: string, path: string, call: Call = {}): Promise<Answer> {
    return send(this.site, method, path, call);
  }

  admin(method: string, path: string, json?: unknown): Promise<Answer> {
    return this.send(method, `/admin${path}`, {
      bearer: this.site.adminSecret,
      ...(json === undefined ? {} : { json }),
    });
  }

  async owner(name: string): Promise<string> {
    return text(expectStatus(await this.admin("POST", "/owners", { name }), 201), "owner_id");
  }

  /** A client by its registration; with grant_types left out it may use the UMA grant and refresh. */
  async client(registration: Readonly<Record<string, unknown>>): Promise<Credentials> {
    const body = { client_name: "a client", grant_types: [UMA_GRANT, "refresh_token"], ...registration };
    const made = expectStatus(await this.admin("POST", "/clients", body), 201);
    return { id: text(made, "client_id"), secret: String(made.body.client_secret ?? registration.client_secret ?? "") };
  }

  async connect(owner: string, client: Credentials, scopes: readonly string[]): Promise<void> {
    expectStatus(await this.admin("PUT", `/owners/${owner}/connections/${client.id}`, { scopes }), 200);
  }

  async trust(provider: OpenIdProvider, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { issuer, jwks } = provider;
    const body = { issuer, jwks, claims: "all", email_domains: "all", ...more };
    expectStatus(await this.admin("POST", "/issuers", body), 201);
  }

  /** An access token of a connected client: a PAT for a resource server, a policy token for a tool. */
  async connectedToken(client: Credentials, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
    const form = { grant_type: "client_credentials", ...parameters };
    return text(expectStatus(await this.token(client, form), 200), "access_token");
  }

  async registerResource(pat: string, description: Readonly<Record<string, unknown>>): Promise<string> {
    return text(expectStatus(await this.send("POST", "/resources", { bearer: pat, json: description }), 201), "_id");
  }

  /** @returns the policy's id. */
  async policy(toolToken: string, document: Readonly<Record<string, unknown>>): Promise<string> {
    const made = await this.send("POST", "/owner/policies?accept=warnings", { bearer: toolToken, json: document });
    return text(expectStatus(made, 201), "policy_id");
  }

  async ticket(pat: string, permissions: Permission | readonly Permission[]): Promise<string> {
    const answer = await this.send("POST", "/permission", { bearer: pat, json: permissions });
    return text(expectStatus(answer, 201), "ticket");
  }

  /** A request to the token endpoint; a client without a secret only names itself. */
  token(client: Credentials, form: Readonly<Record<string, string>>): Promise<Answer> {
    if (client.secret === "") return this.send("POST", "/token", { form: { client_id: client.id, ...form } });
    return this.send("POST", "/token", { basic: client, form });
  }

  /** Redeems a ticket; with an ID Token it is pushed in the OpenID Connect format. */
  uma(
    client: Credentials,
    ticket: string,
    { idToken, ...more }: { readonly idToken?: string; readonly [parameter: string]: string | undefined } = {},
  ): Promise<Answer> {
    const pushed = idToken === undefined ? {} : { claim_token: idToken, claim_token_format: ID_TOKEN_FORMAT };
    return this.token(client, { grant_type: UMA_GRANT, ticket, ...pushed, ...(more as Record<string, string>) });
  }

  /** What the resource server reads of an RPT. */
  async introspect(pat: string, token: string): Promise<Readonly<Record<string, unknown>>> {
    return expectStatus(await this.send("POST", "/introspection", { bearer: pat, form: { token } }), 200).body;
  }

  /** An ID Token of this cast's provider about bob, pushed by C1. */
  idToken({ provider, c1 }: Cast, claims: JWTPayload = {}): Promise<string> {
    return provider.idToken({ sub: "bob", email: "bob@example.com", aud: c1.id, ...claims });
  }
}

/** A set-up step that fails is reported where it failed, with what the server said. */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
}

/** A member that must be a text. */
export function text(answer: Answer, member: string): string {
  const value = answer.body[member];
  if (typeof value === "string") return value;
  throw new Error(`no ${member} in ${answer.text}`);
}
