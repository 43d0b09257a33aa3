// Runs one command of the test run: its own process group, so that a hung or interrupted step leaves nothing behind.
import { spawn } from "node:child_process";
import { delimiter, resolve } from "node:path";

const environment = {
  ...process.env,
  PATH: [resolve("node_modules/.bin"), process.env.PATH].join(delimiter),
  WRANGLER_SEND_METRICS: "false",
};

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * @param {readonly string[]} command
 * @param {{ live?: boolean, timeoutSeconds: number, env?: Record<string, string> }} options live: output goes straight
 *   to the terminal instead of being kept
 * @returns {Promise<{ code: number, output: string }>} 124 is the code of a step that took too long
 */
export function runCommand([program, ...args], { live = false, timeoutSeconds, env = {} }) {
  return new Promise((settle) => {
    const child = spawn(program, args, {
      env: { ...environment, ...env },
      stdio: ["ignore", live ? "inherit" : "pipe", live ? "inherit" : "pipe"],
      detached: true,
    });
    running.add(child);
    let output = "";
    let timedOut = false;
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, timeoutSeconds * 1000);
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      const note = timedOut ? `\nstopped after ${timeoutSeconds} s` : "";
      settle({ code: timedOut ? 124 : code, output: output + note });
    };
    child.on("error", (error) => {
      keep(`${program}: ${error.message}`);
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group is already gone.
  }
}

/** Ends every step that still runs. */
export function stopAll() {
  for (const child of running) killGroup(child);
}
