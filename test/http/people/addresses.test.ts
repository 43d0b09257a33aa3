import { afterEach, describe, expect, it, vi } from "vitest";
import { en } from "../../../src/pages/words/en.ts";
import type { Answer } from "../../support/server/http-site.ts";
import { anotherThan, EmailPerson, freshAddress } from "../../support/server/letters.ts";
import { mailWorld } from "../../support/workerd/mail-world.ts";
import { addressProof, givenPerson } from "../../support/workerd/people.ts";

const { site } = mailWorld();
const MINUTE = 60;
const SECURITY = "/account/security";
const ADDRESSES = "/account/security/addresses";
const CODE = "/account/security/addresses/code";

afterEach(() => {
  vi.useRealTimers();
});

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

const locationOf = (answer: Answer) => answer.headers.get("location") ?? "";

/** Somebody at their own account. */
class Holder extends EmailPerson {
  static async signedIn(): Promise<Holder> {
    const holder = new Holder(site);
    await givenPerson(addressProof(holder.address));
    await holder.prove();
    return holder;
  }

  async askToAdd(address: string): Promise<Answer> {
    return this.submit(await this.open(SECURITY), ADDRESSES, { address });
  }

  /** Asks for an address to be added. @returns the page that takes the code, and the code */
  async codeFor(address: string): Promise<{ readonly page: Answer; readonly code: string }> {
    const page = await this.open(locationOf(await this.askToAdd(address)));
    return { page, code: await new EmailPerson(site, { address }).newestCode() };
  }

  async add(address: string): Promise<Answer> {
    const { page, code } = await this.codeFor(address);
    return this.submit(page, CODE, { code });
  }

  async remove(address: string): Promise<Answer> {
    const page = await this.open(SECURITY);
    const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    const headers = { Origin: new URL(site.issuer).origin };
    return this.request("POST", `${ADDRESSES}/remove`, { form: { csrf, id: address }, headers });
  }

  async addresses(): Promise<readonly string[]> {
    const { text } = await this.open(SECURITY);
    const [, section = ""] = text.match(/<section id="addresses"([\s\S]*?)<\/section>/) ?? [];
    return [...section.matchAll(/<strong><bdi>([^<]*)<\/bdi>/g)].map(([, address = ""]) => address);
  }
}

describe("another address", () => {
  it("is added by its code, and signs in from then on", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    expect(locationOf(await ana.add(address))).toBe(`${SECURITY}?notice=addressAdded`);
    expect(await ana.addresses()).toEqual([ana.address, address]);
    const elsewhere = new EmailPerson(site, { address });
    expect(locationOf(await elsewhere.prove())).toBe("/console");
  });

  it("is not added without its code", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    const { page, code } = await ana.codeFor(address);
    expect((await ana.submit(page, CODE, { code: anotherThan(code) })).status).toBe(400);
    later(10 * MINUTE);
    expect((await ana.submit(page, CODE, { code })).status).not.toBe(200);
    expect(await ana.addresses()).toEqual([ana.address]);
  });

  it("is not added by a code to sign in with, nor does its code sign in, though the browser is the same", async () => {
    const [ana, address, another] = [await Holder.signedIn(), freshAddress(), freshAddress()];
    const atOf = ({ text }: Answer) => text.match(/name="at" value="([^"]*)"/)?.[1] ?? "";
    const signIn = await ana.open(locationOf(await ana.ask(another)));
    const signInCode = await new EmailPerson(site, { address: another }).newestCode();
    const { page, code } = await ana.codeFor(address);
    const added = await ana.submit(page, CODE, { at: atOf(signIn), code: signInCode });
    expect(locationOf(added)).toBe(`${SECURITY}?`);
    const signedIn = await ana.submit(signIn, "/sign-in/email/code", { at: atOf(page), code });
    // To where she is signed in already, and not to an account that the address would begin.
    expect(locationOf(signedIn)).toBe("/console");
    expect(await ana.addresses()).toEqual([ana.address]);
  });

  it("that is somebody else's gets the same answers as a free one, until its code was entered", async () => {
    const [ana, ben] = [await Holder.signedIn(), await Holder.signedIn()];
    const free = freshAddress();
    const shown = async (address: string) => {
      const sent = await ana.askToAdd(address);
      const page = await ana.open(locationOf(sent));
      const code = await new EmailPerson(site, { address }).newestCode();
      const wrong = await ana.submit(page, CODE, { code: anotherThan(code) });
      const alike = ({ status, text }: Answer) => [
        status,
        text.replaceAll(address, "ADDRESS").replaceAll(/value="[\w.-]{30,}"|at=[\w.%-]+/g, "SEALED"),
      ];
      return { answers: [sent, page, wrong].map(alike), last: await ana.submit(page, CODE, { code }) };
    };
    const [taken, added] = [await shown(ben.address), await shown(free)];
    expect(taken.answers).toEqual(added.answers);
    expect(locationOf(taken.last)).toBe(`${SECURITY}?addressError=taken`);
    expect(locationOf(added.last)).toBe(`${SECURITY}?notice=addressAdded`);
    const page = await ana.open(locationOf(taken.last));
    expect(page.text).toContain(en.signInEmail.errors.taken);
    expect(await ben.addresses()).toEqual([ben.address]);
  });

  it("goes to exactly one of two accounts that add it at once", async () => {
    const [ana, ben, address] = [await Holder.signedIn(), await Holder.signedIn(), freshAddress()];
    const [one, other] = [await ana.codeFor(address), await ben.codeFor(address)];
    const told = await Promise.all([
      ana.submit(one.page, CODE, { code: one.code }),
      ben.submit(other.page, CODE, { code: other.code }),
    ]);
    expect(told.map(locationOf).sort()).toEqual([`${SECURITY}?addressError=taken`, `${SECURITY}?notice=addressAdded`]);
  });

  it("is told to be none, or to have had too many letters, where it stands", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    expect(locationOf(await ana.askToAdd("ana"))).toBe(`${SECURITY}?addressError=notAnAddress`);
    const page = await ana.open(locationOf(await ana.askToAdd(address)));
    expect(locationOf(await ana.askToAdd(address))).toBe(`${SECURITY}?addressError=tooMany`);
    const again = await ana.submit(page, ADDRESSES);
    expect([again.status, again.text.includes(en.signInCode.wait(1))]).toEqual([429, true]);
  });

  it("is taken twice of a double click without complaint", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    const { page, code } = await ana.codeFor(address);
    const told = await Promise.all([ana.submit(page, CODE, { code }), ana.submit(page, CODE, { code })]);
    expect(told.map(locationOf)).toEqual([`${SECURITY}?notice=addressAdded`, `${SECURITY}?notice=addressAdded`]);
  });
});

