import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LEASE_SECONDS } from "../../src/protocol/lifetimes.ts";
import { BrowserLike } from "../support/server/browser-like.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { locationOf } from "../support/server/person.ts";
import { Prover } from "../support/server/prover.ts";
import { type Cast, ID_TOKEN_FORMAT, text, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { countHops } from "../support/workerd/hops.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

/** The budget of docs/design.md, "Round trips on the hot paths": blocking hops to storage, in a warm isolate. */
const world = localWorld();
let cast: Cast;
let pat: string;
let tool: string;
let resource: string;

// Within one instant, the same for all of them, no lease runs out, however busy the machine is.
const instant = Date.now();
const stopClock = () => void vi.useFakeTimers({ toFake: ["Date"], now: instant });
beforeEach(stopClock);
afterAll(() => {
  vi.useRealTimers();
});

beforeAll(async () => {
  stopClock();
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
  tool = await world.connectedToken(cast.tool);
  resource = await world.registerResource(pat, { resource_scopes: ["view", "edit"], type: "photo" });
  await world.policy(tool, permitBob({ type: "photo" }));
  await redeem(await mint());
});

const permitBob = (target: object) => ({
  effect: "permit",
  target,
  scopes: ["view"],
  who: { claim: "email", equals: "bob@example.com" },
});
const mint = () => world.ticket(pat, { resource_id: resource, resource_scopes: ["view"] });
const redeem = async (ticket: string) => world.uma(cast.c1, ticket, { idToken: await world.idToken(cast) });

/** Somebody whom the policies allow what they see, and an app that sends them here. */
async function visitors() {
  const ana = await Visitor.arrive(world);
  const who = { claim: "email", equals: ana.address };
  await world.policy(tool, { ...permitBob({ resources: [resource] }), who });
  const consult = await world.client({ claims_redirect_uris: ["https://consult.example/back"] });
  // So that the ledger knows all of it.
  await ana.look(consult, { ticket: await mint() });
  return { ana, consult };
}

describe("round trips of", () => {
  it("discovery: none", async () => {
    expect(await countHops(() => world.send("GET", "/.well-known/uma2-configuration"))).toEqual([]);
  });

  it("the key set: none", async () => {
    expect(await countHops(() => world.send("GET", "/jwks"))).toEqual([]);
  });

  it("a permission request: none where it was asked of late, else one to D1, and never the ledger", async () => {
    const isolate = configuredWorld({});
    const ask = () => isolate.ticket(pat, { resource_id: resource, resource_scopes: ["view"] });
    const other = await world.registerResource(pat, { resource_scopes: ["view"] });
    await isolate.ticket(pat, { resource_id: other, resource_scopes: [] });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    expect(await countHops(ask)).toEqual(["d1"]);
    expect(await countHops(ask)).toEqual([]);
    vi.setSystemTime(Date.now() + LEASE_SECONDS * 1_000);
    expect(await countHops(ask)).toEqual(["d1"]);
    vi.useRealTimers();
  });

  it("a redemption: one to the ledger", async () => {
    const ticket = await mint();
    expect(await countHops(() => redeem(ticket))).toEqual(["ledger"]);
  });

  it("a redemption with an RPT to be upgraded: the same", async () => {
    const { body } = await redeem(await mint());
    const ticket = await mint();
    const idToken = await world.idToken(cast);
    const upgrade = () => world.uma(cast.c1, ticket, { idToken, rpt: String(body.access_token) });
    expect(await countHops(async () => expect((await upgrade()).body.upgraded).toBe(true))).toEqual(["ledger"]);
  });

  it("a redemption whose policies the ledger has not cached: one to the ledger, one from there to D1", async () => {
    await world.policy(tool, permitBob({ resources: [resource] }));
    const ticket = await mint();
    expect(await countHops(() => redeem(ticket))).toEqual(["ledger", "d1"]);
  });

  it("a redemption with a forged ticket: none", async () => {
    expect(await countHops(() => world.uma(cast.c1, "forged"))).toEqual([]);
  });

  it("a redemption with an expired ticket: never to the ledger", async () => {
    const ticket = await mint();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 301_000 });
    const hops = await countHops(async () => expect((await redeem(ticket)).body.error).toBe("invalid_grant"));
    vi.useRealTimers();
    expect(hops).not.toContain("ledger");
  });

  it("introspection: one to the ledger", async () => {
    const { body } = await redeem(await mint());
    const token = String(body.access_token);
    expect(await countHops(() => world.introspect(pat, token))).toEqual(["ledger"]);
  });

  it("a proof of possession: one more, to the replay guard of its key, at the token endpoint and with a PAT", async () => {
    const prover = await Prover.create(world);
    const form = { grant_type: UMA_GRANT, ticket: await mint() };
    const pushed = { claim_token: await world.idToken(cast), claim_token_format: ID_TOKEN_FORMAT };
    let answer: Answer | null = null;
    const hops = await countHops(async () => {
      answer = await prover.token(cast.c1, { ...form, ...pushed });
    });
    expect(hops).toEqual(["replay-guard", "ledger"]);
    const rpt = text(answer as unknown as Answer, "access_token");
    const bound = text(await prover.token(cast.rs1, { grant_type: "client_credentials" }), "access_token");
    const introspect = () => prover.send("POST", "/introspection", bound, { form: { token: rpt } });
    expect(await countHops(introspect)).toEqual(["replay-guard", "ledger"]);
    const missing = () =>
      world.send("POST", "/introspection", { authorization: `DPoP ${bound}`, form: { token: rpt } });
    expect(await countHops(missing)).toEqual([]);
    expect(await countHops(() => prover.token(cast.c1, form, { claims: { htm: "GET" } }))).toEqual([]);
  });

  it("introspection of an access token that is no RPT: D1, for the caller's and for it", async () => {
    const other = await world.connectedToken(cast.rs1);
    expect(await countHops(() => world.introspect(pat, other))).toEqual(["d1", "d1"]);
    expect(await countHops(() => world.introspect(pat, tool))).toEqual(["d1"]);
  });

  it("introspection of one that came of a code: no more, whenever the key ring was last asked", async () => {
    const browser = await (await Resident.settle()).browse(world.site);
    const { access_token } = await (await CodeApp.register(world)).connect(browser);
    const own = String(access_token);
    vi.setSystemTime(Date.now() + 2_000);
    expect(await countHops(() => world.introspect(own, own))).toEqual(["d1", "d1"]);
  });

  it("introspection by a resource server with its own credentials: one to the ledger", async () => {
    const resourceServer = await world.client({ introspects_with_own_credentials: true });
    const { body } = await redeem(await mint());
    const ask = () =>
      world.send("POST", "/introspection", { basic: resourceServer, form: { token: String(body.access_token) } });
    expect((await ask()).body).toEqual({ active: false });
    expect(await countHops(ask)).toEqual(["ledger"]);
  });

  it("introspection of what is no token of ours: D1, for the caller's", async () => {
    expect(await countHops(() => world.introspect(pat, "nonsense"))).toEqual(["d1"]);
  });

  it("a refresh: one to the ledger", async () => {
    const { body } = await redeem(await mint());
    const form = { grant_type: "refresh_token", refresh_token: String(body.refresh_token) };
    expect(await countHops(() => world.token(cast.c1, form))).toEqual(["ledger"]);
  });

  it("a new policy: one to D1 for what it names, then the ledger, and D1 from there", async () => {
    const call = { bearer: tool, json: permitBob({ resources: [resource] }) };
    const hops = await countHops(() => world.send("POST", "/owner/policies", call));
    expect(hops).toEqual(["d1", "ledger", "d1"]);
    const accepted = await countHops(() => world.send("POST", "/owner/policies?accept=warnings", call));
    expect(accepted.toSorted()).toEqual(["d1", "d1", "ledger"]);
  });

  it("one with warnings: one to D1 for what it names, and one to see that the caller may be told", async () => {
    const call = { bearer: tool, json: permitBob({ type: "nothing" }) };
    const hops = await countHops(() => world.send("POST", "/owner/policies", call));
    expect(hops).toEqual(["d1", "d1"]);
  });

  it("a policy or group that is replaced or deleted: one for what it names, the ledger, from there D1 to see that it is there, and D1", async () => {
    const policy = await world.policy(tool, permitBob({ resources: [resource] }));
    const made = await world.send("POST", "/owner/groups", { bearer: tool, json: { name: "friends", members: [] } });
    const group = String(made.body.group_id);
    for (const [path, json] of [
      [`/owner/policies/${policy}`, permitBob({ type: "photo" })],
      [`/owner/groups/${group}`, { name: "family", members: [] }],
    ] as const) {
      const call = { bearer: tool, json };
      const replaced = await countHops(() => world.send("PUT", path, call));
      expect(replaced).toEqual(["d1", "ledger", "d1", "d1"]);
      expect(await countHops(() => world.send("DELETE", path, { bearer: tool }))).toEqual(["ledger", "d1", "d1"]);
      const refused = await countHops(() => world.send("PUT", path, call));
      expect(refused).toEqual(["d1", "ledger", "d1"]);
    }
  });

  it("a resource change: the ledger, and D1 from there", async () => {
    const json = { resource_scopes: ["view", "edit"], type: "photo", name: "renamed" };
    const hops = await countHops(() => world.send("PUT", `/resources/${resource}`, { bearer: pat, json }));
    expect(hops).toEqual(["ledger", "d1"]);
  });

  it("a new resource: D1 alone, so that a bulk import holds up no redemption", async () => {
    expect(await countHops(() => world.registerResource(pat, { resource_scopes: ["view"] }))).toEqual(["d1"]);
  });

  it("reading a resource, and listing them: one to D1 each", async () => {
    expect(await countHops(() => world.send("GET", `/resources/${resource}`, { bearer: pat }))).toEqual(["d1"]);
    expect(await countHops(() => world.send("GET", "/resources", { bearer: pat }))).toEqual(["d1"]);
  });

  it("lists of an owner's tool: one to the ledger, or to D1", async () => {
    expect(await countHops(() => world.send("GET", "/owner/grants?resource_id=none", { bearer: tool }))).toEqual([
      "ledger",
    ]);
    expect(await countHops(() => world.send("GET", "/owner/resources?q=x", { bearer: tool }))).toEqual(["d1"]);
  });

  it("a PAT: one to D1", async () => {
    expect(await countHops(() => world.connectedToken(cast.rs1))).toEqual(["d1"]);
  });
});

