import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ServerPlan, USHER } from "../support/server/start-server.ts";

/** The Worker of another commit, with the dependencies of this one. */
export interface PastCommit {
  /** Its short name. */
  readonly name: string;
  readonly plan: ServerPlan;
  dispose(): void;
}

/** @param reference whatever git understands, such as `main` or `HEAD~3`. @throws Error when there is no such commit. */
export function unpackCommit(reference: string): PastCommit {
  const git = (...parameters: readonly string[]) => execFileSync("git", parameters, { maxBuffer: 1e8 });
  const commit = git("rev-parse", "--verify", `${reference}^{commit}`).toString().trim();
  const folder = mkdtempSync(join(tmpdir(), "usher-past-"));
  execFileSync("tar", ["-x", "-C", folder], { input: git("archive", commit) });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const plan = { ...USHER, config: join(folder, "wrangler.toml"), migrations: join(folder, "migrations") };
  return { name: commit.slice(0, 7), plan, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
