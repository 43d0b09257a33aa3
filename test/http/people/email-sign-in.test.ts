import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sealContinuation } from "../../../src/operations/account/continuation.ts";
import { de } from "../../../src/pages/words/de.ts";
import { en } from "../../../src/pages/words/en.ts";
import { plain } from "../../../src/pages/words/said.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { BrowserLike } from "../../support/server/browser-like.ts";
import type { Answer } from "../../support/server/http-site.ts";
import {
  anotherThan,
  codeIn,
  EmailPerson,
  freshAddress,
  freshSource,
  lettersTo,
} from "../../support/server/letters.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { mailWorld } from "../../support/workerd/mail-world.ts";
import { addressProof, givenPerson } from "../../support/workerd/people.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

const { site } = mailWorld();
const [MINUTE, HOUR] = [60, 3_600];

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock of everything. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

/** Somebody whose address is that of an account. */
async function holder(source = freshSource()): Promise<EmailPerson> {
  const ana = new EmailPerson(site, { source });
  await givenPerson(addressProof(ana.address));
  return ana;
}

const locationOf = (answer: Answer) => answer.headers.get("location") ?? "";
const headingOf = ({ text }: Answer) => text.match(/<h1[^>]*>([\s\S]*?)<\/h1>/)?.[1] ?? "";
const errorsOf = ({ text }: Answer) =>
  [...text.matchAll(/<p class="error"[^>]*>(?:<span[^>]*>.*?<\/span>)?([^<]*)/g)].map(([, error]) => error);
const isSignedIn = (person: BrowserLike) => person.cookie("__Host-session") !== undefined;

