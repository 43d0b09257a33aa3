import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../support/server/http-site.ts";
import { EmailPerson, type Letter, lettersTo } from "../../support/server/letters.ts";
import { acceptInvitation, Organization } from "../../support/server/organization.ts";
import { locationOf } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { initialAccessToken, SelfRegistered } from "../../support/server/self-registered.ts";
import { expectStatus, UMA_GRANT } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

const world = localWorld();
const ASK = { terms: { approval: true } } as const;
let scene: Scene;
/** Acts for alice, whose things they are. */
let ana: EmailPerson;
let roth: { readonly sub: string; readonly email: string; readonly email_verified: true };

beforeEach(async () => {
  scene = await Scene.open(world);
  ana = await administrator();
  const sub = `roth-${crypto.randomUUID()}`;
  roth = { sub, email: `${sub}@example.com`, email_verified: true };
});

async function administrator(language = "en"): Promise<EmailPerson> {
  const person = new EmailPerson(world.site, { language });
  await person.settle();
  await acceptInvitation(person, await new Organization(world, scene.cast.alice).invite());
  return person;
}

/** Somebody asks for a photo that waits for its owner. @returns the id of the request */
async function ask(party: Record<string, unknown> = roth): Promise<string> {
  const photo = await scene.resource(["view"], { name: "A private photo" });
  await scene.permit(photo, ["view"], { claim: "email", exists: true }, ASK);
  const ticket = await scene.ticket(photo);
  await scene.redeem(ticket, { idToken: await scene.bob(party) });
  const { items = [] } = (await scene.ask("GET", "/requests?status=waiting")).body;
  return String(items[0]?.request_id);
}

/** Somebody is let in to a photo that is shared with everybody who is known. */
async function enter(party: Record<string, unknown> = roth): Promise<void> {
  const photo = await scene.resource(["view"]);
  await scene.permit(photo, ["view"], { claim: "email", exists: true });
  expectStatus(await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob(party) }), 200);
}

/** Lets the alarm ring now. */
async function tell(): Promise<void> {
  await runDurableObjectAlarm(ledger());
}

const ledger = () => env.OWNER_LEDGER.getByName(scene.cast.alice);

/** As if the week had begun so long ago. */
function weekBegan(secondsAgo: number): Promise<void> {
  return runInDurableObject(ledger(), (_, { storage }) => {
    storage.kv.put("week_since", Math.floor(Date.now() / 1_000) - secondsAgo);
  });
}

/** What somebody was written but for their codes. */
async function noticesTo(address: string): Promise<readonly Letter[]> {
  return (await lettersTo(world.site, address)).filter(({ text: written }) => written.includes("/notices/stop?"));
}
const subjects = async (address: string) => (await noticesTo(address)).map(({ subject }) => subject);

const linkIn = (letter: Letter | undefined, path: string) =>
  letter?.text.match(new RegExp(`^ {4}(\\S+${path}\\S*)$`, "m"))?.[1]?.slice(world.site.issuer.length) ?? "no link";

/** What of the page of settings is ticked. */
const ticked = ({ text: page }: Answer) =>
  [...page.matchAll(/<input type="checkbox" id="(\w+)"[^>]*checked/g)].map(([, kind]) => kind);

describe("whoever acts for an owner is written to", () => {
  it("when somebody waits, once for each request: who, by which app, and not for what", async () => {
    const requestIds = [await ask(), await ask()];
    await tell();
    const [letter, ...others] = await noticesTo(ana.address);
    expect([letter?.subject, others.length]).toEqual(["Somebody waits for an answer of alice", 1]);
    expect(letter?.text).toContain(roth.email);
    expect(letter?.text).not.toContain("private photo");
    const paths = requestIds.map((id) => `/console/${scene.cast.alice}/requests/${id}`);
    expect(paths).toContain(linkIn(letter, "/console/"));
  });

  it("by the app's name where somebody vouches for it, else by where it is at home, or by its id", async () => {
    const may = { grant_types: [UMA_GRANT], may_push_claims: true };
    const token = await initialAccessToken(world, may);
    const registered = (more: object) =>
      SelfRegistered.register(world, { client_name: "Bank of Alice", grant_types: [UMA_GRANT], ...more }, token);
    const photo = await scene.resource(["view"]);
    await scene.permit(photo, ["view"], { claim: "email", exists: true }, ASK);
    const [one, other] = [
      await registered({ claims_redirect_uris: ["https://evil.example/back"] }),
      await registered({}),
    ];
    for (const { client } of [one, other]) {
      await scene.redeemAs(client, await scene.ticket(photo), {
        idToken: await scene.bob({ ...roth, aud: client.id }),
      });
    }
    await tell();
    const written = (await noticesTo(ana.address)).map(({ text: letter }) => letter).join();
    for (const name of ["evil.example", other.client.id]) expect(written).toContain(`by the app ${name},`);
    expect(written).not.toContain("Bank of Alice");
  });

  it("when somebody is let in for the first time, and not again; and the link asks to sign in", async () => {
    await enter();
    await enter();
    await tell();
    const letters = await noticesTo(ana.address);
    expect(letters.map(({ subject }) => subject)).toEqual(["Somebody new was let in at alice"]);
    const stranger = await new EmailPerson(world.site).open(linkIn(letters[0], "/console/"));
    expect(locationOf(stranger)).toMatch(/\/sign-in\b/);
  });

  it("each week, if they want that", async () => {
    const ben = await administrator();
    const page = await ben.open("/account/notices");
    await ben.submit(page, "/account/notices", { week: "yes" });
    await enter();
    await weekBegan(8 * 86_400);
    await tell();
    const [letter, ...others] = await noticesTo(ben.address);
    expect([letter?.subject, others]).toEqual(["The week of alice", []]);
    expect(letter?.text).toContain("Somebody was let in once.");
    expect(await subjects(ana.address)).toEqual(["Somebody new was let in at alice"]);
  });

  it("in the language that they signed in with", async () => {
    const ben = await administrator("de");
    await ask();
    await tell();
    expect(await subjects(ben.address)).toEqual(["Jemand wartet auf eine Antwort von alice"]);
  });

  it("not about themselves, nor by anything that was decided meanwhile", async () => {
    await scene.ask("POST", `/requests/${await ask()}/decision`, { version: 1, decision: "refuse" });
    await tell();
    expect(await subjects(ana.address)).toEqual([]);
  });

  it("a few times an hour at most, however many strangers come", async () => {
    for (let count = 0; count < 8; count += 1) {
      await enter({ ...roth, sub: `${roth.sub}-${count}`, email: `${count}-${roth.email}` });
    }
    await tell();
    expect(await subjects(ana.address)).toHaveLength(5);
  });
});

