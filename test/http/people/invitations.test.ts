import { afterEach, describe, expect, it, vi } from "vitest";
import { BrowserLike } from "../../support/server/browser-like.ts";
import { acceptInvitation, newPerson, Organization } from "../../support/server/organization.ts";
import { locationOf } from "../../support/server/person.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { countHops } from "../../support/workerd/hops.ts";

/** A server that sends no letters, so that its pages show the links. */
const world = configuredWorld({ ISSUER: "https://usher.example" });
const DAY_MILLISECONDS = 86_400_000;
const stranger = (headers = {}) => new BrowserLike(world.site, headers);
const codeOf = (link: string) => new URL(link).searchParams.get("code") ?? "";

afterEach(() => {
  vi.useRealTimers();
});

describe("whoever opens an invitation", () => {
  it("reads who invites them to what, and the secret is gone from the address", async () => {
    const clinic = await Organization.found(world, "Lakeside Clinic");
    const link = await clinic.invite({ role: "assistant" });
    const browser = stranger();
    const first = await browser.open(link);
    expect(first.status).toBe(303);
    expect(first.headers.get("referrer-policy")).toBe("no-referrer");
    expect(locationOf(first)).toBe("/invitations");
    expect(first.headers.getSetCookie().join()).toMatch(/__Host-invitation=[\w-]{43};.*HttpOnly; Secure; SameSite=Lax/);
    const page = await browser.open("/invitations");
    expect(page.status).toBe(200);
    expect(page.text).toContain("Lakeside Clinic");
    expect(page.text).toContain("Those who run this service invited you.");
    expect(page.text).toContain("Inviting others is left to others.");
    expect(page.text).not.toContain(codeOf(link));
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
  });

  it("reads who it was that invites, and until when", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana María");
    const form = { address: "ben@example.com", role: "administrator", ends_on: "2099-06-30" };
    const given = await ana.browser.submit(
      await ana.browser.open(clinic.page),
      `/account/administrators/invite?owner=${clinic.id}`,
      form,
    );
    const link = (await ana.browser.open(locationOf(given))).text.match(/https:[^<]*code=[\w-]{43}/)?.[0] ?? "";
    const { text } = await stranger().follow(link);
    expect(text).toContain("Ana María");
    expect(text).toContain("30 June 2099");
  });

  it("signs in or makes an account first, comes back, and is let in", async () => {
    const clinic = await Organization.found(world);
    const link = await clinic.invite();
    const ben = await newPerson(world, "Ben");
    await ben.signOut();
    const sent = await acceptInvitation(ben.browser, link);
    expect(locationOf(sent)).toMatch(/^https:\/\/usher\.example\/sign-in\?continue=/);
    expect(await clinic.administrators()).toEqual([]);
    expect(locationOf(await ben.signIn(locationOf(sent).slice(world.site.issuer.length)))).toBe("/invitations");
    const page = await ben.browser.open("/invitations");
    const accepted = await ben.browser.submit(page, "/invitations", { decision: "accept" });
    expect(locationOf(accepted)).toBe(`${clinic.page}&notice=accepted`);
    expect((await ben.browser.open(locationOf(accepted))).text).toContain("From now on you act for this organisation.");
    expect(await clinic.administrators()).toHaveLength(1);
    expect(ben.browser.cookie("__Host-invitation")).toBeUndefined();
  });

  it("takes another account where somebody else is signed in", async () => {
    const clinic = await Organization.found(world);
    const ben = await newPerson(world, "Ben");
    const page = await ben.browser.follow(await clinic.invite());
    // A sign-in of this very second would do.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1_000 });
    const sent = await ben.browser.submit(page, "/invitations", { decision: "switch" });
    expect(locationOf(sent)).toMatch(/\/sign-in\?continue=/);
    expect(locationOf(await ben.signIn(locationOf(sent).slice(world.site.issuer.length)))).toBe("/invitations");
    expect((await ben.browser.open("/invitations")).text).toContain("You accept as");
    expect(await clinic.administrators()).toEqual([]);
  });

  it("leaves it to nobody who comes to the browser after they signed out", async () => {
    const clinic = await Organization.found(world);
    const ana = await newPerson(world, "Ana");
    await ana.browser.follow(await clinic.invite());
    await ana.signOut();
    const answer = await ana.browser.open("/invitations");
    expect([answer.status, ana.browser.cookie("__Host-invitation")]).toEqual([404, undefined]);
  });

  it("declines without an account, and the link is worth nothing from then on", async () => {
    const clinic = await Organization.found(world);
    const link = await clinic.invite();
    const browser = stranger();
    const page = await browser.follow(link);
    const declined = await browser.submit(page, "/invitations", { decision: "decline" });
    expect((await browser.open(locationOf(declined))).text).toContain("You declined the invitation.");
    expect((await stranger().follow(link)).status).toBe(404);
    expect((await clinic.changes()).map(({ what }) => what)).toEqual(["invited", "invitation_declined"]);
  });

  it("is told where they act already, and keeps what is wider and longer", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const page = await ana.browser.follow(await clinic.invite({ role: "assistant" }));
    expect(page.text).toContain("You act for it already.");
    await ana.browser.submit(page, "/invitations", { decision: "accept" });
    const { body } = await world.admin("GET", `/owners/${clinic.id}/administrators`);
    expect(body.items).toMatchObject([{ role: "administrator", ends_at: null }]);
  });
});