describe("a code by e-mail", () => {
  it("signs in whose address it is", async () => {
    const ana = await holder();
    const page = await ana.askForCode();
    expect(headingOf(page)).toBe("Type in the code from the email");
    expect(headingOf(page)).toBe(en.signInCode.title);
    const answer = await ana.enter(page, await ana.newestCode());
    expect([answer.status, locationOf(answer)]).toEqual([303, "/console"]);
    expect(isSignedIn(ana)).toBe(true);
  });

  it("leads whoever is new to an account, with the address proved", async () => {
    const ana = new EmailPerson(site);
    const answer = await ana.prove();
    expect(answer.status).toBe(303);
    expect(locationOf(answer)).toMatch(/^\/sign-up\?at=[\w.%-]+$/);
    expect(isSignedIn(ana)).toBe(false);
  });

  it("is taken with blanks and hyphens between its digits, and in wide ones", async () => {
    for (const write of [
      (code: string) => ` ${code.slice(0, 4)} ${code.slice(4)} `,
      (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`,
      (code: string) => code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ]) {
      const ana = await holder();
      const answer = await ana.enter(await ana.askForCode(), write(await ana.newestCode()));
      expect(answer.status).toBe(303);
    }
  });

  it("is written in the reader's language, and tells which app sent them", async () => {
    const [ana, anna] = [new EmailPerson(site), new EmailPerson(site, { language: "de-AT" })];
    await Promise.all([ana.ask(), anna.ask()]);
    const [[letter], [brief]] = await Promise.all([lettersTo(site, ana.address), lettersTo(site, anna.address)]);
    expect(letter?.subject).toBe(en.mail.subjects.sign_in);
    expect(letter?.text).toMatch(/^Your code:\n\n {4}\d{4} \d{4}\n\nType it in .* at localhost:8787 /);
    expect(letter?.text).toContain(en.mail.notAsked.sign_in);
    expect(letter?.text).not.toMatch(/[\u2066-\u2069]/);
    expect(brief?.subject).toBe(de.mail.subjects.sign_in);
  });

  it("goes to the address in the one form in which addresses are compared", async () => {
    const ana = new EmailPerson(site);
    await ana.ask(` ${ana.address.toUpperCase()} `);
    expect(await lettersTo(site, ana.address)).toHaveLength(1);
  });
});

/** What an app brings along that sends somebody here. */
function sentBy(app: string, loginHint: string): Promise<string> {
  const services = createServices(env, createFoundation(env));
  const demand = { authenticatedSince: null, loginHint, addressSuffices: true };
  return sealContinuation(
    services,
    { path: "/account/apps", demand, app, leadsTo: null },
    Math.floor(Date.now() / 1_000),
  );
}

describe("whoever an app sends", () => {
  it("finds the address filled in, reads in the letter who sent them, and is not talked into a passkey", async () => {
    const ana = new EmailPerson(site);
    const continuation = await sentBy("Consult", ana.address);
    const form = await ana.open(`/sign-in/email?continue=${encodeURIComponent(continuation)}`);
    expect(form.text).toContain(`value="${ana.address}"`);
    const answer = await ana.prove(continuation);
    const [letter] = await lettersTo(site, ana.address);
    expect(letter?.text).toContain(plain(en.mail.app("Consult")));
    const page = await ana.open(locationOf(answer));
    const buttons = [...page.text.matchAll(/<button type="submit" class="button ([^"]*)"[^>]*>([^<]*)/g)];
    expect(buttons.map(([, kind, label]) => [kind?.split(" ")[0], label])).toEqual([
      ["main", en.signUp.go],
      ["other", en.signUp.passkey],
    ]);
    const made = await ana.submit(page, "/sign-up", { name: "Ana" });
    expect([made.status, locationOf(made)]).toEqual([303, "/account/apps"]);
  });

  it("and has an account goes on where the app wanted them", async () => {
    const ana = await holder();
    expect(locationOf(await ana.prove(await sentBy("Consult", "")))).toBe("/account/apps");
  });

  it("cannot be filled in for with anything but an address, nor be sent anywhere but where we wrote", async () => {
    const ana = await holder();
    const hinted = await sentBy("Consult", '"><script>alert(1)</script>');
    const form = await ana.open(`/sign-in/email?continue=${encodeURIComponent(hinted)}`);
    expect(form.text).not.toContain("alert(1)");
    for (const forged of ["https://evil.example", `${hinted}x`]) {
      const page = await ana.askForCode(forged);
      expect(locationOf(await ana.enter(page, await ana.newestCode()))).toBe("/console");
      later(MINUTE);
    }
  });
});

describe("what goes wrong with a code", () => {
  it("is said where the address is none, and nothing is sent", async () => {
    const ana = new EmailPerson(site);
    for (const typed of ["", "ana", "ana@", "eve@evil.example,ana@example.com", `${"a".repeat(300)}@example.com`]) {
      const answer = await ana.ask(typed);
      expect([answer.status, errorsOf(answer)]).toEqual([400, [expect.stringContaining("Enter an email address")]]);
      expect([answer.status, errorsOf(answer)]).toEqual([400, [en.signInEmail.errors.notAnAddress]]);
    }
  });

  it("is said where the code is wrong, no code, or was tried too often", async () => {
    const ana = await holder();
    const page = await ana.askForCode();
    const code = await ana.newestCode();
    const entered = async (typed: string) => {
      const answer = await ana.enter(page, typed);
      return [answer.status, errorsOf(answer)[0]];
    };
    expect(await entered("")).toEqual([400, "Type in the code from the email."]);
    expect(await entered("123")).toEqual([400, "Type in the code from the email."]);
    expect(await entered("")).toEqual([400, en.signInCode.errors.missing]);
    expect(await entered("123")).toEqual([400, en.signInCode.errors.missing]);
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await entered(anotherThan(code))).toEqual([400, en.signInCode.errors.wrong]);
    }
    expect(await entered(code)).toEqual([400, en.signInCode.errors.tooMany]);
    expect(isSignedIn(ana)).toBe(false);
  });

  it("is said where the code has expired, however the page is come by", async () => {
    const ana = await holder();
    const sent = locationOf(await ana.ask());
    const page = await ana.open(sent);
    later(10 * MINUTE);
    for (const answer of [await ana.open(sent), await ana.enter(page, await ana.newestCode())]) {
      expect(errorsOf(answer)).toEqual([en.signInCode.errors.expired]);
    }
    expect(isSignedIn(ana)).toBe(false);
  });

  it("is mended by another letter, for which somebody who is too quick is asked to wait on the same page", async () => {
    const ana = await holder();
    const page = await ana.askForCode();
    const first = await ana.newestCode();
    const tooSoon = await ana.submit(page, "/sign-in/email");
    expect([tooSoon.status, tooSoon.headers.get("retry-after")]).toEqual([429, expect.stringMatching(/^(59|60)$/)]);
    expect(tooSoon.text).toContain(en.signInCode.wait(1));
    later(MINUTE);
    const again = await ana.open(locationOf(await ana.submit(page, "/sign-in/email")));
    const second = await ana.newestCode();
    // Each code belongs to the page that asked for it; the newer one does not end the older.
    expect((await ana.enter(again, first)).status).toBe(400);
    expect((await ana.enter(again, second)).status).toBe(303);
  });

  it("leaves a second tab with its own code, and tells it to go on once the first has signed in", async () => {
    const ana = await holder();
    const [first, firstCode] = [await ana.askForCode(), await ana.newestCode()];
    later(MINUTE);
    const second = await ana.askForCode();
    expect((await ana.enter(first, firstCode)).status).toBe(303);
    // Its form is of a visit that has ended; opened again, it leads on.
    expect(headingOf(await ana.enter(second, await ana.newestCode()))).toBe(en.problems.formOutOfDate.title);
  });

  it("leads on who goes back after signing in", async () => {
    const ana = await holder();
    const sent = locationOf(await ana.ask());
    await ana.enter(await ana.open(sent), await ana.newestCode());
    const back = await ana.open(sent);
    expect([back.status, locationOf(back)]).toEqual([303, "/console"]);
  });

  it("makes an account once, and signs nobody in to it who kept what was proved", async () => {
    const ana = new EmailPerson(site);
    const page = await ana.open(locationOf(await ana.prove()));
    const visit = ana.cookie("__Host-visit") ?? "";
    const submit = async () => {
      const browser = new EmailPerson(site);
      browser.setCookie("__Host-visit", visit);
      const { status } = await browser.submit(page, "/sign-up", { name: "Ana" });
      return [status, isSignedIn(browser)];
    };
    expect([await submit(), await submit()]).toEqual([
      [303, true],
      [303, true],
    ]);
    later(10);
    expect(await submit()).toEqual([400, false]);
  });

  it("takes a double click for one", async () => {
    const ana = await holder();
    const [page, code] = [await ana.askForCode(), await ana.newestCode()];
    const answers = await Promise.all([ana.enter(page, code), ana.enter(page, code)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  });

  it("keeps other browsers out, whatever of the page they have", async () => {
    const [ana, mallory] = [await holder(), new EmailPerson(site)];
    const sent = locationOf(await ana.ask());
    const page = await ana.open(sent);
    const opened = await mallory.open(sent);
    expect([opened.status, headingOf(opened)]).toEqual([400, en.problems.otherBrowser.title]);
    const own = await mallory.askForCode();
    const at = page.text.match(/name="at" value="([^"]*)"/)?.[1] ?? "";
    const answer = await mallory.submit(own, "/sign-in/email/code", { at, code: await ana.newestCode() });
    expect(headingOf(answer)).toBe(en.problems.otherBrowser.title);
    expect(isSignedIn(mallory)).toBe(false);
  });

  it("is nobody's fault where a sealed part was altered or is of something else", async () => {
    const ana = await holder();
    const page = await ana.askForCode();
    const at = page.text.match(/name="at" value="([^"]*)"/)?.[1] ?? "";
    const visit = ana.cookie("__Host-known") ?? "none";
    for (const altered of [`${at}x`, at.slice(2), visit, "x"]) {
      const answer = await ana.submit(page, "/sign-in/email/code", { at: altered, code: await ana.newestCode() });
      expect(answer.status).toBe(400);
    }
    expect(isSignedIn(ana)).toBe(false);
  });
});

describe("a form of somebody else's page", () => {
  it.each(["/sign-in/email", "/sign-in/email/code"])("does nothing: %s", async (path) => {
    const ana = await holder();
    const page = await ana.open("/sign-in/email");
    const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    const form = { csrf, address: ana.address, at: "x", code: "00000000" };
    const origin = new URL(site.issuer).origin;
    for (const [fields, Origin] of [
      [form, "https://evil.example"],
      [form, "null"],
      [{ ...form, csrf: "" }, origin],
      [{ ...form, csrf: "A".repeat(43) }, origin],
    ] as const) {
      expect((await ana.request("POST", path, { form: fields, headers: { Origin } })).status).toBe(403);
    }
    expect(await lettersTo(site, ana.address)).toEqual([]);
  });
});

describe("guessing", () => {
  it("of twenty guesses at once has five looked at, and then the right one is none", async () => {
    const ana = await holder();
    const [page, code] = [await ana.askForCode(), await ana.newestCode()];
    const guesses = Array.from({ length: 20 }, (_, n) => String(n).padStart(8, "0")).filter((guess) => guess !== code);
    const answers = await Promise.all(guesses.map((guess) => ana.enter(page, guess)));
    const looked = answers.filter((answer) => errorsOf(answer)[0] === en.signInCode.errors.wrong);
    expect(looked).toHaveLength(5);
    expect((await ana.enter(page, code)).status).toBe(400);
    expect(isSignedIn(ana)).toBe(false);
  });

  it("from many sources gets five letters within an hour, so 25 guesses, whatever of the address is a tag", async () => {
    const address = freshAddress();
    await givenPerson(addressProof(address));
    const bots = Array.from({ length: 12 }, () => new EmailPerson(site));
    const asked = await Promise.all(
      bots.map((bot, n) => bot.ask(n % 2 === 0 ? address : address.replace("@", `+${n}@`))),
    );
    expect(asked.filter(({ status }) => status === 303)).toHaveLength(5);
    expect(asked.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  it("leaves the codes of others alone", async () => {
    const ana = await holder();
    const [page, code] = [await ana.askForCode(), await ana.newestCode()];
    const mallory = new EmailPerson(site, { address: ana.address });
    const guessed = await mallory.askForCode();
    for (let tries = 0; tries < 6; tries += 1) await mallory.enter(guessed, "00000000");
    expect((await ana.enter(page, code)).status).toBe(303);
  });
});

describe("asking for many codes", () => {
  it("by one source keeps nobody from the letter box", async () => {
    const ana = await holder();
    const mallory = new EmailPerson(site, { address: ana.address });
    for (let minute = 0; minute < 10; minute += 1) {
      await mallory.ask();
      later(MINUTE);
    }
    expect((await ana.prove()).status).toBe(303);
    expect(await lettersTo(site, ana.address)).toHaveLength(4);
  });

  it("by many sources keeps nobody out who proved the address in that browser before", async () => {
    const ana = await holder();
    await ana.prove();
    for (let bot = 0; bot < 8; bot += 1) await new EmailPerson(site).ask(ana.address);
    const stranger = await new EmailPerson(site).ask(ana.address);
    expect([stranger.status, Number(stranger.headers.get("retry-after"))]).toEqual([429, expect.closeTo(HOUR, -2)]);
    later(MINUTE);
    expect((await ana.prove()).status).toBe(303);
  });

  it("does not make a browser known to another address, or another browser to this one", async () => {
    const [ana, ben] = [await holder(), await holder()];
    await ben.prove();
    for (let bot = 0; bot < 5; bot += 1) await new EmailPerson(site).ask(ana.address);
    expect((await ben.ask(ana.address)).status).toBe(429);
    ben.setCookie("__Host-known", "nonsense");
    expect((await ben.ask(ana.address)).status).toBe(429);
  });

  it("to many letter boxes is slowed by source, and by nothing else", async () => {
    const source = freshSource();
    const office = Array.from({ length: 32 }, () => new EmailPerson(site, { source }));
    const asked = await Promise.all(office.map((person) => person.ask()));
    expect(asked.filter(({ status }) => status === 303)).toHaveLength(30);
    const [slowed] = asked.filter(({ status }) => status === 429);
    expect(Number(slowed?.headers.get("retry-after"))).toBeLessThanOrEqual(2 * MINUTE);
    expect((await new EmailPerson(site).ask()).status).toBe(303);
  });

  it("in sum is slowed by the setting, and those who are known go on", async () => {
    const { site: frugal } = mailWorld({ MAILS_PER_HOUR: "10" });
    const known = new EmailPerson(frugal);
    expect((await known.prove()).status).toBe(303);
    const asked: number[] = [];
    for (let person = 0; person < 7; person += 1) asked.push((await new EmailPerson(frugal).ask()).status);
    expect(asked.filter((status) => status === 429).length).toBeGreaterThanOrEqual(3);
    later(MINUTE);
    expect((await known.prove()).status).toBe(303);
  });

  it("by one source that is known to many letter boxes of its own does not use up what those have who are known", async () => {
    const { site: frugal } = mailWorld({ MAILS_PER_HOUR: "40" });
    const ana = new EmailPerson(frugal);
    await ana.prove();
    const source = freshSource();
    const sybils = Array.from({ length: 14 }, () => new EmailPerson(frugal, { source }));
    for (const sybil of sybils) await sybil.prove();
    for (let round = 0; round < 2; round += 1) {
      later(MINUTE);
      for (const sybil of sybils) await sybil.ask();
    }
    expect((await ana.prove()).status).toBe(303);
  });

  it("spends no letter of a box where the sum is used up", async () => {
    const { site: frugal } = mailWorld({ MAILS_PER_HOUR: "10" });
    for (let person = 0; person < 6; person += 1) await new EmailPerson(frugal).ask();
    const ana = await holder();
    for (let n = 0; n < 6; n += 1) expect((await new EmailPerson(frugal).ask(ana.address)).status).toBe(429);
    expect((await ana.ask()).status).toBe(303);
  });
});

describe("whether an address is known", () => {
  it("is told by no answer until the code was entered", async () => {
    const source = freshSource();
    const [known, unknown] = [await holder(source), new EmailPerson(site, { source })];
    const plain = (person: EmailPerson, { status, text }: Answer) => {
      const alike = text.replaceAll(person.address, "ADDRESS").replaceAll(/value="[\w.-]{30,}"|at=[\w.%-]+/g, "SEALED");
      return [status, alike];
    };
    const seen = async (person: EmailPerson) => {
      const sent = await person.ask();
      const page = await person.open(locationOf(sent));
      const wrong = await person.enter(page, anotherThan(await person.newestCode()));
      const tooSoon = await person.submit(page, "/sign-in/email");
      return [sent, page, wrong, tooSoon].map((answer) => plain(person, answer));
    };
    expect(await seen(known)).toEqual(await seen(unknown));
  });

  it("is told by no length of what is sealed, and by no letter", async () => {
    const [known, unknown] = [await holder(), new EmailPerson(site)];
    const [one, other] = [locationOf(await known.ask()), locationOf(await unknown.ask())];
    expect(one.length).toBe(other.length);
    const [[letter], [another]] = await Promise.all([lettersTo(site, known.address), lettersTo(site, unknown.address)]);
    const alike = (text = "") => text.replaceAll(/\d{4} \d{4}/g, "CODE");
    expect(alike(letter?.text)).toBe(alike(another?.text));
  });

  it("is told by no time: the same round trips, and none of them asks whose address it is", async () => {
    const [known, unknown] = [await holder(), new EmailPerson(site)];
    await new EmailPerson(site).ask();
    const hops = async (person: EmailPerson) => {
      const form = await person.open("/sign-in/email");
      const sending = await countHops(() => person.submit(form, "/sign-in/email", { address: person.address }));
      const tooSoon = await countHops(() => person.submit(form, "/sign-in/email", { address: person.address }));
      return [sending, tooSoon];
    };
    const expected = [
      ["pacer", "email-code", "pacer"],
      ["pacer", "email-code"],
    ];
    expect([await hops(known), await hops(unknown)]).toEqual([expected, expected]);
  });
});

describe("a session", () => {
  it("begins in a visit of its own, and ends the one before", async () => {
    const ana = await holder();
    await ana.prove();
    const [session, visit] = [ana.cookie("__Host-session"), ana.cookie("__Host-visit")];
    later(MINUTE);
    await ana.prove();
    expect(ana.cookie("__Host-session")).not.toBe(session);
    expect(ana.cookie("__Host-visit")).not.toBe(visit);
  });
});

describe("what is stored", () => {
  it("holds no code, no address that was not proved, no key and no source", async () => {
    const [ana, newcomer] = [await holder(), new EmailPerson(site, { source: "203.0.113.77" })];
    const page = await ana.askForCode();
    await newcomer.ask();
    const codes = [await ana.newestCode(), await newcomer.newestCode()];
    await ana.enter(page, anotherThan(codes[0] ?? ""));
    const stored = await storedContent();
    for (const secret of [...codes, newcomer.address, "203.0.113.77"]) expect(stored).not.toContain(secret);
    expect(stored).toContain(ana.address);
    // Nor what a code can be tried out with: the hash of no code under no key, nor of the code alone.
    for (const code of codes) expect(stored).not.toContain(await hashOf(code));
  });
});

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}

describe("a server that sends no e-mail", () => {
  const { site: silent } = configuredWorld({ ISSUER: "https://as.example" });

  it.each(["/sign-in/email", "/sign-in/email/code", "/development/mailbox"])("has no %s", async (path) => {
    const answer = await new BrowserLike(silent).open(path);
    expect([answer.status, headingOf(answer)]).toEqual([404, en.problems.notFound.title]);
  });
});

describe("a server that sends from an address", () => {
  it("hands letters to the platform, keeps none, and says what became of those it did not take", async () => {
    const sent: unknown[] = [];
    const binding = { send: async (mail: unknown) => void sent.push(mail) };
    const { site: sending } = mailWorld({ MAIL_FROM: "usher@as.example", MAIL: binding });
    const ana = new EmailPerson(sending);
    expect((await ana.ask()).status).toBe(303);
    expect(sent).toEqual([
      {
        from: "usher@as.example",
        to: ana.address,
        subject: en.mail.subjects.sign_in,
        text: expect.stringMatching(/\d{4} \d{4}/),
      },
    ]);
    expect((await ana.open("/development/mailbox")).status).toBe(404);
    binding.send = async () => {
      throw Object.assign(new Error(`cannot reach ${ana.address}`), { code: "E_RECIPIENT_SUPPRESSED" });
    };
    const ben = new EmailPerson(sending);
    const answer = await ben.ask();
    expect([answer.status, errorsOf(answer)]).toEqual([503, [expect.stringMatching(/^No email could be sent/)]]);
    expect([answer.status, errorsOf(answer)]).toEqual([503, [en.signInEmail.errors.notSent]]);
    // What was not sent counts for nothing.
    binding.send = async (mail: unknown) => void sent.push(mail);
    expect((await ben.ask()).status).toBe(303);
  });
});

describe("the development mailbox", () => {
  it("shows to whoever reaches this machine what was sent, the newest first", async () => {
    const ana = new EmailPerson(site);
    await ana.ask();
    const page = await ana.open("/development/mailbox");
    expect(page.text).toContain(ana.address);
    expect(page.text).toContain(en.mailbox.warning);
    const [letter] = await lettersTo(site, ana.address);
    expect(letter).toEqual({
      to: ana.address,
      subject: expect.any(String),
      text: expect.any(String),
      at: expect.any(Number),
    });
    expect(codeIn(letter)).toMatch(/^\d{8}$/);
  });
});
