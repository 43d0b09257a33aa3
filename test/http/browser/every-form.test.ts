import { beforeAll, describe, expect, it } from "vitest";
import { LEADING_ON, SCRIPTLESS_PAGES } from "../../support/pure/scriptless-pages.ts";
import { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer, Call } from "../../support/server/http-site.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";
import { everyRouteOfPages, pathOfRoute } from "../../support/workerd/routes.ts";

/** Cross-site request forgery (RFC 6749 §10.12), at every place where a browser changes something. */

const { site } = localWorld();
const ORIGIN = new URL(site.issuer).origin;
/** Where pages of anybody may send people with a form, which only leads to the same by GET. */
const FROM_ANYBODY = ["/authorize", "/logout"];
const PATHS = everyRouteOfPages("POST").filter((path) => !FROM_ANYBODY.includes(path));
let browser: BrowserLike;
let csrf: string;
let theirs: string;
let owner: string;

beforeAll(async () => {
  const ana = await Resident.settle();
  owner = ana.ownerId;
  browser = await ana.browse(site);
  csrf = await tokenOf(browser);
  theirs = await tokenOf(new BrowserLike(site));
});

/** What the forms of our pages hold, in this browser. */
async function tokenOf(of: BrowserLike): Promise<string> {
  return (await of.open("/nothing")).text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
}

/** What somebody else's page makes the browser of somebody send who is signed in: as a form, and as a script's JSON. */
async function sendBoth(
  path: string,
  token: string | null,
  headers: Record<string, string>,
): Promise<readonly Answer[]> {
  const form = { id: "x", ...(token === null ? {} : { csrf: token }) };
  const scripted = { ...headers, Accept: "application/json", ...(token === null ? {} : { "X-CSRF": token }) };
  const calls: readonly Call[] = [
    { form, headers },
    { json: { id: "x" }, headers: scripted },
  ];
  const answers: Answer[] = [];
  for (const call of calls)
    answers.push(await browser.request("POST", `${pathOfRoute(path, { owner })}?owner=${owner}`, call));
  return answers;
}

function expectRefused(answers: readonly Answer[]): void {
  // Of the two, one is not what the path takes at all.
  for (const { status, headers } of answers) {
    expect([400, 403]).toContain(status);
    expect(headers.get("location")).toBeNull();
    expect(headers.getSetCookie()).toEqual([]);
    if (headers.get("content-type")?.startsWith("text/html")) {
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
    }
  }
  expect(answers.map(({ status }) => status)).toContain(403);
}

it("there are many such places", () => {
  expect(PATHS.length).toBeGreaterThan(25);
  for (const path of ["/sign-out", "/authorize/consent", "/claims/interaction", "/sign-in/passkey"]) {
    expect(PATHS).toContain(path);
  }
});

it("every page is shown to whoever has no script, but those that only lead on", () => {
  const shown = Object.values(SCRIPTLESS_PAGES).flat();
  expect([...shown, ...LEADING_ON].sort()).toEqual([...everyRouteOfPages("GET")].sort());
});

it.each(FROM_ANYBODY)("%s takes a form of anybody, and changes nothing", async (path) => {
  const answer = await browser.request("POST", path, {
    form: { state: "a b&c", client_id: "x" },
    headers: { Origin: "https://evil.example" },
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `${path}?state=a+b%26c&client_id=x`]);
  expect(answer.headers.getSetCookie()).toEqual([]);
  const much = await browser.request("POST", path, { form: { state: "x".repeat(8_192) } });
  expect([much.status, much.headers.get("location")]).toEqual([413, null]);
  expect((await browser.request("POST", path, { json: {} })).status).toBe(400);
  expect((await browser.open("/account")).status).toBe(200);
});

describe.each(PATHS)("%s", (path) => {
  it("takes nothing without the token of a page of ours, or with another's", async () => {
    for (const token of [null, "", theirs, "A".repeat(43)]) {
      expectRefused(await sendBoth(path, token, { Origin: ORIGIN }));
    }
  });

  it.each([
    ["another origin", { Origin: "https://evil.example" }],
    ["a sandboxed page", { Origin: "null" }],
    ["nobody says where", {}],
    ["a host below ours", { Origin: ORIGIN.replace("://", "://evil.") }],
  ])("takes nothing from %s, not even with the right token", async (_, headers) => {
    expectRefused(await sendBoth(path, csrf, headers as Record<string, string>));
  });

  it("looks at what our own page sends", async () => {
    const other = await (await Resident.settle()).browse(site);
    const page = await other.open("/nothing");
    const token = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    const headers = { Origin: ORIGIN, "X-CSRF": token };
    const answers = [
      await other.request("POST", pathOfRoute(path, { owner }), { form: { csrf: token }, headers }),
      await other.script(page, path, {}),
    ];
    expect(answers.some(({ status }) => status !== 403)).toBe(true);
    for (const { status } of answers) expect(status).toBeLessThan(500);
  });
});
