import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseEnv } from "node:util";

const NEEDED = ["ADMIN_SECRET", "KEY_ENCRYPTION_KEY"];

/** As src/config.ts has it: what goes into a header, long enough not to be guessed. */
const FORM = /^[\x21-\x7e]{32,}$/;

/**
 * Makes the secrets a local Usher needs, if they are not there yet. Other lines of the file are left as they are.
 * @throws Error naming one that could not work.
 * @returns the secrets, and whether the admin secret was made just now (the one time it is shown).
 */
export function ensureSecrets(file) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const known = parseEnv(text);
  const missing = NEEDED.filter((name) => !known[name]);
  const bad = NEEDED.find((name) => known[name] && !FORM.test(known[name]));
  if (bad) throw new Error(`${bad} in ${file} must have at least 32 characters of visible ASCII, without blanks`);
  if (missing.length === 0) return { secrets: known, isNew: false };
  const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("base64url")]));
  const separator = text === "" || text.endsWith("\n") ? "" : "\n";
  writePrivate(file, text + separator + toLines(made));
  return { secrets: { ...known, ...made }, isNew: missing.includes("ADMIN_SECRET") };
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
