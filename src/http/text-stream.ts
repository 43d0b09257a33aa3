/**
 * Texts that come by and by as a stream of bytes (UTF-8), so that together they may be longer than a memory. Where one fails
 * to come the stream fails.
 */
export function streamTexts(texts: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return();
    },
  });
}
