import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { shown } from "./root.mjs";
import { readVariables } from "./variables.mjs";

const NEEDED = ["ADMIN_SECRET", "KEY_ENCRYPTION_KEY"];

/**
 * Makes the secrets a local Usher needs, if they are not there yet. Other lines of the file are left as they are.
 * @param {string} file `.dev.vars`
 * @param {string} state where the server keeps everything
 * @param {Record<string, string>} given what counts before the file, such as the environment; it is never written down
 * @throws Error where the key that opens the state is lost: another one would not open it.
 * @returns the secrets, and the names of those that were made just now.
 */
export function ensureSecrets(file, state, given = {}) {
  const known = { ...readVariables(file), ...given };
  const missing = NEEDED.filter((name) => !known[name]);
  if (missing.includes("KEY_ENCRYPTION_KEY") && hasKeys(state)) throw new Error(explainLostKey(file, state));
  const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("base64url")]));
  if (missing.length > 0) append(file, made);
  return { secrets: { ...known, ...made }, made: missing };
}

/** The key ring's Durable Object, where Miniflare keeps it. */
function hasKeys(state) {
  return existsSync(join(state, "v3/do/usher-KeyRingObject"));
}

function explainLostKey(file, state) {
  return (
    `KEY_ENCRYPTION_KEY is missing, and without it the keys in ${shown(state)} do not open.\n` +
    `Put it back into ${shown(file)}, or remove ${shown(state)} to begin again.`
  );
}

/** The same for one that is there. */
export function explainOtherKey(file, state) {
  return (
    `${shown(state)} was made with another KEY_ENCRYPTION_KEY than it is started with now, so its keys do not open.\n` +
    `Put the former one back into ${shown(file)}: to change it, as KEY_ENCRYPTION_KEY_PREVIOUS beside the new one.\n` +
    `Or remove ${shown(state)} to begin again.`
  );
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
