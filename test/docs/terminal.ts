import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Longer than the commands of all pages take on a slow machine, so that one that waits forever ends. */
const PATIENCE_MS = 90_000;

/** What a block of commands printed, and whether it went through. */
export interface Printed {
  readonly output: string;
  readonly complaints: string;
  readonly succeeded: boolean;
}

/** What a reader has: the Node.js that is installed, and not the one that the install of this repository brings. */
export function readersPath(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => !folder.includes("node_modules")).join(delimiter);
}

/**
 * Plays blocks of commands in one shell, as somebody does who copies them into a terminal: a name that one sets is known
 * to the next, and what one starts in the background goes on until all have been played. The first command that fails
 * ends it: the blocks after it print nothing and do not succeed.
 * @param begin the folder in which the shell starts.
 * @param notes a folder for what is printed.
 */
export async function play(blocks: readonly string[], begin: string, notes: string): Promise<readonly Printed[]> {
  const note = (index: number, kind: string) => join(notes, `${index}.${kind}`);
  const steps = blocks.flatMap((block, index) => [
    `{\n${block}} >'${note(index, "output")}' 2>'${note(index, "complaints")}'`,
    `: >'${note(index, "succeeded")}'`,
  ]);
  writeFileSync(join(notes, "script"), `set -e\n${steps.join("\n")}\n`);
  await run(join(notes, "script"), begin);
  return blocks.map((_, index) => ({
    output: readNote(note(index, "output")),
    complaints: readNote(note(index, "complaints")),
    succeeded: existsSync(note(index, "succeeded")),
  }));
}

/** In a process group of its own, which takes what still runs in the background along when it ends. */
async function run(script: string, begin: string): Promise<void> {
  const env = { ...process.env, PATH: readersPath() };
  const shell = spawn("sh", [script], { cwd: begin, env, detached: true, stdio: "ignore", timeout: PATIENCE_MS });
  await once(shell, "exit");
  try {
    if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

function readNote(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
