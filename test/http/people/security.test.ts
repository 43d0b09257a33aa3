import { afterEach, describe, expect, it, vi } from "vitest";
import { STEP_UP_SECONDS } from "../../../src/protocol/lifetimes.ts";
import { MAX_PROOFS_OF_A_KIND } from "../../../src/shared/limits.ts";
import { Authenticator } from "../../support/pure/authenticator.ts";
import { codesOf, locationOf, optionsFrom, Person } from "../../support/server/person.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const SECURITY = "/account/security";
const ORIGIN = new URL(world.site.issuer).origin;

afterEach(() => void vi.useRealTimers());

/** So much later, for the server. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

async function somebody(name = "Ana"): Promise<Person> {
  const person = new Person(world.site);
  await person.signUp(name);
  return person;
}

/** The values of the hidden fields of this name, as the page shows them. */
function valuesOf(text: string, name: string): readonly string[] {
  return [...text.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, "g"))].map(([, value = ""]) => value);
}

/** Adds a passkey of another device, which the person has from then on. */
async function addPasskey(person: Person) {
  const page = await person.browser.open(SECURITY);
  const options = optionsFrom(await person.browser.script(page, `${SECURITY}/passkeys/options`, {}));
  const device = new Authenticator(ORIGIN);
  const made = await device.create(options);
  person.authenticator.credentials.push(...device.credentials);
  return person.browser.script(page, `${SECURITY}/passkeys`, made);
}

/** Another browser of the same person. */
async function elsewhere(person: Person, headers: Readonly<Record<string, string>> = {}): Promise<Person> {
  const other = new Person(world.site);
  other.authenticator.credentials.push(...person.authenticator.credentials);
  const page = await other.browser.open("/sign-in");
  const options = optionsFrom(await other.browser.script(page, "/sign-in/passkey/options", {}));
  const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
  const own = { Origin: ORIGIN, "X-CSRF": csrf, Accept: "application/json" };
  const json = await other.authenticator.use(options);
  await other.browser.request("POST", "/sign-in/passkey", { json, headers: { ...own, ...headers } });
  return other;
}

describe("passkeys", () => {
  it("are added, and each is called by the device it was made with until it is renamed", async () => {
    const ana = await somebody();
    expect((await addPasskey(ana)).body.location).toBe(`${SECURITY}?notice=passkeyAdded`);
    const page = await ana.browser.open(`${SECURITY}?notice=passkeyAdded`);
    expect(page.text).toContain("The passkey was added.");
    expect(page.text).toContain("You can sign in with 2 passkeys.");
    const [id = ""] = valuesOf(page.text, "id");
    const renamed = await ana.browser.submit(page, `${SECURITY}/passkeys/rename`, { id, name: " Blue  key " });
    expect(locationOf(renamed)).toBe(`${SECURITY}?notice=renamed`);
    expect((await ana.browser.open(SECURITY)).text).toContain("<bdi>Blue key</bdi>");
  });

  it("are not made twice on one device", async () => {
    const ana = await somebody();
    const page = await ana.browser.open(SECURITY);
    const { body } = await ana.browser.script(page, `${SECURITY}/passkeys/options`, {});
    const known = ana.authenticator.credentials.map(({ id }) => expect.objectContaining({ id }));
    expect(body.excludeCredentials).toEqual(known);
  });

  it("are removed, and then sign in no more; the last way in stays", async () => {
    const ana = await somebody();
    await addPasskey(ana);
    const page = await ana.browser.open(SECURITY);
    const first = ana.authenticator.credentials[0];
    const removed = await ana.browser.submit(page, `${SECURITY}/passkeys/remove`, { id: first?.id ?? "" });
    expect(locationOf(removed)).toBe(`${SECURITY}?notice=passkeyRemoved`);
    const second = ana.authenticator.credentials[1]?.id ?? "";
    const kept = await ana.browser.submit(page, `${SECURITY}/passkeys/remove`, { id: second });
    expect(locationOf(kept)).toBe(`${SECURITY}?error=lastWayIn`);
    expect((await ana.browser.open(`${SECURITY}?error=lastWayIn`)).text).toContain("the only way into your account");
    await ana.signOut();
    const signIn = await ana.browser.open("/sign-in");
    const options = optionsFrom(await ana.browser.script(signIn, "/sign-in/passkey/options", {}));
    const used = await ana.authenticator.use(options, {}, first);
    expect((await ana.browser.script(signIn, "/sign-in/passkey", used)).status).toBe(400);
    expect((await ana.signIn()).status).toBe(200);
  });

  it("stay one, however many removals come at once", async () => {
    const ana = await somebody();
    await addPasskey(ana);
    const page = await ana.browser.open(SECURITY);
    const removals = ana.authenticator.credentials.map(({ id }) =>
      ana.browser.submit(page, `${SECURITY}/passkeys/remove`, { id }),
    );
    await Promise.all(removals);
    expect((await ana.browser.open(SECURITY)).text).toContain("You can sign in with 1 passkey.");
  });

  it("are so many at most", async () => {
    const ana = await somebody();
    for (let made = 1; made < MAX_PROOFS_OF_A_KIND; made += 1) expect((await addPasskey(ana)).status).toBe(200);
    expect((await addPasskey(ana)).status).toBe(400);
  });

  it("are nobody else's to rename, to remove or to add to", async () => {
    const [ana, mallory] = [await somebody("Ana"), await somebody("Mallory")];
    await addPasskey(ana);
    await addPasskey(mallory);
    const [hers = ""] = ana.authenticator.credentials.map(({ id }) => id);
    const page = await mallory.browser.open(SECURITY);
    await mallory.browser.submit(page, `${SECURITY}/passkeys/rename`, { id: hers, name: "Mallory was here" });
    const removed = await mallory.browser.submit(page, `${SECURITY}/passkeys/remove`, { id: hers });
    expect(locationOf(removed)).toContain("error=");
    const after = await ana.browser.open(SECURITY);
    expect(after.text).toContain("2 passkeys");
    expect(after.text).not.toContain("Mallory was here");
  });

  it("are added by whoever was asked, and by nobody who signed in meanwhile", async () => {
    const [ana, mallory] = [await somebody("Ana"), await somebody("Mallory")];
    const page = await mallory.browser.open(SECURITY);
    const options = optionsFrom(await mallory.browser.script(page, `${SECURITY}/passkeys/options`, {}));
    const made = await new Authenticator(ORIGIN).create(options);
    const hers = await ana.browser.open(SECURITY);
    expect((await ana.browser.script(hers, `${SECURITY}/passkeys`, made)).status).toBe(400);
    // The same visit, but Ana's session: as if Mallory had put her cookies into one browser.
    mallory.browser.setCookie("__Host-session", ana.browser.cookie("__Host-session") ?? "");
    expect((await mallory.browser.script(page, `${SECURITY}/passkeys`, made)).status).toBe(400);
    expect((await ana.browser.open(SECURITY)).text).toContain("You can sign in with 1 passkey.");
  });
});

