import { accessSync, constants } from "node:fs";
import { posix, win32 } from "node:path";
import { bundledChromium } from "./bundled-chromium.ts";

/** A browser as it is started: its program, and the variables that it needs beside those of this process. */
export interface BrowserProgram {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the choice of a browser depends on. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether this path leads to a program that may be run. */
  readonly isProgram: (path: string) => boolean;
}

/** The one that `@sparticuz/chromium` brings, or the path of one that is installed. */
export type BrowserChoice = { readonly kind: "bundled" } | { readonly kind: "installed"; readonly path: string };

/** Not `chromium-browser`: on Ubuntu that is a script which only says that something has to be installed. */
const PROGRAMS = ["chromium", "google-chrome-stable", "google-chrome", "chrome"];

/** Where these systems install browsers, which they do not put on the PATH. */
const MAC_APPLICATIONS = ["Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"];
const WINDOWS_FOLDERS = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"];

const INSTALLATION: Readonly<Record<string, string>> = {
  darwin: "brew install --cask google-chrome",
  win32: "winget install Google.Chrome",
};
const DEBIAN_INSTALLATION = "sudo apt-get install chromium";

/**
 * The browser that the tests run in: what CHROME_PATH names, else an installed Chromium or Chrome, else the bundled one.
 * @throws Error naming the command to run, where there is none of them
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const { platform, arch: architecture, env: environment } = process;
  const choice = chooseBrowser({ platform, architecture, environment, isProgram });
  return choice.kind === "bundled" ? bundledChromium() : { path: choice.path, environment: {} };
}

/** @throws Error naming the command to run, where there is no browser for this machine */
export function chooseBrowser(machine: Machine): BrowserChoice {
  const named = machine.environment.CHROME_PATH;
  if (named) {
    if (!machine.isProgram(named)) throw new Error(`CHROME_PATH names ${named}, which is no program that can be run`);
    return { kind: "installed", path: named };
  }
  const path = placesOf(machine).find(machine.isProgram);
  if (path !== undefined) return { kind: "installed", path };
  if (machine.platform === "linux" && machine.architecture === "x64") return { kind: "bundled" };
  throw new Error(explainMissing(machine));
}

function placesOf({ platform, environment }: Machine): readonly string[] {
  if (platform === "win32") return windowsPlaces(environment);
  const folders = (environment.PATH ?? "").split(posix.delimiter).filter((folder) => folder !== "");
  const onPath = PROGRAMS.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
  return platform === "darwin" ? [...macPlaces(environment), ...onPath] : onPath;
}

function macPlaces({ HOME }: Machine["environment"]): readonly string[] {
  const folders = ["/Applications", ...(HOME ? [posix.join(HOME, "Applications")] : [])];
  return MAC_APPLICATIONS.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
}

function windowsPlaces(environment: Machine["environment"]): readonly string[] {
  const folders = WINDOWS_FOLDERS.map((name) => environment[name]).filter((folder) => folder !== undefined);
  return folders.map((folder) => win32.join(folder, "Google", "Chrome", "Application", "chrome.exe"));
}

function explainMissing({ platform, architecture }: Machine): string {
  return (
    `The browser tests need Chromium or Chrome, and none is installed; the bundled one is not made for ${platform} on ` +
    `${architecture}. Install one:\n  ${INSTALLATION[platform] ?? DEBIAN_INSTALLATION}\n` +
    "or name one that is elsewhere:\n  CHROME_PATH=/path/to/chrome npm test"
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
