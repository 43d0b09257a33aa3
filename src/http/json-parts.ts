import { visit } from "jsonc-parser";
import { invalidRequest } from "../shared/error.ts";
import { MAX_BODY_LEVELS, MAX_BODY_PARTS } from "../shared/limits.ts";
import { isExact } from "../shared/number.ts";

/**
 * Refuses what JSON.parse would let pass: it keeps the last of two members with one name, so that a check and a use may
 * see different values, and it takes text that no store can keep. Whether the syntax is right is left to JSON.parse.
 * @throws ProtocolError invalid_request.
 */
export function checkJsonParts(text: string): void {
  const parts = new Parts();
  visit(text, {
    onObjectBegin: () => parts.open(),
    onObjectProperty: (name) => parts.name(name),
    onObjectEnd: () => parts.close(),
    onArrayBegin: () => parts.open(),
    onArrayEnd: () => parts.close(),
    onLiteralValue: (value: unknown, offset, length) => {
      parts.add(value);
      if (typeof value === "number") checkNumber(value, text.slice(offset, offset + length));
    },
  });
}

/** Where a walk through a JSON text stands. It throws before the walk goes deeper, so the stack cannot run out. */
class Parts {
  #count = 0;
  /** The names seen so far in each object or array that is open. */
  readonly #open: Set<string>[] = [];

  open(): void {
    this.#countOne();
    this.#open.push(new Set());
    if (this.#open.length > MAX_BODY_LEVELS)
      throw invalidRequest(`the body must have at most ${MAX_BODY_LEVELS} levels`);
  }

  close(): void {
    this.#open.pop();
  }

  name(name: string): void {
    checkText(name);
    const names = this.#open.at(-1);
    if (names?.has(name)) throw invalidRequest("the body names the same member twice");
    names?.add(name);
  }

  add(value: unknown): void {
    this.#countOne();
    if (typeof value === "string") checkText(value);
  }

  #countOne(): void {
    this.#count += 1;
    if (this.#count > MAX_BODY_PARTS) throw invalidRequest(`the body must have at most ${MAX_BODY_PARTS} parts`);
  }
}

/** A number may come back as another one, so as none that its sender wrote; text says what it says (RFC 8259 §6). */
function checkNumber(value: number, written: string): void {
  const [digits = ""] = written.split(/e/i);
  const isLost = value === 0 && /[1-9]/.test(digits);
  if (isExact(value) && !isLost) return;
  throw invalidRequest("the body holds a number that cannot be kept exactly: send it as a string");
}

function checkText(text: string): void {
  if (!text.isWellFormed() || text.includes("\0"))
    throw invalidRequest("the body holds text that is not valid Unicode");
}
