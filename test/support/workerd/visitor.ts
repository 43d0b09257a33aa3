import { env } from "cloudflare:workers";
import { randomness, secrets } from "../../../src/crypto/secret.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import type { Answer } from "../server/http-site.ts";
import { locationOf, Person } from "../server/person.ts";
import type { Credentials, World } from "../server/world.ts";
import { addressProof } from "./people.ts";

/** What a browser is sent to the claims interaction endpoint with (Grant §3.3.2). */
type Sent = Readonly<Record<string, string>>;

/** A requesting party with an account and a verified address, and a browser in which they are signed in. */
export class Visitor extends Person {
  readonly world: World;
  readonly address: string;

  private constructor(world: World, address: string) {
    super(world.site);
    this.world = world;
    this.address = address;
  }

  /** @param address what they have verified; null: none. */
  static async arrive(world: World, address: string | null = freshMail()): Promise<Visitor> {
    const visitor = new Visitor(world, address ?? "");
    await visitor.signUp("Ana");
    if (address !== null) await visitor.verify(address);
    return visitor;
  }

  /** Somebody who has an account nowhere. */
  static stranger(world: World): Visitor {
    return new Visitor(world, "");
  }

  async verify(address: string): Promise<void> {
    await new D1AccountStore(env.DB).addProof(await this.accountId(), addressProof(address));
  }

  async accountId(): Promise<string> {
    const hash = await secrets.hash(this.browser.cookie("__Host-session") ?? "");
    const row = await env.DB.prepare("SELECT account_id FROM sessions WHERE hash = ?")
      .bind(hash)
      .first<string>("account_id");
    return row ?? "";
  }

  /** Opens the claims interaction endpoint, as an app sends a browser there. */
  come(client: Credentials, sent: Sent): Promise<Answer> {
    return this.browser.open(`/claims?${new URLSearchParams({ client_id: client.id, ...sent })}`);
  }

  /** Comes, and goes where that leads. @returns the page on which they show who they are. */
  async look(client: Credentials, sent: Sent): Promise<Answer> {
    return this.browser.open(locationOf(await this.come(client, sent)));
  }

  /** Uses a button of that page. */
  decide(page: Answer, decision: string, fields: Sent = {}): Promise<Answer> {
    return this.browser.submit(page, "/claims/interaction", { decision, ...fields });
  }

  /** Comes and goes on. @returns what the app gets. */
  async show(client: Credentials, sent: Sent, fields: Sent = {}): Promise<URLSearchParams> {
    const page = await this.look(client, sent);
    return backAt(await this.decide(page, "continue", fields));
  }
}

/** What an app gets when a browser comes back to it. */
export function backAt(answer: Answer): URLSearchParams {
  return new URL(locationOf(answer)).searchParams;
}

/** An address that nobody else has. */
export function freshMail(): string {
  return `ana-${randomness.id().toLowerCase().replaceAll("_", "x")}@home.example`;
}
