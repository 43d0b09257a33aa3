import { plain } from "../../pages/words/said.ts";
import { readDevice } from "../../protocol/device.ts";
import { wordsFor } from "../browser/language.ts";
import type { PageContext } from "../context.ts";

/** What a passkey is called that is made here, until its person says otherwise: "Firefox on Windows". */
export function passkeyNameFor(c: PageContext): string {
  const { places } = wordsFor(c);
  const { browser, system } = readDevice(c.req.header("user-agent") ?? "");
  if (browser === null || system === null) return browser ?? system ?? places.unknownDevice;
  return plain(places.device(browser, system));
}