describe("sessions", () => {
  it("are listed with the device and the place, this one first", async () => {
    const ana = await somebody();
    const phone = "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36";
    await elsewhere(ana, { "User-Agent": phone });
    const { text } = await ana.browser.open(SECURITY);
    expect(text).toMatch(/This browser[\s\S]*Chrome[\s\S]*Android/);
  });

  it("end one by one", async () => {
    const ana = await somebody();
    const other = await elsewhere(ana);
    expect(await other.isIn()).toBe(true);
    const page = await ana.browser.open(SECURITY);
    const [session = ""] = valuesOf(page.text, "session");
    const ended = await ana.browser.submit(page, `${SECURITY}/sessions/end`, { session });
    expect(locationOf(ended)).toBe(`${SECURITY}?notice=sessionEnded`);
    expect([await other.isIn(), await ana.isIn()]).toEqual([false, true]);
  });

  it("end everywhere else at once", async () => {
    const ana = await somebody();
    const others = [await elsewhere(ana), await elsewhere(ana)];
    const confirm = await ana.browser.open(`${SECURITY}/sessions/end-all`);
    const ended = await ana.browser.submit(confirm, `${SECURITY}/sessions/end-all`);
    expect(locationOf(ended)).toBe(`${SECURITY}?notice=allEnded`);
    for (const other of others) expect(await other.isIn()).toBe(false);
    expect(await ana.isIn()).toBe(true);
  });

  it("end everywhere, here as well, and need no fresh sign-in for that", async () => {
    const ana = await somebody();
    const other = await elsewhere(ana);
    later(STEP_UP_SECONDS + 1);
    const confirm = await ana.browser.open(`${SECURITY}/sessions/end-everywhere`);
    expect(confirm.text).toContain("Sign out everywhere?");
    const secret = ana.browser.cookie("__Host-session") ?? "";
    const ended = await ana.browser.submit(confirm, `${SECURITY}/sessions/end-everywhere`);
    expect(locationOf(ended)).toBe("/sign-in?notice=signedOutEverywhere");
    expect((await ana.browser.open(locationOf(ended))).text).toContain("You are signed out everywhere.");
    expect([await other.isIn(), await ana.isIn()]).toEqual([false, false]);
    ana.browser.setCookie("__Host-session", secret);
    expect(await ana.isIn()).toBe(false);
  });

  it("are nobody else's to end", async () => {
    const [ana, mallory] = [await somebody("Ana"), await somebody("Mallory")];
    const other = await elsewhere(ana);
    await elsewhere(mallory);
    const hers = valuesOf((await ana.browser.open(SECURITY)).text, "session")[0] ?? "";
    const page = await mallory.browser.open(SECURITY);
    await mallory.browser.submit(page, `${SECURITY}/sessions/end`, { session: hers });
    expect(await other.isIn()).toBe(true);
  });
});

