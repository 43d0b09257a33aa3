import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, shown } from "./root.mjs";

/**
 * Makes sure of the folders that a local server writes to: its state, and where wrangler builds. Those that it makes are
 * nobody else's to look into.
 * @throws Error naming the first that cannot be written to
 */
export function checkWritable(state) {
  ensureFolder(state, "choose another folder for the state: USHER_STATE");
  ensureFolder(join(ROOT, ".wrangler"), "wrangler builds there, so work in a copy of this folder that is yours");
}

function ensureFolder(folder, remedy) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`${shown(folder)} cannot be written to (${error.code}): ${remedy}`);
  }
}
