import type { Answer } from "./http-site.ts";
import { type Credentials, expectStatus, text, type World } from "./world.ts";

type Document = Readonly<Record<string, unknown>>;

/** A client that registered itself (RFC 7591), and manages that (RFC 7592). */
export class SelfRegistered {
  readonly world: World;
  /** What it was told when it registered. */
  readonly body: Document;
  readonly client: Credentials;

  private constructor(world: World, answer: Answer) {
    this.world = world;
    this.body = answer.body;
    this.client = { id: text(answer, "client_id"), secret: String(answer.body.client_secret ?? "") };
  }

  /** With a token of the operator's for it, or without where that is enough. */
  static async register(world: World, metadata: Document = {}, token?: string): Promise<SelfRegistered> {
    return SelfRegistered.of(world, expectStatus(await attempt(world, metadata, token), 201));
  }

  /** @param answer to a registration that went well. */
  static of(world: World, answer: Answer): SelfRegistered {
    return new SelfRegistered(world, answer);
  }

  /** Its configuration endpoint. */
  get path(): string {
    return String(this.body.registration_client_uri);
  }

  get token(): string {
    return String(this.body.registration_access_token);
  }

  read(token = this.token): Promise<Answer> {
    return this.world.send("GET", this.path, { bearer: token });
  }

  /** @param metadata beside its id, which is always said. */
  replace(metadata: Document, token = this.token): Promise<Answer> {
    return this.world.send("PUT", this.path, { bearer: token, json: { client_id: this.client.id, ...metadata } });
  }

  remove(token = this.token): Promise<Answer> {
    return this.world.send("DELETE", this.path, { bearer: token });
  }
}

/** Asks for a registration. */
export function attempt(world: World, metadata: unknown, token?: string): Promise<Answer> {
  return world.send("POST", "/register", { json: metadata, ...(token === undefined ? {} : { bearer: token }) });
}

/** @param allowance what it lets clients register for, where that is more than anybody may. */
export async function initialAccessToken(world: World, allowance: Document = {}): Promise<string> {
  const wanted = { name: "a test", uses: 100, ...allowance };
  return text(expectStatus(await world.admin("POST", "/initial-access-tokens", wanted), 201), "token");
}
