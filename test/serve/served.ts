import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ROOT } from "../../examples/serve/root.mjs";

export const ADMIN_SECRET = "served-admin-secret-0123456789abcdef";
const SECRETS = { ADMIN_SECRET, KEY_ENCRYPTION_KEY: "served-key-encryption-key-0123456789abcdef" };

/** `npm run serve` as somebody runs it: with secrets of its own, so that nobody's `.dev.vars` is touched. */
export class Served {
  readonly #child: ChildProcess;
  /** Everything it has said. */
  output = "";
  /** Its exit code. */
  readonly ended: Promise<number | null>;

  private constructor(environment: Readonly<Record<string, string>>) {
    const env = { ...process.env, ...SECRETS, ...environment };
    this.#child = spawn(process.execPath, [join(ROOT, "examples/serve/main.mjs")], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk;
      });
    }
    this.ended = once(this.#child, "close").then(([code]) => code);
  }

  /** @returns when it answers, or has ended. */
  static async start(environment: Readonly<Record<string, string>>): Promise<Served> {
    const served = new Served(environment);
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    served.#child.stdout?.on("data", () => served.output.includes("answers at") && resolve());
    await Promise.race([ready, served.ended]);
    return served;
  }

  /** @returns its exit code. */
  async stop(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number | null> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Sends a request to loopback under whatever name it is meant for, as a proxy does. */
export function throughProxy(port: number, headers: Readonly<Record<string, string>> = {}) {
  return async (sent: Request): Promise<Response> => {
    const { host, pathname, search } = new URL(sent.url);
    const body = Buffer.from(await sent.arrayBuffer());
    const options = { host: "127.0.0.1", port, path: pathname + search, method: sent.method };
    const outgoing = request({ ...options, headers: { ...Object.fromEntries(sent.headers), host, ...headers } });
    outgoing.end(body);
    const [incoming] = await once(outgoing, "response");
    return new Response(await buffer(incoming), { status: incoming.statusCode, headers: incoming.headers });
  };
}
