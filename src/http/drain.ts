import { MAX_DRAINED_BYTES, MAX_DRAINED_SECONDS } from "../shared/limits.ts";

/** What is taken at once: in large pieces a body costs an eighth of the processor's time that it costs as it comes. */
const PIECE_BYTES = 262_144;

/** For a request that was refused before its body was looked at. */
export async function drainUnread({ body, bodyUsed, headers }: Request): Promise<void> {
  // RFC 9110 §10.1.1: whoever expects to be told to go on has not begun to send.
  if (body !== null && !bodyUsed && !headers.has("expect")) await drain(body, MAX_DRAINED_SECONDS);
}

/**
 * Takes what is left of a body that nobody wants. A connection that is closed while its client still sends loses the
 * answer: many clients report a broken pipe and never read it. One that breaks off has been taken, too: the answer is
 * another one for no byte of it.
 * @param maxSeconds after which whoever still sends is not waited for.
 */
export async function drain(body: ReadableStream, maxSeconds: number): Promise<void> {
  const reader = body.getReader({ mode: "byob" });
  const letGo = () => reader.cancel().catch(() => undefined);
  const timer = setTimeout(letGo, maxSeconds * 1_000);
  try {
    await take(reader);
  } catch {
    // It broke off.
  } finally {
    clearTimeout(timer);
    await letGo();
  }
}

async function take(reader: ReadableStreamBYOBReader): Promise<void> {
  for (let room = MAX_DRAINED_BYTES, buffer = new ArrayBuffer(PIECE_BYTES); room > 0; ) {
    const { done, value } = await reader.readAtLeast(PIECE_BYTES, new Uint8Array(buffer));
    if (done) return;
    room -= value.byteLength;
    buffer = value.buffer;
  }
}
