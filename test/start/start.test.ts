import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readVariables } from "../../examples/serve/variables.mjs";
import { Newcomer } from "./newcomer.ts";
import { signInAtProvider } from "./sign-in-at-provider.ts";

// Four Workers are built and started, and there may be little of the machine to do it with.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let newcomer: Newcomer;
beforeAll(async () => {
  newcomer = await Newcomer.arrive();
});
afterAll(() => newcomer.leave());

const at = (path: string) => join(newcomer.folder, path);
/** The last that is said while the world stays up. */
const WALKED = "Ctrl-C ends everything";

it("npm start works in a copy that is set up for a deployment, whatever else stands in .dev.vars", async () => {
  const routes = 'workers_dev = false\nroutes = [{ pattern = "as.example", custom_domain = true }]\n';
  writeFileSync(at("wrangler.toml"), routes + readFileSync(at("wrangler.toml"), "utf8"));
  writeFileSync(at(".dev.vars"), "\uFEFFISSUER='https://as.example'\r\nRPT_LIFETIM=60\r\n");
  const started = await newcomer.start(WALKED, ["--once"], { CLOUDFLARE_ENV: "production" });
  expect(await started.ended, started.output).toBe(0);
  expect(started.output).toContain("RPT_LIFETIM in .dev.vars is no setting");
  expect(Object.keys(readVariables(at(".dev.vars")))).toContain("KEY_ENCRYPTION_KEY");
});

it("npm start has its state for itself, and stays up, for people too, when somebody has shared otherwise since", async () => {
  const first = await newcomer.start(WALKED);
  await openStartPage(first.output);
  shareWithMallory();
  const elsewhere = await newcomer.start("Ready on", ["--bare"], { USHER_PORT: String(newcomer.port + 5) });
  expect(elsewhere.output).toContain(`is in use by the server at port ${newcomer.port}`);
  expect(await elsewhere.ended).toBe(1);
  await first.stop();
  const second = await newcomer.start(WALKED);
  expect(second.output).toContain("The story went another way this time");
  expect((await fetch(`http://localhost:${newcomer.port}/jwks`)).status).toBe(200);
  expect(await signInAtProvider(newcomer.port)).toBe("/console");
  await second.stop();
  await expect(fetch(`http://localhost:${newcomer.port}/jwks`)).rejects.toThrow();
});

/** As somebody does who has read to the end: it is served, and each of its stories is. */
async function openStartPage(output: string): Promise<void> {
  const startPage = `http://localhost:${newcomer.port + 4}`;
  expect(output).toContain(`Open ${startPage} in a browser`);
  const page = await (await fetch(startPage)).text();
  for (const story of ["owner", "doctor"]) {
    expect(page).toContain(`href="/${story}"`);
    expect((await fetch(`${startPage}/${story}`)).status).toBe(200);
  }
}

/** With the names that npm start has left for the shell. */
function shareWithMallory(): void {
  const who = { claim: "email", equals: "mallory@insurer.example" };
  const policy = { name: "Mallory, too", effect: "permit", target: { type: "lab-report" }, scopes: ["view"], who };
  const script = `. ./.wrangler/state/sample-world-${newcomer.port}.env
    TOKEN=$(curl -sf -u "$DESK_ID:$DESK_SECRET" -d grant_type=client_credentials -d scope=uma_policy $USHER/token \\
      | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
    curl -sf -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d "$POLICY" "$USHER/owner/policies?accept=warnings"`;
  execFileSync("sh", ["-c", script], { cwd: newcomer.folder, env: { ...process.env, POLICY: JSON.stringify(policy) } });
}

describe("npm start and npm run dev say what is wrong, in a few lines", () => {
  const expectStop = async (words: string, environment: Readonly<Record<string, string>> = {}) => {
    for (const flags of [["--once"], ["--bare"]]) {
      const { output, ended } = await newcomer.start("Ready on", flags, environment);
      expect(await ended).toBe(1);
      expect(output).toContain(`Stopped: `);
      expect(output).toContain(words);
      expect(output.split("\n").length).toBeLessThan(12);
    }
  };

  const withVariables = async (text: string, check: () => Promise<void>) => {
    const before = readFileSync(at(".dev.vars"), "utf8");
    writeFileSync(at(".dev.vars"), text);
    await check();
    writeFileSync(at(".dev.vars"), before);
  };

  it("a port that is taken", async () => {
    const other = createServer().listen(newcomer.port);
    await expectStop(`port ${newcomer.port}, meant for usher, is taken`);
    other.close();
  });

  it("secrets that were lost, with what they had sealed still there", () =>
    withVariables("", () => expectStop("KEY_ENCRYPTION_KEY is missing")));

  it("a short secret, and a setting that cannot work", () =>
    withVariables("ADMIN_SECRET=short\n", async () => {
      await expectStop("ADMIN_SECRET: must have at least 32 characters");
      writeFileSync(at(".dev.vars"), "RPT_LIFETIME=1h\n");
      await expectStop("RPT_LIFETIME: must be a whole number");
    }));

  it("a folder that cannot be written to", () =>
    expectStop("cannot be written to", { USHER_STATE: at("package.json/state") }));

  it("a state that a newer version has made", async () => {
    appendFileSync(at("migrations/9999_later.sql"), "CREATE TABLE later (id TEXT) STRICT;\n");
    const started = await newcomer.start("Ready on", ["--bare"]);
    await started.stop();
    execFileSync("rm", [at("migrations/9999_later.sql")]);
    await expectStop("made by a newer version of Usher: it has 9999_later.sql");
  });
});

it("an older Node.js is told what it is missing", () => {
  const { scripts } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  for (const name of ["start", "dev", "serve", "soak", "bench"]) {
    expect(scripts[name]).toMatch(/^node --import \.\/examples\/serve\/check-node\.mjs /);
  }
  // What it lacks is a feature, which a newer one can be started without.
  const old = ["--no-experimental-strip-types", "--import", "./examples/serve/check-node.mjs", "examples/start.mjs"];
  const { status, stderr } = spawnSync(process.execPath, old, { cwd: newcomer.folder, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("This needs Node.js 22.18 or newer");
});
