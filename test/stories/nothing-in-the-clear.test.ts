import { beforeAll, describe, expect, it, vi } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { codeIn, EmailPerson, type Letter } from "../support/server/letters.ts";
import { acceptInvitation, Organization } from "../support/server/organization.ts";
import { codesOf, freshAddress, locationOf, Person } from "../support/server/person.ts";
import type { UpstreamProvider } from "../support/server/upstream-provider.ts";
import { UpstreamScene } from "../support/server/upstream-scene.ts";
import { expectStatus, text, World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { freshHost } from "../support/workerd/key-hosts.ts";
import { mailWorld } from "../support/workerd/mail-world.ts";
import { storedContent } from "../support/workerd/stored-content.ts";

/**
 * A whole life of people, played over HTTP alone, and then a look at everything that somebody reads who gets hold of the
 * storage, of the log, or of what the operator is told of each request.
 */

const BACK = "https://consult.example/back";
const DEVICE = `Mozilla/5.0 (Linux; Android 16; ${fresh("phone")}) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36`;
const LOGS = ["debug", "log", "info", "warn", "error"] as const;

/** By what it is called, what nobody may find. */
type Secrets = Map<string, string>;

const secrets: Secrets = new Map();
const [letters, requestIds, hosts]: [Letter[], Set<string>, Map<string, UpstreamProvider>] = [[], new Set(), new Map()];
/** What does stand in the clear: the address that an account has verified. */
const verified = `ana-${crypto.randomUUID()}@example.com`;
let stored: string;
let log: string;
let stories: string;

/** A server of which every answer's id is noted, and every cookie. */
function noted({ site }: World): World {
  const fetch = async (request: Request) => {
    const answer = await site.fetch(request);
    requestIds.add(answer.headers.get("x-request-id") ?? "");
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = line.match(/^__Host-([^=]+)=([^;]*)/) ?? [];
      // What says no more than which language somebody reads is no secret.
      if (value.length > 8) keep(`cookie ${name}`, value);
    }
    return answer;
  };
  return new World({ ...site, fetch });
}

const sending = mailWorld({
  MAIL_FROM: "usher@as.example",
  MAIL: { send: async (letter: Letter) => void letters.push(letter) },
  LOG_LEVEL: "info",
});
const world = noted(sending);
/** The same server at an address on https, without which it would ask no provider. */
const secure = noted(configuredWorld({ ISSUER: "https://as.example", LOG_LEVEL: "info" }));

function fresh(kind: string): string {
  return `${kind}-${crypto.randomUUID()}`;
}

/** @returns the secret. */
function keep(name: string, secret: unknown): string {
  if (typeof secret !== "string" || secret.length < 8)
    throw new Error(`${name}: is not what was looked for: ${secret}`);
  secrets.set(`${name}, ${secrets.size}`, secret);
  return secret;
}

function keepAll(answer: Answer, ...members: readonly string[]): Answer {
  for (const member of members) keep(member, answer.body[member]);
  return answer;
}

const newestCode = () => keep("code by e-mail", codeIn(letters.at(-1)));
const queryOf = (location: string) => new URL(location, world.site.issuer).searchParams;

/** Somebody at a device of their own, whose name nobody else has. */
async function somebody(name: string): Promise<{ readonly person: Person; readonly codes: readonly string[] }> {
  const address = keep(
    "network address",
    `2001:db8:${crypto.randomUUID().slice(0, 4)}::${crypto.randomUUID().slice(0, 4)}`,
  );
  const person = new Person(world.site, address);
  const codes = codesOf(await person.signUp(keep("name of a person", fresh(name))));
  return { person, codes };
}

/** Ana makes an account, names her passkey, proves an address, loses the passkey, and finds back. */
async function liveAccount(): Promise<Person> {
  const { person: ana, codes } = await somebody("Ana");
  for (const code of codes) {
    keep("recovery code", code);
    keep("recovery code, as it is hashed", code.replaceAll("-", ""));
  }
  const security = await ana.browser.open("/account/security");
  const passkey = keep("name of a passkey", fresh("my key"));
  await ana.browser.submit(security, "/account/security/passkeys/rename", { name: passkey });
  expect((await ana.browser.open("/account/security")).text).toContain(passkey);
  const asked = await ana.browser.submit(security, "/account/security/addresses", { address: verified });
  const page = await ana.browser.open(locationOf(asked));
  const code = newestCode();
  await ana.browser.submit(page, "/account/security/addresses/code", { code: code === "00000000" ? "1" : "00000000" });
  await ana.browser.submit(page, "/account/security/addresses/code", { code });
  await ana.signOut();
  const elsewhere = new Person(world.site, freshAddress());
  const recovery = await elsewhere.browser.open("/sign-in/recovery");
  await elsewhere.browser.submit(recovery, "/sign-in/recovery", {
    code: keep("no recovery code", "WRNG-WRNG-WRNG-WRNG"),
  });
  const recovered = await elsewhere.browser.submit(recovery, "/sign-in/recovery", { code: codes[0] ?? "" });
  expect(locationOf(recovered)).toContain("recovered");
  expectStatus(await ana.signIn(), 200);
  return ana;
}

