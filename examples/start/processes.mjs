import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { QUIET } from "../serve/build.mjs";
import { isListening } from "../serve/lock.mjs";
import { ROOT } from "../serve/root.mjs";

/** Starts Workers under `wrangler dev`, one process group each, and ends them again. */

// Seconds on a quiet machine; a busy one may take its time.
const START_LIMIT_MS = 120_000;
// A Worker that cannot be built leaves its port open and answers nothing.
const ANSWER_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 5_000;
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

const running = new Set();

/** A child in a group of its own: a signal to the group reaches what wrangler itself started. */
function launch(args, cwd, stdio) {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd,
    stdio,
    detached: true,
    env: { ...process.env, ...QUIET },
  });
  running.add(child);
  child.ended = new Promise((done) => {
    child.once("exit", (code) => {
      running.delete(child);
      done(code ?? 1);
    });
  });
  return child;
}

/** Starts a Worker; its output goes to a log file, or to the terminal when there is none. */
export function startWorker({ place, directory, args, logFile }) {
  const common = ["dev", "--port", String(place.port), "--inspector-port", "0", "--show-interactive-dev-session=false"];
  const child = launch([...common, ...args], directory, logFile ? logTo(logFile) : "inherit");
  return { place, child, logFile };
}

/** Waits until the Worker answers anything at all. @throws Error when it ends before, or takes too long. */
export async function untilAnswering(worker, path) {
  let ended = false;
  worker.child.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline && !ended && !cannotBeBuilt(worker)) {
    const response = await fetch(worker.place.origin + path, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).catch(
      () => null,
    );
    if (response !== null) return;
    await pause(50);
  }
  throw new Error(`${worker.place.name} did not start:\n${lastWords(worker.logFile)}`);
}

function cannotBeBuilt({ logFile }) {
  return readFileSync(logFile, "utf8").includes("Build failed");
}

/** @throws Error naming the first port that somebody else listens on. */
export async function checkPortsFree(places) {
  for (const { name, port } of places) {
    if (!(await isListening({ port }))) continue;
    throw new Error(
      `port ${port}, meant for ${name}, is taken. End what listens there, or choose five other ports in a row:\n` +
        "  USHER_PORT=9787 npm start",
    );
  }
}

/** Ends every group that is still there: politely, then not. */
export async function stopAll() {
  const children = [...running];
  for (const child of children) signal(child, "SIGTERM");
  await Promise.race([Promise.all(children.map((child) => child.ended)), pause(STOP_LIMIT_MS, null, { ref: false })]);
  // The leader may be gone before what it started.
  for (const child of children) signal(child, "SIGKILL");
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function logTo(file) {
  mkdirSync(join(file, ".."), { recursive: true });
  const descriptor = openSync(file, "w", 0o600);
  // The child gets its own copy at spawn; ours is closed right after.
  setImmediate(() => closeSync(descriptor));
  return ["ignore", descriptor, descriptor];
}

/** The end of a log, for an error message. */
export function lastWords(logFile) {
  return logFile ? readFileSync(logFile, "utf8").split("\n").slice(-25).join("\n") : "(see above)";
}
