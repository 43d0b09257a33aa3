import { createHash } from "node:crypto";
import type { DescribedCall } from "../support/server/api-description.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Call, Site } from "../support/server/http-site.ts";
import { basicCredentials, send } from "../support/server/http-site.ts";
import { EmailPerson } from "../support/server/letters.ts";
import { acceptInvitation, Organization } from "../support/server/organization.ts";
import { Prover } from "../support/server/prover.ts";
import { Scene } from "../support/server/scene.ts";
import { expectStatus, text, UMA_GRANT, World } from "../support/server/world.ts";
import type { Dice } from "./dice.ts";
import { CLAIMS_CALLBACK } from "./samples.ts";
import { type Shot, targetOf } from "./shot.ts";
import type { Stock } from "./stock.ts";

const GRANTS = [UMA_GRANT, "authorization_code", "client_credentials", "refresh_token"];
const SCOPES = ["view", "print"];
/** Tickets, and what comes of them, that are laid in at a time. */
const AT_A_TIME = 4;

/** What proofs say that are almost right. */
const ODD_CLAIMS: readonly object[] = [
  { htm: "get" },
  { htu: "https://evil.example/token" },
  { htu: 1 },
  { iat: 0 },
  { iat: 1e308 },
  { iat: "now" },
  { jti: "" },
  { jti: "x".repeat(5_000) },
  { jti: undefined },
  { nonce: "x" },
  { ath: "x" },
  { ath: undefined },
];
const ODD_HEADERS: readonly object[] = [
  { typ: "JWT" },
  { alg: "none" },
  { alg: "HS256" },
  { jwk: null },
  { jwk: {} },
  { jwk: { kty: "EC", crv: "P-256", x: "AA", y: "AA" } },
  { jwk: { kty: "oct", k: "AAAA" } },
  { crit: ["b64"], b64: false },
];

/** What a trusted issuer signs that does not quite know what it does. */
const ODD_ID_TOKENS: readonly object[] = [
  { sub: "" },
  { sub: 5 },
  { sub: undefined },
  { sub: "x".repeat(5_000) },
  { sub: "\u0000" },
  { sub: "\ud800" },
  { email: ["bob@example.com"] },
  { email: "bob@example.com\nx" },
  { email: `${"x".repeat(400)}@example.com` },
  { email: { a: 1 } },
  { email_verified: "true" },
  { aud: [] },
  { aud: [null, 1] },
  { azp: 1 },
  { exp: 1e308 },
  { exp: "soon" },
  { iat: -1 },
  { nbf: 9e15 },
  { auth_time: "now" },
  { auth_time: -1e300 },
  { acr: [] },
  { amr: "pwd" },
  { nonce: {} },
  { role: Array.from({ length: 900 }, (_, index) => index) },
  { role: [[["nurse"]]] },
  { role: 2 ** 60 },
  { constructor: { prototype: 1 }, toString: 1 },
  { cnf: { jkt: 1 } },
  { ticket_hash: 5 },
  { iss: "https://another.example" },
];

/** A JWT whose header says something else than was signed. */
function withHeader(jwt: string, changes: object): string {
  const [header = "", ...rest] = jwt.split(".");
  const said = { ...JSON.parse(Buffer.from(header, "base64url").toString()), ...changes };
  return [Buffer.from(JSON.stringify(said)).toString("base64url"), ...rest].join(".");
}

/** Those who may call, with whatever they need to get anywhere. Everything of theirs is told to the stock. */
export class FuzzCast {
  /** Signed in, and acting for the owner. */
  readonly person: EmailPerson;
  readonly #scene: Scene;
  readonly #stock: Stock;
  /** May do whatever a client may. */
  readonly #app: CodeApp;

  readonly #prover: Prover;
  /** Below it are the identifiers of what the resource server hosts (RFC 8707). */
  readonly #door: string;
  /** Of the odd ID Tokens, how many were given out. */
  #told = 0;
  /** An access token of the app, for what it may learn about the person. */
  #signedIn = "";
  /** Of the app, bound to the key of the prover, for each kind of work. */
  #bound: Readonly<Record<string, string>> = {};

  private constructor(scene: Scene, stock: Stock, app: CodeApp, person: EmailPerson, prover: Prover, door: string) {
    this.#prover = prover;
    this.#door = door;
    this.#scene = scene;
    this.#stock = stock;
    this.#app = app;
    this.person = person;
  }