describe("a link", () => {
  it("lets one of two people in who accept at once, and the other reads that it is no longer open", async () => {
    const clinic = await Organization.found(world);
    const link = await clinic.invite();
    const people = await Promise.all(["Ana", "Ben", "Cleo"].map((name) => newPerson(world, name)));
    const pages = await Promise.all(people.map(({ browser }) => browser.follow(link)));
    const answers = await Promise.all(
      people.map(({ browser }, index) => {
        const page = pages[index];
        if (page === undefined) throw new Error("no page");
        return browser.submit(page, "/invitations", { decision: "accept" });
      }),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404, 404]);
    expect(answers.find(({ status }) => status === 404)?.text).toContain("This invitation is no longer open.");
    expect(await clinic.administrators()).toHaveLength(1);
  });

  it("takes a double click for one", async () => {
    const clinic = await Organization.found(world);
    const link = await clinic.invite();
    const ana = await newPerson(world, "Ana");
    const page = await ana.browser.follow(link);
    const click = () => ana.browser.submit(page, "/invitations", { decision: "accept" });
    const answers = await Promise.all([click(), click()]);
    expect(answers.map(locationOf)).toEqual([`${clinic.page}&notice=accepted`, `${clinic.page}&notice=accepted`]);
    expect((await clinic.changes()).filter(({ what }) => what === "added")).toHaveLength(1);
  });

  it.each([
    ["used", async (_: Organization, link: string) => acceptInvitation((await newPerson(world, "Ana")).browser, link)],
    [
      "taken back",
      async (clinic: Organization) => {
        const { body } = await world.admin("GET", `/owners/${clinic.id}/invitations`);
        await world.admin("DELETE", `/owners/${clinic.id}/invitations/${body.items?.[0]?.invitation_id}`);
      },
    ],
    ["expired", async () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 7 * DAY_MILLISECONDS })],
  ])("that was %s opens a page that says what to do, and lets nobody in", async (_, happen) => {
    const clinic = await Organization.found(world);
    const link = await clinic.invite();
    const browser = stranger();
    const page = await browser.follow(link);
    await happen(clinic, link);
    for (const answer of [
      await browser.open("/invitations"),
      await browser.submit(page, "/invitations", { decision: "decline" }),
    ]) {
      expect(answer.status).toBe(404);
      expect(answer.text).toContain("Ask whoever invited you for a new one.");
    }
  });

  it("is void once whoever gave it no longer acts for the organisation", async () => {
    const clinic = await Organization.found(world);
    const [ana, ben] = [
      await clinic.member("Ana"),
      await clinic.member("Ben", { ends_at: Math.floor(Date.now() / 1_000) + 300 }),
    ];
    const form = { address: "cleo@example.com", role: "administrator" };
    const given = await ben.browser.submit(
      await ben.browser.open(clinic.page),
      `/account/administrators/invite?owner=${clinic.id}`,
      form,
    );
    const link = (await ben.browser.open(locationOf(given))).text.match(/https:[^<]*code=[\w-]{43}/)?.[0] ?? "";
    const cleo = await newPerson(world, "Cleo");
    const page = await cleo.browser.follow(link);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
    const refused = await cleo.browser.submit(page, "/invitations", { decision: "accept" });
    expect(refused.status).toBe(404);
    expect(refused.text).toContain("This invitation is no longer open.");
    expect(await clinic.administrators()).toHaveLength(1);
    expect(await ana.isIn()).toBe(true);
  });

  it("answers only what was shown: another one in a second tab is not accepted by the first", async () => {
    const [clinic, other] = [await Organization.found(world), await Organization.found(world, "Hill Clinic")];
    const ana = await newPerson(world, "Ana");
    const page = await ana.browser.follow(await clinic.invite());
    await ana.browser.follow(await other.invite());
    const refused = await ana.browser.submit(page, "/invitations", { decision: "accept" });
    expect(refused.status).toBe(404);
    expect(refused.text).toContain("Open the link of the invitation once more.");
    expect([await clinic.administrators(), await other.administrators()]).toEqual([[], []]);
  });

  it("is answered from our own page in the same browser only", async () => {
    const clinic = await Organization.found(world);
    const ana = await newPerson(world, "Ana");
    const page = await ana.browser.follow(await clinic.invite());
    const [, csrf = ""] = page.text.match(/name="csrf" value="([^"]*)"/) ?? [];
    const [, invitation = ""] = page.text.match(/name="invitation" value="([^"]*)"/) ?? [];
    const fields = { decision: "accept", invitation, owner: clinic.id };
    for (const [form, origin] of [
      [{ ...fields, csrf }, "https://evil.example"],
      [{ ...fields, csrf }, "null"],
      [fields, "https://usher.example"],
      [{ ...fields, csrf: "guess" }, "https://usher.example"],
    ] as const)
      expect((await ana.browser.request("POST", "/invitations", { form, headers: { Origin: origin } })).status).toBe(
        403,
      );
    expect(await clinic.administrators()).toEqual([]);
  });

  it.each([
    [{ decision: "perhaps" }, 400],
    [{ decision: "" }, 400],
    [{ decision: "accept", invitation: "" }, 400],
    [{ decision: "accept", invitation: "another" }, 404],
    [{ decision: "accept", owner: "x".repeat(70_000) }, 413],
  ])("is not answered by %j", async (fields, status) => {
    const clinic = await Organization.found(world);
    const ana = await newPerson(world, "Ana");
    const page = await ana.browser.follow(await clinic.invite());
    expect((await ana.browser.submit(page, "/invitations", fields)).status).toBe(status);
    expect(await clinic.administrators()).toEqual([]);
  });

  it.each(["PUT", "DELETE", "PATCH"])("takes no %s", async (method) => {
    const { status, headers } = await stranger().request(method, "/invitations", {});
    expect([status, headers.get("allow")]).toEqual([405, "GET, POST"]);
  });
});

