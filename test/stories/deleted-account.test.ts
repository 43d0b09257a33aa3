import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { TOMBSTONE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { codeIn, EmailPerson, type Letter } from "../support/server/letters.ts";
import { acceptInvitation, Organization } from "../support/server/organization.ts";
import { locationOf } from "../support/server/person.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { mailWorld } from "../support/workerd/mail-world.ts";
import { rowsThatName, storedContent } from "../support/workerd/stored-content.ts";

/**
 * The life of somebody who made an account, kept things, shared them, let somebody in, asked others, acted for a clinic, and
 * deletes the account; then a look at everything that is stored.
 */

const letters: Letter[] = [];
const world = mailWorld({
  MAIL_FROM: "usher@as.example",
  MAIL: { send: async (letter: Letter) => void letters.push(letter) },
});
/** Words that occur in this life alone. */
const words = {
  name: fresh("Ana"),
  thing: fresh("Blood"),
  group: fresh("Family"),
  friend: `${fresh("eve")}@x.example`,
};

let before: string;
let ids: { readonly account_id: string; readonly owner_id: string };
let address: string;
let tokens: { readonly access: string; readonly refresh: string; readonly rpt: string };

function fresh(kind: string): string {
  return `${kind}-${crypto.randomUUID()}`;
}

async function signUp(): Promise<EmailPerson> {
  const ana = new EmailPerson(world.site);
  const page = await ana.askForCode();
  const offered = await ana.open(locationOf(await ana.enter(page, codeIn(letters.at(-1)))));
  expectStatus(await ana.submit(offered, "/sign-up", { name: words.name }), 303);
  return ana;
}

/** An app that keeps her things and shares them for her, and somebody whom it lets in. */
async function share(ana: EmailPerson): Promise<typeof tokens> {
  const app = await CodeApp.register(world);
  const code = await app.allow(ana, await app.pushedPath({ scope: "uma_protection uma_policy" }));
  const { access_token, refresh_token } = (await app.redeem(code)).body;
  const bearer = String(access_token);
  const scan = await world.registerResource(bearer, { resource_scopes: ["view"], name: words.thing });
  const group = { name: words.group, members: [{ email: words.friend }] };
  expectStatus(await world.send("POST", "/owner/groups", { bearer, json: group }), 201);
  const everybody = { effect: "permit", target: { resources: [scan] }, scopes: ["view"], who: { anyone: true } };
  await world.policy(bearer, everybody);
  const reader = await world.client({ client_name: "Reader" });
  const ticket = await world.ticket(bearer, { resource_id: scan, resource_scopes: ["view"] });
  return {
    access: bearer,
    refresh: String(refresh_token),
    rpt: text(expectStatus(await world.uma(reader, ticket), 200), "access_token"),
  };
}

beforeAll(async () => {
  const ana = await signUp();
  address = ana.address;
  tokens = await share(ana);
  const clinic = await Organization.found(world);
  await clinic.member("Ben");
  await acceptInvitation(ana, await clinic.invite());
  ids = JSON.parse((await ana.open("/account/data/download")).text).account;
  before = await storedContent();

  const form = await ana.open("/account/data/delete");
  const told = await ana.submit(form, "/account/data/delete", { sure: "yes" });
  expect(locationOf(told)).toContain("/account/data/deleted");
  for (let time = 0; time < 5; time += 1) await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(ids.owner_id));
}, 60_000);

it("the look would find what is there", () => {
  for (const word of [address, words.thing, words.group, words.friend, ids.account_id, ids.owner_id])
    expect(before).toContain(word);
});

it("nothing works any more that was given out", async () => {
  const { access, rpt } = tokens;
  expect((await world.send("POST", "/introspection", { bearer: access, form: { token: rpt } })).status).toBe(401);
  expect((await world.send("GET", "/owner/policies", { bearer: access })).status).toBe(401);
});

it("nothing of her is stored but the bare id of what she owned, and what the clinic's activity says of an id", async () => {
  const after = await storedContent();
  for (const word of [words.name, address, words.thing, words.group, words.friend]) expect(after).not.toContain(word);
  expect(await rowsThatName(ids.account_id)).toEqual({});
  expect(await rowsThatName(ids.owner_id)).toEqual({ deletions: 1 });
});

it("not even that is left when its time is over", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + (TOMBSTONE_SECONDS + 60) * 1_000 });
  await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(ids.owner_id));
  vi.useRealTimers();
  const ledger = env.OWNER_LEDGER.getByName(ids.owner_id);
  expect(await runInDurableObject(ledger, async (_, { storage }) => (await storage.list()).size)).toBe(0);
});