/** Ben makes an account by a code; an address that is nobody's asks for one, too. */
async function liveByMail(): Promise<EmailPerson> {
  const ben = new EmailPerson(world.site);
  const page = await ben.askForCode();
  await ben.enter(page, "1234");
  const offered = await ben.open(locationOf(await ben.enter(page, newestCode())));
  expectStatus(await ben.submit(offered, "/sign-up", { name: keep("name of a person", fresh("Ben")) }), 303);
  const nobody = new EmailPerson(world.site);
  await nobody.askForCode();
  keep("address that nobody proved", nobody.address);
  newestCode();
  return ben;
}

/** Cleo comes from a provider, and links what she is there. */
async function liveUpstream(): Promise<void> {
  const attach = (provider: UpstreamProvider) => hosts.set(new URL(provider.issuer).host, provider);
  const provider = await UpstreamScene.open(secure, freshHost(), attach);
  keep("secret at a provider", provider.secret);
  const cleo = {
    sub: keep("subject at a provider", fresh("sub")),
    name: keep("name at a provider", fresh("Cleo")),
    email: keep("address at a provider", `${fresh("cleo")}@hospital.example`),
    email_verified: true,
    role: keep("claim of a provider", fresh("role")),
  };
  const browser = new BrowserLike(secure.site, { "User-Agent": DEVICE });
  await provider.join(browser, cleo);
  await provider.visit(browser, cleo);
  expect((await browser.open("/account/security")).text).toContain("Chrome");
  await provider.link(browser, { sub: keep("another subject at a provider", fresh("sub")) });
  provider.provider.twists = { answer: (back) => back.set("error", "access_denied") };
  await provider.visit(browser, cleo);
  await secure.admin("DELETE", `/providers/${provider.id}`);
}

/** Ana connects an app that keeps her things, and one with which she shares them. @returns what a client comes with. */
async function liveConsent(ana: Person): Promise<() => Promise<string>> {
  const host = await connect(ana, await CodeApp.register(world), "uma_protection");
  const phone = await CodeApp.registerPublic(world);
  const tool = await connect(ana, phone, "uma_policy");
  const rotated = keepAll(await phone.refresh(tool.refresh), "access_token", "refresh_token");
  keepAll(await phone.refresh(rotated.body.refresh_token), "access_token", "refresh_token");
  const scan = await world.registerResource(host.access, { resource_scopes: ["view"] });
  await world.policy(tool.access, {
    effect: "permit",
    target: { resources: [scan] },
    scopes: ["view"],
    who: { claim: "email", exists: true },
    terms: { agreement: { title: "Rules", text: "Be kind." } },
  });
  return async () => keep("ticket", await world.ticket(host.access, { resource_id: scan, resource_scopes: ["view"] }));
}

async function connect(ana: Person, app: CodeApp, scope: string): Promise<{ access: string; refresh: string }> {
  if (app.client.secret !== "") keep("secret of a client", app.client.secret);
  const path = await app.pushedPath({ scope, state: keep("state of a client", fresh("state")) });
  keep("request_uri", queryOf(path).get("request_uri")?.split(":").at(-1));
  const code = keep("authorization code", await app.allow(ana.browser, path));
  await app.redeem(code, { code_verifier: keep("no verifier", "m".repeat(43)) });
  const { body } = keepAll(expectStatus(await app.redeem(code), 200), "access_token", "refresh_token");
  await app.redeem(code, { code_verifier: "" });
  return { access: String(body.access_token), refresh: String(body.refresh_token) };
}

