import { BrowserLike } from "../support/server/browser-like.ts";
import { addressOf } from "../support/server/upstream-scene.ts";

/**
 * Dr. Bob signs in at the sample provider, and takes the account that he is offered.
 * @param port the first of those that the sample world listens on.
 * @returns where he is sent then.
 */
export async function signInAtProvider(port: number): Promise<string | null> {
  const site = { issuer: `http://localhost:${port}`, fetch: (request: Request) => fetch(request), adminSecret: "" };
  const browser = new BrowserLike(site);
  const page = await browser.open("/sign-in");
  const [, button = ""] = page.text.match(/action="(\/sign-in\/with\/[^"]+)"/) ?? [];
  const provider = addressOf(await browser.submit(page, button));
  const chosen = { method: "POST", body: new URLSearchParams({ person: "bob" }), redirect: "manual" } as const;
  const back = (await fetch(provider, chosen)).headers.get("location") ?? "";
  const offered = await browser.open(back.slice(site.issuer.length));
  const joined = await browser.submit(offered, button.replace("/sign-in/", "/sign-up/"));
  return joined.headers.get("location");
}
