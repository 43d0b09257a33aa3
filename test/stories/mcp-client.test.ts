import { type OAuthClientProvider, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { OAuthClientInformationMixed, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import { beforeAll, describe, expect, it } from "vitest";
import { locationOf } from "../support/server/person.ts";
import { Scene } from "../support/server/scene.ts";
import { expectStatus } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { NOTES_SCOPES, NotesServer } from "../support/workerd/notes-server.ts";
import { freshId } from "../support/workerd/records.ts";
import { backAt, Visitor } from "../support/workerd/visitor.ts";

/**
 * An MCP client as its SDK has it, which knows OAuth and no UMA, reaches a server whose owner decides with Usher: it finds
 * out where to ask, registers itself, has its user sign in, is stepped up, and calls tools.
 */
const world = configuredWorld({ CLIENT_REGISTRATION: "open" });
const URL_OF_NOTES = `https://${freshId("notes")}.example/mcp`;
let scene: Scene;
let notes: NotesServer;
let resource: string;

beforeAll(async () => {
  scene = await Scene.open(world, { client_name: "Notes", resource_identifiers: [URL_OF_NOTES] });
  resource = await scene.resource(NOTES_SCOPES, { name: "Alice's notes", resource_identifiers: [URL_OF_NOTES] });
  notes = new NotesServer(world, URL_OF_NOTES, scene.pat);
});

/** The network, as far as there is one here. */
const fetchAnything = async (url: string | URL, init?: RequestInit): Promise<Response> => {
  const request = new Request(url, init);
  return new URL(request.url).origin === new URL(URL_OF_NOTES).origin
    ? notes.fetch(request)
    : world.site.fetch(request);
};

/** What an app gives the SDK: where to keep things, and how to open a browser. */
class Notebook implements OAuthClientProvider {
  readonly redirectUrl = "http://127.0.0.1:33418/callback";
  readonly clientMetadata = {
    client_name: "Notebook",
    redirect_uris: [this.redirectUrl],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: "none",
  };
  /** Where its user was sent. */
  opened: URL | undefined;
  #client: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = "";

  clientInformation() {
    return this.#client;
  }
  saveClientInformation(client: OAuthClientInformationMixed) {
    this.#client = client;
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens: OAuthTokens) {
    this.#tokens = tokens;
  }
  redirectToAuthorization(url: URL) {
    this.opened = url;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
}

/** The app, with its user. */
class Session {
  readonly provider = new Notebook();
  readonly #user: Visitor;
  #client = new Client({ name: "notebook", version: "1" });
  #transport = this.#open();

  constructor(user: Visitor) {
    this.#user = user;
  }

  #open(): StreamableHTTPClientTransport {
    return new StreamableHTTPClientTransport(new URL(URL_OF_NOTES), {
      authProvider: this.provider,
      fetch: fetchAnything,
    });
  }

  async connect(): Promise<void> {
    this.#transport = this.#open();
    this.#client = new Client({ name: "notebook", version: "1" });
    await this.#client.connect(this.#transport);
  }

  async call(name: string, input: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { content } = await this.#client.callTool({ name, arguments: input });
    return (content as readonly { readonly text: string }[]).map(({ text }) => text).join("");
  }

  /** The user signs in where the app sent them, and says yes. @returns what the app gets */
  async goOn(decision = "continue"): Promise<URLSearchParams> {
    const visit = locationOf(await this.#user.browser.open(this.provider.opened?.href ?? ""));
    const page = expectStatus(await this.#user.browser.open(visit), 200);
    expect(page.text).toContain("Notebook");
    return backAt(await this.#user.decide(page, decision));
  }

  /** The same, and the app goes on with it. */
  async allow(): Promise<void> {
    const back = await this.goOn();
    await this.#transport.finishAuth(back.get("code") ?? "");
  }
}

describe("an MCP client that knows no UMA", () => {
  it("registers, has its user sign in, calls a tool, is stepped up for another, and loses what is taken back", async () => {
    const ana = await Visitor.arrive(world);
    const policy = await scene.permit(resource, "all", { claim: "email", equals: ana.address });
    const session = new Session(ana);
    await expect(session.connect()).rejects.toThrow(UnauthorizedError);
    const { searchParams } = session.provider.opened ?? new URL("https://nowhere.example");
    expect(Object.fromEntries(searchParams)).toMatchObject({ resource: URL_OF_NOTES, scope: "notes:read" });

    await session.allow();
    expect(session.provider.tokens()?.scope).toBe("notes:read");
    await session.connect();
    notes.notes.push("Buy bread");
    expect(await session.call("read_notes")).toBe("Buy bread");

    await expect(session.call("add_note", { text: "Call Bea" })).rejects.toThrow(UnauthorizedError);
    expect(session.provider.opened?.searchParams.get("scope")).toBe("notes:read notes:write");
    await session.allow();
    expect(await session.call("add_note", { text: "Call Bea" })).toBe("kept");
    expect(notes.notes).toEqual(["Buy bread", "Call Bea"]);

    await scene.removePolicy(policy);
    await expect(session.call("read_notes")).rejects.toThrow(UnauthorizedError);
  });

  it("hears that its user has no access, and nothing else", async () => {
    const bea = await Visitor.arrive(world);
    const session = new Session(bea);
    await expect(session.connect()).rejects.toThrow(UnauthorizedError);
    const back = Object.fromEntries(await session.goOn("cancel"));
    expect(back).toMatchObject({ error: "access_denied" });
    expect(back).not.toHaveProperty("code");
  });
});
