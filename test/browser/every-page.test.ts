import { describe, expect } from "vitest";
import { accessible } from "../support/browser/accessible.ts";
import type { Person } from "../support/browser/person.ts";
import { picture } from "../support/browser/picture.ts";
import { story } from "../support/browser/story.ts";
import { withViewport } from "../support/browser/surroundings.ts";
import { FRAME, pageSamples, USUAL, WORST } from "../support/pure/page-samples.ts";

const usual = pageSamples(FRAME, USUAL);
const worst = pageSamples(FRAME, WORST);

/** Shows a page as if the server had made it, with the server's own styles and scripts. */
async function show({ page }: Person, issuer: string, html: string): Promise<void> {
  const body = `<!doctype html>\n${html}`;
  await page.route(`${issuer}/sample`, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  // A sample is of nobody's, so there is nothing to listen to.
  await page.routeWebSocket(/\/live$/, () => undefined);
  await page.goto(`${issuer}/sample`);
}

/** Whatever is pressed or filled in, as far as it is seen, that is lower than a thumb needs. */
const LOW_TARGETS = `
  [...document.querySelectorAll("button, .button, summary, nav a, .row[href], input:not([type=checkbox], [type=radio])")]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
    .map((element) => element.outerHTML.slice(0, 100))`;

/** How wide a page is on the narrowest screen, written from left and from right, in letters of usual and of twice the size. */
async function narrowWidths({ page }: Person): Promise<readonly unknown[]> {
  const widths: unknown[] = [];
  await withViewport(page, { width: 320, height: 844 }, async () => {
    for (const direction of ["ltr", "rtl"]) {
      for (const size of ["100%", "200%"]) {
        const html = "document.documentElement";
        await page.evaluate(`${html}.dir = "${direction}"; ${html}.style.fontSize = "${size}"`);
        widths.push(await page.evaluate(`${html}.scrollWidth`));
      }
    }
  });
  return widths;
}

describe("every page can be read, reached and met by everybody, also with the longest names", () => {
  story.for(Object.keys(usual))("%s", async (name, { usher, person }) => {
    const reader = await person("reader");
    await show(reader, usher.issuer, String(usual[name]));
    await accessible(reader.page);
    expect(await reader.page.evaluate(LOW_TARGETS)).toEqual([]);
    await picture(reader.page, `every-page/${name.replaceAll(/\W+/g, "-")}`);
    await reader.page.unrouteAll();
    await show(reader, usher.issuer, String(worst[name]));
    expect(await narrowWidths(reader)).toEqual([320, 320, 320, 320]);
  });
});
