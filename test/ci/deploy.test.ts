import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { readConfig } from "../../src/config.ts";
import { ROOT, readText } from "../docs/pages.ts";

const CONFIG = join(ROOT, "wrangler.toml");

/** Where the operator's own files would be. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "usher-deploy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm run deploy -- …`, as far as it goes without an account. */
function deploy(args: readonly string[], written: string | null, environment: Readonly<Record<string, string>> = {}) {
  for (const name of ["staging", "production"]) {
    const file = join(folder, `.env.${name}`);
    if (written === null) rmSync(file, { force: true });
    else writeFileSync(file, written);
  }
  const { PATH = "", HOME = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "examples/deploy.mjs"), ...args], {
    cwd: folder,
    env: { PATH, HOME, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", ...environment },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe.each(["staging", "production"])("%s", (environment) => {
  const inDevelopment = unstable_readConfig({ config: CONFIG });
  const deployed = unstable_readConfig({ config: CONFIG, env: environment });

  it("is a Worker and a database of its own", () => {
    expect(deployed.name).toBe(`usher-${environment}`);
    // Without a name, wrangler names the database after the Worker.
    expect(deployed.d1_databases).toEqual([{ binding: "DB", migrations_dir: "migrations" }]);
  });

  it("has every binding that development has", () => {
    expect(deployed.kv_namespaces).toEqual(inDevelopment.kv_namespaces);
    expect(deployed.durable_objects).toEqual(inDevelopment.durable_objects);
    expect(deployed.exports).toEqual(inDevelopment.exports);
    const bound = (config: object) =>
      Object.entries(config)
        .filter(([, value]) => hasBindings(value))
        .map(([kind]) => kind);
    expect(bound(deployed)).toEqual(bound(inDevelopment));
  });

  it("is not deployed without what it cannot do without", () => {
    expect(deployed.secrets?.required).toEqual(["ISSUER", "ADMIN_SECRET", "KEY_ENCRYPTION_KEY"]);
  });
});

function hasBindings(value: unknown): boolean {
  return JSON.stringify(value)?.includes('"binding":') ?? false;
}

describe("what wrangler is told", { timeout: 60_000 }, () => {
  const dryRun = ["--dry-run", "--config", CONFIG];

  it.each([
    {
      environment: "staging",
      place: "a custom domain",
      issuer: "https://as.example.com/t1",
      flags: "--domain as.example.com ",
    },
    {
      environment: "production",
      place: "workers.dev",
      issuer: "https://usher-production.example.workers.dev",
      flags: "",
    },
  ])("deploys $environment to $place", ({ environment, issuer, flags }) => {
    const written = `ISSUER=${issuer}\nRPT_LIFETIME=60\nCLOUDFLARE_ACCOUNT_ID=0123\n`;
    const { status, stdout, stderr } = deploy([environment, ...dryRun], written);
    expect(status, stdout + stderr).toBe(0);
    const variables = `--var ISSUER:${issuer} --var RPT_LIFETIME:60`;
    expect(stdout).toContain(`wrangler deploy --env ${environment} ${flags}${variables} --dry-run`);
    for (const name of ["OWNER_LEDGER", "KEY_RING", "PUBLIC_DOCUMENTS", "DB", "ISSUER", "RPT_LIFETIME"]) {
      expect(stdout).toMatch(
        new RegExp(`env\\.${name} .*(?:Durable Object|KV Namespace|D1 Database|Environment Variable)`),
      );
    }
    expect(stdout + stderr).not.toContain("WARNING");
  });

  it("is the environment before the file, and a place that is given before one that follows", () => {
    const flags = ["--route", "as.example.com/uma/*", ...dryRun];
    const environment = { ISSUER: "https://as.example.com/uma" };
    const { status, stdout } = deploy(["staging", ...flags], "ISSUER=https://as.example.org\n", environment);
    expect(status).toBe(0);
    const told = "--env staging --var ISSUER:https://as.example.com/uma --route as.example.com/uma/*";
    expect(stdout).toContain(`wrangler deploy ${told}`);
  });
});

