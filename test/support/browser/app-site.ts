import { once } from "node:events";
import { createServer, type Server } from "node:http";

/** As a page of its own it would need a policy, a language and more to be nice; people only come through. */
const PAGE = '<!doctype html><html lang="en"><title>The app</title><main><h1>Back in the app</h1></main></html>';

const CALLBACK = "/callback";
const FORWARDING = "/forwarding";
const CALLBACKS: ReadonlySet<string> = new Set([CALLBACK, FORWARDING]);

/** An app that people come from and are sent back to: another origin, which remembers what it was sent. */
export class AppSite {
  /** Where it listens; a path below it is as good a redirect URI as any. */
  readonly origin: string;
  readonly #server: Server;
  readonly #visits: URL[];

  private constructor(server: Server, origin: string, visits: URL[]) {
    this.#server = server;
    this.origin = origin;
    this.#visits = visits;
  }

  static async open(): Promise<AppSite> {
    const visits: URL[] = [];
    const server = createServer(({ url, headers }, response) => {
      const visit = new URL(url ?? "/", `http://${headers.host}`);
      visits.push(visit);
      response.setHeader("Content-Type", "text/html");
      // The same server by another name, and so another origin.
      if (visit.pathname === FORWARDING) response.writeHead(303, { Location: `http://localhost:${visit.port}/home` });
      response.end(PAGE);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the app listens nowhere");
    return new AppSite(server, `http://127.0.0.1:${address.port}`, visits);
  }

  get redirectUri(): string {
    return this.origin + CALLBACK;
  }

  /** A redirect URI that sends people on to another origin at once, as apps with several hosts do. */
  get forwardingUri(): string {
    return this.origin + FORWARDING;
  }

  /** What people brought back to a redirect URI, in the order in which they came. */
  get callbacks(): readonly URLSearchParams[] {
    return this.#visits.filter(({ pathname }) => CALLBACKS.has(pathname)).map(({ searchParams }) => searchParams);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
