import { afterEach, describe, expect, it, vi } from "vitest";
import { OwnerLedgerObject } from "../../../src/ledger/object.ts";
import { MAX_INVITATION_LETTERS_PER_HOUR, MAX_INVITATIONS } from "../../../src/shared/limits.ts";
import { CodeApp } from "../../support/server/code-app.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { acceptInvitation, newPerson, Organization } from "../../support/server/organization.ts";
import { locationOf, type Person } from "../../support/server/person.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

/** A server that sends no letters, so that its pages show the links. */
const world = configuredWorld({ ISSUER: "https://usher.example" });
const HERE = "/account/administrators";
const BEN = { address: "ben@example.com", role: "administrator" };

afterEach(() => {
  vi.useRealTimers();
});

const look = (person: Person, clinic: Organization) => person.browser.open(clinic.page);
const invite = (person: Person, page: Answer, fields: Readonly<Record<string, string>> = BEN) =>
  person.browser.submit(page, actionOf(page, "invite"), fields);
/** Where a form of this page is sent to. */
const actionOf = ({ text }: Answer, form: string) =>
  text.match(new RegExp(`action="(${HERE}/${form}\\?owner=[\\w-]+)"`))?.[1] ?? "";
const linkIn = ({ text }: Answer) => text.match(/https:[^<]*code=[\w-]{43}/)?.[0] ?? null;
/** A form of our own page that this page does not show. */
const send = (
  person: Person,
  page: Answer,
  action: string,
  { owner = "", ...fields }: Readonly<Record<string, string>>,
) => {
  const [, csrf = ""] = page.text.match(/name="csrf" value="([^"]*)"/) ?? [];
  const headers = { Origin: "https://usher.example" };
  return person.browser.request("POST", `${HERE}/${action}?owner=${owner}`, { form: { csrf, ...fields }, headers });
};
/** The id of an account, as the organisation's page names it in its forms. */
async function idOf(clinic: Organization, index: number): Promise<string> {
  return (await clinic.administrators())[index] ?? "";
}

describe("the page about those who act for an owner", () => {
  it("is for those who are signed in, who come back to it", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    await ana.signOut();
    const sent = await look(ana, clinic);
    expect(sent.status).toBe(303);
    const path = locationOf(sent).slice(world.site.issuer.length);
    expect(locationOf(await ana.signIn(path))).toBe(clinic.page);
  });

  it("says that nobody else acts for what is one's own, and asks for nobody", async () => {
    const ana = await newPerson(world, "Ana");
    const page = await ana.browser.open(HERE);
    expect(page.text).toContain("Nobody but you acts for you.");
    expect(page.text).not.toContain(`action="${HERE}/invite`);
    expect(page.text).not.toContain(`action="${HERE}/end`);
  });

  it("says who acts for an organisation, for whom else one acts, and for whom this is", async () => {
    const clinic = await Organization.found(world, "Lakeside Clinic");
    const [ana] = [await clinic.member("Ana"), await clinic.member("Ben", { role: "assistant" })];
    const { text } = await look(ana, clinic);
    expect(text.replaceAll(/<[^>]*>|[\u2066-\u2069]/g, "")).toContain("2 people act for Lakeside Clinic.");
    expect(text).toContain("Ben");
    expect(text).toContain("May do everything but invite others");
    expect(text).toMatch(/aria-current="page"[^>]*><bdi>Lakeside Clinic/);
    expect(text).toContain("Yourself");
  });

  it("is one round trip", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    expect(await countHops(() => look(ana, clinic))).toEqual(["d1"]);
  });

  it.each(["nothing", "x".repeat(22), "x".repeat(3_000), "../../admin", ""])("is not there for %j", async (owner) => {
    const ana = await newPerson(world, "Ana");
    const answer = await ana.browser.open(`${HERE}?owner=${encodeURIComponent(owner)}`);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("You do not act for this organisation.");
  });
});

