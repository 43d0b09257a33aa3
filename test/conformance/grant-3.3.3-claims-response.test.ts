import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { INVALID_GRANT, NEED_INFO, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { backAt, Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const CR = "https://c.example/cr";
let scene: Scene;
let photo: string;
/** Its errors are told it at once, because the operator trusts it; those of the other one by its people. */
let trusted: Credentials;
let other: Credentials;
let ana: Visitor;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", exists: true });
  trusted = await world.client({ client_name: "C1", claims_redirect_uris: [CR], redirects_errors: true });
  other = await world.client({ client_name: "C2", claims_redirect_uris: ["https://c2.example/cr"] });
  ana = await Visitor.arrive(world);
});

afterEach(() => {
  vi.useRealTimers();
});

const ticket = () => scene.ticket(photo);

describe("what a client gets when its user comes back (§3.3.3)", () => {
  it("G-3.3.3-new-ticket G-3.3.3-ticket-differs another ticket, and that alone is good", async () => {
    const first = await ticket();
    const back = await ana.show(trusted, { ticket: first });
    const next = back.get("ticket") ?? "";
    expect(next).not.toBe(first);
    expect(await scene.redeemAs(trusted, first)).toMatchObject(INVALID_GRANT);
    expect((await scene.redeemAs(trusted, next)).status).toBe(200);
  });

  it("G-3.3.3-state-echo the state, as it was sent", async () => {
    for (const state of ["a b", "a&b=c", "a%20b+c", "ümläut 漢字", '"><script>', "x".repeat(1_024)]) {
      expect((await ana.show(trusted, { ticket: await ticket(), state })).get("state")).toBe(state);
    }
  });

  it("G-3.3.3-state-absent none where none was sent", async () => {
    expect((await ana.show(trusted, { ticket: await ticket() })).has("state")).toBe(false);
  });

  it("O-9207-claims-redirect-iss the issuer, on success and on error", async () => {
    expect((await ana.show(trusted, { ticket: await ticket() })).get("iss")).toBe(world.site.issuer);
    expect(backAt(await ana.come(trusted, {})).get("iss")).toBe(world.site.issuer);
  });

  it("G-3.3.3-no-claims-to-client nothing about its user", async () => {
    const back = await ana.show(trusted, { ticket: await ticket(), state: "s" });
    expect([...back.keys()].sort()).toEqual(["iss", "state", "ticket"]);
    expect(back.toString()).not.toContain(encodeURIComponent(ana.address));
  });
});

describe("who cancels (§3.3.3)", () => {
  it("G-3.3.3-success-only sends an error and no ticket, and what was gathered is gone", async () => {
    const first = await ticket();
    const page = await ana.look(trusted, { ticket: first, state: "s" });
    const back = backAt(await ana.decide(page, "cancel", { remember: "yes" }));
    expect(Object.fromEntries(back)).toMatchObject({ error: "access_denied", state: "s" });
    expect(back.has("ticket")).toBe(false);
    expect((await ana.decide(page, "continue")).status).toBe(400);
    expect(await scene.redeemAs(trusted, first)).toMatchObject(INVALID_GRANT);
    expect(await scene.redeemAs(trusted, await ticket())).toMatchObject(NEED_INFO);
    const kept = env.DB.prepare("SELECT count(*) AS kept FROM pcts WHERE account_id = ?").bind(await ana.accountId());
    expect(await kept.first("kept")).toBe(0);
  });
});

describe("what goes wrong (§3.3.3)", () => {
  it("G-3.3.3-inform-rqp G-3.3.3-no-auto-redirect is told to the person where nobody knows whom to send them to", async () => {
    const foreign = { client_id: trusted.id, ticket: await ticket(), claims_redirect_uri: "https://evil.example/x" };
    for (const [query, title] of [
      [{ client_id: "unknown", ticket: await ticket() }, "We do not know the app that sent you here."],
      [foreign, "The app that sent you here gave an address that it has not registered."],
    ] as const) {
      const answer = await ana.browser.open(`/claims?${new URLSearchParams(query)}`);
      expect([answer.status, answer.headers.get("location"), answer.headers.get("refresh")]).toEqual([400, null, null]);
      expect(answer.text).toContain(`<h1>${title}</h1>`);
      expect(answer.text).not.toMatch(/(href|action|src|url)="?https?:[^"]*evil/);
    }
  });

  const FAULTS: Readonly<Record<string, () => Promise<string>>> = {
    "is unknown": async () => "not-a-ticket",
    "was used": async () => {
      const used = await ticket();
      await scene.redeemAs(other, used);
      return used;
    },
    "has expired": async () => {
      const old = await ticket();
      vi.setSystemTime(Date.now() + 400_000);
      return old;
    },
    "belongs to another client": async () =>
      text(await scene.redeemAs(await world.client({ may_push_claims: true }), await ticket()), "ticket"),
  };

  it.each(Object.keys(FAULTS))("G-3.3.3-error-redirect is told to the client when its ticket %s", async (fault) => {
    const bad = (await FAULTS[fault]?.()) ?? "";
    const told = backAt(await ana.come(trusted, { ticket: bad, state: "s" }));
    expect(Object.fromEntries(told)).toMatchObject({ error: "invalid_request", state: "s" });
    expect(told.has("ticket")).toBe(false);
    const page = await ana.come(other, { ticket: bad, state: "s" });
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    const [, href = ""] = page.text.match(/href="(https:\/\/c2\.example\/cr[^"]*)"/) ?? [];
    const followed = new URL(href.replaceAll("&amp;", "&")).searchParams;
    expect(Object.fromEntries(followed)).toMatchObject({ error: "invalid_request", state: "s" });
    expect(followed.has("ticket")).toBe(false);
  });
});