  static async enter(site: Site, stock: Stock): Promise<FuzzCast> {
    const world = new World(site);
    const door = `https://api-${crypto.randomUUID()}.example/`;
    const scene = await Scene.open(world, { resource_identifiers: [door] });
    const app = await CodeApp.register(world, {
      client_name: "Fuzz",
      grant_types: GRANTS,
      scope: "view",
      may_push_claims: true,
      claims_redirect_uris: [CLAIMS_CALLBACK],
    });
    await world.connect(scene.cast.alice, app.client, ["uma_protection", "uma_policy"]);
    const person = new EmailPerson(site);
    await person.settle();
    await acceptInvitation(person, await new Organization(world, scene.cast.alice).invite());
    const cast = new FuzzCast(scene, stock, app, person, await Prover.create(world), door);
    await cast.#settle();
    return cast;
  }

  get ownerId(): string {
    return this.#scene.cast.alice;
  }

  /** How the right caller of a call says who they are, by the schemes that it is described with. */
  credentialsFor({ operation, path }: DescribedCall, dice: Dice): string | null {
    if (operation.security.length === 0) return null;
    // Tokens that are bound to a key come with their proof (prove).
    const schemes = operation.security.filter((scheme) => !("boundAccessToken" in scheme));
    const [scheme, scopes] = Object.entries(dice.pick(schemes))[0] ?? [];
    switch (scheme) {
      case "adminSecret":
        return `Bearer ${this.#scene.world.site.adminSecret}`;
      case "clientSecret":
        return basicCredentials(this.#app.client);
      case "accessToken":
        if ((scopes as readonly string[]).includes("openid")) return `Bearer ${this.#signedIn}`;
        return `Bearer ${(scopes as readonly string[]).includes("uma_policy") ? this.#scene.tool : this.#scene.pat}`;
      case undefined:
        return basicCredentials(this.#app.client);
      case "registrationToken": {
        const kind = path.includes("{") ? "registration_access_token" : "token";
        return `Bearer ${this.#stock.takeFresh(kind, dice) ?? "none"}`;
      }
      default:
        return `Bearer ${this.#stock.take("access_token", dice) ?? "none"}`;
    }
  }

  /** Has a key proved beside a request (RFC 9449), and its access token bound to that where there is one. */
  async prove(shot: Shot, dice: Dice): Promise<void> {
    const at = shot.headers.findIndex(([name]) => name === "Authorization");
    const [, sent = ""] = shot.headers[at] ?? [];
    const scope = ["uma_protection", "uma_policy"].find((one) =>
      JSON.stringify(shot.call?.operation.security ?? []).includes(one),
    );
    const bound = scope === undefined ? undefined : this.#bound[scope];
    if (bound !== undefined && sent.startsWith("Bearer")) shot.headers[at] = ["Authorization", `DPoP ${bound}`];
    const [path = "/"] = targetOf(shot).split("?");
    const ath = bound === undefined ? {} : { ath: createHash("sha256").update(bound).digest("base64url") };
    const claims = dice.chance(0.2) ? dice.pick(ODD_CLAIMS) : {};
    const proof = await this.#prover.proof({ method: shot.method, path, claims: { ...ath, ...claims } });
    shot.headers.push(["DPoP", dice.chance(0.1) ? withHeader(proof, dice.pick(ODD_HEADERS)) : proof]);
  }

  /** Of somebody who is known, and has no business with this call. */
  wrongCredentialsFor({ operation }: DescribedCall, dice: Dice): string {
    const { tool, pat, world, cast } = this.#scene;
    const asked = JSON.stringify(operation.security);
    const operators = asked.includes("adminSecret") ? [] : [`Bearer ${world.site.adminSecret}`];
    const tools = asked.includes("uma_policy") ? [] : [`Bearer ${tool}`];
    const servers = asked.includes("uma_protection") ? [] : [`Bearer ${pat}`];
    const clients = asked.includes("accessToken") || asked.includes("adminSecret") ? [basicCredentials(cast.c1)] : [];
    return dice.pick([...operators, ...tools, ...servers, ...clients]);
  }

  /** Whoever calls where they have no business. */
  anyCredentials(dice: Dice): string {
    const { tool, pat, cast, world } = this.#scene;
    const all = [`Bearer ${tool}`, `Bearer ${pat}`, basicCredentials(cast.c1), basicCredentials(cast.rs1)];
    return dice.pick([...all, `Bearer ${world.site.adminSecret}`, `Bearer ${this.#stock.takeAny(dice)}`]);
  }

  /** What can be used once, or was used up. */
  async replenish(): Promise<void> {
    const stock = this.#stock;
    const identifier = `${this.#door}${crypto.randomUUID()}`;
    const described = { type: "photo", name: "A photo", resource_identifiers: [identifier] };
    const resource = await this.#scene.resource(SCOPES, described);
    stock.put("resource", resource);
    stock.put("resource_identifier", identifier);
    for (let made = 0; made < AT_A_TIME; made += 1) stock.put("ticket", await this.#scene.ticket(resource));
    stock.put("id_token", await this.#idToken());
    for (const claims of ODD_ID_TOKENS.slice(this.#told, this.#told + AT_A_TIME)) {
      stock.put("id_token", await this.#idToken(claims));
    }
    this.#told = (this.#told + AT_A_TIME) % ODD_ID_TOKENS.length;
    const rpt = await this.#app.world.uma(this.#app.client, await this.#scene.ticket(resource), {
      idToken: await this.#idToken(),
    });
    if (rpt.status === 200) {
      stock.put("rpt", text(rpt, "access_token"));
      if (rpt.body.refresh_token !== undefined) stock.put("refresh_token", String(rpt.body.refresh_token));
    }
    stock.put("code", await this.#app.allow(this.person, this.#app.path(), { owner: this.ownerId }));
    await this.#signIn();
    stock.put("request_uri", text(expectStatus(await this.#app.push(), 201), "request_uri"));
    const initial = await this.#app.world.admin("POST", "/initial-access-tokens", { name: "fuzz", uses: 50 });
    stock.put("token", text(expectStatus(initial, 201), "token"));
    await this.#bind();
    await this.#waiting();
    await this.#learnIds();
  }

  /** The person signs in to the app. */
  async #signIn(): Promise<void> {
    const code = await this.#app.allow(this.person, this.#app.path({ scope: "openid email", nonce: "n-1" }));
    const { body } = expectStatus(await this.#app.redeem(code), 200);
    this.#signedIn = String(body.access_token);
    this.#stock.put("access_token", this.#signedIn);
    this.#stock.put("id_token", String(body.id_token));
  }

  async #bind(): Promise<void> {
    const tokens = ["uma_protection", "uma_policy"].map(async (scope) => {
      const answer = await this.#prover.token(this.#app.client, { grant_type: "client_credentials", scope });
      return [scope, text(expectStatus(answer, 200), "access_token")] as const;
    });
    this.#bound = Object.fromEntries(await Promise.all(tokens));
    for (const token of Object.values(this.#bound)) this.#stock.put("access_token", token);
  }

  /** Somebody asks who has to wait for the owner. */
  async #waiting(): Promise<void> {
    const album = await this.#scene.resource(SCOPES);
    await this.#scene.permit(album, ["view"], { claim: "email", exists: true }, { terms: { approval: true } });
    const ticket = await this.#scene.ticket(album);
    await this.#app.world.uma(this.#app.client, ticket, { idToken: await this.#idToken() });
  }

  /** Ids that only lists tell. */
  async #learnIds(): Promise<void> {
    const lists: readonly (readonly [path: string, call: Call, kind: string, member: string])[] = [
      ["/owner/grants", { bearer: this.#scene.tool }, "grant", "grant_id"],
      ["/owner/grants", { bearer: this.#scene.tool }, "party", "party"],
      ["/owner/requests?status=waiting", { bearer: this.#scene.tool }, "request", "request_id"],
      [`/admin/owners/${this.ownerId}/administrators`, { bearer: this.#admin }, "account", "account_id"],
    ];
    for (const [path, call, kind, member] of lists) {
      const { body } = await send(this.#scene.world.site, "GET", path, call);
      for (const item of body.items ?? []) if (typeof item[member] === "string") this.#stock.put(kind, item[member]);
    }
  }

  /**
   * What can be removed or changed by its id is what requests have made themselves: clients and owners of the cast are
   * named in queries and bodies alone, or nobody would be left who may call.
   */
  async #settle(): Promise<void> {
    const { cast } = this.#scene;
    this.#stock.put("resource_owner", cast.alice);
    this.#stock.put("app", this.#app.client.id);
    for (const { id, secret } of [cast.rs1, cast.tool, cast.c1, this.#app.client]) {
      this.#stock.put("connected", id);
      this.#stock.put("client_secret", secret);
    }
    for (const token of [this.#scene.pat, this.#scene.tool]) this.#stock.put("access_token", token);
    this.#stock.put("policy", await this.#scene.permitAnyone({ target: { type: "photo" } }));
    await this.replenish();
  }

  get #admin(): string {
    return this.#scene.world.site.adminSecret;
  }

  #idToken(claims: object = {}): Promise<string> {
    const { provider } = this.#scene.cast;
    return provider.idToken({ sub: "bob", email: "bob@example.com", aud: this.#app.client.id, ...claims });
  }
}
