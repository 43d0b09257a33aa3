import { describe, expect, it } from "vitest";
import { AccountPage, type AccountPageProps } from "../../src/pages/account.tsx";
import { AdministratorsPage } from "../../src/pages/administrators.tsx";
import { RememberedPage, type RememberedPageProps } from "../../src/pages/remembered.tsx";
import { SecurityPage, type SecurityPageProps } from "../../src/pages/security.tsx";
import { type Element, parseMarkup } from "../support/pure/markup.ts";
import { FRAME, NOW } from "../support/pure/page-samples.ts";

const ACCOUNT: AccountPageProps = {
  frame: FRAME,
  person: { name: "Ana Silva", address: null },
  apps: 0,
  passkeys: 2,
  addresses: 0,
  providers: 0,
  recoveryCodes: 10,
  remembered: 0,
  organisations: [],
  isSaved: false,
  error: null,
};
const account = (props: Partial<AccountPageProps>) => parseMarkup(String(AccountPage({ ...ACCOUNT, ...props })));

const SECURITY: SecurityPageProps = {
  frame: FRAME,
  passkeys: [{ id: "k1", name: "Phone", createdAt: NOW, lastUsedAt: null }],
  addresses: [{ address: "ana@example.com", verifiedAt: NOW }],
  linked: [],
  providers: [],
  sessions: [
    { id: "s1", device: { browser: "Firefox", system: "Linux", country: null }, lastSeenAt: NOW, isCurrent: true },
    { id: "s2", device: { browser: null, system: null, country: "XX" }, lastSeenAt: NOW, isCurrent: false },
  ],
  recoveryCodes: 10,
  sendsMail: true,
  notice: null,
  error: null,
  addressError: null,
  back: null,
};
const security = (props: Partial<SecurityPageProps>) => parseMarkup(String(SecurityPage({ ...SECURITY, ...props })));
const actionsOf = (page: Element) =>
  page
    .first("main")
    .all("form")
    .map((form) => form.get("action"));

describe("the home of an account", () => {
  it.each([
    [0, "No app acts for you."],
    [1, "One app acts for you."],
    [12, "12 apps act for you."],
  ])("answers in its first line who acts: %i", (apps, title) => {
    expect(account({ apps }).first("h1").text).toBe(title);
  });

  it("never says that apps know nothing, as it counts those alone for which something is remembered", () => {
    const line = (remembered: number) =>
      account({ remembered })
        .all("a")
        .find((link) => link.get("href") === "/account/remembered" && link.get("class") === "row")?.text;
    expect([0, 1, 2].map(line)).toEqual([
      "RememberedWhich apps learn who you are",
      "RememberedFor one app",
      "RememberedFor 2 apps",
    ]);
  });

  it("warns whoever could be locked out, and nobody else", () => {
    const warnings = (props: Partial<AccountPageProps>) =>
      account(props)
        .first("main")
        .within()
        .filter((element) => element.get("class") === "notice quiet").length;
    expect(warnings({})).toBe(0);
    expect(warnings({ passkeys: 1 })).toBe(1);
    expect(warnings({ recoveryCodes: 2 })).toBe(1);
    expect(warnings({ passkeys: 1, recoveryCodes: 0 })).toBe(2);
  });

  it("says where one is among the pages of the account", () => {
    const current = account({})
      .first("nav")
      .all("a")
      .filter((link) => link.get("aria-current") === "page");
    expect(current.map((link) => link.get("href"))).toEqual(["/account"]);
  });

  it("opens the form again where the name was too long", () => {
    const details = account({ error: "nameTooLong" }).first("main").first("details");
    expect(details.attributes.has("open")).toBe(true);
    expect(details.first("input").get("type")).toBe("hidden");
  });
});