/** Ben shows an app who he is, agrees, and lets himself be remembered. */
async function liveVisit(ben: EmailPerson, newTicket: () => Promise<string>): Promise<void> {
  const registration = { client_name: "Consult", claims_redirect_uris: [BACK] };
  const [consult, other] = [await world.client(registration), await world.client(registration)];
  keep("secret of a client", consult.secret);
  const needed = keepAll(await world.uma(consult, await newTicket()), "ticket");
  const sent = new URLSearchParams({ client_id: consult.id, ticket: text(needed, "ticket"), state: fresh("state") });
  keep("state of a client", sent.get("state"));
  const page = expectStatus(await ben.follow(`/claims?${sent}`), 200);
  const [agreement = ""] = page.text.match(/agree-[\w-]+/) ?? [];
  const fields = { decision: "continue", remember: "yes", [agreement]: "yes" };
  const back = locationOf(await ben.submit(page, "/claims/interaction", fields));
  const ticket = keep("ticket after a visit", queryOf(back).get("ticket"));
  const granted = expectStatus(await world.uma(consult, ticket), 200);
  keepAll(granted, "access_token", "refresh_token", "pct");
  const pct = text(granted, "pct");
  keepAll(expectStatus(await world.uma(consult, await newTicket(), { pct }), 200), "access_token");
  await world.uma(other, await newTicket(), { pct });
  await (await CodeApp.register(world)).refresh(granted.body.refresh_token);
}

/** A clinic's first administrator is invited by the operator, and invites another by a letter. */
async function liveOrganization(): Promise<void> {
  const clinic = await Organization.found(world);
  const { person: dora } = await somebody("Dora");
  const link = await clinic.invite();
  keep("secret of an invitation", queryOf(link).get("code"));
  await acceptInvitation(dora.browser, link);
  const page = await dora.browser.open(clinic.page);
  const [, action = ""] = page.text.match(/action="(\/account\/administrators\/invite[^"]*)"/) ?? [];
  const address = keep("address of somebody invited", `${fresh("eve")}@example.com`);
  await dora.browser.submit(page, action, { address, role: "administrator" });
  keep("secret of an invitation", letters.at(-1)?.text.match(/code=([\w-]{43})/)?.[1]);
}

/** What the server says to its log, as one text. */
async function loggedDuring(work: () => Promise<unknown>): Promise<string> {
  const spies = LOGS.map((level) => vi.spyOn(console, level).mockImplementation(() => undefined));
  await work();
  const said = JSON.stringify(spies.map((spy) => spy.mock.calls));
  for (const spy of spies) spy.mockRestore();
  return said;
}

/** What the operator reads of every request, as one text. */
async function readStories(): Promise<string> {
  const read: string[] = [];
  for (const id of requestIds) read.push((await sending.admin("GET", `/requests/${id}`)).text);
  return read.join("\n");
}

beforeAll(async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const provider = hosts.get(new URL(request.url).host);
    if (provider === undefined) throw new TypeError("Network connection lost");
    return provider.fetch(request);
  });
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  log = await loggedDuring(async () => {
    const ana = await liveAccount();
    const ben = await liveByMail();
    await liveUpstream();
    await liveVisit(ben, await liveConsent(ana));
    await liveOrganization();
  });
  stories = await readStories();
  stored = await storedContent();
  vi.restoreAllMocks();
}, 60_000);

/** Which secrets stand in a text; digits only where no others are beside them. */
function foundIn(content: string): readonly string[] {
  const isFound = (secret: string) =>
    /^\d+$/.test(secret) ? new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(content) : content.includes(secret);
  return [...secrets].filter(([, secret]) => isFound(secret)).map(([name]) => name);
}

describe("after people have lived with the server", () => {
  it("every kind of cookie was there to be found", () => {
    const kinds = new Set([...secrets.keys()].map((name) => name.replace(/, \d+$/, "")));
    for (const kind of ["visit", "session", "upstream", "invitation", "known"]) {
      expect(kinds).toContain(`cookie ${kind}`);
    }
  });

  it("its storage holds none of it, and no device", () => {
    // What is there by right shows that D1 and the ledgers were looked into.
    for (const known of [verified, "granted"]) expect(stored).toContain(known);
    expect(foundIn(stored)).toEqual([]);
    for (const device of ["Android", "AppleWebKit", "Chrome"]) expect(stored).not.toContain(device);
  });

  it("its log holds none of it, nor the verified address", () => {
    expect(log).toContain("signed_in");
    expect(foundIn(log)).toEqual([]);
    expect(log).not.toContain(verified);
  });

  it("what the operator is told of each request holds none of it, nor the verified address", () => {
    expect(requestIds.size).toBeGreaterThan(60);
    for (const known of ["signed_in", "/account/security", "/claims"]) expect(stories).toContain(known);
    expect(foundIn(stories)).toEqual([]);
    expect(stories).not.toContain(verified);
  });
});