describe("an administrator", () => {
  it("invites somebody by a link that is shown once, and who is then let in", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const given = await invite(ana, await look(ana, clinic), { ...BEN, role: "assistant", ends_on: "2099-12-31" });
    expect(given.status).toBe(303);
    expect(locationOf(given)).not.toContain("code");
    const shown = await ana.browser.open(locationOf(given));
    const link = linkIn(shown);
    expect(shown.text).toContain("ben@example.com");
    expect(linkIn(await look(ana, clinic))).toBeNull();
    const ben = await newPerson(world, "Ben");
    await acceptInvitation(ben.browser, link ?? "");
    const { body } = await world.admin("GET", `/owners/${clinic.id}/administrators`);
    const endsAt = Date.parse("2099-12-31T23:59:59Z") / 1_000;
    expect(body.items).toContainEqual(expect.objectContaining({ role: "assistant", ends_at: endsAt }));
    expect((await look(ana, clinic)).text).not.toContain("ben@example.com");
  });

  it("leaves no link to whoever is at the browser next", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const page = await look(ana, clinic);
    await invite(ana, page);
    await ana.browser.submit(page, "/sign-out");
    await ana.signUp("Ben");
    expect(linkIn(await ana.browser.open(HERE))).toBeNull();
  });

  it("gives no right that lasts beyond their own", async () => {
    const clinic = await Organization.found(world);
    const endsAt = Math.floor(Date.now() / 1_000) + 86_400;
    const ana = await clinic.member("Ana", { ends_at: endsAt });
    await invite(ana, await look(ana, clinic));
    const { body } = await world.admin("GET", `/owners/${clinic.id}/invitations`);
    expect(body.items).toMatchObject([{ ends_at: endsAt, invited_by: await idOf(clinic, 0) }]);
  });

  it.each([
    ["no address", { ...BEN, address: "" }, "Enter an email address"],
    ["what is no address", { ...BEN, address: "ben" }, "Enter an email address"],
    ["a day that is over", { ...BEN, ends_on: "2020-01-01" }, "Enter a day that is still to come."],
    ["a day that there is not", { ...BEN, ends_on: "2099-02-30" }, "Enter a day that is still to come."],
  ])("who fills in %s is told so, and keeps the rest", async (_, fields, message) => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const answer = await invite(ana, await look(ana, clinic), fields);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(message);
    expect(answer.text).toContain(`value="${fields.address}"`);
    expect((await world.admin("GET", `/owners/${clinic.id}/invitations`)).body.items).toEqual([]);
  });

  it.each([
    [{ ...BEN, role: "owner" }, 400],
    [{ ...BEN, role: "" }, 400],
    [{ ...BEN, address: "x".repeat(5_000) }, 400],
    [{ ...BEN, address: "x".repeat(70_000) }, 413],
  ])("invites nobody by %j", async (fields, status) => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    expect((await invite(ana, await look(ana, clinic), fields)).status).toBe(status);
  });

  it.each(["", "?owner=", "?owner=nothing", `?owner=${"x".repeat(22)}`])("invites nobody for %j", async (query) => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const [, csrf = ""] = (await look(ana, clinic)).text.match(/name="csrf" value="([^"]*)"/) ?? [];
    const call = { form: { csrf, ...BEN }, headers: { Origin: "https://usher.example" } };
    expect((await ana.browser.request("POST", `${HERE}/invite${query}`, call)).status).toBe(404);
  });

  it("is told when too many invitations wait", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const page = await look(ana, clinic);
    await Promise.all(Array.from({ length: MAX_INVITATIONS }, () => clinic.invite()));
    const answer = await ana.browser.open(locationOf(await invite(ana, page)));
    expect(answer.text).toContain("Too many invitations are open.");
  });

  it("takes an invitation back, and its link is worth nothing", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const shown = await ana.browser.open(locationOf(await invite(ana, await look(ana, clinic))));
    const withdrawn = await ana.browser.submit(shown, actionOf(shown, "withdraw"));
    expect((await ana.browser.open(locationOf(withdrawn))).text).toContain("The invitation was withdrawn.");
    const ben = await newPerson(world, "Ben");
    expect((await ben.browser.follow(linkIn(shown) ?? "")).status).toBe(404);
  });

  it("ends another, who is none from then on", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const anaId = await idOf(clinic, 0);
    const ben = await clinic.member("Ben");
    const [account = ""] = (await clinic.administrators()).filter((id) => id !== anaId);
    const ended = await send(ana, await look(ana, clinic), "end", { owner: clinic.id, account });
    expect((await ana.browser.open(locationOf(ended))).text).toContain("That has ended. It counts from now on.");
    expect(await clinic.administrators()).toEqual([anaId]);
    expect((await look(ben, clinic)).status).toBe(404);
    expect((await send(ana, await look(ana, clinic), "end", { owner: clinic.id, account })).status).toBe(404);
  });

  it("leaves, unless they are the last one who may invite", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    const own = await idOf(clinic, 0);
    await clinic.member("Ben", { role: "assistant" });
    const fields = { owner: clinic.id, account: own };
    const refused = await send(ana, await look(ana, clinic), "end", fields);
    expect((await ana.browser.open(locationOf(refused))).text).toContain(
      "Somebody has to be left who may invite others.",
    );
    await clinic.member("Cleo");
    const left = await send(ana, await look(ana, clinic), "end", fields);
    expect(locationOf(left)).toBe(`${HERE}?notice=ended`);
    expect((await ana.browser.open(locationOf(left))).status).toBe(200);
    expect((await look(ana, clinic)).status).toBe(404);
  });

  it("proves once more who they are before anything is changed", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    vi.useFakeTimers({ toFake: ["Date"] });
    for (const [action, fields] of [
      ["invite", BEN],
      ["withdraw", { invitation: "x".repeat(22) }],
      ["end", { account: "x".repeat(22) }],
    ] as const) {
      vi.setSystemTime(Date.now() + 601_000);
      const page = await look(ana, clinic);
      const sent = await send(ana, page, action, { owner: clinic.id, ...fields });
      expect(locationOf(sent)).toMatch(/\/sign-in\?continue=/);
      const there = locationOf(await ana.signIn(locationOf(sent).slice(world.site.issuer.length)));
      expect(locationOf(await ana.browser.open(there))).toBe(clinic.page);
    }
    expect((await world.admin("GET", `/owners/${clinic.id}/invitations`)).body.items).toEqual([]);
  });
});

