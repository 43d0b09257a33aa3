import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import type { Answer } from "../support/server/http-site.ts";
import { BOB, INVALID_GRANT, NEED_INFO, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { storedContent } from "../support/workerd/stored-content.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const BACK = { claims_redirect_uris: ["https://c.example/cr"] };
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

afterEach(() => {
  vi.useRealTimers();
});

async function access(resource: string, claims = {}): Promise<Answer> {
  return scene.redeem(await scene.ticket(resource), { idToken: await scene.bob(claims) });
}

describe("the owner's wishes (Grant §6.1)", () => {
  it("G-6.1-owner-first an RPT lives as long as the owner's policy says", async () => {
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], BOB, { terms: { token_lifetime: 120 } });
    const answer = await access(photo);
    expect(answer.body.expires_in).toBe(120);
    const { exp, iat } = await scene.introspect(answer.body.access_token);
    expect(Number(exp) - Number(iat)).toBe(120);
  });

  it("G-6.1-owner-first a permission ends when the owner's policy does, and a refresh does not outlive it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const photo = await scene.resource();
    const end = Math.floor(Date.now() / 1_000) + 90;
    await scene.permit(photo, ["view"], BOB, { when: { expires: new Date(end * 1_000).toISOString() } });
    const answer = await access(photo);
    expect(Number((await scene.introspect(answer.body.access_token)).exp)).toBeLessThanOrEqual(end);
    vi.setSystemTime((end + 1) * 1_000);
    expect(await scene.introspect(answer.body.access_token)).toEqual({ active: false });
    expect(await scene.refresh(scene.cast.c1, answer.body.refresh_token)).toMatchObject(INVALID_GRANT);
  });
});

describe.each(["jwt", "opaque"])("withdrawal (Grant §6.1) of RPTs as %s", (rpt_format) => {
  beforeAll(async () => {
    scene = await Scene.open(world, { rpt_format });
  });

  interface Shared {
    readonly photo: string;
    readonly policy: string;
    readonly party: unknown;
  }
  const cut = (json: object) => world.send("POST", "/owner/withdrawals", { bearer: scene.tool, json });
  const edit = (method: string, path: string, json?: unknown) =>
    world.send(method, path, { bearer: scene.tool, ...(json === undefined ? {} : { json }) });
  const narrower = (photo: string) => ({
    effect: "permit",
    target: { resources: [photo] },
    scopes: ["print"],
    who: BOB,
  });

  it.each([
    ["deletes the policy", ({ policy }: Shared) => edit("DELETE", `/owner/policies/${policy}`)],
    ["narrows the policy", ({ policy, photo }: Shared) => edit("PUT", `/owner/policies/${policy}`, narrower(photo))],
    ["denies it to bob", ({ photo }: Shared) => scene.deny(photo)],
    ["withdraws what bob has", ({ party }: Shared) => cut({ party })],
    ["withdraws what the client has", () => cut({ client_id: scene.cast.c1.id })],
    ["withdraws the resource", ({ photo }: Shared) => cut({ resource_id: photo })],
    ["withdraws everything", () => cut({ everyone: true })],
  ])("G-6.1-withdrawal RPT and refresh token end at once when the owner %s", async (_, withdraw) => {
    const photo = await scene.resource();
    const policy = await scene.permit(photo, ["view"]);
    const { body } = await access(photo);
    const { active, sub: party } = await scene.introspect(body.access_token);
    expect(active).toBe(true);
    await withdraw({ photo, policy, party });
    expect(await scene.introspect(body.access_token)).toEqual({ active: false });
    expect(await scene.refresh(scene.cast.c1, body.refresh_token)).toMatchObject(INVALID_GRANT);
  });

  it("G-6.1-withdrawal of one scope leaves the others", async () => {
    const photo = await scene.resource();
    await scene.permit(photo, ["view"]);
    const policy = await scene.permit(photo, ["print"]);
    const ticket = await scene.ticket(photo, ["view", "print"]);
    const granted = await scene.redeem(ticket, { idToken: await scene.bob() });
    await scene.removePolicy(policy);
    expect(await scene.granted(granted)).toEqual({ [photo]: ["view"] });
    expect(await scene.granted(await scene.refresh(scene.cast.c1, granted.body.refresh_token))).toEqual({
      [photo]: ["view"],
    });
  });
});

