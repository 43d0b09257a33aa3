import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { SETTINGS } from "../../src/config.ts";

/**
 * What `.dev.vars` says, read as wrangler reads it: with a byte order mark or without, and whatever ends its lines.
 * @returns {Record<string, string>} none where there is no such file
 */
export function readVariables(file) {
  if (!existsSync(file)) return {};
  return parseEnv(
    readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "")
      .replace(/\r\n?/g, "\n"),
  );
}

/** @returns {string[]} names that are no setting: a typing error in one would else leave its default in place, unsaid. */
export function unknownNames(variables) {
  return Object.keys(variables).filter((name) => !SETTINGS.includes(name));
}

/** The settings among variables; an empty one counts as absent, and what else is there is none of the server's business. */
export function settingsIn(variables) {
  return Object.fromEntries(SETTINGS.filter((name) => variables[name]).map((name) => [name, variables[name]]));
}
