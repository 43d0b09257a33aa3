import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

/**
 * Takes a state for this process. INVARIANT: one runtime a state. Two would each keep ledgers of the same owners in
 * memory, and a ticket could be spent in both.
 * @throws Error naming the server that has it
 */
export async function takeState(folder, { host, port }) {
  const file = join(folder, "served-by.json");
  const holder = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  if (holder && isAlive(holder.pid) && (await isListening(holder))) {
    throw new Error(`${folder} is in use by the server at port ${holder.port} (process ${holder.pid}): end that first`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ pid: process.pid, host, port }));
  process.once("exit", () => rmSync(file, { force: true }));
}

/** Process ids come again, above all in containers, so whoever has one must also listen where the server did. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** @param {{ host?: string, port: number }} place */
export function isListening({ host = "localhost", port }) {
  return new Promise((answer) => {
    const socket = connect({ port, host: host === "*" ? "localhost" : host });
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
    socket.once("connect", () => socket.destroy());
  });
}
