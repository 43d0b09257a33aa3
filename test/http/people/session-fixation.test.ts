import { describe, expect, it } from "vitest";
import { codeIn, lettersTo } from "../../support/server/letters.ts";
import { codesOf, locationOf, Person } from "../../support/server/person.ts";
import { expectStatus } from "../../support/server/world.ts";
import { mailWorld } from "../../support/workerd/mail-world.ts";
import { addressProof, givenPerson } from "../../support/workerd/people.ts";

/** Whoever put cookies of their own into somebody's browser is not signed in along with them (RFC 9700 §4.7). */

const { site } = mailWorld();
const COOKIES = ["__Host-session", "__Host-visit"];

const mailOf = () => `ana-${crypto.randomUUID()}@example.com`;

/** Types in the code that went to this address. @returns where that leads */
async function enterCode({ browser }: Person, address: string): Promise<string> {
  const sent = await browser.submit(await browser.open("/sign-in/email"), "/sign-in/email", { address });
  const page = await browser.open(locationOf(sent));
  const code = codeIn((await lettersTo(site, address))[0]);
  return locationOf(await browser.submit(page, "/sign-in/email/code", { code }));
}

/** Each way to begin a session: what there was before, and the steps in the browser that somebody prepared. */
const WAYS: Readonly<Record<string, () => Promise<(ana: Person) => Promise<unknown>>>> = {
  "a passkey": async () => {
    const owner = new Person(site);
    await owner.signUp();
    return async (ana) => {
      ana.authenticator.credentials.push(...owner.authenticator.credentials);
      expectStatus(await ana.signIn(), 200);
    };
  },
  "a new account with a passkey": async () => (ana) => ana.signUp(),
  "a code by e-mail": async () => {
    const address = mailOf();
    await givenPerson(addressProof(address));
    return (ana) => enterCode(ana, address);
  },
  "a new account with an address": async () => async (ana) => {
    const offered = await ana.browser.open(await enterCode(ana, mailOf()));
    expectStatus(await ana.browser.submit(offered, "/sign-up", { name: "Ana" }), 303);
  },
  "a recovery code": async () => {
    const [code = ""] = codesOf(await new Person(site).signUp());
    return async ({ browser }) => {
      const page = await browser.open("/sign-in/recovery");
      expectStatus(await browser.submit(page, "/sign-in/recovery", { code }), 303);
    };
  },
};

/** The cookies of somebody who has been here: of a page, and of a session that has ended. */
async function ofMallory(): Promise<Person> {
  const mallory = new Person(site);
  await mallory.signUp("Mallory");
  const session = mallory.browser.cookie("__Host-session") ?? "";
  await mallory.signOut();
  mallory.browser.setCookie("__Host-session", session);
  await mallory.browser.open("/sign-in");
  return mallory;
}

describe("somebody else's cookies are worth nothing once somebody signs in over them", () => {
  it.each(Object.keys(WAYS))("with %s", async (way) => {
    const begin = await WAYS[way]?.();
    const [mallory, ana] = [await ofMallory(), new Person(site)];
    for (const name of COOKIES) ana.browser.setCookie(name, mallory.browser.cookie(name) ?? "");
    await begin?.(ana);
    expect(await ana.isIn()).toBe(true);
    for (const name of COOKIES) {
      expect(ana.browser.cookie(name)).not.toBe(mallory.browser.cookie(name));
    }
    expect(await mallory.isIn()).toBe(false);
    // Nor is a form of Mallory's visit one of Ana's.
    const form = {
      csrf: (await mallory.browser.open("/sign-in")).text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "",
    };
    const headers = { Origin: new URL(site.issuer).origin };
    expect((await ana.browser.request("POST", "/sign-out", { form, headers })).status).toBe(403);
  });
});
