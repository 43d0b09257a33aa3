import { beforeAll, describe, expect, it } from "vitest";
import type { BrowserLike } from "../../support/server/browser-like.ts";
import { locationOf } from "../../support/server/person.ts";
import { Scene } from "../../support/server/scene.ts";
import { initialAccessToken, SelfRegistered } from "../../support/server/self-registered.ts";
import { text, UMA_GRANT } from "../../support/server/world.ts";
import { countHops } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { Resident } from "../../support/workerd/resident.ts";

const world = localWorld();
type Answer = Awaited<ReturnType<BrowserLike["open"]>>;

let scene: Scene;
let ana: BrowserLike;
let ben: BrowserLike;
let base: string;
beforeAll(async () => {
  scene = await Scene.open(world);
  const [one, other] = await Promise.all([Resident.settle("Ana"), Resident.settle("Ben")]);
  for (const administrator of [one, other]) await administrator.administer(scene.cast.alice);
  [ana, ben] = await Promise.all([one.browse(world.site), other.browse(world.site)]);
  base = `/console/${scene.cast.alice}/requests`;
});

interface Waits {
  readonly photo: string;
  readonly ticket: string;
  readonly id: string;
  readonly path: string;
}

/** Bob asks to view and print something. */
async function ask(name = "Blood count"): Promise<Waits> {
  const photo = await scene.resource(["view", "print"], { name, scope_names: { print: "make prints of" } });
  await scene.permit(photo, ["view", "print"], { claim: "email", exists: true }, { terms: { approval: true } });
  const idToken = await scene.bob({ name: "Dr. Roth" });
  const submitted = await scene.redeem(await scene.ticket(photo, ["view", "print"]), { idToken });
  const { items } = (await scene.ask("GET", "/requests?status=waiting&limit=1")).body;
  const [request] = items as readonly { request_id: string }[];
  const id = String(request?.request_id);
  return { photo, ticket: text(submitted, "ticket"), id, path: `${base}/${id}` };
}

async function decide(
  browser: BrowserLike,
  { path }: Waits,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const sent = await browser.submit(await browser.open(path), `${path}/decision`, fields);
  return sent.status === 303 ? browser.open(belowIssuer(locationOf(sent))) : sent;
}

function belowIssuer(location: string): string {
  return location.startsWith("/") ? location : location.slice(new URL(location).origin.length);
}

