import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { readConfig, SETTINGS } from "../../src/config.ts";
import { shown } from "./root.mjs";

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

/**
 * The settings of a local server, read as the server reads them, so that what cannot work is said before it starts. What is
 * no setting is told: a typing error in a name would else leave its default in place.
 * @param {string} file `.dev.vars`
 * @param {Record<string, string>} given what counts before the file
 * @param {Record<string, string>} [defaults] what counts after it
 * @throws Error naming the setting that cannot work, and where it comes from
 */
export function readLocalSettings(file, given, defaults = {}) {
  const kept = readVariables(file);
  for (const name of Object.keys(kept).filter((name) => !SETTINGS.includes(name))) {
    console.warn(`${name} in ${shown(file)} is no setting, and changes nothing; docs/operations.md has all there are`);
  }
  const settings = { ...defaults, ...settingsIn(kept), ...given };
  try {
    readConfig(settings);
  } catch (error) {
    const [, name = ""] = error.message.match(/^configuration: (\w+)/) ?? [];
    throw new Error(`${error.message} (${given[name] ? "from the environment" : `from ${shown(file)}`})`);
  }
  return settings;
}

/** The settings among variables; an empty one counts as absent, and what else is there is none of the server's business. */
export function settingsIn(variables) {
  return Object.fromEntries(SETTINGS.filter((name) => variables[name]).map((name) => [name, variables[name]]));
}
