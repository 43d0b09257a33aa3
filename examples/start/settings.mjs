import { join, resolve } from "node:path";
import { ROOT } from "../serve/root.mjs";

/** Where everything runs and is kept. Usher takes the base port, the three Workers and the start page the next ones. */

/** @throws Error when USHER_PORT is no port, or leaves no room for the four after it. */
export function readSettings(environment) {
  const base = Number(environment.USHER_PORT ?? 8787);
  if (!Number.isInteger(base) || base < 1024 || base > 65_531) throw new Error("USHER_PORT must be from 1024 to 65531");
  const state = resolve(ROOT, environment.USHER_STATE ?? ".wrangler/state");
  return {
    state,
    secretsFile: join(ROOT, ".dev.vars"),
    // Another base port means other issuer names, so it is another world.
    worldFile: join(state, `sample-world-${base}.json`),
    shellFile: join(state, `sample-world-${base}.env`),
    usher: place("usher", base),
    records: place("health-records", base + 1),
    identityProvider: place("identity-provider", base + 2),
    consult: place("client", base + 3),
    startPage: place("start page", base + 4),
  };
}

function place(name, port) {
  return { name, port, origin: `http://localhost:${port}` };
}
