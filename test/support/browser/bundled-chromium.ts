import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../../examples/serve/root.mjs";
import type { BrowserProgram } from "./find-browser.ts";

const PACKAGE = join(ROOT, "node_modules/@sparticuz/chromium");
/** Beside the packages: it goes with them, and is nobody else's to write to, as a shared temporary folder would be. */
const CACHE = join(ROOT, "node_modules/.cache/usher");

/** The browser, its software renderer, a font, and NSS with what else a bare Linux lacks. */
const ARCHIVES = ["chromium.br", "swiftshader.tar.br", "fonts.tar.br", "al2023.tar.br"];

/**
 * The Chromium that `@sparticuz/chromium` brings for Linux on x64, unpacked once. It works without anything installed and
 * without root: libraries and a font come along.
 * @throws Error naming the command to run, where the package is not there
 */
export async function bundledChromium(): Promise<BrowserProgram> {
  if (!existsSync(PACKAGE)) throw new Error("The browser tests need @sparticuz/chromium. Run:\n  npm install");
  const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  const folder = join(CACHE, `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  const libraries = [join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return {
    path: join(folder, "chromium"),
    environment: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, "fonts.conf") },
  };
}

/** INVARIANT: the folder appears whole or not at all, so that test runs which start together can share it. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}.`);
  try {
    await inflateInto(scratch);
    writeFileSync(join(scratch, "fonts.conf"), fontsIn(folder));
    moveUnlessThere(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The package unpacks to the temporary folder of its process, so it gets a process that has this one. */
async function inflateInto(folder: string): Promise<void> {
  const archives = ARCHIVES.map((name) => join(PACKAGE, "bin", name));
  const env = { ...process.env, TMPDIR: folder };
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "inflate.mjs"), ...archives], { env });
}

/** Another run may have been faster; what it made is the same. */
function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** The machine's fonts first, as far as it has any; the package's own file knows the folders of AWS only. */
function fontsIn(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
}
