import { join } from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "../../../examples/serve/root.mjs";
import { VIEWPORTS } from "./person.ts";
import { SCHEMES, withScheme, withViewport } from "./surroundings.ts";

/** Kept by nobody: git ignores it. */
const PICTURES = join(ROOT, "test/browser/pictures");

/**
 * Saves how a page looks, on a phone and on a desktop, in light and in dark, and leaves it as it was.
 * @param name `story/step`
 */
export async function picture(page: Page, name: string): Promise<void> {
  for (const [device, size] of Object.entries(VIEWPORTS)) {
    await withViewport(page, size, async () => {
      for (const scheme of SCHEMES) await withScheme(page, scheme, () => save(page, `${name}.${device}.${scheme}`));
    });
  }
}

/** Saves how a page looked when its story failed. */
export async function saveFailure(page: Page, name: string): Promise<void> {
  await save(page, join("failed", name.replace(/[^\w/-]+/g, "-")));
}

async function save(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, animations: "disabled" });
}
