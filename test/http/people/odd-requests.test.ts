import { beforeAll, describe, expect, it } from "vitest";
import { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { optionsFrom, Person } from "../../support/server/person.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const ORIGIN = new URL(world.site.issuer).origin;

/** Somebody who is signed in and means no good: every request carries what an honest page would send. */
const mallory = new Person(world.site);
let honest: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  await mallory.signUp("Mallory");
  const page = await mallory.browser.open("/account/security");
  const options = optionsFrom(await mallory.browser.script(page, "/sign-in/passkey/options", {}));
  honest = { ...(await mallory.authenticator.use(options)) };
});

/** What a page of ours gives its forms now: a sign-in that works begins another visit. */
async function csrf(): Promise<string> {
  const { text } = await mallory.browser.open("/nothing");
  return text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
}

async function sendScript(path: string, json: unknown): Promise<Answer> {
  return mallory.browser.script(await mallory.browser.open("/nothing"), path, json);
}

async function sendForm(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
  const form = { csrf: await csrf(), ...fields };
  return mallory.browser.request("POST", path, { form, headers: { Origin: ORIGIN } });
}

const SCRIPTS = [
  "/sign-in/passkey/options",
  "/sign-in/passkey",
  "/sign-up/passkey/options",
  "/sign-up/passkey",
  "/account/security/passkeys/options",
  "/account/security/passkeys",
];
const FORMS = [
  "/sign-in/recovery",
  "/sign-up",
  "/account/name",
  "/account/security/passkeys/rename",
  "/account/security/passkeys/remove",
  "/account/security/sessions/end",
  "/sign-in/email",
  "/sign-in/email/code",
  "/account/security/addresses",
  "/account/security/addresses/code",
  "/account/security/addresses/remove",
  "/sign-in/with/nobody",
  "/sign-up/with/nobody",
  "/account/security/linked",
  "/account/security/linked/remove",
];

const DEEP = JSON.parse("[".repeat(31) + "]".repeat(31)) as unknown;
const ODD: readonly unknown[] = [
  null,
  7,
  "text",
  [],
  [[]],
  {},
  DEEP,
  { id: null, rawId: null, response: null, type: null },
  { name: 7, at: {} },
  { name: { toString: "x" } },
  { name: "\ud800", at: "\u0000" },
];
const ODD_VALUES: readonly unknown[] = [
  null,
  7,
  {},
  [],
  "",
  "%",
  "=",
  "A",
  "\u0000",
  "é",
  "A".repeat(5_000),
  "A".repeat(40_000),
];

function expectRefusal({ status, text }: Answer, what: string): void {
  expect(status, `${what}: ${text.slice(0, 200)}`).toBeGreaterThanOrEqual(200);
  expect(status, `${what}: ${text.slice(0, 200)}`).toBeLessThan(500);
  // Then nobody looked at what was sent.
  expect(status, what).not.toBe(403);
}

describe("whatever a script sends", () => {
  it.each(SCRIPTS)("is never our fault: %s", async (path) => {
    for (const json of ODD) expectRefusal(await sendScript(path, json), JSON.stringify(json));
  });

  it.each(["/sign-in/passkey", "/sign-up/passkey", "/account/security/passkeys"])(
    "is never our fault, in no member: %s",
    async (path) => {
      const response = honest.response as Readonly<Record<string, unknown>>;
      const members = [...Object.keys(response), "attestationObject", "transports"];
      for (const value of ODD_VALUES) {
        for (const member of ["id", "rawId", "type"]) {
          const json = { ...honest, [member]: value };
          expectRefusal(await sendScript(path, json), `${member}: ${String(value).slice(0, 20)}`);
        }
        for (const member of members) {
          const json = { ...honest, response: { ...response, [member]: value } };
          expectRefusal(await sendScript(path, json), `${member}: ${String(value).slice(0, 20)}`);
        }
      }
    },
  );

  it.each(SCRIPTS)("is bounded, and is JSON: %s", async (path) => {
    const headers = { Origin: ORIGIN, "X-CSRF": await csrf(), Accept: "application/json" };
    const send = (type: string, text: string) => mallory.browser.request("POST", path, { text: [type, text], headers });
    expect((await send("application/json", `"${"x".repeat(70_000)}"`)).status).toBe(413);
    expect((await send("application/json", "{")).status).toBe(400);
    expect((await send("application/json", "[".repeat(5_000))).status).toBe(400);
    expect((await send("text/plain", "{}")).status).toBe(400);
    expect((await send("application/x-www-form-urlencoded", "id=x")).status).toBe(400);
  });
});

