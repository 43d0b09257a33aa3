import { Agent, request } from "node:http";
import type { SeenAnswer } from "../support/server/api-description.ts";
import { encodeBody, type Shot, targetOf } from "./shot.ts";

/** What came back; null where nothing did, with why. */
export interface Reply extends SeenAnswer {
  readonly headers: readonly (readonly [string, string])[];
  readonly milliseconds: number;
}

/** Sends what no well-behaved client could: fetch corrects methods, headers and bodies. */
export class Wire {
  readonly #origin: URL;
  readonly #agent: Agent;
  readonly #limitMs: number;

  constructor(origin: string, lanes: number, limitMs: number) {
    this.#origin = new URL(origin);
    this.#agent = new Agent({ keepAlive: true, maxSockets: lanes });
    this.#limitMs = limitMs;
  }

  /** @throws Error where no answer came in time, or the connection was cut. */
  send(shot: Shot): Promise<Reply> {
    const started = performance.now();
    const body = encodeBody(shot.body);
    const headers = headersOf(shot, body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: this.#origin.hostname,
          port: this.#origin.port,
          method: shot.method,
          path: targetOf(shot),
          headers,
          timeout: this.#limitMs,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              mediaType: (response.headers["content-type"] ?? "").split(";")[0] ?? "",
              headers: pairsOf(response.rawHeaders),
              text: Buffer.concat(chunks).toString("utf8"),
              milliseconds: performance.now() - started,
            }),
          );
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${this.#limitMs} ms`)));
      sent.on("error", reject);
      sent.end(body?.bytes);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** By name; what stands there several times is sent several times. */
function headersOf({ headers }: Shot, body: ReturnType<typeof encodeBody>): Record<string, string | string[]> {
  const all: Record<string, string[]> = {};
  const typed: readonly (readonly [string, string])[] =
    body === null || body.type === "" ? [] : [["Content-Type", body.type]];
  for (const [name, value] of [...typed, ...headers]) {
    const key = name.toLowerCase();
    // A header that Node would refuse to send never arrives anywhere.
    all[key] = [...(all[key] ?? []), value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "?")];
  }
  const length = body === null ? {} : { "content-length": String(body.bytes.length) };
  return { ...Object.fromEntries(Object.entries(all).map(([name, values]) => [name, one(values)])), ...length };
}

const one = (values: string[]) => (values.length === 1 ? (values[0] ?? "") : values);

function pairsOf(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
}