describe("nothing is changed", () => {
  /** What each form of the page would do, with ids that are there. */
  async function attempts(clinic: Organization) {
    const { body } = await world.admin("GET", `/owners/${clinic.id}/invitations`);
    const [invitation = ""] = (body.items ?? []).map(({ invitation_id }) => String(invitation_id));
    return [
      ["invite", { ...BEN, owner: clinic.id }],
      ["withdraw", { owner: clinic.id, invitation }],
      ["end", { owner: clinic.id, account: await idOf(clinic, 0) }],
    ] as const;
  }

  async function stays(clinic: Organization): Promise<void> {
    expect(await clinic.administrators()).not.toEqual([]);
    expect((await world.admin("GET", `/owners/${clinic.id}/invitations`)).body.items).toHaveLength(1);
  }

  it("by an assistant, who sees the page all the same", async () => {
    const clinic = await Organization.found(world);
    await clinic.member("Ana");
    await clinic.invite();
    const tried = await attempts(clinic);
    const ben = await clinic.member("Ben", { role: "assistant" });
    const page = await look(ben, clinic);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain(`action="${HERE}/invite`);
    expect(page.text).not.toContain(`action="${HERE}/withdraw`);
    for (const [action, fields] of tried) {
      const refused = await send(ben, page, action, fields);
      expect([action, refused.status]).toEqual([action, 403]);
      expect(refused.text).toContain("Choosing who acts for this organisation is left to others.");
    }
    await stays(clinic);
  });

  it("by an administrator of another organisation, and by anybody else", async () => {
    const [clinic, other] = [await Organization.found(world), await Organization.found(world, "Hill Clinic")];
    await clinic.member("Ana");
    await clinic.invite();
    for (const person of [await other.member("Mallory"), await newPerson(world, "Nobody")]) {
      expect((await look(person, clinic)).status).toBe(404);
      const page = await person.browser.open(HERE);
      for (const [action, fields] of await attempts(clinic)) {
        expect([action, (await send(person, page, action, fields)).status]).toEqual([action, 404]);
        const elsewhere = { ...fields, owner: other.id };
        if (action !== "invite") expect((await send(person, page, action, elsewhere)).status).toBe(404);
      }
    }
    await stays(clinic);
  });

  it("by an administrator whose time is over, from that second on", async () => {
    const clinic = await Organization.found(world);
    const endsAt = Math.floor(Date.now() / 1_000) + 300;
    await clinic.member("Ana");
    await clinic.invite();
    const tried = await attempts(clinic);
    const ben = await clinic.member("Ben", { ends_at: endsAt });
    const page = await look(ben, clinic);
    vi.useFakeTimers({ toFake: ["Date"], now: endsAt * 1_000 });
    expect((await look(ben, clinic)).status).toBe(404);
    for (const [action, fields] of tried)
      expect([action, (await send(ben, page, action, fields)).status]).toEqual([action, 404]);
    await stays(clinic);
  });

  it("to the organisation's apps by an administrator whose time is over", async () => {
    const clinic = await Organization.found(world);
    const endsAt = Math.floor(Date.now() / 1_000) + 300;
    const ben = await clinic.member("Ben", { ends_at: endsAt });
    const app = await CodeApp.register(world, { client_name: "Clinic Records" });
    const code = await app.allow(ben.browser, app.path(), { owner: clinic.id });
    expect((await app.redeem(code)).status).toBe(200);
    const apps = `/console/${clinic.id}/apps`;
    const list = await ben.browser.open(apps);
    const asked = await app.ask(ben.browser, app.path({ prompt: "consent" }));
    vi.useFakeTimers({ toFake: ["Date"], now: endsAt * 1_000 });
    expect((await ben.browser.open(apps)).status).toBe(404);
    expect((await ben.browser.submit(list, `${apps}/end`)).status).toBe(404);
    await ben.browser.submit(asked, "/authorize/consent", { decision: "allow", owner: clinic.id });
    const { body } = await world.admin("GET", `/owners/${clinic.id}/connections`);
    expect(body.items).toMatchObject([{ client_id: app.client.id, generation: 1 }]);
  });

  it("by a page of another origin, or without the token of ours", async () => {
    const clinic = await Organization.found(world);
    const ana = await clinic.member("Ana");
    await clinic.invite();
    const [, csrf = ""] = (await look(ana, clinic)).text.match(/name="csrf" value="([^"]*)"/) ?? [];
    for (const [action, fields] of await attempts(clinic)) {
      const post = (form: Readonly<Record<string, string>>, Origin: string) =>
        ana.browser.request("POST", `${HERE}/${action}?owner=${clinic.id}`, { form, headers: { Origin } });
      expect((await post({ ...fields, csrf }, "https://evil.example")).status).toBe(403);
      expect((await post(fields, "https://usher.example")).status).toBe(403);
    }
    await stays(clinic);
  });

  it("to what is a person's own", async () => {
    const ana = await newPerson(world, "Ana");
    const page = await ana.browser.open(HERE);
    const clinic = await Organization.found(world);
    const joined = await clinic.member("Cleo");
    await joined.browser.open(HERE);
    const [, owner = ""] = (await look(joined, clinic)).text.match(/owner=([\w-]{22})[^>]*><bdi>Yourself/) ?? [];
    const account = await idOf(clinic, 0);
    const form = await joined.browser.open(`${HERE}?owner=${owner}`);
    expect(form.status).toBe(200);
    expect((await send(joined, form, "end", { owner, account })).status).toBe(303);
    expect((await send(joined, form, "invite", { ...BEN, owner })).status).toBe(303);
    expect((await world.admin("GET", `/owners/${owner}/administrators`)).body.items).toHaveLength(1);
    expect((await world.admin("GET", `/owners/${owner}/invitations`)).body.items).toEqual([]);
    expect((await send(ana, page, "end", { owner, account })).status).toBe(404);
  });
});