describe("guessing", () => {
  it("is counted, and keeps its source out for a while, with the right link too, and nobody else", async () => {
    const clinic = await Organization.found(world);
    const link = await clinic.invite();
    const here = { "CF-Connecting-IP": "198.51.100.77" };
    const guess = async () => {
      const browser = stranger(here);
      browser.setCookie("__Host-invitation", "A".repeat(43));
      return (await browser.open("/invitations")).status;
    };
    expect(await guess()).toBe(404);
    const guesses = await Promise.all(Array.from({ length: 70 }, guess));
    for (const status of guesses) expect([404, 429]).toContain(status);
    const right = await stranger(here).follow(link);
    expect(right.status).toBe(429);
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await stranger({ "CF-Connecting-IP": "198.51.100.78" }).follow(link)).status).toBe(200);
  });

  it.each(["", "short", "A".repeat(44), `${"A".repeat(42)};`, "Ä".repeat(43), "x".repeat(5_000)])(
    "at what cannot be a link costs storage nothing: %j",
    async (code) => {
      const browser = stranger({ "CF-Connecting-IP": "198.51.100.79" });
      let status = 0;
      const hops = await countHops(async () => {
        status = (await browser.open(`/invitations?code=${encodeURIComponent(code)}`)).status;
      });
      expect([status, hops]).toEqual([404, []]);
      expect(browser.cookie("__Host-invitation")).toBeUndefined();
    },
  );

  it("without any link ends on a page that says what to do", async () => {
    const answer = await stranger().open("/invitations");
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("Open the link of the invitation once more.");
  });
});

it("the page of an invitation is one round trip, signed in or not", async () => {
  const clinic = await Organization.found(world);
  const link = await clinic.invite();
  const ana = await newPerson(world, "Ana");
  for (const browser of [stranger(), ana.browser]) {
    await browser.follow(link);
    expect(await countHops(() => browser.open("/invitations"))).toEqual(["d1"]);
  }
});
