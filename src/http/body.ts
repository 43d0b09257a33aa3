import { readBounded } from "../shared/bounded-stream.ts";
import { contentTooLarge, invalidRequest, type ProtocolError } from "../shared/error.ts";
import { MAX_DRAINED_SECONDS } from "../shared/limits.ts";
import { drain } from "./drain.ts";
import { checkJsonParts } from "./json-parts.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON body.
 * @param maxBytes of the body, whether its length is announced or not.
 * @throws ProtocolError invalid_request for another media type, malformed JSON or a repeated member (FedAuthz §3.2).
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const type = mediaType(request);
  if (type !== "application/json" && !type.endsWith("+json")) throw invalidRequest("send the body as application/json");
  const text = await readText(request, maxBytes);
  checkJsonParts(text);
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest("the body is not valid JSON");
  }
}

/** The media type in lower case, without its parameters. */
export function mediaType(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  return type.trim();
}

/** @throws ProtocolError invalid_request when the body is too long, breaks off, or is not UTF-8. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidRequest("the body is not UTF-8");
  }
}

/** A length that is announced is what the connection delivers at most; without one the body is counted as it comes. */
async function readBytes(request: Request, maxBytes: number): Promise<ArrayBuffer | Uint8Array> {
  const announced = request.headers.get("content-length");
  if (announced === null) return request.body === null ? new Uint8Array() : readStream(request.body, maxBytes);
  if (!(Number(announced) <= maxBytes)) throw tooLong(maxBytes);
  const bytes = await request.arrayBuffer().catch(brokeOff);
  if (bytes.byteLength > maxBytes) throw tooLong(maxBytes);
  return bytes;
}

async function readStream(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const bytes = await readBounded(body, maxBytes).catch(brokeOff);
  if (bytes !== null) return bytes;
  await drain(body, MAX_DRAINED_SECONDS);
  throw tooLong(maxBytes);
}

function brokeOff(): never {
  throw invalidRequest("the body broke off");
}

function tooLong(maxBytes: number): ProtocolError {
  return contentTooLarge(`the body must have at most ${maxBytes} bytes`);
}
