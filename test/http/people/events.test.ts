import { beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../support/server/http-site.ts";
import { codesOf, locationOf, Person } from "../../support/server/person.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { writeStories } from "../../support/workerd/write-stories.ts";

const world = localWorld();
beforeEach(() => writeStories(world));

/** What the operator can read of the request that was answered so. */
async function eventsOf({ headers }: Answer): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { body } = await world.admin("GET", `/requests/${headers.get("x-request-id")}`);
  const [request] = (body.items ?? []) as readonly { readonly events: readonly Readonly<Record<string, unknown>>[] }[];
  return request?.events ?? [];
}

const somebody = async () => {
  const ana = new Person(world.site);
  const codes = codesOf(await ana.signUp("Ana"));
  return { ana, codes };
};

describe("the operator is told", () => {
  it("of a new account, by its id and by no name", async () => {
    const ana = new Person(world.site);
    const page = await ana.browser.open("/sign-up");
    const told = await eventsOf(await ana.makePasskey(page, "/sign-up/passkey", { name: "Ana María" }));
    expect(told.map(({ event }) => event)).toEqual(["account_created", "signed_in", "way_in_changed"]);
    expect(JSON.stringify(told)).not.toContain("Ana María");
  });

  it("how somebody signed in, and of passkeys that may have been copied", async () => {
    const { ana } = await somebody();
    await ana.signOut();
    expect(await eventsOf(await ana.signIn())).toMatchObject([{ event: "signed_in", method: "passkey" }]);
    await ana.signOut();
    const copied = await eventsOf(await ana.signIn("/sign-in", { signCount: 1 }));
    expect(copied).toMatchObject([{ event: "passkey_copied" }, { event: "refused", reason: "passkey_copied" }]);
  });

  it("of a recovery code that was used, and not which", async () => {
    const { codes } = await somebody();
    const other = new Person(world.site);
    const page = await other.browser.open("/sign-in/recovery");
    const told = await eventsOf(await other.browser.submit(page, "/sign-in/recovery", { code: codes[0] ?? "" }));
    expect(told).toMatchObject([{ event: "signed_in", method: "recovery_code" }]);
    expect(JSON.stringify(told)).not.toContain(codes[0]);
  });

  it("of new codes and of sessions that were ended", async () => {
    const { ana } = await somebody();
    const confirm = await ana.browser.open("/account/security/recovery-codes");
    const made = await ana.browser.submit(confirm, "/account/security/recovery-codes");
    expect(locationOf(made)).toContain("/new?at=");
    expect(await eventsOf(made)).toMatchObject([{ event: "way_in_changed", change: "recovery_codes_made" }]);
    const endAll = await ana.browser.open("/account/security/sessions/end-all");
    const ended = await ana.browser.submit(endAll, "/account/security/sessions/end-all");
    expect(await eventsOf(ended)).toMatchObject([{ event: "sessions_ended", which: "others" }]);
    expect(await eventsOf(await ana.signOut())).toMatchObject([{ event: "sessions_ended", which: "this" }]);
    await ana.signIn();
    const everywhere = await ana.browser.open("/account/security/sessions/end-everywhere");
    const over = await ana.browser.submit(everywhere, "/account/security/sessions/end-everywhere");
    expect(await eventsOf(over)).toMatchObject([{ event: "sessions_ended", which: "all" }]);
  });
});
