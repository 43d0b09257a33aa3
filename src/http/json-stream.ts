import { streamTexts } from "./text-stream.ts";

/** A member of an object that is written as it comes: a value, or a list whose entries come by and by. */
type StreamedMember = readonly [name: string, value: unknown];

/**
 * A JSON object as a stream of bytes, so that it may be longer than a memory. Where an entry fails to come the stream fails,
 * and what was read of it so far is no JSON.
 */
export function streamJson(members: readonly StreamedMember[]): ReadableStream<Uint8Array> {
  return streamTexts(write(members));
}

async function* write(members: readonly StreamedMember[]): AsyncGenerator<string, void> {
  for (const [index, [name, value]] of members.entries()) {
    yield `${index === 0 ? "{" : ","}\n${JSON.stringify(name)}: `;
    if (isIterable(value)) yield* writeList(value);
    else yield JSON.stringify(value);
  }
  yield "\n}\n";
}

async function* writeList(entries: AsyncIterable<unknown>): AsyncGenerator<string, void> {
  let separator = "[\n";
  for await (const entry of entries) {
    yield separator + JSON.stringify(entry);
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]" : "\n]";
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
