import type { JWTPayload } from "jose";
import { createOpenIdProvider, type OpenIdProvider } from "./openid-provider.ts";
import { expectStatus, type World } from "./world.ts";

const SECRET = "usher-at-the-issuer";

/** An issuer that answers for its access tokens (RFC 7662), as a test is one. */
export class TokenIssuer {
  readonly provider: OpenIdProvider;
  /** What is asked of it, in the order in which it was. */
  readonly asked: { readonly authorization: string | null; readonly form: Readonly<Record<string, string>> }[] = [];
  /** What it says of which token. */
  readonly answers = new Map<string, object>();
  /** What it answers instead. */
  instead: (() => Response) | null = null;

  private constructor(provider: OpenIdProvider) {
    this.provider = provider;
  }

  static async create(): Promise<TokenIssuer> {
    return new TokenIssuer(await createOpenIdProvider(`https://asked-${crypto.randomUUID()}.example`));
  }

  get endpoint(): string {
    return `${this.provider.issuer}/introspect`;
  }

  readonly fetch: typeof fetch = async (_input, init) => {
    const form = Object.fromEntries(new URLSearchParams(String(init?.body)));
    this.asked.push({ authorization: new Headers(init?.headers).get("authorization"), form });
    if (this.instead !== null) return this.instead();
    return Response.json(this.answers.get(form.token ?? "") ?? { active: false });
  };

  /** A token of somebody's, as this client has it. */
  issue(clientId: string, claims: JWTPayload = {}): string {
    const token = `opaque-${crypto.randomUUID()}`;
    this.answers.set(token, { active: true, client_id: clientId, sub: "bob", ...claims });
    return token;
  }

  /** Has the server trust it for its access tokens, which go by a name of its own. @returns that name */
  async trusted(world: World, claims: readonly string[]): Promise<string> {
    const format = `token-of-${crypto.randomUUID()}`;
    const introspection = { endpoint: this.endpoint, client_id: "usher:1", client_secret: SECRET };
    const claim_tokens = [{ kind: "access_token", format }];
    const entry = { issuer: this.provider.issuer, claims, email_domains: [], claim_tokens, introspection };
    expectStatus(await world.admin("POST", "/issuers", entry), 201);
    return format;
  }
}
