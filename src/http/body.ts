import { visit } from "jsonc-parser";
import { ProtocolError } from "../protocol/error.ts";

/** Bodies come from strangers: size, nesting and number of parts are bounded before anything is made of them. */
const MAX_DEPTH = 32;
const MAX_PARTS = 2_000;

/**
 * Reads a JSON body.
 * @param maxBytes counted while the body streams in; Content-Length is only what the sender says.
 * @throws ProtocolError invalid_request for another media type, malformed JSON or a repeated member (FedAuthz §3.2).
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const { type } = mediaType(request);
  if (type !== "application/json" && !type.endsWith("+json")) throw refusal("send the body as application/json");
  const text = await readText(request, maxBytes);
  checkParts(text);
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("the body is not valid JSON");
  }
}

/** The media type in lower case, without its parameters, and the charset if one is named. */
export function mediaType(request: Request): { readonly type: string; readonly charset: string | null } {
  const [type = "", ...parameters] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith("charset="));
  return { type: type.trim(), charset: charset?.slice("charset=".length).replaceAll('"', "") ?? null };
}

/** @throws ProtocolError invalid_request when the body is too long, breaks off, or is not UTF-8. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request.body, maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal("the body is not UTF-8");
  }
}

async function readBytes(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = await reader.read().catch(() => Promise.reject(refusal("the body broke off")));
    if (chunk.done) return join(chunks, length);
    length += chunk.value.byteLength;
    if (length > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw refusal(`the body is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk.value);
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/**
 * What JSON.parse would let pass: it keeps the last of two members with one name, so that a check and a use may see
 * different values, and it takes text that no store can keep.
 */
function checkParts(text: string): void {
  const names: Set<string>[] = [];
  let depth = 0;
  let parts = 0;
  const enter = () => {
    // Thrown from the visitor before it goes down, so deep nesting cannot exhaust the stack.
    if (++depth > MAX_DEPTH) throw refusal(`the body is nested deeper than ${MAX_DEPTH} levels`);
  };
  const count = () => {
    if (++parts > MAX_PARTS) throw refusal(`the body has more than ${MAX_PARTS} parts`);
  };
  visit(text, {
    onObjectBegin: () => {
      enter();
      count();
      names.push(new Set());
    },
    onObjectEnd: () => {
      depth--;
      names.pop();
    },
    onArrayBegin: () => {
      enter();
      count();
    },
    onArrayEnd: () => {
      depth--;
    },
    onObjectProperty: (name) => {
      checkText(name);
      if (names.at(-1)?.has(name)) throw refusal("the body names the same member twice");
      names.at(-1)?.add(name);
    },
    onLiteralValue: (value: unknown) => {
      count();
      if (typeof value === "string") checkText(value);
    },
  });
}

function checkText(text: string): void {
  if (!text.isWellFormed() || text.includes("\0")) throw refusal("the body holds text that is not valid Unicode");
}

function refusal(description: string): ProtocolError {
  return new ProtocolError("invalid_request", description);
}
