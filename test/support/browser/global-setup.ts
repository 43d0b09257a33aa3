import { type BrowserServer, chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { startServer, USHER } from "../server/start-server.ts";
import { findBrowser } from "./find-browser.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The issuer of the Usher that all stories share. */
    readonly issuer: string;
    /** Where the browser that all stories share is reached. */
    readonly browserEndpoint: string;
  }
}

/** One Usher and one browser for the whole run. @returns what ends both */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  // A passkey belongs to a host name (WebAuthn Level 3 §5.1.2), and an address is none.
  const [server, browser] = await Promise.all([startServer({ ...USHER, hostName: "localhost" }), launchBrowser()]);
  provide("issuer", server.origin);
  provide("browserEndpoint", browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), server.dispose()]);
  };
}

async function launchBrowser(): Promise<BrowserServer> {
  const { path, environment } = await findBrowser();
  try {
    return await chromium.launchServer({ executablePath: path, env: { ...process.env, ...environment } });
  } catch (error) {
    throw new Error(`${path} does not start. Name another browser:\n  CHROME_PATH=/path/to/chrome npm test\n${error}`);
  }
}
