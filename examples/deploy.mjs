import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, parseEnv } from "node:util";

/**
 * npm run deploy -- production            `wrangler deploy` with the settings of .env.production
 * npm run deploy -- staging --dry-run     the same with those of .env.staging; flags go to wrangler
 *
 * A setting in the environment comes before the same in the file. All are read as the server reads them, with the secrets
 * of --secrets-file, before anything is uploaded: a server that cannot work with its settings answers nobody.
 */

if (!process.features.typescript) {
  console.error("npm run deploy needs Node.js 22.18 or newer, which reads the server's own rules for settings");
  process.exit(1);
}
const { readConfig, SECRETS, SETTINGS } = await import("../src/config.ts");
const { isLoopback } = await import("../src/shared/uri.ts");

const ENVIRONMENTS = ["staging", "production"];
const WRANGLER = fileURLToPath(new URL("../node_modules/wrangler/bin/wrangler.js", import.meta.url));

/** What wrangler itself takes from the same file, such as CLOUDFLARE_ACCOUNT_ID. */
const OF_WRANGLER = /^(?:CLOUDFLARE|WRANGLER)_/;

/** @returns {number} wrangler's exit code */
function deploy([environment = "", ...flags]) {
  if (!ENVIRONMENTS.includes(environment)) {
    throw new Error(`say which: npm run deploy -- ${ENVIRONMENTS.join(" or ")}; then flags of wrangler deploy, if any`);
  }
  const settings = { ...readSettings(`.env.${environment}`), ...settingsOf(process.env) };
  const { issuer } = readConfig({ ...settings, ...readSecrets(flags) });
  const variables = Object.entries(settings).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const args = ["deploy", "--env", environment, ...placeOf(new URL(issuer), flags), ...variables, ...flags];
  console.log(`wrangler ${args.join(" ")}`);
  return spawnSync(process.execPath, [WRANGLER, ...args], { stdio: "inherit" }).status ?? 1;
}

/** @returns {Record<string, string>} none where there is no such file, and the environment says all */
function readSettings(file) {
  if (!existsSync(file)) {
    if (process.env.ISSUER !== undefined) return {};
    throw new Error(
      `there is no ${file}, and no ISSUER in the environment: cp .env.example ${file}, and put yours into it`,
    );
  }
  const written = parseEnv(readFileSync(file, "utf8"));
  for (const name of Object.keys(written)) {
    if (OF_WRANGLER.test(name)) continue;
    if (SECRETS.includes(name)) throw new Error(`${file}: ${name} is a secret: docs/deploying.md says where it goes`);
    if (!SETTINGS.includes(name))
      throw new Error(`${file}: ${name} is no setting: docs/operations.md has all there are`);
  }
  return settingsOf(written);
}

/** Secrets that are deployed along, if any are. @returns {Record<string, string>} */
function readSecrets(flags) {
  const { values } = parseArgs({ args: flags, options: { "secrets-file": { type: "string" } }, strict: false });
  const file = values["secrets-file"];
  if (typeof file !== "string") return {};
  const secrets = parseSecrets(readFileSync(file, "utf8"));
  const unknown = Object.keys(secrets).find((name) => !SECRETS.includes(name));
  if (unknown === undefined) return secrets;
  throw new Error(`${file}: ${unknown} is no secret: docs/operations.md has all there are`);
}

/** In either form that wrangler takes. */
function parseSecrets(text) {
  try {
    return JSON.parse(text);
  } catch {
    return parseEnv(text);
  }
}

function settingsOf(variables) {
  const isSetting = ([name]) => SETTINGS.includes(name) && !SECRETS.includes(name);
  return Object.fromEntries(Object.entries(variables).filter(isSetting));
}

/** Where the Worker answers follows from the issuer: on workers.dev by itself, and else at a custom domain. */
function placeOf(issuer, flags) {
  if (isLoopback(issuer)) throw new Error(`ISSUER: nobody reaches ${issuer.origin} but the machine that it is on`);
  const isGiven = flags.some((flag) => /^--(?:route|domain)/.test(flag));
  return isGiven || issuer.hostname.endsWith(".workers.dev") ? [] : ["--domain", issuer.hostname];
}

try {
  process.exitCode = deploy(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