describe("whatever a form sends", () => {
  it.each(FORMS)("is never our fault: %s", async (path) => {
    for (const value of ["", " ", "\u0000", "\ud800", "%", "é".repeat(2_000), "x".repeat(4_096), "x".repeat(5_000)]) {
      const fields = {
        id: value,
        name: value,
        code: value,
        session: value,
        at: value,
        continue: value,
        address: value,
      };
      expectRefusal(await sendForm(path, fields), JSON.stringify(value).slice(0, 40));
    }
    expect((await sendForm(path, { x: "x".repeat(70_000) })).status).toBe(413);
    const json = { csrf: await csrf() };
    expect((await mallory.browser.request("POST", path, { json, headers: { Origin: ORIGIN } })).status).toBe(400);
  });
});

describe("whatever a browser asks for", () => {
  const PAGES = ["/sign-in", "/sign-up", "/sign-in/email", "/sign-in/email/code", "/account/security/addresses/code"];
  const PATHS = [...SCRIPTS, ...FORMS, "/sign-in", "/sign-out", "/account", "/account/security/recovery-codes/new"];

  it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])("is never our fault: %s", async (method) => {
    for (const path of PATHS) expectRefusal(await mallory.browser.request(method, path, {}), path);
  });

  it("may have any query and any cookie", async () => {
    for (const odd of ["%00", "%ff", "x".repeat(9_000), "[]", "'", "a.b"]) {
      const stranger = new Person(world.site);
      stranger.browser.setCookie("__Host-session", odd);
      stranger.browser.setCookie("__Host-visit", odd);
      stranger.browser.setCookie("__Host-known", odd);
      for (const path of [...PAGES, "/account", "/account/security/recovery-codes/new"]) {
        for (const name of ["continue", "at", "notice", "error"]) {
          expectRefusal(await stranger.browser.open(`${path}?${name}=${odd}`), `${path} ${name}=${odd.slice(0, 9)}`);
        }
      }
    }
  });
});

/** What browsers and what lies before them take of a header is 8 to 16 KB. */
describe("nobody is sent to an address that is longer than a URL can be", () => {
  const LONG = "é".repeat(3_000);

  it("from a page whose own address is: they sign in, and do not come back", async () => {
    const stranger = new BrowserLike(world.site);
    for (const path of [`/console/${LONG}/groups`, `/account?x=${LONG}`]) {
      const { status, headers } = await stranger.open(encodeURI(path));
      expect([status, headers.get("location")]).toEqual([303, `${world.site.issuer}/sign-in`]);
    }
    expect((await stranger.open("/account?x=short")).headers.get("location")).toContain("?continue=");
  });

  it("by the choice of a language", async () => {
    const answer = await sendForm("/language", { language: "de", return: `/nothing?x=${LONG}` });
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  it.each(["/authorize", "/logout"])("by a form whose parameters become one: %s", async (path) => {
    const send = (state: string) =>
      new BrowserLike(world.site).request("POST", path, {
        text: ["application/x-www-form-urlencoded", `state=${state}`],
        headers: { Accept: "text/html" },
      });
    const answer = await send(LONG);
    expect([answer.status, answer.headers.get("location")]).toEqual([413, null]);
    expect((await send("é".repeat(1_000))).status).toBe(303);
  });
});
