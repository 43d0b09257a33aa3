import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults, Result, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { ROOT } from "../../../examples/serve/root.mjs";
import { SCHEMES, withScheme, withViewport } from "./surroundings.ts";

const SOURCE = readFileSync(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");
/** Axe waits by timers, and where scripts are off none of them ever ends; promises do. */
const AXE = `((setTimeout) => { ${SOURCE} })((work) => Promise.resolve().then(work)); undefined`;

/** All that axe knows, with the size of targets (WCAG 2.2 §2.5.8), which it leaves out unless it is asked. */
const EVERYTHING: RunOptions = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
/** What another colour scheme can break. */
const COLOURS: RunOptions = { resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"] };

const GRAVE: readonly (string | null | undefined)[] = ["serious", "critical"];

/** WCAG 2.2 §1.4.10: nothing has to be scrolled in two directions where there are 320 CSS pixels. */
const NARROWEST = { width: 320, height: 844 };

/**
 * Checks a page as it stands for everybody to be able to use it: by axe, its colours in light and in dark, and its width on
 * a narrow screen. @throws Error naming each serious or critical violation, and where it is
 */
export async function accessible(page: Page): Promise<void> {
  const problems = new Set(await violations(page, EVERYTHING));
  for (const scheme of SCHEMES) {
    await withScheme(page, scheme, async () => {
      for (const problem of await violations(page, COLOURS)) problems.add(`${problem}, in ${scheme}`);
    });
  }
  await withViewport(page, NARROWEST, async () => {
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    if (width > NARROWEST.width) problems.add(`it is ${width} pixels wide where there are ${NARROWEST.width}`);
  });
  if (problems.size > 0) throw new Error(`${page.url()} keeps people out:\n${[...problems].join("\n")}`);
}

/** INVARIANT: evaluated by the inspector, which no Content-Security-Policy of the page holds back. */
async function violations(page: Page, options: RunOptions): Promise<readonly string[]> {
  const isThere = await page.evaluate<boolean>("'axe' in globalThis");
  if (!isThere) await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return results.violations.filter(({ impact }) => GRAVE.includes(impact)).flatMap(describe);
}

function describe({ id, impact, help, nodes }: Result): readonly string[] {
  return nodes.map(({ target, html }) => `${impact} ${id}: ${help}: ${target.join(" ")} (${html.slice(0, 120)})`);
}
