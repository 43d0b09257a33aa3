import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { z } from "zod";
import type { World } from "../server/world.ts";

const READ = "notes:read";
const WRITE = "notes:write";
export const NOTES_SCOPES = [READ, WRITE];

/** What a token lets its bearer do; null: nothing. */
type Allowed = readonly string[] | null;

/**
 * An MCP server that keeps somebody's notes, and leaves it to Usher who may do what with them: it knows one resource, and
 * its owner's PAT.
 */
export class NotesServer {
  /** Its URL, which is also its resource identifier (RFC 8707). */
  readonly url: string;
  readonly notes: string[] = [];
  readonly #world: World;
  readonly #pat: string;

  constructor(world: World, url: string, pat: string) {
    this.#world = world;
    this.url = url;
    this.#pat = pat;
  }

  async fetch(request: Request): Promise<Response> {
    const { origin, pathname } = new URL(this.url);
    const path = new URL(request.url).pathname;
    if (path === `/.well-known/oauth-protected-resource${pathname}`) return Response.json(this.#metadata());
    if (request.url !== origin + pathname) return new Response(null, { status: 404 });
    const allowed = await this.#allowedBy(request.headers.get("Authorization"));
    if (allowed === null) return this.#challenge(401, "", [READ]);
    const missing = await missingFor(request.clone(), allowed);
    if (missing !== null) return this.#challenge(403, 'error="insufficient_scope", ', [...allowed, missing]);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await this.#tools().connect(transport);
    return transport.handleRequest(request);
  }

  /** RFC 9728 §3.2 */
  #metadata(): object {
    return { resource: this.url, authorization_servers: [this.#world.site.issuer], scopes_supported: [READ] };
  }

  /** By introspection with the PAT (FedAuthz §5). */
  async #allowedBy(authorization: string | null): Promise<Allowed> {
    const [, token] = /^Bearer (.+)$/.exec(authorization ?? "") ?? [];
    if (token === undefined) return null;
    const { active, permissions } = await this.#world.introspect(this.#pat, token);
    if (active !== true) return null;
    return (permissions as readonly { resource_scopes: readonly string[] }[]).flatMap((one) => one.resource_scopes);
  }

  /** RFC 6750 §3, RFC 9728 §5.1. What is missing is asked for together with what there is, so that a client gets both. */
  #challenge(status: number, error: string, scopes: readonly string[]): Response {
    const { origin, pathname } = new URL(this.url);
    const metadata = `${origin}/.well-known/oauth-protected-resource${pathname}`;
    const challenge = `Bearer ${error}scope="${scopes.join(" ")}", resource_metadata="${metadata}"`;
    return new Response(null, { status, headers: { "WWW-Authenticate": challenge } });
  }

  #tools(): McpServer {
    const server = new McpServer({ name: "notes", version: "1" });
    server.registerTool("read_notes", {}, () => ({ content: [{ type: "text", text: this.notes.join("\n") }] }));
    server.registerTool("add_note", { inputSchema: { text: z.string() } }, ({ text }) => {
      this.notes.push(text);
      return { content: [{ type: "text", text: "kept" }] };
    });
    return server;
  }
}

/** The scope that a message needs beyond what is allowed; null: none. */
async function missingFor(request: Request, allowed: readonly string[]): Promise<string | null> {
  if (request.method !== "POST") return null;
  const message = (await request.json()) as { readonly params?: { readonly name?: string } };
  const needed = message.params?.name === "add_note" ? WRITE : READ;
  return allowed.includes(needed) ? null : needed;
}
