/** A small load generator: so many connections, each sending its next request when the last is answered. */
import { Agent, type OutgoingHttpHeaders, request } from "node:http";

export interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** A bench of refusals measures nothing: any other status ends it. */
  readonly expectedStatus: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, in no order. */
  readonly latencies: readonly number[];
  /** Of the answers, in no order. */
  readonly bodies: readonly string[];
}

/**
 * @param requests sent in this order
 * @throws Error at the first answer of an unexpected status
 */
export async function applyLoad(requests: readonly LoadRequest[], concurrency: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const waiting = requests.values();
  const latencies: number[] = [];
  const bodies: string[] = [];
  const connection = async () => {
    for (const each of waiting) {
      const sent = performance.now();
      bodies.push(await send(agent, each));
      latencies.push(performance.now() - sent);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, connection));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { requests: latencies.length, seconds, latencies, bodies };
}

/** @returns the body of the answer. */
function send(agent: Agent, { method, url, headers = {}, body, expectedStatus }: LoadRequest): Promise<string> {
  return new Promise((settle, fail) => {
    const outgoing = request(url, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === expectedStatus) return settle(text);
        fail(new Error(`${method} ${url}: ${response.statusCode} instead of ${expectedStatus}: ${text}`));
      });
    });
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

/** A form as clients send it, which is answered with 200. */
export function formRequest(
  url: string,
  authorization: string,
  fields: Readonly<Record<string, string>>,
): LoadRequest & { readonly body: string } {
  const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, headers, body: new URLSearchParams(fields).toString(), expectedStatus: 200 };
}

/** @param share 0.5 for the median, 0.99 for all but the slowest hundredth */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