it("the organisation is told who let whom in, and who ended whom", async () => {
  const clinic = await Organization.found(world);
  const ana = await clinic.member("Ana");
  const anaId = await idOf(clinic, 0);
  const shown = await ana.browser.open(locationOf(await invite(ana, await look(ana, clinic))));
  const ben = await newPerson(world, "Ben");
  await acceptInvitation(ben.browser, linkIn(shown) ?? "");
  const benId = (await clinic.administrators()).find((id) => id !== anaId) ?? "";
  await send(ana, await look(ana, clinic), "end", { owner: clinic.id, account: benId });
  expect((await clinic.changes()).map(({ invitation_id: _, ...change }) => change)).toEqual([
    { what: "invited", role: "administrator" },
    { what: "added", account_id: anaId, administrator_id: anaId, role: "administrator" },
    { what: "invited", account_id: anaId, role: "administrator" },
    { what: "added", account_id: benId, administrator_id: benId, invited_by: anaId, role: "administrator" },
    { what: "ended", account_id: anaId, administrator_id: benId },
  ]);
});

describe("a letter with an invitation", () => {
  /** A server that sends letters, to its development mailbox. */
  const posting = localWorld();

  async function lettersTo(address: string) {
    const { body } = await posting.send("GET", "/development/mailbox", { headers: { Accept: "application/json" } });
    return (body.items ?? []).filter(({ to }) => to === address);
  }

  it("brings the link, in the words of whoever invites, and the page does not show it", async () => {
    const clinic = await Organization.found(posting, "Klinik am See");
    const ana = await clinic.member("Ana María");
    const address = `${crypto.randomUUID()}@example.com`;
    const headers = { Origin: posting.site.issuer, "Accept-Language": "de" };
    const [, csrf = ""] = (await look(ana, clinic)).text.match(/name="csrf" value="([^"]*)"/) ?? [];
    const form = { csrf, address, role: "administrator" };
    const path = `${HERE}/invite?owner=${clinic.id}`;
    const given = await ana.browser.request("POST", path, { form, headers });
    expect(locationOf(given)).toBe(`${clinic.page}&notice=invited`);
    const shown = await ana.browser.open(locationOf(given));
    expect(shown.text).not.toContain("code=");
    const [letter] = await lettersTo(address);
    expect(letter).toMatchObject({ subject: "Sie sind eingeladen, für Klinik am See zu handeln" });
    expect(letter?.text).toContain("Ana María");
    const ben = await newPerson(posting, "Ben");
    const link = String(letter?.text).match(/http\S+code=[\w-]{43}/)?.[0] ?? "";
    expect(locationOf(await acceptInvitation(ben.browser, link))).toContain(clinic.id);
  });

  it("keeps names on one line, whatever they are", async () => {
    const clinic = await Organization.found(posting, "Clinic\r\nBcc: eve@evil.example\n\nPay at evil.example\u202e");
    const ana = await clinic.member("Ana\u202e");
    const address = `${crypto.randomUUID()}@example.com`;
    await invite(ana, await look(ana, clinic), { address, role: "assistant" });
    const [letter] = await lettersTo(address);
    const name = "Clinic Bcc: eve@evil.example Pay at evil.example";
    expect(letter?.subject).toBe(`You are invited to act for ${name}`);
    expect(String(letter?.text).split("\n")[0]).toContain(`Ana invites you to act for ${name} at `);
    expect(letter?.text).not.toMatch(/[\u2066-\u2069\u202a-\u202e]/);
  });

  it("is not sent by one account more often than a person writes; then the page shows the link", async () => {
    const clinic = await Organization.found(posting);
    const ana = await clinic.member("Ana");
    const address = `${crypto.randomUUID()}@example.com`;
    const page = await look(ana, clinic);
    const given = [];
    for (let n = 0; n <= MAX_INVITATION_LETTERS_PER_HOUR / 2; n += 1) {
      given.push(locationOf(await invite(ana, page, { address, role: "assistant" })));
    }
    expect(given.at(-1)).toBe(clinic.page);
    expect(await lettersTo(address)).toHaveLength(MAX_INVITATION_LETTERS_PER_HOUR / 2);
    const { text } = await ana.browser.open(clinic.page);
    expect(text).toMatch(/http:[^<]*code=[\w-]{43}/);
  });
});

