import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Site } from "../server/http-site.ts";
import { type UpstreamPerson, UpstreamProvider } from "../server/upstream-provider.ts";
import { expectStatus, text, World } from "../server/world.ts";

/** An identity provider on an origin of its own, where people press a button to sign in; the server of a story knows it. */
export class ProviderSite {
  readonly provider: UpstreamProvider;
  /** What it is called where people choose it. */
  readonly name: string;
  readonly #server: Server;
  readonly #world: World;
  readonly #id: string;

  private constructor(provider: UpstreamProvider, name: string, server: Server, world: World, id: string) {
    this.provider = provider;
    this.name = name;
    this.#server = server;
    this.#world = world;
    this.#id = id;
  }

  /** @param person who signs in there. */
  static async open(usher: Site, name: string, person: UpstreamPerson): Promise<ProviderSite> {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the provider listens nowhere");
    const issuer = `http://127.0.0.1:${address.port}`;
    const redirectUri = `${usher.issuer}/sign-in/callback`;
    const provider = await UpstreamProvider.create(issuer, { clientId: "usher", redirectUri, secret: "s3cret" });
    server.on("request", (request, response) => void answer(provider, person, request, response));
    const world = new World(usher);
    const entry = { issuer, name, client_id: "usher", client_secret: "s3cret", claims: "all", email_domains: "all" };
    const made = expectStatus(await world.admin("POST", "/providers", entry), 201);
    return new ProviderSite(provider, name, server, world, text(made, "id"));
  }

  async close(): Promise<void> {
    await this.#world.admin("DELETE", `/providers/${this.#id}`);
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function answer(
  provider: UpstreamProvider,
  person: UpstreamPerson,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", provider.issuer);
  if (url.pathname === "/authorize") return authorize(provider, person, url, incoming, response);
  const answered = await provider.fetch(await requestOf(url, incoming));
  response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
}

async function authorize(
  provider: UpstreamProvider,
  person: UpstreamPerson,
  url: URL,
  { method }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method === "POST") {
    response.writeHead(303, { Location: (await provider.signIn(url.href, person)).href }).end();
    return;
  }
  const form = `<form method="post"><button>It is me</button></form>`;
  const page = `<!doctype html><html lang="en"><title>The provider</title><main><h1>Who are you?</h1>${form}</main></html>`;
  response.setHeader("Content-Type", "text/html").end(page);
}

async function requestOf(url: URL, incoming: IncomingMessage): Promise<Request> {
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as [string, string]] : [],
  );
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = incoming.method === "POST" ? { body: Buffer.concat(chunks).toString() } : {};
  return new Request(url, { method: incoming.method ?? "GET", headers, ...body });
}
