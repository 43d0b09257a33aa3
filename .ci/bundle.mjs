// Builds the Worker exactly as a deployment would, without deploying, and holds its size and start-up time.
//
// Why limits: a Worker's code is fetched and evaluated wherever a cold isolate wakes, before the first byte of the
// first answer, so every needless package is latency for somebody. The platform's own limits (64 MiB, 1 s of CPU at
// start-up) are far too wide to notice that.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runCommand } from "./run-command.mjs";

/**
 * 160 KiB without the pages for people. WebAuthn verification alone is 126 more, loaded when a passkey is first looked
 * at and not at start-up; the rest is pages, their words in each language, and the client of identity providers. The
 * pages of owners, with approvals, notices and deletion, took it from 422 to 530; the rest of OAuth and the OpenID
 * provider get 120 at most.
 */
const MAX_GZIP_KIB = 650;

/** A fifth of what the platform allows, wide enough for a slow CI machine: unhurried hardware takes 10 to 30 ms. */
const MAX_STARTUP_MS = 200;

const scratch = mkdtempSync(join(tmpdir(), "usher-bundle-"));

async function wrangler(...args) {
  const { code, output } = await runCommand(["wrangler", ...args], { timeoutSeconds: 90 });
  if (code !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${output}`);
  return output;
}

/** @returns {{ raw: number, gzip: number }} KiB of everything that would be uploaded, source maps left out */
function measure(folder) {
  const files = readdirSync(folder).filter((name) => !/\.map$|^README\.md$/.test(name));
  const contents = files.map((name) => readFileSync(join(folder, name)));
  const kib = (sizes) => sizes.reduce((sum, size) => sum + size, 0) / 1024;
  return { raw: kib(contents.map(({ length }) => length)), gzip: kib(contents.map((text) => gzipSync(text).length)) };
}

try {
  const folder = join(scratch, "dist");
  await wrangler("deploy", "--env", "production", "--dry-run", "--outdir", folder);
  const { raw, gzip } = measure(folder);
  const profile = await wrangler("check", "startup", "--outfile", join(scratch, "startup.cpuprofile"));
  const active = Number(profile.match(/Active: ([\d.]+) ms/)?.[1] ?? Number.NaN);
  console.log(`bundle ${raw.toFixed(0)} KiB, ${gzip.toFixed(1)} KiB gzip (limit ${MAX_GZIP_KIB})`);
  console.log(`start-up ${active.toFixed(1)} ms active (limit ${MAX_STARTUP_MS})`);
  // NaN compares false with everything: an unreadable measurement must fail too.
  process.exitCode = gzip <= MAX_GZIP_KIB && active <= MAX_STARTUP_MS ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