describe("an address", () => {
  it("is removed, and no longer signs in", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    await ana.add(address);
    expect(locationOf(await ana.remove(address))).toBe(`${SECURITY}?notice=addressRemoved`);
    expect(await ana.addresses()).toEqual([ana.address]);
    expect(locationOf(await new EmailPerson(site, { address }).prove())).toMatch(/^\/sign-up\?/);
  });

  it("is never removed as the last way in, however many are removed at once", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    await ana.add(address);
    const told = await Promise.all([ana.remove(address), ana.remove(ana.address)]);
    expect(told.map(locationOf).sort()).toEqual([`${SECURITY}?error=lastWayIn`, `${SECURITY}?notice=addressRemoved`]);
    expect(await ana.addresses()).toHaveLength(1);
  });

  it("of another account is not removed", async () => {
    const [ana, ben] = [await Holder.signedIn(), await Holder.signedIn()];
    await ana.add(freshAddress());
    expect(locationOf(await ana.remove(ben.address))).toBe(`${SECURITY}?error=lastWayIn`);
    expect(await ben.addresses()).toEqual([ben.address]);
  });
});

describe("whoever signed in too long ago", () => {
  it("signs in again before anything changes, and then is back at the addresses", async () => {
    const [ana, address] = [await Holder.signedIn(), freshAddress()];
    await ana.add(address);
    later(11 * MINUTE);
    for (const answer of [await ana.askToAdd(freshAddress()), await ana.remove(address)]) {
      expect([answer.status, locationOf(answer)]).toEqual([303, expect.stringMatching(/\/sign-in\?continue=/)]);
    }
    expect(await ana.addresses()).toEqual([ana.address, address]);
    const continuation = new URL(locationOf(await ana.remove(address)), site.issuer).searchParams.get("continue");
    expect(locationOf(await ana.prove(continuation))).toBe(SECURITY);
    expect(locationOf(await ana.remove(address))).toBe(`${SECURITY}?notice=addressRemoved`);
  });

  it("is nobody where nobody is signed in", async () => {
    const nobody = new EmailPerson(site);
    const page = await nobody.open("/sign-in/email");
    const csrf = page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    const headers = { Origin: new URL(site.issuer).origin };
    for (const path of [ADDRESSES, CODE, `${ADDRESSES}/remove`]) {
      const answer = await nobody.request("POST", path, { form: { csrf, address: "a@example.com", id: "a" }, headers });
      expect(locationOf(answer)).toMatch(/\/sign-in\?continue=/);
    }
  });
});