it("what is stored holds no link and no address of anybody invited", async () => {
  const clinic = await Organization.found(world);
  const ana = await clinic.member("Ana");
  const address = `${crypto.randomUUID()}@example.com`;
  const shown = await ana.browser.open(locationOf(await invite(ana, await look(ana, clinic), { ...BEN, address })));
  const stored = await storedContent();
  expect(stored).toContain(clinic.id);
  expect(stored).not.toContain(address);
  expect(stored).not.toContain(new URL(linkIn(shown) ?? "").searchParams.get("code"));
});

it("who is let in is in although the ledger cannot be told, and the log tells that it lacks it", async () => {
  const clinic = await Organization.found(world);
  const ana = await newPerson(world, "Ana");
  const outage = Object.assign(new Error("the object was reset"), { durableObjectReset: true });
  const [tell, log] = [
    vi.spyOn(OwnerLedgerObject.prototype, "tellAdministrators").mockRejectedValue(outage),
    vi.spyOn(console, "error").mockReturnValue(undefined),
  ];
  const accepted = await acceptInvitation(ana.browser, await clinic.invite());
  expect(locationOf(accepted)).toBe(`${clinic.page}&notice=accepted`);
  expect(log.mock.calls.flat()).toContainEqual(
    expect.objectContaining({ event: "owner_untold", what: "added", owner_id: clinic.id }),
  );
  tell.mockRestore();
  log.mockRestore();
  expect(await clinic.administrators()).toHaveLength(1);
  expect(await clinic.changes()).toEqual([]);
});
