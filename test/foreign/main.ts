/**
 * A client library in another language does the code flow and the UMA grant: Python's Authlib, against the built Worker
 * in workerd. Needs Python 3.10 or newer, and brings the library in an environment of its own.
 *
 *   npm run foreign
 */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CodeApp, locationOf } from "../support/server/code-app.ts";
import { Person } from "../support/server/person.ts";
import { ADMIN_SECRET, startServer, USHER } from "../support/server/start-server.ts";
import { World } from "../support/server/world.ts";

const FOLDER = "test/foreign/python";

/** What the other side says: a page to open for the person, or what it has shown. */
type Said = { readonly open: string } | { readonly shown: string };

function run(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (error || status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `ended with ${status}`}`);
}

/** @returns the Python of an environment that has the library. */
function makeEnvironment(scratch: string): string {
  run("python3", "-m", "venv", scratch);
  const python = join(scratch, "bin", "python");
  run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", join(FOLDER, "requirements.txt"));
  return python;
}

const scratch = mkdtempSync(join(tmpdir(), "usher-foreign-"));
const server = await startServer({ ...USHER, hostName: "localhost" });
try {
  const python = makeEnvironment(join(scratch, "python"));
  const site = { issuer: server.origin, adminSecret: ADMIN_SECRET, fetch: (request: Request) => fetch(request) };
  const world = new World(site);
  const cast = await world.cast();
  const app = await CodeApp.register(world);
  const ana = new Person(site);
  await ana.signUp();
  const told = {
    origin: server.origin,
    issuer: cast.provider.issuer,
    app: { ...app.client, redirect_uri: app.redirectUri },
    client: cast.c1,
    id_token: await world.idToken(cast, { email_verified: true }),
  };

  /** Ana is asked, and allows it. */
  const allow = async (url: string): Promise<URL> => {
    const page = locationOf(await ana.browser.open(url));
    return app.answer(ana.browser, await ana.browser.open(page.href), { decision: "allow" });
  };

  const child = spawn(python, [join(FOLDER, "client.py")], {
    env: { ...process.env, USHER_TOLD: JSON.stringify(told), AUTHLIB_INSECURE_TRANSPORT: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Said;
    if ("shown" in said) console.log(`✓ ${said.shown}`);
    else child.stdin.write(`${JSON.stringify({ location: (await allow(said.open)).href })}\n`);
  }
  process.exitCode = child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve)));
} finally {
  await server.dispose();
  rmSync(scratch, { recursive: true, force: true });
}
