import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { QUIET } from "./build.mjs";

const STOP_LIMIT_MS = 5_000;

/** A built Worker in workerd, in a process group of its own (runtime.mjs), so that one signal reaches all of it. */
export class Runtime {
  #child;
  /** Resolves when the process has ended, however. */
  ended;

  /**
   * @param {"inherit" | "ignore" | "pipe"} stdout where its log goes
   * @param {"inherit" | "pipe"} stderr where goes what is wrong; it is shown unless somebody else reads it
   */
  constructor(stdout, stderr = "inherit") {
    const stdio = ["ignore", stdout, stderr, "ipc"];
    const env = { ...process.env, ...QUIET, WRANGLER_LOG: "error" };
    this.#child = fork(join(import.meta.dirname, "runtime.mjs"), { detached: true, stdio, env });
    // Whoever kills the process alone leaves workerd, which would go on serving a state that is free to others.
    this.ended = once(this.#child, "exit").then(() => this.#killGroup());
  }

  /** What it logs, and what is wrong: the streams of those that are piped. */
  get outputs() {
    return [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * Has one of the tasks of runtime.mjs done; one at a time.
   * @param {"start" | "get" | "scheduled" | "sql" | "stop"} task
   * @param {unknown} [argument]
   * @throws Error when it fails, or the process ends before it is done
   */
  async ask(task, argument) {
    const answer = once(this.#child, "message");
    this.#child.send([task, argument]);
    const [reply] = await Promise.race([answer, this.ended.then(() => [{ error: "workerd has ended" }])]);
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value;
  }

  /** Lets workerd end, and then whatever is left. */
  async stop() {
    await Promise.race([this.ask("stop").catch(() => undefined), pause(STOP_LIMIT_MS, null, { ref: false })]);
    await this.kill();
  }

  /** kill -9 of everything at once: no handler runs, nothing is flushed. */
  async kill() {
    this.killNow();
    await this.ended;
  }

  /** The same without waiting, for when this process ends itself. */
  killNow() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#killGroup();
  }

  #killGroup() {
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}
