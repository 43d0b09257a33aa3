import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** SQLite's result code for what another connection holds (SQLITE_BUSY). */
const BUSY = 5;

/**
 * Takes a state for this process, and for as long as it lives. INVARIANT: one runtime a state. Two would each keep ledgers
 * of the same owners in memory, and a ticket could be spent in both. So it is a lock of the operating system, by way of
 * SQLite: of two that start together one gets it, and whatever ends a process lets go of it.
 * @param folder which is there, and can be written to (writable.mjs)
 * @throws Error naming the server that has it, or what is left of one
 */
export async function takeState(folder, { host, port }) {
  const note = join(folder, "served-by.json");
  const lock = lockIn(folder, note);
  // Who kills every Node.js at once leaves workerd, and only a killed server leaves its note.
  const killed = readNote(note);
  if (killed !== null && (await isListening(killed))) {
    throw new Error(
      `${folder} was served at port ${killed.port} until that server was killed, and something still listens there: ` +
        `end it, or remove ${note} if it is no workerd`,
    );
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, host, port }));
  process.once("exit", () => {
    rmSync(note, { force: true });
    lock.close();
  });
}

/** @returns null where there is none, or only half of one, since whoever writes it may be killed at it. */
function readNote(note) {
  try {
    return JSON.parse(readFileSync(note, "utf8"));
  } catch {
    return null;
  }
}

function lockIn(folder, note) {
  try {
    const lock = new DatabaseSync(join(folder, "lock.sqlite"));
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    if (error.errcode === BUSY) throw new Error(`${folder} is in use by ${holderOf(note)}: end that first`);
    throw error;
  }
}

/** Whoever has just taken it may not have said so yet. */
function holderOf(note) {
  const holder = readNote(note);
  return holder === null ? "a server that is starting" : `the server at port ${holder.port} (process ${holder.pid})`;
}

/** @param {{ host?: string, port: number }} place */
export function isListening({ host = "localhost", port }) {
  return new Promise((answer) => {
    const socket = connect({ port, host: host === "*" ? "localhost" : host });
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
    socket.once("connect", () => socket.destroy());
  });
}