describe("the page about signing in", () => {
  it("counts every way in, in its first line", () => {
    const linked = [{ id: "l1", provider: "Medical Register", hint: null, lastUsedAt: NOW }];
    expect(security({ linked }).first("h1").text).toBe(
      "You can sign in with 1 passkey, 1 email address and 1 linked account.",
    );
  });

  it("offers to remove any way in but the last", () => {
    expect(actionsOf(security({}))).toContain("/account/security/passkeys/remove");
    const last = security({ addresses: [] });
    expect(actionsOf(last).filter((action) => action?.endsWith("/remove"))).toEqual([]);
    expect(last.first("main").text).toContain("This is the only way into your account");
  });

  it("ends every session but the one that it is shown in", () => {
    const page = security({});
    const ends = page.all("form").filter((form) => form.get("action") === "/account/security/sessions/end");
    const ended = ends.map((form) =>
      form
        .all("input")
        .find((input) => input.get("name") === "session")
        ?.get("value"),
    );
    expect(ended).toEqual(["s2"]);
    expect(page.first("main").text).toContain("A browser, XX");
  });

  it("tells buttons of one word apart", () => {
    const passkeys = [...SECURITY.passkeys, { id: "k2", name: "Laptop", createdAt: NOW, lastUsedAt: NOW }];
    const names = security({ passkeys })
      .all("button")
      .map((button) => button.text);
    expect(names).toEqual(expect.arrayContaining(["Remove Phone", "Remove Laptop", "Remove ana@example.com"]));
  });

  it("says what is wrong with an address at the field and above", () => {
    const page = security({ addressError: "notAnAddress" });
    const field = page.all("input").find((input) => input.get("id") === "address");
    expect(field?.get("aria-invalid")).toBe("true");
    const summary = page.within().find((element) => element.get("role") === "alert");
    expect(summary?.first("a").get("href")).toBe("#address");
  });
});

describe("the page about what is remembered", () => {
  const app = { name: "Consult", host: "consult.example", isVerified: true };
  const known = { id: "c1", app, learns: ["sameness" as const], since: NOW };
  const nothing = { frame: FRAME, memories: [], total: 0, next: null, forgotten: null, takenBack: null };
  const remembered = (props: Partial<RememberedPageProps>) =>
    parseMarkup(String(RememberedPage({ ...nothing, signIns: [], ...props }))).first("main");

  it("never begins by saying that there is nothing, where an app learns who somebody is", () => {
    const heading = (count: number) =>
      remembered({ signIns: Array.from({ length: count }, () => known) }).first("h1").text;
    expect([0, 1, 2].map(heading)).toEqual([
      "Nothing is remembered about you.",
      "One app learns who you are when you sign in there.",
      "2 apps learn who you are when you sign in there.",
    ]);
    expect(remembered({ signIns: [known] }).text).not.toContain("you can let us remember");
  });

  it("tells apps that learn it apart from what is remembered", () => {
    const memory = { id: "m1", app, facts: [], since: NOW, lastUsedAt: null, until: NOW + 1 };
    const page = remembered({ memories: [memory], total: 1, signIns: [known] });
    expect(page.all("section").map((section) => section.first("h2").text)).toEqual([
      "Apps that learn who you are when you sign in there",
    ]);
    expect(page.all("li").filter((row) => row.get("class") === "row")).toHaveLength(2);
  });
});

it("who acts for whom is said first, and no invitation is offered to who may not invite", () => {
  const person = { name: "Ana Silva", address: null };
  const acting = { accountId: "1", person, role: "assistant" as const, beginsAt: NOW, endsAt: null };
  const page = parseMarkup(
    String(
      AdministratorsPage({
        frame: FRAME,
        owners: [{ id: "clinic", name: "Lakeside Clinic" }],
        owner: { id: "clinic", name: "Lakeside Clinic" },
        people: [{ ...acting, isYou: true, canEnd: false }],
        invitations: [],
        form: null,
        link: null,
        notice: null,
        error: null,
      }),
    ),
  );
  expect(page.first("h1").text).toBe("One person acts for Lakeside Clinic.");
  expect(page.first("main").all("form")).toEqual([]);
});