describe("round trips of a consent", () => {
  let app: CodeApp;
  let browser: BrowserLike;

  beforeAll(async () => {
    app = await CodeApp.register(world);
    browser = await (await Resident.settle()).browse(world.site);
    await app.connect(browser);
  });

  const again = (prompt: string) => app.path({ prompt });

  it("an authorization request: none where nobody is signed in, else session and owners from D1 in one batch", async () => {
    expect(await countHops(() => new BrowserLike(world.site).open(app.path()))).toEqual([]);
    expect(await countHops(() => browser.open(again("consent")))).toEqual(["d1"]);
  });

  it("a pushed request: none, and one to the guard when it is answered", async () => {
    const path = await app.pushedPath({ prompt: "consent" });
    expect(await countHops(() => app.push())).toEqual([]);
    const page = await app.ask(browser, path);
    const refused = await countHops(() => app.answer(browser, page, { decision: "refuse" }));
    expect(refused).toEqual(["d1", "replay-guard"]);
  });

  it("the page of a consent: the same", async () => {
    const sent = (await browser.open(again("consent"))).headers.get("location") ?? "";
    expect(await countHops(() => browser.open(sent))).toEqual(["d1"]);
  });

  it("a consent: the same, and where it gives more, the ledger and D1 from there", async () => {
    const page = await app.ask(browser, again("consent"));
    expect(await countHops(() => app.answer(browser, page, { decision: "allow" }))).toEqual(["d1"]);
    const more = await app.ask(browser, app.path({ scope: "uma_policy" }));
    const hops = await countHops(() => app.answer(browser, more, { decision: "allow" }));
    expect(hops).toEqual(["d1", "ledger", "d1"]);
  });

  it("the redemption of a code, and a refresh: one to the ledger", async () => {
    const code = await app.allow(browser, again("consent"));
    let refreshToken: unknown;
    const redeem = async () => {
      refreshToken = (await app.redeem(code)).body.refresh_token;
    };
    expect(await countHops(redeem)).toEqual(["ledger"]);
    expect(await countHops(() => app.refresh(refreshToken))).toEqual(["ledger"]);
  });

  it("the redemption of a code that only tells who signed in, and UserInfo: one to D1, and one more to the guard", async () => {
    const code = await app.allow(browser, app.path({ scope: "openid", prompt: "consent" }));
    let token: unknown;
    const redeem = async () => {
      token = (await app.redeem(code)).body.access_token;
    };
    expect((await countHops(redeem)).toSorted()).toEqual(["d1", "replay-guard"]);
    expect(await countHops(() => world.send("GET", "/userinfo", { bearer: String(token) }))).toEqual(["d1"]);
  });

  it("a forged code, or one without its verifier: none", async () => {
    const code = await app.allow(browser, again("consent"));
    expect(await countHops(() => app.redeem("forged"))).toEqual([]);
    expect(await countHops(() => app.redeem(code, { code_verifier: "" }))).toEqual([]);
    expect(await countHops(() => app.refresh("forged"))).toEqual([]);
  });

  it("the connected apps: who looks, and the list", async () => {
    const path = locationOf(await browser.open("/account/apps"));
    expect(await countHops(() => browser.open(path))).toEqual(["d1", "d1"]);
  });

  it("a redemption with a PCT: one to D1, and one to the ledger", async () => {
    const { consult, ana } = await visitors();
    const back = await ana.show(consult, { ticket: await mint() }, { remember: "yes" });
    const pct = text(await world.uma(consult, back.get("ticket") ?? ""), "pct");
    const [first, second] = [await mint(), await mint()];
    expect(await countHops(() => world.uma(consult, first, { pct }))).toEqual(["d1", "ledger"]);
    expect(await countHops(() => world.uma(consult, second, { pct }))).toEqual(["d1", "ledger"]);
  });

  it("a claims page: two to D1 and one to the ledger, and less to go on from it", async () => {
    const { consult, ana } = await visitors();
    const ticket = await mint();
    let at = "";
    const arrive = async () => {
      at = (await ana.come(consult, { ticket })).headers.get("location") ?? "";
    };
    expect(await countHops(arrive)).toEqual(["ledger"]);
    let page = await ana.browser.open(at);
    const look = async () => {
      page = await ana.browser.open(at);
    };
    expect([...(await countHops(look))].sort()).toEqual(["d1", "d1", "ledger"]);
    expect(await countHops(() => ana.decide(page, "continue"))).toEqual(["d1", "ledger"]);
  });
});
