/** A server as a test sees it: over HTTP and nothing else, so that every test can run against any deployment. */
export interface Site {
  /** Sends a request to the server, wherever it runs. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly issuer: string;
  readonly adminSecret: string;
}

/** What is sent: at most one of json, form and text; at most one of bearer, basic and authorization. */
export interface Call {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  /** A body just as it is, with its media type. */
  readonly text?: readonly [type: string, text: string];
  readonly bearer?: string;
  readonly basic?: { readonly id: string; readonly secret: string };
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; undefined when it is none. */
  readonly json: unknown;
  /** The members of a JSON object; none for anything else. */
  readonly body: Body;
}

/** What an answer says; named are the members that tests go on with. */
export interface Body {
  readonly [member: string]: unknown;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly generation?: number;
  readonly group_id?: string;
  readonly id?: string;
  readonly items?: readonly Body[];
  readonly next?: string | number;
  readonly owner_id?: string;
  readonly policy_id?: string;
  readonly scopes?: readonly Body[];
}

/** @param path below the issuer, or a whole URL. */
export async function send(site: Site, method: string, path: string, call: Call = {}): Promise<Answer> {
  const url = path.startsWith("/") ? site.issuer + path : path;
  const { body, type } = bodyOf(call);
  const headers = new Headers(call.headers);
  if (type !== null) headers.set("Content-Type", type);
  const authorization = authorizationOf(call);
  if (authorization !== null) headers.set("Authorization", authorization);
  return read(await site.fetch(new Request(url, { method, headers, body, redirect: "manual" })));
}

/** RFC 6749 §2.3.1: both parts form-encoded. */
export function basicCredentials({ id, secret }: { readonly id: string; readonly secret: string }): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}`;
}

function bodyOf({ json, form, text }: Call): { body: string | null; type: string | null } {
  if (json !== undefined) return { body: JSON.stringify(json), type: "application/json" };
  if (text) return { body: text[1], type: text[0] };
  if (!form) return { body: null, type: null };
  const pairs = Array.isArray(form) ? form.map(([name, value]) => [name, value]) : Object.entries(form);
  return { body: new URLSearchParams(pairs).toString(), type: "application/x-www-form-urlencoded" };
}

function authorizationOf({ bearer, basic, authorization }: Call): string | null {
  if (bearer !== undefined) return `Bearer ${bearer}`;
  return basic ? basicCredentials(basic) : (authorization ?? null);
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = parse(text);
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  return { status: response.status, headers: response.headers, text, json, body: isObject ? { ...json } : {} };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The headers of an answer by which two could be told apart; of its own it has always an id. */
export function telltaleHeaders({ headers }: Answer): readonly (readonly [string, string])[] {
  return [...headers].filter(([name]) => name !== "x-request-id");
}
