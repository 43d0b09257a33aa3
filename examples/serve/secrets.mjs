import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readVariables } from "./variables.mjs";

const NEEDED = ["ADMIN_SECRET", "KEY_ENCRYPTION_KEY"];

/** As src/config.ts has it: what goes into a header, long enough not to be guessed. */
const FORM = /^[\x21-\x7e]{32,}$/;

/**
 * Makes the secrets a local Usher needs, if they are not there yet. Other lines of the file are left as they are.
 * @param {string} file `.dev.vars`
 * @param {Record<string, string>} given what counts before the file, such as the environment; it is never written down
 * @throws Error naming one that could not work.
 * @returns the secrets, and the names of those that were made just now.
 */
export function ensureSecrets(file, given = {}) {
  const kept = readVariables(file);
  for (const name of NEEDED) {
    if (given[name]) checkForm(name, given[name], "the environment");
    else if (kept[name]) checkForm(name, kept[name], file);
  }
  const known = { ...kept, ...given };
  const missing = NEEDED.filter((name) => !known[name]);
  const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("base64url")]));
  if (missing.length > 0) append(file, made);
  return { secrets: { ...known, ...made }, made: missing };
}

function checkForm(name, value, place) {
  if (FORM.test(value)) return;
  throw new Error(`${name} in ${place} must have at least 32 characters of visible ASCII, without blanks`);
}

function append(file, values) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const separator = text === "" || text.endsWith("\n") ? "" : "\n";
  writePrivate(file, text + separator + toLines(values));
}

/** Writes a file that only its owner can read. */
export function writePrivate(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600); // the mode above counts for new files only
}

export function toLines(values) {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}