describe("the commands of docs/deploying.md", () => {
  /** The one line that begins so, run as it is printed. */
  function run(beginning: string, environment: Readonly<Record<string, string>> = {}) {
    const line =
      readText("docs/deploying.md")
        .split("\n")
        .find((text) => text.startsWith(beginning)) ?? "";
    const { PATH = "" } = process.env;
    return spawnSync("bash", ["-ec", line], { cwd: folder, env: { PATH, ...environment }, encoding: "utf8" });
  }

  it("make secrets that the server takes, two of them", () => {
    expect(run("printf 'ADMIN_SECRET=").status).toBe(0);
    const secrets = parseEnv(readFileSync(join(folder, ".secrets.production"), "utf8"));
    const { adminSecret, keyEncryptionKey } = readConfig({ ISSUER: "https://as.example.com", ...secrets });
    expect(new Set([adminSecret, keyEncryptionKey, null]).size).toBe(3);
  });

  it("set a secret and the former one at once", () => {
    writeFileSync(join(folder, "wrangler"), '#!/bin/sh\necho "$@"; cat', { mode: 0o755 });
    const secrets = { OLD: "the-former-secret-0123456789-abcdef", NEW: "the-latter-secret-0123456789-abcdef" };
    const { stdout } = run("printf '{", { ...secrets, PATH: `${folder}:${process.env.PATH}` });
    const [command, json = ""] = stdout.split("\n");
    expect(command).toBe("secret bulk --env production");
    expect(readConfig({ ISSUER: "https://as.example.com", ...JSON.parse(json) })).toMatchObject({
      keyEncryptionKey: secrets.NEW,
      keyEncryptionKeyPrevious: secrets.OLD,
    });
  });
});

describe("before anything is uploaded", () => {
  it.each([
    ["no environment", [], "", "say which: npm run deploy -- staging or production"],
    ["another environment", ["test"], "", "say which"],
    ["no issuer", ["staging"], "", "configuration: ISSUER: must be set"],
    ["no file and no issuer", ["staging"], null, "there is no .env.staging, and no ISSUER in the environment"],
    ["an issuer that is none", ["staging"], "ISSUER=http://as.example", "configuration: ISSUER: must be an https URL"],
    [
      "an issuer on this machine",
      ["staging"],
      "ISSUER=http://localhost:8787",
      "ISSUER: nobody reaches http://localhost:8787",
    ],
    [
      "a setting out of bounds",
      ["staging"],
      "ISSUER=https://as.example\nRPT_LIFETIME=5",
      "configuration: RPT_LIFETIME: must be",
    ],
    ["a setting that there is not", ["staging"], "RTP_LIFETIME=5", ".env.staging: RTP_LIFETIME is no setting"],
    ["a secret among the variables", ["production"], "ADMIN_SECRET=x", ".env.production: ADMIN_SECRET is a secret"],
  ])("refuses %s", (_, args, written, message) => {
    const { status, stderr, stdout } = deploy(args, written);
    expect(stderr).toContain(message);
    expect(status).toBe(1);
    expect(stdout).not.toContain("wrangler deploy");
  });

  it.each([
    ["a secret that is too short", "ADMIN_SECRET=short-1234\n", "configuration: ADMIN_SECRET: must"],
    ["the same in JSON", '{ "ADMIN_SECRET": "short-1234" }', "configuration: ADMIN_SECRET: must"],
    ["a secret that there is not", "ADMIN_SECRETS=0123\n", "ADMIN_SECRETS is no secret"],
  ])("refuses %s, and does not show it", (_, secrets, message) => {
    writeFileSync(join(folder, ".secrets.bad"), secrets);
    for (const flags of [["--secrets-file", ".secrets.bad"], ["--secrets-file=.secrets.bad"]]) {
      const { status, stderr, stdout } = deploy(["staging", ...flags, "--dry-run"], "ISSUER=https://as.example\n");
      expect(stderr).toContain(message);
      expect(stderr).not.toContain("1234");
      expect(status).toBe(1);
      expect(stdout).not.toContain("wrangler deploy");
    }
  });
});

it("says which Node.js it needs", () => {
  const older = ["--no-experimental-strip-types", join(ROOT, "examples/deploy.mjs"), "staging"];
  const { status, stderr } = spawnSync(process.execPath, older, { cwd: folder, encoding: "utf8" });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^npm run deploy needs Node\.js 22\.18/),
  });
});

it("keeps what an operator writes from git", () => {
  const files = [".env.production", ".env.staging", ".secrets.production", ".secrets.staging", ".env.example"];
  const { stdout } = spawnSync("git", ["check-ignore", ...files], { cwd: ROOT, encoding: "utf8" });
  expect(stdout.trim().split("\n")).toEqual(files.filter((file) => file !== ".env.example"));
});
