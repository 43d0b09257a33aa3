import type { BrowserLike } from "./browser-like.ts";
import type { Answer } from "./http-site.ts";
import { type Credentials, expectStatus, text, type World } from "./world.ts";

/** RFC 7636, appendix B. */
export const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
export const CALLBACK = "https://photos.example/cb";

type Parameters = Readonly<Record<string, string>>;

const CONSENT = "/authorize/consent";

/** An app that people connect, by the code flow. */
export class CodeApp {
  readonly world: World;
  readonly client: Credentials;
  readonly redirectUri: string;

  private constructor(world: World, client: Credentials, redirectUri: string) {
    this.world = world;
    this.client = client;
    this.redirectUri = redirectUri;
  }

  /** @param registration where it differs from the usual: a confidential client that may refresh. */
  static async register(world: World, registration: Readonly<Record<string, unknown>> = {}): Promise<CodeApp> {
    const usual = { client_name: "Photos", grant_types: ["authorization_code", "refresh_token"] };
    const said = { ...usual, redirect_uris: [CALLBACK], ...registration };
    const [redirectUri = ""] = said.redirect_uris as readonly string[];
    return new CodeApp(world, await world.client(said), redirectUri);
  }

  /** One that is registered already. */
  static of(world: World, client: Credentials, redirectUri: string): CodeApp {
    return new CodeApp(world, client, redirectUri);
  }

  static registerPublic(world: World, registration: Readonly<Record<string, unknown>> = {}): Promise<CodeApp> {
    return CodeApp.register(world, { token_endpoint_auth_method: "none", ...registration });
  }

  /** What an authorization request says; an empty text leaves a parameter out. */
  request(changes: Parameters = {}): Parameters {
    const usual = {
      client_id: this.client.id,
      redirect_uri: this.redirectUri,
      response_type: "code",
      scope: "uma_protection",
      state: "xyz",
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
    };
    return Object.fromEntries(Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== ""));
  }

  /** Where the app sends a browser. */
  path(changes: Parameters = {}): string {
    return `/authorize?${new URLSearchParams(this.request(changes))}`;
  }

  push(changes: Parameters = {}): Promise<Answer> {
    const form = this.request(changes);
    if (this.client.secret === "") return this.world.send("POST", "/par", { form });
    const { client_id: _, ...said } = form;
    return this.world.send("POST", "/par", { basic: this.client, form: said });
  }

  /** Where the app sends a browser with a request that it has pushed. */
  async pushedPath(changes: Parameters = {}): Promise<string> {
    const requestUri = text(expectStatus(await this.push(changes), 201), "request_uri");
    return `/authorize?${new URLSearchParams({ client_id: this.client.id, request_uri: requestUri })}`;
  }

  /** Opens the page on which the person of a browser is asked. */
  async ask(browser: BrowserLike, path = this.path()): Promise<Answer> {
    const sent = expectStatus(await browser.open(path), 303);
    return expectStatus(await browser.open(sent.headers.get("location") ?? ""), 200);
  }

  /** The person answers. @returns where the browser goes */
  async answer(browser: BrowserLike, page: Answer, fields: Parameters): Promise<URL> {
    return locationOf(await browser.submit(page, CONSENT, fields));
  }

  /** The person is asked, and allows it. @returns the code */
  async allow(browser: BrowserLike, path = this.path(), fields: Parameters = {}): Promise<string> {
    const location = await this.answer(browser, await this.ask(browser, path), { decision: "allow", ...fields });
    const code = location.searchParams.get("code");
    if (code === null) throw new Error(`no code in ${location}`);
    return code;
  }

  redeem(code: string, changes: Parameters = {}): Promise<Answer> {
    const usual = { grant_type: "authorization_code", code, redirect_uri: this.redirectUri, code_verifier: VERIFIER };
    const form = Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== "");
    return this.world.token(this.client, Object.fromEntries(form));
  }

  refresh(refreshToken: unknown, more: Parameters = {}): Promise<Answer> {
    return this.world.token(this.client, {
      grant_type: "refresh_token",
      refresh_token: String(refreshToken),
      ...more,
    });
  }

  /** The person is asked, and allows it; the app gets its tokens. */
  async connect(browser: BrowserLike, changes: Parameters = {}): Promise<Answer["body"]> {
    return expectStatus(await this.redeem(await this.allow(browser, this.path(changes))), 200).body;
  }

  /** Whether an access token of this app is taken by the owner's ledger, which has no such resource to change. */
  async isTaken(accessToken: unknown): Promise<boolean> {
    const call = { bearer: String(accessToken), json: { resource_scopes: [] } };
    const { status } = await this.world.send("PUT", `/resources/${"A".repeat(22)}`, call);
    if (status === 404 || status === 401) return status === 404;
    throw new Error(`expected 404 or 401, got ${status}`);
  }

  /** The same where D1 is asked and not the ledger. */
  async isTakenByRecord(accessToken: unknown): Promise<boolean> {
    return (await this.world.send("GET", "/resources", { bearer: String(accessToken) })).status === 200;
  }
}

/** Where an answer sends the browser. */
export function locationOf(answer: Answer): URL {
  return new URL(expectStatus(answer, 303).headers.get("location") ?? "");
}

/** What an authorization response says. */
export function saidIn(location: URL): Parameters {
  return Object.fromEntries(location.searchParams);
}