describe("whoever asked is written to", () => {
  it.each([
    ["approve", "was allowed"],
    ["refuse", "was not allowed"],
  ])("when the owner decided: %s", async (decision, said) => {
    await scene.ask("POST", `/requests/${await ask()}/decision`, { version: 1, decision });
    await tell();
    const [letter, ...others] = await noticesTo(roth.email);
    expect([letter?.subject, others]).toEqual(["Your request was answered", []]);
    expect(letter?.text).toContain(said);
  });

  it("and needs no account to stop it, of which the address is not kept in the clear", async () => {
    await scene.ask("POST", `/requests/${await ask()}/decision`, { version: 1, decision: "refuse" });
    await tell();
    const browser = new EmailPerson(world.site);
    const path = linkIn((await noticesTo(roth.email))[0], "/notices/stop");
    const asks = expectStatus(await browser.open(path), 200);
    expect(asks.text).toContain("Stop these emails?");
    const done = await browser.submit(asks, "/notices/stop", {});
    expect((await browser.open(locationOf(done))).text).toContain("These emails have stopped");
    await scene.ask("POST", `/requests/${await ask()}/decision`, { version: 1, decision: "refuse" });
    await tell();
    expect(await noticesTo(roth.email)).toHaveLength(1);
    expect(await storedContent()).not.toContain(roth.email);
  });
});

describe("whoever has had enough", () => {
  it("stops one kind by its link, and goes on to hear of the others", async () => {
    await ask();
    await tell();
    const asks = await ana.open(linkIn((await noticesTo(ana.address))[0], "/notices/stop"));
    await ana.submit(asks, "/notices/stop", {});
    expect(ticked(await ana.open("/account/notices"))).toEqual(["first_access", "request_decided", "shared"]);
    await ask({ ...roth, sub: `${roth.sub}-2` });
    await enter({ ...roth, sub: `${roth.sub}-3` });
    await tell();
    expect(await subjects(ana.address)).toEqual([
      "Somebody new was let in at alice",
      "Somebody waits for an answer of alice",
    ]);
  });

  it("has a program do it with one request, and a browser that follows the link changes nothing (RFC 8058)", async () => {
    await ask();
    await tell();
    const [letter] = (await world.send("GET", "/development/mailbox", { headers: { Accept: "application/json" } })).body
      .items as unknown as (Letter & { stop?: string })[];
    const path = letter?.stop?.slice(world.site.issuer.length) ?? "";
    expect(path).toMatch(/^\/unsubscribe\?t=/);
    expect(locationOf(await world.send("GET", path))).toMatch(/\/notices\/stop\?t=/);
    expect(ticked(await ana.open("/account/notices"))).toContain("request_waiting");
    const form = { "List-Unsubscribe": "One-Click" };
    expect((await world.send("POST", path, { form })).status).toBe(204);
    expect(ticked(await ana.open("/account/notices"))).not.toContain("request_waiting");
  });

  it("chooses on a page", async () => {
    const page = await ana.open("/account/notices");
    expect([page.text.includes(ana.address), ticked(page)]).toEqual([
      true,
      ["request_waiting", "first_access", "request_decided", "shared"],
    ]);
    const saved = await ana.submit(page, "/account/notices", { week: "yes" });
    expect(ticked(await ana.open(locationOf(saved)))).toEqual(["week"]);
    await ask();
    await enter();
    await tell();
    expect(await subjects(ana.address)).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["an empty one", "?t="],
    ["a forged one", "?t=forged"],
    ["a very long one", `?t=${"a".repeat(9_000)}`],
  ])("is told that a link is none: %s", async (_, query) => {
    const answers = [
      await world.send("GET", `/notices/stop${query}`),
      await world.send("POST", `/unsubscribe${query}`, { form: {} }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
  });
});
