/**
 * npm run serve: the built Worker in workerd, with its state on disk, without Cloudflare (docs/self-hosting.md).
 *
 * PORT (8787) and HOST (127.0.0.1) say where it listens, ISSUER (http://localhost:PORT) what it is called, and
 * USHER_STATE (.usher) where everything is kept. Every setting may come from the environment or from .dev.vars.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";
import { Runtime } from "./launch.mjs";
import { isListening, takeState } from "./lock.mjs";
import { ROOT, shown } from "./root.mjs";
import { ensureSecrets, explainOtherKey } from "./secrets.mjs";
import { readLocalSettings, settingsIn } from "./variables.mjs";
import { checkWritable } from "./writable.mjs";

const DAY_MS = 86_400_000;
const SECRETS_FILE = join(ROOT, ".dev.vars");

/** @throws Error naming what is wrong */
function readPlan(environment) {
  const port = Number(environment.PORT || 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("PORT must be from 1 to 65535");
  const given = settingsIn(environment);
  return {
    host: environment.HOST || "127.0.0.1",
    port,
    state: resolve(ROOT, environment.USHER_STATE || ".usher"),
    given,
    settings: readLocalSettings(SECRETS_FILE, given, { ISSUER: `http://localhost:${port}` }),
  };
}

async function serve(plan) {
  const { state, host, port } = plan;
  if (await isListening({ host, port })) throw new Error(`port ${port} is taken: end what listens there, or set PORT`);
  checkWritable(state);
  await takeState(state, { host, port });
  const { secrets, made } = ensureSecrets(SECRETS_FILE, state, plan.given);
  if (made.length > 0) say(`made ${made.join(" and ")}, kept in ${shown(SECRETS_FILE)}, which only you can read`);
  const config = join(ROOT, "wrangler.toml");
  const bundle = await build(config, join(state, "build"));
  const migrations = join(ROOT, "migrations");
  const bindings = { ...plan.settings, ...settingsIn(secrets) };
  await runtime.ask("start", { config, bundle, front: true, state, host, port, bindings, migrations });
  await check(plan);
  await rotateKeys();
  setInterval(rotateKeys, DAY_MS);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  await tellOfMailbox(plan);
  say(`Usher ${version} answers at ${plan.settings.ISSUER}, from port ${port}; its state is in ${shown(state)}`);
}

/** The cron trigger of wrangler.toml. A day without it does no harm, so a failure is told and tried again tomorrow. */
async function rotateKeys() {
  await runtime.ask("scheduled").catch((error) => say(`keys could not be rotated: ${error.message}`));
}

/** Whoever reads letters there can be anybody here, so nobody shall come upon it by surprise. */
async function tellOfMailbox({ settings }) {
  const mailbox = `${settings.ISSUER}/development/mailbox`;
  const { status } = await runtime.ask("get", mailbox);
  if (status === 200) say(`no letter leaves this machine: whoever reaches it reads all of them at ${mailbox}`);
}

/** @throws Error where it could serve nothing */
async function check({ settings, state }) {
  const { status, body } = await runtime.ask("get", `${settings.ISSUER}/jwks`);
  if (status === 503) throw new Error(explainOtherKey(SECRETS_FILE, state));
  if (status !== 200) throw new Error(`/jwks was answered with ${status}: ${body}`);
}

const say = (text) => console.log(text);

let ending = false;

async function end(code) {
  if (ending) return;
  ending = true;
  await runtime.stop();
  process.exit(code);
}

const runtime = new Runtime("inherit");
process.on("exit", () => runtime.killNow());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(0));
runtime.ended.then(() => {
  if (ending) return;
  console.error("Stopped: workerd has ended by itself");
  process.exit(1);
});

try {
  await serve(readPlan(process.env));
} catch (error) {
  if (!ending) console.error(`Stopped: ${error.message}`);
  await end(1);
}