describe("the requesting party's claims (Grant §6.2)", () => {
  it("G-6.2-claim-storage what was pushed is not to be read where it is kept", async () => {
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], {
      all: [
        { claim: "email", exists: true },
        { claim: "role", exists: true },
      ],
    });
    const claims = { sub: "subject-4711", email: "very.private@example.com", nickname: "Bobby Tables" };
    const asked = await access(photo, claims);
    expect(asked).toMatchObject(NEED_INFO);
    const duringProcess = await storedContent();
    const idToken = await scene.bob({ ...claims, role: "secret-role" });
    expect((await scene.redeem(String(asked.body.ticket), { idToken })).status).toBe(200);
    const afterwards = await storedContent();
    // The ledger's log says so, which shows that Durable Objects were looked into.
    expect(afterwards).toContain("granted");
    for (const dump of [duringProcess, afterwards]) {
      expect(dump).toContain(scene.cast.alice);
      for (const secret of [...Object.values(claims), "secret-role"]) expect(dump).not.toContain(secret);
    }
  });
});

it("G-6.2-claim-storage what a PCT stands for is kept sealed, and goes with it", async () => {
  const ana = await Visitor.arrive(world);
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
  const client = await world.client(BACK);
  const timesTold = async () => (await storedContent()).split(ana.address).length;
  const before = await timesTold();
  const back = await ana.show(client, { ticket: await scene.ticket(photo) }, { remember: "yes" });
  const token = text(await scene.redeemAs(client, back.get("ticket") ?? ""), "pct");
  // Her address stands with her account, where she has proved it, and with the policy.
  expect(await timesTold()).toBe(before);
  const kept = () =>
    env.DB.prepare("SELECT sealed_claims FROM pcts WHERE client_id = ?").bind(client.id).first("sealed_claims");
  const sealed = String(await kept());
  expect(await storedContent()).toContain(sealed);
  await world.send("POST", "/revocation", { basic: client, form: { token } });
  expect(await kept()).toBeNull();
  expect(await storedContent()).not.toContain(sealed);
});

describe("before anybody is known (Grant §6.3)", () => {
  it("G-6.3-ro-identity ticket, need_info and the first page of a visit say nothing about the owner, not even when taken apart", async () => {
    const photo = await scene.resource(undefined, { name: "Blood count of Alice Liddell" });
    await scene.permit(photo, ["view"]);
    const ticket = await scene.ticket(photo);
    const asked = await scene.redeem(ticket);
    expect(asked).toMatchObject(NEED_INFO);
    const client = await world.client(BACK);
    const page = await firstPage(new BrowserLike(world.site), client, await scene.ticket(photo));
    expect(world.site.issuer).not.toContain(scene.cast.alice);
    const shown = [ticket, decode(ticket), decode(String(asked.body.ticket)), asked.text, page];
    for (const text of shown) {
      for (const identity of [scene.cast.alice, scene.cast.rs1.id, photo, "Liddell", '"alice"']) {
        expect(text).not.toContain(identity);
      }
    }
  });

  it("G-6.3-no-value-oracle what a policy expects is not told, and cannot be found by trying", async () => {
    const photo = await scene.sharedPhoto();
    const unverified = { email_verified: false };
    const answers = [
      await scene.redeem(await scene.ticket(photo)),
      await access(photo, { ...unverified }),
      await access(photo, { ...unverified, email: "wrong@example.com" }),
    ];
    for (const answer of answers) expect(answer).toMatchObject(NEED_INFO);
    // What a client hears of its own claim token depends on that token and on nothing that the owner wrote.
    const [unasked, ...tried] = answers.map(({ body }) => ({ ...body, ticket: "" }));
    expect(tried[0]).toEqual(tried[1]);
    expect({ ...tried[0], error_description: "" }).toEqual({ ...unasked, error_description: "" });
    const client = await world.client(BACK);
    for (const { browser } of [Visitor.stranger(world), await Visitor.arrive(world)]) {
      expect(await firstPage(browser, client, await scene.ticket(photo))).not.toMatch(/bob(?!by)|example\.com/);
    }
    const wrong = await access(photo, { email: "wrong@example.com" });
    expect(wrong).toMatchObject(REQUEST_DENIED);
    for (const { body } of [...answers, wrong]) {
      // The ticket is sealed and its letters are drawn: any three of them may come together.
      expect(JSON.stringify({ ...body, ticket: null })).not.toMatch(/bob|example\.com/);
    }
  });
});

/** What somebody reads whom an app sends here, without what only their browser reads. */
async function firstPage(browser: BrowserLike, client: Credentials, ticket: string): Promise<string> {
  const query = new URLSearchParams({ client_id: client.id, ticket });
  const page = await browser.follow(`/claims?${query}`);
  expect(page.status).toBe(200);
  return page.text.replaceAll(/value="[^"]*"/g, "");
}

/** What somebody reads who takes a ticket apart. */
function decode(ticket: string): string {
  return ticket
    .split(".")
    .map((part) =>
      atob(
        part
          .replaceAll("-", "+")
          .replaceAll("_", "/")
          .slice(0, part.length - (part.length % 4)),
      ),
    )
    .join("\n");
}
