type Value = number | string | Uint8Array | ReadonlyMap<string | number, Value>;

/** Writes CBOR (RFC 8949), as much of it as authenticators use. */
export function cbor(value: Value): Uint8Array<ArrayBuffer> {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return text(value);
  if (value instanceof Uint8Array) return Uint8Array.from([...head(2, value.length), ...value]);
  const entries = [...value].flatMap(([key, member]) => [...cbor(key), ...cbor(member)]);
  return Uint8Array.from([...head(5, value.size), ...entries]);
}

function text(value: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(value);
  return Uint8Array.from([...head(3, bytes.length), ...bytes]);
}

/** RFC 8949 §3: the major type, and a number. */
function head(type: number, number: number): Uint8Array<ArrayBuffer> {
  const major = type << 5;
  if (number < 24) return Uint8Array.of(major | number);
  if (number < 256) return Uint8Array.of(major | 24, number);
  return Uint8Array.of(major | 25, number >> 8, number & 0xff);
}
