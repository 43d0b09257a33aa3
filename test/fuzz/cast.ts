import type { DescribedCall } from "../support/server/api-description.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Call, Site } from "../support/server/http-site.ts";
import { basicCredentials, send } from "../support/server/http-site.ts";
import { EmailPerson } from "../support/server/letters.ts";
import { acceptInvitation, Organization } from "../support/server/organization.ts";
import { Scene } from "../support/server/scene.ts";
import { type Credentials, expectStatus, text, UMA_GRANT, World } from "../support/server/world.ts";
import type { Dice } from "./dice.ts";
import { CLAIMS_CALLBACK } from "./samples.ts";
import type { Stock } from "./stock.ts";

const GRANTS = [UMA_GRANT, "authorization_code", "client_credentials", "refresh_token"];
const SCOPES = ["view", "print"];
/** Tickets, and what comes of them, that are laid in at a time. */
const AT_A_TIME = 4;

/** Those who may call, with whatever they need to get anywhere. Everything of theirs is told to the stock. */
export class FuzzCast {
  /** Signed in, and acting for the owner. */
  readonly person: EmailPerson;
  readonly #scene: Scene;
  readonly #stock: Stock;
  /** May do whatever a client may. */
  readonly #app: CodeApp;

  private constructor(scene: Scene, stock: Stock, app: CodeApp, person: EmailPerson) {
    this.#scene = scene;
    this.#stock = stock;
    this.#app = app;
    this.person = person;
  }

  static async enter(site: Site, stock: Stock): Promise<FuzzCast> {
    const world = new World(site);
    const scene = await Scene.open(world);
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
    const cast = new FuzzCast(scene, stock, app, person);
    await cast.#settle();
    return cast;
  }

  get ownerId(): string {
    return this.#scene.cast.alice;
  }

  /** How the right caller of a call says who they are, by the schemes that it is described with. */
  credentialsFor({ operation }: DescribedCall, dice: Dice): string | null {
    if (operation.security.length === 0) return null;
    const [scheme, scopes] = Object.entries(dice.pick(operation.security))[0] ?? [];
    switch (scheme) {
      case "adminSecret":
        return `Bearer ${this.#scene.world.site.adminSecret}`;
      case "clientSecret":
        return basicCredentials(this.#app.client);
      case "accessToken":
        return `Bearer ${(scopes as readonly string[]).includes("uma_policy") ? this.#scene.tool : this.#scene.pat}`;
      case undefined:
        return basicCredentials(this.#app.client);
      default:
        return `Bearer ${this.#stock.take(scheme, dice) ?? this.#stock.takeAny(dice)}`;
    }
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
    const resource = await this.#scene.resource(SCOPES, { type: "photo", name: "A photo" });
    stock.put("resource", resource);
    for (let made = 0; made < AT_A_TIME; made += 1) stock.put("ticket", await this.#scene.ticket(resource));
    stock.put("id_token", await this.#idToken());
    const rpt = await this.#app.world.uma(this.#app.client, await this.#scene.ticket(resource), {
      idToken: await this.#idToken(),
    });
    if (rpt.status === 200) {
      stock.put("rpt", text(rpt, "access_token"));
      if (rpt.body.refresh_token !== undefined) stock.put("refresh_token", String(rpt.body.refresh_token));
    }
    stock.put("code", await this.#app.allow(this.person, this.#app.path(), { owner: this.ownerId }));
    stock.put("request_uri", text(expectStatus(await this.#app.push(), 201), "request_uri"));
    await this.#waiting();
    await this.#learnIds();
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

  async #settle(): Promise<void> {
    const { cast } = this.#scene;
    this.#stock.put("owner", cast.alice);
    for (const client of [cast.rs1, cast.tool, cast.c1, this.#app.client]) this.#known(client);
    this.#stock.put("app", this.#app.client.id);
    for (const token of [this.#scene.pat, this.#scene.tool]) this.#stock.put("access_token", token);
    this.#stock.put("policy", await this.#scene.permitAnyone({ target: { type: "photo" } }));
    await this.replenish();
  }

  #known({ id, secret }: Credentials): void {
    this.#stock.put("client", id);
    this.#stock.put("client_secret", secret);
  }

  get #admin(): string {
    return this.#scene.world.site.adminSecret;
  }

  #idToken(): Promise<string> {
    const { provider } = this.#scene.cast;
    return provider.idToken({ sub: "bob", email: "bob@example.com", aud: this.#app.client.id });
  }
}