/** What is read on a page: its parts apart, and each sentence whole. */
function words({ text: html }: Answer): string {
  const sentences = html.replaceAll(/<\/?(?:bdi|span|time|a|strong)\b[^>]*>/g, "");
  return sentences.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

describe("the requests of an owner", () => {
  it("can be decided scope by scope, however much is asked for at once", async () => {
    const scopes = Array.from({ length: 40 }, (_, index) => index.toString(36));
    const things = await Promise.all(Array.from({ length: 4 }, () => scene.resource(scopes)));
    for (const thing of things) {
      await scene.permit(thing, scopes, { claim: "email", exists: true }, { terms: { approval: true } });
    }
    const asked = await scene.rs1.ask(things.map((id) => ({ resource_id: id, resource_scopes: scopes })));
    await scene.redeem(text(asked, "ticket"), { idToken: await scene.bob() });
    const { items } = (await scene.ask("GET", "/requests?status=waiting&limit=1")).body;
    const [request] = items as readonly { request_id: string }[];
    const path = `${base}/${request?.request_id}`;
    const page = await ana.open(path);
    const boxes = [...page.text.matchAll(/name="(allow-\d+-\d+)"/g)].map(([, name = ""]) => [name, "yes"] as const);
    expect(boxes).toHaveLength(160);
    const fields = { ...Object.fromEntries(boxes), decision: "refuse", until: "always", last_day: "", word: "No." };
    expect((await ana.submit(page, `${path}/decision`, fields)).status).toBe(303);
  });

  it("say who asks, through which app and for what, with the decision right there", async () => {
    const { id } = await ask();
    const page = await ana.open(base);
    expect(page.status).toBe(200);
    expect(words(page)).toContain("Dr. Roth asks to view and make prints of Blood count.");
    expect(words(page)).toContain("Through C1");
    expect(page.text).toContain(`${base}/${id}/decision`);
  });

  it("mark an app that nobody vouches for, with where it is at home, right where they are decided", async () => {
    const own = await Scene.open(world);
    const resident = await Resident.settle();
    await resident.administer(own.cast.alice);
    const photo = await own.resource(["view"]);
    await own.permit(photo, ["view"], { claim: "email", exists: true }, { terms: { approval: true } });
    const may = { grant_types: [UMA_GRANT], may_push_claims: true };
    const uris = { claims_redirect_uris: ["https://evil.example/back"] };
    const said = { client_name: "Bank of Alice", grant_types: [UMA_GRANT], ...uris };
    const { client } = await SelfRegistered.register(world, said, await initialAccessToken(world, may));
    const idToken = await own.bob({ aud: client.id });
    expect((await own.redeemAs(client, await own.ticket(photo), { idToken })).status).toBe(403);
    const browser = await resident.browse(world.site);
    for (const path of [`/console/${own.cast.alice}/requests`, `/console/${own.cast.alice}`]) {
      const page = words(await browser.open(path));
      expect(page).toContain("Through Bank of Alice");
      expect(page).toMatch(/evil\.example\s+Not checked by us/);
    }
    expect(words(await ana.open(base))).not.toContain("Not checked by us");
  });

  it("are allowed from the list in one step, which ends in two", async () => {
    const waits = await ask();
    const list = await ana.open(base);
    const sent = await ana.submit(list, `${waits.path}/decision`, { decision: "approve" });
    const page = await ana.open(belowIssuer(locationOf(sent)));
    expect(words(page)).toContain("You let Dr. Roth view and make prints of Blood count.");
    expect(words(page)).toContain("You decided today");
    const granted = await scene.redeem(waits.ticket);
    expect(await scene.granted(granted)).toEqual({ [waits.photo]: ["print", "view"] });
    const ended = await ana.submit(page, `${waits.path}/end`);
    expect(words(await ana.open(belowIssuer(locationOf(ended))))).toContain("It has been ended.");
    expect(await scene.introspect(granted.body.access_token)).toEqual({ active: false });
  });

  it("are allowed in part and for a time", async () => {
    const waits = await ask();
    const chosen = { decision: "choose", "allow-0-0": "yes", until: "week", word: "View only." };
    const page = words(await decide(ana, waits, chosen));
    expect(page).toContain("You let Dr. Roth view Blood count.");
    expect(page).toContain("You left out: make prints of Blood count.");
    expect(page).toContain("View only.");
    expect(await scene.granted(await scene.redeem(waits.ticket))).toEqual({ [waits.photo]: ["view"] });
    const read = (await scene.ask("GET", `/requests/${waits.id}`)).body;
    const until = Number((read.decision as unknown as { until: number }).until);
    expect(until - Date.now() / 1_000).toBeGreaterThan(6.9 * 86_400);
    expect(until - Date.now() / 1_000).toBeLessThan(7.1 * 86_400);
  });

  it("are refused with a word", async () => {
    const waits = await ask();
    const page = words(await decide(ana, waits, { decision: "refuse", word: "Please call first." }));
    expect(page).toContain("You did not let Dr. Roth view and make prints of Blood count.");
    const denied = await scene.redeem(waits.ticket);
    expect(denied.body.error_description).toContain("they say: Please call first.");
    expect(words(await ana.open(waits.path))).toContain("They have had your answer.");
    expect(words(await ana.open(base.replace("/requests", "/decided")))).toContain("You did not let Dr. Roth");
  });

  it("come back with what was filled in where something is wrong, and nothing is decided", async () => {
    const waits = await ask();
    const wrong = await decide(ana, waits, { decision: "choose", until: "day", last_day: "2020-01-01", word: "Hello" });
    expect(wrong.status).toBe(400);
    expect(words(wrong)).toContain("Choose what you allow.");
    expect(words(wrong)).toContain("Choose a day that is still to come.");
    expect(wrong.text).toContain('value="Hello"');
    const long = await decide(ana, waits, { decision: "refuse", word: "x".repeat(201) });
    expect(words(long)).toContain("Say it in 200 characters at most.");
    expect((await scene.ask("GET", `/requests/${waits.id}`)).body.status).toBe("waiting");
  });

  it("are decided once: who comes second reads who was first, and what they decided", async () => {
    const waits = await ask();
    const [hers, his] = await Promise.all([ana.open(waits.path), ben.open(waits.path)]);
    const first = await ana.submit(hers, `${waits.path}/decision`, { decision: "refuse" });
    expect(first.status).toBe(303);
    const second = await ben.submit(his, `${waits.path}/decision`, { decision: "approve" });
    const page = words(await ben.open(belowIssuer(locationOf(second))));
    expect(page).toContain("This was decided already, so nothing was changed.");
    expect(page).toContain("Ana decided today");
    expect(page).toContain("Ana did not let Dr. Roth view and make prints of Blood count.");
    expect((await scene.ask("GET", `/requests/${waits.id}`)).body).toMatchObject({ status: "refused", version: 2 });
  });

  it("that have changed since they were read are read again", async () => {
    const waits = await ask();
    const page = await ana.open(waits.path);
    await scene.permit(waits.photo, ["view"], { claim: "email", exists: true });
    await scene.redeem(waits.ticket);
    const sent = await ana.submit(page, `${waits.path}/decision`, { decision: "approve" });
    const again = words(await ana.open(belowIssuer(locationOf(sent))));
    expect(again).toContain("What they ask for has changed since you read it");
    expect(again).toContain("asks to make prints of Blood count.");
  });

  it("are told of as they are, whatever a link says", async () => {
    const waits = await ask();
    for (const notice of ["approved", "refused", "ended", "nothing"]) {
      expect(words(await ana.open(`${waits.path}?notice=${notice}`))).not.toMatch(/Allowed\.|Refused\.|Ended\./);
    }
  });

  it("are nobody's who does not act for the owner", async () => {
    const waits = await ask();
    const mallory = await (await Resident.settle("Mallory")).browse(world.site);
    for (const path of [base, base.replace("/requests", "/decided"), waits.path])
      expect((await mallory.open(path)).status).toBe(404);
    const page = await ana.open(waits.path);
    expect((await mallory.submit(page, `${waits.path}/decision`, { decision: "approve" })).status).toBe(404);
    expect((await scene.ask("GET", `/requests/${waits.id}`)).body.status).toBe("waiting");
  });

  it("cost one look at who is there, one at the ledger, and one at the names", async () => {
    await ask();
    expect(await countHops(() => ana.open(base))).toEqual(["d1", "ledger", "d1"]);
  });
});
