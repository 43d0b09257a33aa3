import { describe, expect, it } from "vitest";
import { chooseBrowser } from "../support/browser/find-browser.ts";

/** A machine with these programs. */
function machine(platform: string, architecture: string, environment: Record<string, string>, programs: string[]) {
  return { platform, architecture, environment, isProgram: (path: string) => programs.includes(path) };
}

const PATH = { PATH: "/usr/local/bin:/usr/bin" };
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const WINDOWS = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe";

describe("the browser of the tests", () => {
  it("is the one that CHROME_PATH names, whatever is installed", () => {
    const linux = machine("linux", "x64", { ...PATH, CHROME_PATH: "/opt/chrome" }, [
      "/opt/chrome",
      "/usr/bin/chromium",
    ]);
    expect(chooseBrowser(linux)).toEqual({ kind: "installed", path: "/opt/chrome" });
  });

  it("is never another than CHROME_PATH names", () => {
    const linux = machine("linux", "x64", { ...PATH, CHROME_PATH: "/opt/chrome" }, ["/usr/bin/chromium"]);
    expect(() => chooseBrowser(linux)).toThrow("CHROME_PATH names /opt/chrome");
  });

  it.each([
    ["linux", PATH, "/usr/bin/chromium"],
    ["linux", PATH, "/usr/local/bin/google-chrome"],
    ["darwin", PATH, MAC],
    ["darwin", { ...PATH, HOME: "/Users/ana" }, `/Users/ana${MAC}`],
    ["win32", { PROGRAMFILES: "C:\\Program Files" }, WINDOWS],
  ])("is an installed one on %s", (platform, environment, path) => {
    expect(chooseBrowser(machine(platform, "arm64", environment, [path]))).toEqual({ kind: "installed", path });
  });

  it("is the bundled one where none is installed, on Linux with x64", () => {
    expect(chooseBrowser(machine("linux", "x64", PATH, []))).toEqual({ kind: "bundled" });
    expect(chooseBrowser(machine("linux", "x64", {}, []))).toEqual({ kind: "bundled" });
  });

  it.each([
    ["linux", "arm64", "sudo apt-get install chromium"],
    ["darwin", "arm64", "brew install --cask google-chrome"],
    ["win32", "x64", "winget install Google.Chrome"],
  ])("is missed with the command to run, on %s with %s", (platform, architecture, command) => {
    expect(() => chooseBrowser(machine(platform, architecture, PATH, []))).toThrow(command);
  });
});
