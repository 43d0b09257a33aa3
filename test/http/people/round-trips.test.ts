import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { EmailPerson } from "../../support/server/letters.ts";
import { optionsFrom, Person } from "../../support/server/person.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { addressProof, givenPerson } from "../../support/workerd/people.ts";

const world = localWorld();
const ana = new Person(world.site);

beforeAll(async () => {
  // The time stands, so that no lease ends meanwhile.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  await ana.signUp();
  // The keys of the isolate, and the lease of what people can sign in with.
  await ana.browser.open("/account/security");
});

afterAll(() => void vi.useRealTimers());

/** Blocking hops to storage (docs/design.md, "Round trips on the hot paths"). */
describe("a page costs", () => {
  it("nothing for whoever is not signed in", async () => {
    const stranger = new Person(world.site);
    for (const path of ["/sign-in", "/sign-up", "/sign-in/recovery", "/account"]) {
      expect(await countHops(() => stranger.browser.open(path)), path).toEqual([]);
    }
  });

  it("nothing to ask for a passkey", async () => {
    const stranger = new Person(world.site);
    const page = await stranger.browser.open("/sign-in");
    expect(await countHops(() => stranger.browser.script(page, "/sign-in/passkey/options", {}))).toEqual([]);
  });

  it("one look at storage for whoever is", async () => {
    for (const path of ["/account", "/account/security", "/account/security/recovery-codes"]) {
      expect(await countHops(() => ana.browser.open(path)), path).toEqual(["d1"]);
    }
  });
});

describe("signing in costs", () => {
  it("by e-mail the counters of the source, the letter box and all, and then the account and the session", async () => {
    const ben = new EmailPerson(world.site);
    await givenPerson(addressProof(ben.address));
    const form = await ben.open("/sign-in/email");
    const sending = await countHops(() => ben.submit(form, "/sign-in/email", { address: ben.address }));
    expect(sending).toEqual(["pacer", "email-code", "pacer"]);
    vi.setSystemTime(Date.now() + 60_000);
    const page = await ben.askForCode();
    const code = await ben.newestCode();
    expect(await countHops(() => ben.enter(page, code))).toEqual(["email-code", "d1", "d1"]);
  });

  it("the passkey, its challenge, its use and the session", async () => {
    const page = await ana.browser.open("/account");
    const options = optionsFrom(await ana.browser.script(page, "/sign-in/passkey/options", {}));
    const used = await ana.authenticator.use(options);
    const hops = await countHops(() => ana.browser.script(page, "/sign-in/passkey", used));
    expect(hops).toEqual(["d1", "replay-guard", "d1", "d1"]);
  });
});
