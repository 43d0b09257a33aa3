import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { BrowserLike } from "../support/server/browser-like.ts";
import { locationOf, saidIn } from "../support/server/code-app.ts";
import { ANYONE, BOB, INVALID_GRANT, NEED_INFO, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, ID_TOKEN_FORMAT, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"]);
  await scene.permit(photo, ["print"], BOB, { terms: { approval: true } });
});

afterEach(() => {
  vi.useRealTimers();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

/** Changes one letter into another letter. */
function alter(ticket: string, at: number): string {
  return ticket.slice(0, at) + (ticket[at] === "A" ? "B" : "A") + ticket.slice(at + 1);
}

describe("guessing", () => {
  it("G-5.4-ticket-unguessable no two tickets are alike, though they stand for the same", {
    timeout: 30_000,
  }, async () => {
    const tickets = new Set<string>();
    for (let round = 0; round < 50; round += 1) {
      const some = await Promise.all(Array.from({ length: 20 }, () => scene.ticket(photo)));
      for (const ticket of some) tickets.add(ticket);
    }
    expect(tickets.size).toBe(1_000);
    // 128 bits are 22 letters of base64url; what tickets share is not counted.
    const last = [...tickets].map((ticket) => ticket.slice(-22));
    expect(new Set(last).size).toBe(1_000);
  });

  it("G-5.4-ticket-unguessable a ticket that was tampered with is refused, and the true one is still good", async () => {
    const ticket = await scene.ticket(photo);
    const places = [0, 1, 0.25, 0.5, 0.75].map((part) => (part === 1 ? 1 : Math.floor(ticket.length * part)));
    const tampered = [
      ...places.map((place) => alter(ticket, place)),
      alter(ticket, ticket.length - 4),
      ticket.slice(0, -1),
      ticket.slice(1),
      `${ticket}A`,
    ];
    for (const one of tampered) expect(await scene.redeem(one), one).toMatchObject(INVALID_GRANT);
    expect((await scene.redeem(ticket, { idToken: await scene.bob() })).status).toBe(200);
  });

  it("G-5.4-ticket-unguessable who guesses on is told to wait, which spends no ticket", async () => {
    const guesser = await world.client({ may_push_claims: true });
    const ticket = await scene.ticket(photo);
    let answer = await scene.redeemAs(guesser, "guess");
    for (let guess = 0; guess < 200 && answer.status === 400; guess += 1) {
      answer = await scene.redeemAs(guesser, `guess${guess}`);
    }
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const idToken = await scene.bob({ aud: guesser.id });
    expect((await scene.redeemAs(guesser, ticket, { idToken })).status).toBe(200);
  });

  it("G-5.5-ticket-format tickets travel in URLs and headers as they are", async () => {
    const first = await scene.ticket(photo);
    const next = String((await scene.redeem(first)).body.ticket);
    for (const ticket of [first, next]) expect(ticket).toMatch(/^[A-Za-z0-9._~-]+$/);
  });
});

describe("once", () => {
  it.each([
    ["an RPT", ["view"], async () => ({ idToken: await scene.bob() }), 200, undefined],
    ["need_info", ["view"], async () => ({}), 403, "need_info"],
    ["request_denied", ["resize"], async () => ({ idToken: await scene.bob() }), 403, "request_denied"],
    ["request_submitted", ["print"], async () => ({ idToken: await scene.bob() }), 403, "request_submitted"],
    ["invalid_scope", ["view"], async () => ({ scope: "fly" }), 400, "invalid_scope"],
    ["invalid_request, for half a pair", ["view"], async () => ({ claim_token: "x" }), 400, "invalid_request"],
  ])(
    "G-5.5-single-use G-5.5-invalidate-at-token a ticket that brought %s is spent",
    async (_, scopes, extras, status, error) => {
      const ticket = await scene.ticket(photo, scopes);
      const answer = await scene.redeem(ticket, await extras());
      expect([answer.status, answer.body.error]).toEqual([status, error]);
      for (const client of [scene.cast.c1, await world.client({ may_push_claims: true })]) {
        const idToken = await scene.bob({ aud: client.id });
        expect(await scene.redeemAs(client, ticket, { idToken })).toMatchObject(INVALID_GRANT);
      }
    },
  );

  it("G-5.5-concurrency of twenty at once one wins, and its RPT is good", async () => {
    const [ticket, idToken] = [await scene.ticket(photo), await scene.bob()];
    const answers = await Promise.all(Array.from({ length: 20 }, () => scene.redeem(ticket, { idToken })));
    const [winner, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(winner?.status).toBe(200);
    for (const answer of others) expect(answer).toMatchObject(INVALID_GRANT);
    expect(await scene.introspect(winner?.body.access_token)).toMatchObject({ active: true });
  });

  it("G-5.5-expiry a ticket that nobody used ends with its time", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [early, late] = [await scene.ticket(photo), await scene.ticket(photo)];
    later(290);
    expect((await scene.redeem(early, { idToken: await scene.bob() })).status).toBe(200);
    later(11);
    expect(await scene.redeem(late, { idToken: await scene.bob() })).toMatchObject(INVALID_GRANT);
  });

  it("G-5.5-expiry which its client is told at the claims interaction endpoint as well", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const client = await world.client({ claims_redirect_uris: ["https://c.example/cr"], redirects_errors: true });
    const ticket = await scene.ticket(photo);
    later(301);
    const query = new URLSearchParams({ client_id: client.id, ticket, state: "s" });
    const back = locationOf(await new BrowserLike(world.site).open(`/claims?${query}`));
    expect(saidIn(back)).toMatchObject({ error: "invalid_request", state: "s" });
    expect(back.searchParams.has("ticket")).toBe(false);
  });
});

/** A request that presents no ticket: what it is answered with, and that the ticket is still good afterwards. */
describe("a ticket is kept", () => {
  type Attempt = (ticket: string) => Promise<{ readonly status: number; readonly body: object }>;
  const send = (client: Credentials) => (ticket: string) => scene.redeemAs(client, ticket);
  const c1 = () => scene.cast.c1;
  const attempts: readonly (readonly [string, Attempt, object])[] = [
    [
      "G-5.5-unauthenticated-no-burn when the secret is wrong",
      (ticket) => send({ ...c1(), secret: "wrong" })(ticket),
      refused(401, "invalid_client"),
    ],
    [
      "G-5.5-unauthenticated-no-burn when the secret is left out",
      (ticket) => send({ ...c1(), secret: "" })(ticket),
      refused(401, "invalid_client"),
    ],
    [
      "G-5.5-unauthenticated-no-burn when nobody knows the client",
      (ticket) => send({ id: "nobody", secret: "x" })(ticket),
      refused(401, "invalid_client"),
    ],
    [
      "G-5.5-invalidate-at-token when the client may not use the grant",
      (ticket) => send(scene.cast.rs1)(ticket),
      refused(400, "unauthorized_client"),
    ],
    [
      "G-5.5-invalidate-at-token when a parameter comes twice",
      (ticket) => {
        const form = [["grant_type", UMA_GRANT] as const, ["ticket", ticket] as const, ["ticket", ticket] as const];
        return world.send("POST", "/token", { basic: c1(), form });
      },
      refused(400, "invalid_request"),
    ],
    [
      "G-5.5-invalidate-at-token when the method is wrong",
      (ticket) => world.send("GET", `/token?grant_type=${UMA_GRANT}&ticket=${ticket}`, { basic: c1() }),
      { status: 405 },
    ],
    [
      "G-5.5-invalidate-at-token when the media type is wrong",
      (ticket) => world.send("POST", "/token", { basic: c1(), json: { grant_type: UMA_GRANT, ticket } }),
      refused(400, "invalid_request"),
    ],
  ];

  it.each(attempts)("%s", async (_, attempt, expected) => {
    const ticket = await scene.ticket(photo);
    expect(await attempt(ticket)).toMatchObject(expected);
    const pushed = { claim_token: await scene.bob(), claim_token_format: ID_TOKEN_FORMAT };
    expect((await scene.redeem(ticket, pushed)).status).toBe(200);
  });
});

/** README.md: a repeat is always refused and logged; its own client's late one withdraws what the process gave. */
describe("a repeat", () => {
  async function redeemed() {
    vi.useFakeTimers({ toFake: ["Date"] });
    const ticket = await scene.ticket(photo);
    const { body } = await scene.redeem(ticket, { idToken: await scene.bob() });
    return { ticket, body };
  }

  it("G-5.5-replay-revocation by the same client, later than a retry, ends the RPT and its refresh token", async () => {
    const { ticket, body } = await redeemed();
    later(11);
    expect(await scene.redeem(ticket)).toMatchObject(INVALID_GRANT);
    expect(await scene.introspect(body.access_token)).toEqual({ active: false });
    expect(await scene.refresh(scene.cast.c1, body.refresh_token)).toMatchObject(INVALID_GRANT);
    const { body: activity } = await world.send("GET", "/owner/activity?limit=1", { bearer: scene.tool });
    expect(activity).toMatchObject({ items: [{ kind: "replayed", detail: { withdrawn: true } }] });
  });

  it.each([
    ["G-5.5-replay-revocation by the same client at once ends nothing", 5, async () => scene.cast.c1],
    ["G-5.5-replay-revocation by another client ends nothing", 60, () => world.client({})],
  ])("%s", async (_, wait, who) => {
    const client = await who();
    const { ticket, body } = await redeemed();
    later(wait);
    expect(await scene.redeemAs(client, ticket)).toMatchObject(INVALID_GRANT);
    expect(await scene.introspect(body.access_token)).toMatchObject({ active: true });
    expect((await scene.refresh(scene.cast.c1, body.refresh_token)).status).toBe(200);
    const { body: activity } = await world.send("GET", "/owner/activity?limit=1", { bearer: scene.tool });
    expect(activity).toMatchObject({ items: [{ kind: "replayed", detail: { withdrawn: false } }] });
  });

  it("G-5.5-replay-revocation ends what an earlier round of the process led to", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const first = await scene.ticket(photo);
    const asked = await scene.redeem(first);
    expect(asked).toMatchObject(NEED_INFO);
    const { body } = await scene.redeem(String(asked.body.ticket), { idToken: await scene.bob() });
    later(11);
    expect(await scene.redeem(first)).toMatchObject(INVALID_GRANT);
    expect(await scene.introspect(body.access_token)).toEqual({ active: false });
  });

  it("G-5.5-replay-revocation withdraws nothing that another ticket gave", async () => {
    const open = await scene.resource();
    await scene.permit(open, ["view"], ANYONE);
    const { ticket } = await redeemed();
    const other = await scene.redeem(await scene.ticket(open));
    later(11);
    expect(await scene.redeem(ticket)).toMatchObject(INVALID_GRANT);
    expect(await scene.introspect(other.body.access_token)).toMatchObject({ active: true });
  });
});
