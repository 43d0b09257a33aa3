import { FetchRefused } from "../../protocol/public-document.ts";
import { readBounded } from "../../shared/bounded-stream.ts";
import { MAX_FETCHED_DOCUMENT_BYTES } from "../../shared/limits.ts";
import { isPublicUrl } from "../../shared/public-host.ts";

const TIMEOUT_SECONDS = 5;

/** Fetches a public JSON document. @throws FetchRefused */
export type GuardedFetch = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/** What is asked of a host: a question of ours, and the headers that it takes. */
export interface GuardedQuestion {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | string;
  /** How long everything may take; left out: five seconds. */
  readonly seconds?: number;
}

/** Asks a host something, and gives its answer when that is here whole. @throws FetchRefused */
export type GuardedRequest = (url: string, question: GuardedQuestion) => Promise<Response>;

/**
 * A fetch that strangers cannot abuse: public https hosts only, no redirects (they could lead elsewhere), five seconds
 * for everything, 256 KB at most, JSON objects only.
 * @param issuer ours, which tells whether we run on loopback.
 */
export function createGuardedFetch(fetcher: typeof fetch, issuer: string): GuardedFetch {
  const headers = { accept: "application/json, application/jwk-set+json" };
  return (url) => guarded(fetcher, issuer, url, { method: "GET", headers }, readDocument);
}

/** The same for whatever a host may be asked, and whatever it answers. */
export function createGuardedRequest(fetcher: typeof fetch, issuer: string): GuardedRequest {
  return (url, question) => guarded(fetcher, issuer, url, question, readWhole);
}

async function guarded<Answer>(
  fetcher: typeof fetch,
  issuer: string,
  url: string,
  { seconds = TIMEOUT_SECONDS, ...question }: GuardedQuestion,
  read: (response: Response, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  if (!isPublicUrl(url, issuer)) throw new FetchRefused("not at a public host");
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), seconds * 1_000);
  try {
    return await read(await fetcher(url, { redirect: "manual", signal: abort.signal, ...question }), abort.signal);
  } catch (error) {
    if (abort.signal.aborted) throw new FetchRefused("no answer in time");
    throw error instanceof FetchRefused ? error : new FetchRefused("its host cannot be reached");
  } finally {
    clearTimeout(timer);
  }
}

async function readDocument(response: Response, signal: AbortSignal) {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new FetchRefused(`status ${response.status}`);
  }
  return parseObject(await readText(response, signal));
}

async function readWhole(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, headers } = response;
  const text = await readText(response, signal);
  return new Response(text === "" ? null : text, { status, headers });
}

async function readText({ body }: Response, signal: AbortSignal): Promise<string> {
  if (body === null) return "";
  const bytes = await readBounded(body, MAX_FETCHED_DOCUMENT_BYTES, signal);
  if (signal.aborted) throw new FetchRefused("no answer in time");
  if (bytes !== null) return new TextDecoder().decode(bytes);
  await body.cancel();
  throw new FetchRefused("too long");
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Refused below, like any other JSON that is not an object.
  }
  throw new FetchRefused("no JSON object");
}
