import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./root.mjs";

const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

/** Nothing leaves this machine, and what runs on it is the Worker at the top of wrangler.toml, whatever is deployed from here. */
export const QUIET = {
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  CLOUDFLARE_ENV: undefined,
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
};

/** How wrangler names what a module brings along as text (wrangler.toml, rules). */
const TEXT_MODULE = /^[0-9a-f]{40}-/;

/**
 * Builds a Worker exactly as a deployment would, without deploying.
 * @param {string} config its wrangler.toml
 * @param {string} folder where the module goes
 * @returns {Promise<string>} the path of the module
 * @throws Error with wrangler's words where it cannot be built
 */
export async function build(config, folder) {
  const args = [WRANGLER, "deploy", "--dry-run", "--config", config, "--outdir", folder];
  const env = { ...process.env, ...QUIET };
  try {
    await promisify(execFile)(process.execPath, args, { env });
  } catch (error) {
    throw new Error(`${config} cannot be built:\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
  const bundle = readdirSync(folder).find((name) => name.endsWith(".js") && !TEXT_MODULE.test(name));
  if (bundle === undefined) throw new Error(`${config}: the build left no module`);
  return join(folder, bundle);
}

/** @param {string} bundle what `build` returned @returns {string[]} the paths of the texts that it imports */
export function textModulesOf(bundle) {
  const folder = dirname(bundle);
  const names = readdirSync(folder).filter((name) => TEXT_MODULE.test(name));
  return names.map((name) => join(folder, name));
}
