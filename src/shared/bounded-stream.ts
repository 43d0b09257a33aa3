/**
 * Reads a stream whose length nobody vouches for: bytes are counted as they come. The rest of one that is too long is left
 * to the caller.
 * @param signal cancels the stream when it aborts; the caller then tells a cut stream from a whole one by it.
 * @returns null for more than `maxBytes`.
 * @throws whatever the stream fails with.
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = stream.getReader();
  const cancel = () => reader.cancel().catch(() => undefined);
  signal?.addEventListener("abort", () => void cancel());
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength;
    if (length > maxBytes) {
      reader.releaseLock();
      return null;
    }
    parts.push(part.value);
  }
  return join(parts, length);
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
