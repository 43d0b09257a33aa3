import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ROOT } from "../../examples/serve/root.mjs";

/** What git does not know, and what is large. */
const LEFT_OUT = new Set(["node_modules", ".git", ".wrangler", ".usher", ".dev.vars", "coverage", "test"]);

/** Somebody with a fresh copy of this repository, which is theirs to change. */
export class Newcomer {
  readonly folder = mkdtempSync(join(tmpdir(), "usher-newcomer-"));
  readonly port: number;

  private constructor(port: number) {
    this.port = port;
    cpSync(ROOT, this.folder, { recursive: true, filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path)) });
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
  }

  /** With five ports in a row. */
  static async arrive(): Promise<Newcomer> {
    return new Newcomer(await fivePorts());
  }

  /** `npm start`, as far as the words that are waited for. */
  async start(until: string, flags: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, NO_COLOR: "1", USHER_PORT: String(this.port), ...environment };
    const child = spawn(process.execPath, ["examples/start.mjs", ...flags], { cwd: this.folder, env });
    const started = new Started(child);
    await started.hasSaid(until);
    return started;
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Started {
  output = "";
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk;
      });
    }
    this.ended = once(child, "close").then(([code]) => code);
  }

  /** @returns when it has, or has ended. */
  async hasSaid(words: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.stdout?.on("data", () => this.output.includes(words) && resolve());
    await Promise.race([promise, this.ended]);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGINT");
    await this.ended;
  }
}

/** The first of five free ports in a row. */
async function fivePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 40_000);
    const free = await Promise.all([0, 1, 2, 3, 4].map((next) => isFree(first + next)));
    if (free.every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port);
  const [event] = await Promise.race([
    once(probe, "listening").then(() => ["free"]),
    once(probe, "error").then(() => ["taken"]),
  ]);
  probe.close();
  return event === "free";
}