describe("what changes who can be somebody", () => {
  const changes = [
    ["/passkeys/rename", { id: "x", name: "y" }],
    ["/passkeys/remove", { id: "x" }],
    ["/sessions/end-all", {}],
    ["/recovery-codes", {}],
  ] as const;

  it.each(changes)("asks for a fresh sign-in: %s", async (path, fields) => {
    const ana = await somebody();
    const page = await ana.browser.open(path.startsWith("/passkeys") ? SECURITY : SECURITY + path);
    later(STEP_UP_SECONDS + 1);
    const csrf = valuesOf(page.text, "csrf")[0] ?? "";
    const headers = { Origin: ORIGIN };
    const answer = await ana.browser.request("POST", SECURITY + path, { form: { ...fields, csrf }, headers });
    expect(answer.status).toBe(303);
    const signIn = locationOf(answer).replace(world.site.issuer, "");
    expect(signIn).toMatch(/^\/sign-in\?continue=/);
    expect((await ana.browser.open(signIn)).text).toContain("Please show once more that it is you");
    expect((await ana.signIn(signIn)).body.location).toMatch(/^\/account\/security/);
  });

  it("asks a script for it as well", async () => {
    const ana = await somebody();
    const page = await ana.browser.open(SECURITY);
    later(STEP_UP_SECONDS + 1);
    const answer = await ana.browser.script(page, `${SECURITY}/passkeys/options`, {});
    expect(locationOf(answer)).toMatch(/\/sign-in\?continue=/);
    expect(answer.body).not.toHaveProperty("challenge");
  });

  it("asks for it where codes and sessions are confirmed, and comes back there", async () => {
    const ana = await somebody();
    later(STEP_UP_SECONDS + 1);
    for (const path of ["/sessions/end-all", "/recovery-codes"]) {
      const signIn = locationOf(await ana.browser.open(SECURITY + path)).replace(world.site.issuer, "");
      expect((await ana.signIn(signIn)).body.location).toBe(SECURITY + path);
      later(STEP_UP_SECONDS + 1);
    }
  });

  it("leads on from new codes to where they were asked for", async () => {
    const ana = await somebody();
    const path = `${SECURITY}/recovery-codes`;
    const made = await ana.browser.submit(await ana.browser.open(path), path, {});
    expect((await ana.browser.open(locationOf(made))).text).toContain(`href="${SECURITY}"`);
  });

  it("is open to look at without", async () => {
    const ana = await somebody();
    later(STEP_UP_SECONDS + 1);
    expect((await ana.browser.open(SECURITY)).status).toBe(200);
  });
});

describe("pages of an account", () => {
  it.each([
    "/account",
    SECURITY,
    `${SECURITY}/recovery-codes`,
    `${SECURITY}/recovery-codes/new`,
    `${SECURITY}/sessions/end-all`,
    `${SECURITY}/sessions/end-everywhere`,
  ])("are shown to nobody who is not signed in: %s", async (path) => {
    const answer = await new Person(world.site).browser.open(path);
    expect(answer.status).toBe(303);
    expect(locationOf(answer)).toMatch(/\/sign-in\?continue=/);
  });

  it.each([
    ["/account/name", { name: "Mallory" }],
    [`${SECURITY}/passkeys/remove`, { id: "x" }],
    [`${SECURITY}/sessions/end-all`, {}],
    [`${SECURITY}/sessions/end-everywhere`, {}],
    [`${SECURITY}/recovery-codes`, {}],
  ])("take nothing from another site: %s", async (path, form) => {
    const ana = await somebody();
    for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }, {}]) {
      expect((await ana.browser.request("POST", path, { form, headers })).status).toBe(403);
    }
    expect((await ana.browser.open("/account")).text).not.toContain("Mallory");
  });

  it("change what somebody is called", async () => {
    const ana = await somebody();
    const rename = async (name: string) =>
      ana.browser.submit(await ana.browser.open("/account"), "/account/name", { name });
    expect(locationOf(await rename("  Ana   <b>María</b> "))).toBe("/account?saved=1");
    expect((await ana.browser.open("/account?saved=1")).text).toContain("Ana &lt;b&gt;María&lt;/b&gt;");
    expect(locationOf(await rename("x".repeat(101)))).toBe("/account?error=nameTooLong");
    expect((await ana.browser.open("/account?error=nameTooLong")).text).toContain("Use a shorter name.");
    await rename("  ");
    expect((await ana.browser.open("/account")).text).toContain("You have not said yet");
  });

  it("say only sentences of ours, whatever a link asks for", async () => {
    const ana = await somebody();
    for (const odd of ["toString", "__proto__", "constructor", "<script>", "x".repeat(2_000)]) {
      const page = await ana.browser.open(
        `${SECURITY}?notice=${encodeURIComponent(odd)}&error=${encodeURIComponent(odd)}`,
      );
      expect(page.status).toBe(200);
      expect(page.text).not.toMatch(/class="notice (good|danger)"/);
    }
  });

  it("end with the session", async () => {
    const ana = await somebody();
    later(8 * 24 * 3_600);
    expect(await ana.isIn()).toBe(false);
  });

  it("show new codes once", async () => {
    const ana = await somebody();
    const confirm = await ana.browser.open(`${SECURITY}/recovery-codes`);
    const made = locationOf(await ana.browser.submit(confirm, `${SECURITY}/recovery-codes`));
    expect(codesOf(await ana.browser.open(made))).toHaveLength(10);
    expect(codesOf(await ana.browser.open(made))).toHaveLength(0);
  });
});
