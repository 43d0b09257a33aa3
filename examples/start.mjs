import { relative } from "node:path";
import { takeState } from "./serve/lock.mjs";
import { migrate } from "./serve/migrate.mjs";
import { ROOT } from "./serve/root.mjs";
import { ensureSecrets } from "./serve/secrets.mjs";
import { readLocalSettings } from "./serve/variables.mjs";
import { checkWritable } from "./serve/writable.mjs";
import { checkPortsFree, lastWords, stopAll } from "./start/processes.mjs";
import { readSettings } from "./start/settings.mjs";
import { serveStartPage } from "./start/start-page.mjs";
import { done, fail, headline, plain } from "./start/terminal.mjs";
import { walk } from "./start/walk.mjs";
import { showWhatToTry, tellOfMailbox, tryEverything } from "./start/what-to-try.mjs";
import { startUsher, startWorkers, stateOf } from "./start/workers.mjs";

/**
 * npm start             Usher and a small world around it; walks the first flow and stays up
 * npm start -- --once   the same, and ends after the flow and the commands that are shown behind it
 * npm run dev           Usher alone, reloading when its source changes
 *
 * USHER_PORT chooses the first of five ports (8787), USHER_STATE where everything is kept (.wrangler/state).
 */

let ending = false;

/** @returns the exit code */
async function main(flags) {
  const settings = readSettings(process.env);
  const { secretsFile, state, usher } = settings;
  readLocalSettings(secretsFile, { ISSUER: usher.origin });
  checkWritable(state);
  await takeState(state, usher);
  const { secrets, made } = ensureSecrets(secretsFile, state);
  showAdminSecret(secretsFile, made.includes("ADMIN_SECRET") ? secrets.ADMIN_SECRET : null);
  return flags.includes("--bare") ? runBare(settings) : runWorld(settings, secrets, flags.includes("--once"));
}

async function runBare(settings) {
  await checkPortsFree([settings.usher]);
  await migrate(stateOf(settings));
  tellOfMailbox(settings);
  return startUsher(settings, null).child.ended;
}

async function runWorld(settings, secrets, once) {
  headline("Usher and a small world around it");
  const { usher, records, identityProvider, consult, startPage } = settings;
  await checkPortsFree([usher, records, identityProvider, consult, startPage]);
  const { world, workers } = await startWorkers(settings, secrets.ADMIN_SECRET);
  await serveStartPage(settings);
  done(startPage.name, startPage.origin);
  const walked = await walk(settings, world).catch((error) => error);
  if (once) return endStory(settings, walked);
  if (walked instanceof Error) showWhatDiffers(settings, walked);
  showWhatToTry(settings);
  const first = await Promise.race(workers.map((worker) => worker.child.ended.then(() => worker)));
  throw new Error(`${first.place.name} has ended by itself:\n${lastWords(first.logFile)}`);
}

/** Nobody is there to copy what is shown at the end, so it is tried here. */
function endStory(settings, walked) {
  if (walked instanceof Error) throw walked;
  tryEverything(settings);
  return 0;
}

/** Whoever has shared something else since meets another story, which is no reason to end the world. */
function showWhatDiffers({ state }, error) {
  headline("The story went another way this time");
  plain(error.message);
  plain("What is shared may have been changed since the last start. Everything stays up.");
  plain(
    "Or a setting in .dev.vars, such as PROFILE, asks more of clients than those of this world can do: take it away.",
  );
  plain(`To begin again: end this, and remove ${relative(ROOT, state)}`);
}

/** @param secret only when it was made just now; afterwards it is enough to say where it is. */
function showAdminSecret(file, secret) {
  const place = relative(ROOT, file);
  headline(secret === null ? `The operator's secret is in ${place}` : "A secret for the operator was made");
  if (secret === null) return;
  plain(secret);
  plain(`It is shown this once and kept in ${place}, which only you can read.`);
}

/** However it ends, no child stays behind. */
async function end(code) {
  if (ending) return;
  ending = true;
  await stopAll();
  process.exit(code);
}

process.on("SIGINT", () => end(130));
process.on("SIGTERM", () => end(143));
// Whoever read our words has gone (`npm start | head`): there is nobody left to narrate to.
process.stdout.on("error", () => end(141));
process.on("SIGHUP", () => end(129));

try {
  await end(await main(process.argv.slice(2)));
} catch (error) {
  // Children that we end ourselves are no failure.
  if (!ending) fail(error);
  await end(1);
}
