import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { INVALID_GRANT, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { backAt, Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
const CR1 = "https://c.example/cr?a=1&b=2";
const EVIL = "https://evil.example/x";
let scene: Scene;
let photo: string;
let c1: Credentials;
let ana: Visitor;

const client = (uris: readonly string[], more: object = {}) => world.client({ claims_redirect_uris: uris, ...more });

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim: "email", exists: true });
  c1 = await client([CR1], { client_name: "C1", redirects_errors: true });
  ana = await Visitor.arrive(world);
});

const ticket = () => scene.ticket(photo);
const come = (query: Readonly<Record<string, string>>) => ana.browser.open(`/claims?${new URLSearchParams(query)}`);

/** Nobody is sent anywhere, and the page says so to a person. */
function expectPageOnly(answer: Answer) {
  expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect(answer.text).toMatch(/<h1>[^<]{10,}<\/h1>/);
  expect(answer.text).not.toMatch(/http-equiv|(href|action|src)="https?:/);
}

describe("the endpoint (§2, §3.3)", () => {
  it("G-2-claims-endpoint-metadata is published, and begins an interaction", async () => {
    const { body } = await world.send("GET", "/.well-known/uma2-configuration");
    const endpoint = String(body.claims_interaction_endpoint);
    expect(new URL(endpoint).origin).toBe(new URL(world.site.issuer).origin);
    const answer = await ana.browser.open(
      `${endpoint}?${new URLSearchParams({ client_id: c1.id, ticket: await ticket() })}`,
    );
    expect(answer.status).toBe(303);
  });

  it("G-3.3-start-at-claims-endpoint takes the resource server's ticket with no token request before", async () => {
    const back = await ana.show(c1, { ticket: await ticket() });
    expect((await scene.redeemAs(c1, back.get("ticket") ?? "")).status).toBe(200);
  });

  it("G-3.3.1-ticket-latest takes the newest ticket of a process and no other", async () => {
    const first = await ticket();
    const second = text(await scene.redeemAs(c1, first), "ticket");
    expect(await scene.redeemAs(c1, first)).toMatchObject(INVALID_GRANT);
    expect(backAt(await ana.come(c1, { ticket: first })).get("error")).toBe("invalid_request");
    const back = await ana.show(c1, { ticket: second });
    expect(await scene.redeemAs(c1, second)).toMatchObject(INVALID_GRANT);
    expect((await scene.redeemAs(c1, back.get("ticket") ?? "")).status).toBe(200);
  });
});

describe("the client and its redirect URI (§3.3.2)", () => {
  it("G-3.3.2-client-id-required and a client that is registered", async () => {
    expectPageOnly(await come({ ticket: await ticket() }));
    for (const id of ["unknown", "", "x".repeat(9_000)])
      expectPageOnly(await come({ client_id: id, ticket: await ticket() }));
  });

  it("G-3.3.2-ticket-required or its client is told", async () => {
    const back = backAt(await come({ client_id: c1.id, state: "s" }));
    expect(Object.fromEntries(back)).toMatchObject({ a: "1", b: "2", error: "invalid_request", state: "s" });
    expect(back.has("ticket")).toBe(false);
  });

  it("G-3.3.2-redirect-needed-many where there are several", async () => {
    const many = await client(["https://c.example/1", "https://c.example/2"]);
    expectPageOnly(await ana.come(many, { ticket: await ticket() }));
    const named = await ana.come(many, { ticket: await ticket(), claims_redirect_uri: "https://c.example/2" });
    expect(named.status).toBe(303);
  });

  it("G-3.3.2-redirect-needed-none where there is none", async () => {
    expectPageOnly(await ana.come(await client([]), { ticket: await ticket() }));
  });

  it("G-3.3.2-redirect-single-default may be left out where there is one", async () => {
    const answer = await ana.decide(await ana.look(c1, { ticket: await ticket() }), "continue");
    expect(answer.headers.get("location")).toMatch(/^https:\/\/c\.example\/cr\?a=1&b=2&ticket=/);
  });

  it("G-3.3.2-redirect-absolute G-3.3.2-redirect-no-fragment nothing else is one", async () => {
    for (const uri of ["/cr", "cr", "//c.example/cr", `${CR1}#x`]) {
      expectPageOnly(await ana.come(c1, { ticket: await ticket(), claims_redirect_uri: uri }));
    }
  });

  it("G-3.3.2-require-prereg-all G-3.3.2-require-prereg-public of confidential and public clients alike", async () => {
    for (const kind of [{}, { token_endpoint_auth_method: "none" }]) {
      const unregistered = await client([], kind);
      expectPageOnly(await ana.come(unregistered, { ticket: await ticket(), claims_redirect_uri: EVIL }));
    }
  });

  it("G-3.3.2-no-oauth-redirect-reuse one for authorization codes is none here", async () => {
    const grants = { grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:uma-ticket"] };
    const both = await client(["https://c.example/cr"], { ...grants, redirect_uris: ["https://c.example/cb"] });
    expectPageOnly(await ana.come(both, { ticket: await ticket(), claims_redirect_uri: "https://c.example/cb" }));
  });

  it("G-3.3.2-exact-match letter for letter", async () => {
    const exact = await client(["https://c.example/cr", "http://127.0.0.1:5555/cr"]);
    const odd = [
      "https://c.example/cr/",
      "https://C.example/cr",
      "https://c.example/cr?x=1",
      "https://c.example:443/cr",
      "https://c.example/%63r",
      "https://c.example/cr/sub",
      "http://127.0.0.1:5556/cr",
    ];
    for (const uri of odd) expectPageOnly(await ana.come(exact, { ticket: await ticket(), claims_redirect_uri: uri }));
    const answer = await ana.come(exact, { ticket: await ticket(), claims_redirect_uri: "https://c.example/cr" });
    expect(answer.status).toBe(303);
  });

  it("G-3.3.2-redirect-query-kept the URI's own query comes first, and stays", async () => {
    const answer = await ana.decide(await ana.look(c1, { ticket: await ticket(), state: "s" }), "continue");
    expect(answer.headers.get("location")).toMatch(/^https:\/\/c\.example\/cr\?a=1&b=2&ticket=[\w.~-]+&state=s&/);
  });

  it("G-3.3.2-form-encoding the query is read as a form is", async () => {
    const at = `/claims?client_id=${c1.id}&state=a%2Bb+c&ticket=${await ticket()}`;
    const come = await ana.browser.open(at);
    const page = await ana.browser.open(come.headers.get("location") ?? "");
    expect(backAt(await ana.decide(page, "continue")).get("state")).toBe("a+b c");
  });

  it("G-3.3.2-ticket-other-client the process of one client is nothing to another, and goes on", async () => {
    const c2 = await client(["https://c2.example/cr"], { redirects_errors: true });
    const second = text(await scene.redeemAs(c1, await ticket()), "ticket");
    const answer = await ana.come(c2, { ticket: second });
    expect(answer.headers.get("location")).toMatch(/^https:\/\/c2\.example\/cr\?error=invalid_request/);
    expect(backAt(answer).has("ticket")).toBe(false);
    // As documented (docs/clients.md): the ticket is still its own client's.
    expect(backAt(await ana.decide(await ana.look(c1, { ticket: second }), "continue")).has("ticket")).toBe(true);
  });
});

describe("redirect_user (§3.3.6)", () => {
  it("G-3.3.6-redirect-user is an absolute URI that works with the new ticket", async () => {
    const asked = await scene.redeemAs(c1, await ticket());
    const uri = new URL(text(asked, "redirect_user"));
    uri.searchParams.set("id", "1");
    for (const [name, value] of [
      ["client_id", c1.id],
      ["ticket", text(asked, "ticket")],
      ["claims_redirect_uri", CR1],
      ["state", "s"],
    ] as const)
      uri.searchParams.append(name, value);
    const come = await ana.browser.open(uri.href);
    const page = await ana.browser.open(come.headers.get("location") ?? "");
    expect(backAt(await ana.decide(page, "continue")).get("state")).toBe("s");
  });
});
