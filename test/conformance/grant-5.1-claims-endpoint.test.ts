import { beforeAll, describe, expect, it } from "vitest";
import { INVALID_GRANT, needInfo, Scene } from "../support/server/scene.ts";
import type { Credentials } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { backAt, Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const INTERACTION = "/claims/interaction";
let scene: Scene;
let photo: string;
let c1: Credentials;
let ana: Visitor;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", exists: true });
  c1 = await world.client({ client_name: "Consult", claims_redirect_uris: ["https://c.example/cr"] });
  ana = await Visitor.arrive(world);
});

const ticket = () => scene.ticket(photo);

describe("the claims interaction endpoint (§5.1)", () => {
  it("G-5.1-claims-endpoint-csrf takes a form from its own page in the same browser, and from nowhere else", async () => {
    const page = await ana.look(c1, { ticket: await ticket() });
    const field = (name: string) => page.text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? "";
    const form = { at: field("at"), party: field("party"), csrf: field("csrf"), decision: "continue" };
    const origin = new URL(world.site.issuer).origin;
    const mallory = await Visitor.arrive(world);
    for (const [browser, headers, sent] of [
      [ana, { Origin: "https://evil.example" }, form],
      [ana, { Origin: "null" }, form],
      [ana, {}, form],
      [ana, { Origin: origin }, { ...form, csrf: "" }],
      [ana, { Origin: origin }, { ...form, csrf: form.at }],
      [mallory, { Origin: origin }, form],
    ] as const) {
      const answer = await browser.browser.request("POST", INTERACTION, { form: sent, headers });
      expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
    }
    expect(backAt(await ana.decide(page, "continue")).has("ticket")).toBe(true);
  });

  it("G-5.1-rqp-awareness gives nothing before its person has acted on a page that names the client", async () => {
    for (const [dest, status] of [
      ["image", 403],
      ["iframe", 403],
      ["document", 303],
    ] as const) {
      const query = new URLSearchParams({ client_id: c1.id, ticket: await ticket() });
      const answer = await ana.browser.request("GET", `/claims?${query}`, { headers: { "Sec-Fetch-Dest": dest } });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("location") ?? "").not.toContain("c.example");
    }
    const page = await ana.look(c1, { ticket: await ticket() });
    expect(page.status).toBe(200);
    expect(page.text).toContain("Consult");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(page.headers.get("x-frame-options")).toBe("DENY");
    const again = await ana.browser.open(`${INTERACTION}?at=${page.text.match(/name="at" value="([^"]*)"/)?.[1]}`);
    expect(again.headers.get("location")).toBeNull();
  });
});

describe("a ticket at the claims interaction endpoint (§5.5)", () => {
  it("G-5.5-invalidate-at-claims is spent as its browser arrives", async () => {
    const spent = await ticket();
    await ana.come(c1, { ticket: spent });
    expect(await scene.redeemAs(c1, spent)).toMatchObject(INVALID_GRANT);
  });

  it("G-5.5-head-no-burn is spent by nobody who only looks, or fetches ahead", async () => {
    const kept = await ticket();
    const path = `/claims?${new URLSearchParams({ client_id: c1.id, ticket: kept })}`;
    for (const [method, headers] of [
      ["HEAD", {}],
      ["OPTIONS", {}],
      ["GET", { "Sec-Purpose": "prefetch" }],
      ["GET", { "Sec-Purpose": "prefetch;prerender" }],
      ["GET", { Purpose: "prefetch" }],
      ["GET", { "X-Moz": "prefetch" }],
    ] as const) {
      const answer = await ana.browser.request(method, path, { headers });
      expect(answer.headers.get("location")).toBeNull();
    }
    expect((await ana.show(c1, { ticket: kept })).has("ticket")).toBe(true);
  });
});

describe("what a client pushes (§5.7)", () => {
  it("G-5.7-prior-consent counts by prior agreement, else what its user shows here does", async () => {
    const pushing = { claims_redirect_uris: ["https://c.example/cr"], may_push_claims: true };
    const agreed = await world.client(pushing);
    const not = await world.client({ ...pushing, may_push_claims: false });
    const push = async ({ id }: Credentials) => ({ idToken: await scene.bob({ aud: id }) });
    expect((await scene.redeemAs(agreed, await ticket(), await push(agreed))).status).toBe(200);
    const refused = await scene.redeemAs(not, await ticket(), await push(not));
    expect(refused).toMatchObject(needInfo({ redirect_user: `${world.site.issuer}/claims` }));
    const back = await ana.show(not, { ticket: String(refused.body.ticket) });
    expect((await scene.redeemAs(not, back.get("ticket") ?? "")).status).toBe(200);
  });
});
