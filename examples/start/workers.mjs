import { join } from "node:path";
import { migrate } from "../serve/migrate.mjs";
import { ROOT } from "../serve/root.mjs";
import { explainOtherKey, toLines, writePrivate } from "../serve/secrets.mjs";
import { lastWords, startWorker, untilAnswering } from "./processes.mjs";
import { done } from "./terminal.mjs";
import { consultVariables, identityProviderVariables, recordsVariables } from "./variables.mjs";
import { World } from "./world.mjs";

/**
 * Starts Usher and the three Workers. Usher and the identity provider come first; the other two need what Usher's
 * operator gives them.
 */
export async function startWorkers(settings, adminSecret) {
  const identityProvider = startExample(settings, settings.identityProvider, identityProviderVariables(settings));
  await migrate(stateOf(settings));
  const usher = startUsher(settings, logFile(settings, "usher"));
  await untilReady(usher, "/.well-known/uma2-configuration");
  await checkUsher(settings, usher);
  await untilReady(identityProvider, "/.well-known/openid-configuration");
  const world = await new World(settings, adminSecret).setUp();
  const records = startExample(settings, settings.records, recordsVariables(settings, world));
  const consult = startExample(settings, settings.consult, consultVariables(settings, world));
  await untilReady(records, "/reports");
  await untilReady(consult, "/");
  return { world, workers: [usher, identityProvider, records, consult] };
}

/** @throws Error that says what to do: its keys may be sealed with another secret. */
async function checkUsher(settings, { place, logFile }) {
  const response = await fetch(`${place.origin}/jwks`);
  if (response.ok) return;
  if (response.status === 503) throw new Error(explainOtherKey(settings.secretsFile, settings.state));
  throw new Error(`Usher does not work:\n${lastWords(logFile)}`);
}

/** What there is to migrate. */
export function stateOf({ state }) {
  return { config: join(ROOT, "wrangler.toml"), state, migrations: join(ROOT, "migrations") };
}

/** @param log null: the output goes to the terminal. */
export function startUsher(settings, log) {
  // A route in wrangler.toml is for production; here Usher is where the port says.
  const here = ["--infer-origin-from-routes=false", "--var", `ISSUER:${settings.usher.origin}`];
  const args = ["--persist-to", settings.state, ...here];
  return startWorker({ place: settings.usher, directory: ROOT, args, logFile: log });
}

/** A Worker of its own with its own state; variables and secrets come from a file that only this user can read. */
function startExample(settings, place, variables) {
  const file = join(settings.state, `${place.name}-${place.port}.env`);
  writePrivate(file, toLines(variables));
  const args = ["--persist-to", join(settings.state, "examples", place.name), "--env-file", file];
  const directory = join(ROOT, "examples", place.name);
  return startWorker({ place, directory, args, logFile: logFile(settings, place.name) });
}

async function untilReady(worker, path) {
  await untilAnswering(worker, path);
  done(worker.place.name, worker.place.origin);
}

function logFile(settings, name) {
  return join(settings.state, "logs", `${name}.log`);
}
