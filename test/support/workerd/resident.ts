import { env } from "cloudflare:workers";
import { createAccount } from "../../../src/operations/account/create-account.ts";
import { startSession } from "../../../src/operations/account/sessions.ts";
import type { Account } from "../../../src/operations/ports/account.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { epochSeconds } from "../../../src/shared/time.ts";
import { BrowserLike } from "../server/browser-like.ts";
import type { Site } from "../server/http-site.ts";
import { passkeyProof } from "./people.ts";

/** Somebody with an account. How people prove who they are is other tests' matter: here it is taken for granted. */
export class Resident {
  readonly account: Account;

  private constructor(account: Account) {
    this.account = account;
  }

  static async settle(name = "Ana"): Promise<Resident> {
    const services = residentServices();
    const id = services.randomness.id();
    const account = await createAccount(services, { id, name, location: null }, async () => passkeyProof(), now());
    if (account === null) throw new Error("a fresh passkey is nobody's");
    return new Resident(account);
  }

  /** What is the person's own. */
  get ownerId(): string {
    return this.account.ownerId;
  }

  /** Opens a browser in which the person is signed in. @param authenticatedAt epoch seconds */
  async browse(site: Site, authenticatedAt = now()): Promise<BrowserLike> {
    const browser = new BrowserLike(site);
    await this.signIn(browser, authenticatedAt);
    return browser;
  }

  /** Signs in in this browser. */
  async signIn(browser: BrowserLike, authenticatedAt = now()): Promise<void> {
    const place = { device: "a test", country: null };
    const proven = { account: this.account, method: "passkey", authenticatedAt } as const;
    const secret = await startSession(residentServices(), { ...proven, place, language: "en", replaced: null }, now());
    browser.setCookie("__Host-session", secret);
  }

  /** May act for an organisation, until then. @param endsAt epoch seconds; null: for ever */
  async administer(ownerId: string, endsAt: number | null = null): Promise<void> {
    const insert = `INSERT OR REPLACE INTO administrators (owner_id, account_id, role, begins_at, ends_at)
      VALUES (?, ?, 'administrator', 0, ?)`;
    await env.DB.prepare(insert).bind(ownerId, this.account.id, endsAt).run();
  }
}

function residentServices() {
  return { ...createServices(env, createFoundation(env)), events: { emit: () => undefined } };
}

function now(): number {
  return epochSeconds();
}
