import { describe, expect, it } from "vitest";
import { MAX_FAILURES_PER_SOURCE } from "../../../src/shared/limits.ts";
import { codesOf, freshAddress, locationOf, Person } from "../../support/server/person.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

const world = localWorld();

/** Somebody with an account and ten codes, who has lost the passkey. */
async function somebodyLocked() {
  const ana = new Person(world.site);
  const codes = codesOf(await ana.signUp());
  return { ana, codes, elsewhere: new Person(world.site) };
}

async function enter(person: Person, code: string, path = "/sign-in/recovery") {
  const page = await person.browser.open(path);
  return person.browser.submit(page, "/sign-in/recovery", { code });
}

describe("a recovery code", () => {
  it("signs in once, and then says how many are left and to add a passkey", async () => {
    const { codes, elsewhere } = await somebodyLocked();
    const [code = ""] = codes;
    const answer = await enter(elsewhere, code);
    expect([answer.status, locationOf(answer)]).toEqual([303, "/account/security?notice=recovered"]);
    const page = await elsewhere.browser.open(locationOf(answer));
    expect(page.text).toContain("that code is used up");
    expect(page.text).toContain("9 are left.");
    expect(page.text).toContain("Add a passkey");
    await elsewhere.signOut();
    const again = await enter(elsewhere, code);
    expect(again.status).toBe(400);
    expect(again.text).toContain("This code does not work.");
  });

  it("lets a passkey be added, which signs in from then on", async () => {
    const { codes, elsewhere } = await somebodyLocked();
    await enter(elsewhere, codes[0] ?? "");
    const page = await elsewhere.browser.open("/account/security");
    const added = await elsewhere.makePasskey(page, "/account/security/passkeys");
    expect(added.body).toEqual({ location: "/account/security?notice=passkeyAdded" });
    await elsewhere.signOut();
    expect((await elsewhere.signIn()).status).toBe(200);
  });

  it("is read in whatever case and spacing it is typed", async () => {
    const { codes } = await somebodyLocked();
    const [lower = "", spaced = "", plain = ""] = codes;
    const typed = [lower.toLowerCase(), ` ${spaced.replaceAll("-", "  ")} `, plain.replaceAll("-", "")];
    for (const code of typed) expect((await enter(new Person(world.site), code)).status, code).toBe(303);
  });

  it("goes on to where somebody was sent from", async () => {
    const { codes, elsewhere } = await somebodyLocked();
    const sent = locationOf(await elsewhere.browser.open("/account/security/recovery-codes"));
    const path = sent.replace(world.site.issuer, "").replace("/sign-in", "/sign-in/recovery");
    expect(locationOf(await enter(elsewhere, codes[0] ?? "", path))).toBe("/account/security/recovery-codes");
  });

  it("lets in one of many who use it at once", async () => {
    const { codes } = await somebodyLocked();
    const many = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const person = new Person(world.site);
        return { person, page: await person.browser.open("/sign-in/recovery") };
      }),
    );
    const code = codes[0] ?? "";
    const tries = many.map(({ person, page }) => person.browser.submit(page, "/sign-in/recovery", { code }));
    expect((await Promise.all(tries)).filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it("is worth nothing once new ones were made", async () => {
    const { ana, codes, elsewhere } = await somebodyLocked();
    const confirm = await ana.browser.open("/account/security/recovery-codes");
    expect(confirm.text).toContain("Those you have now stop working.");
    const made = await ana.browser.submit(confirm, "/account/security/recovery-codes");
    const fresh = codesOf(await ana.browser.open(locationOf(made)));
    expect(fresh).toHaveLength(10);
    expect((await enter(elsewhere, codes[1] ?? "")).status).toBe(400);
    expect((await enter(elsewhere, fresh[1] ?? "")).status).toBe(303);
  });

  it("is kept nowhere as it is", async () => {
    const { codes } = await somebodyLocked();
    const stored = await storedContent();
    for (const code of codes) {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll("-", ""));
    }
  });

  it.each(["", "  ", "x", "é".repeat(50), "<script>", "A".repeat(4_000), "0".repeat(20)])("is not %j", async (code) => {
    const answer = await enter(new Person(world.site), code);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("code");
  });

  it("is not taken from another site", async () => {
    const { codes, elsewhere } = await somebodyLocked();
    await elsewhere.browser.open("/sign-in/recovery");
    const form = { code: codes[0] ?? "" };
    for (const headers of [{ Origin: "https://evil.example" }, { Origin: new URL(world.site.issuer).origin }]) {
      expect((await elsewhere.browser.request("POST", "/sign-in/recovery", { form, headers })).status).toBe(403);
    }
    expect((await enter(elsewhere, form.code)).status).toBe(303);
  });
});

describe("guessing at recovery codes", () => {
  it("is slowed where it comes from, and holds nobody up elsewhere", async () => {
    const { codes, elsewhere } = await somebodyLocked();
    const guesser = new Person(world.site, freshAddress());
    const page = await guesser.browser.open("/sign-in/recovery");
    const guess = (code: string) => guesser.browser.submit(page, "/sign-in/recovery", { code });
    for (let made = 1; made < MAX_FAILURES_PER_SOURCE; made += 1) {
      expect((await guess("BCDF-GHJK-LMNP-QRST-VWXZ")).status).toBe(400);
    }
    const slowed = await guess("BCDF-GHJK-LMNP-QRST-VWXZ");
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(slowed.text).toContain("Nobody is locked out.");
    // Not even the right one passes from there, and it is not spent by that.
    expect((await guess(codes[0] ?? "")).status).toBe(429);
    expect((await enter(elsewhere, codes[0] ?? "")).status).toBe(303);
  });

  it("holds up no passkey, not even where it comes from", async () => {
    const guesser = new Person(world.site, freshAddress());
    await guesser.signUp();
    await guesser.signOut();
    const page = await guesser.browser.open("/sign-in/recovery");
    const code = "BCDF-GHJK-LMNP-QRST-VWXZ";
    for (let made = 0; made < MAX_FAILURES_PER_SOURCE; made += 1) {
      await guesser.browser.submit(page, "/sign-in/recovery", { code });
    }
    expect((await guesser.browser.submit(page, "/sign-in/recovery", { code })).status).toBe(429);
    expect((await guesser.signIn()).status).toBe(200);
  });
});
