import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { NEED_INFO, Scene } from "../support/server/scene.ts";
import { type Credentials, text } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { storedContent } from "../support/workerd/stored-content.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
let scene: Scene;
let photo: string;
let c1: Credentials;
let c2: Credentials;
let ana: Visitor;

const registration = { claims_redirect_uris: ["https://c.example/cr"] };

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  ana = await Visitor.arrive(world);
  await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
  c1 = await world.client({ client_name: "C1", ...registration });
  c2 = await world.client({ client_name: "C2", ...registration });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const ticket = () => scene.ticket(photo);

/** Ana shows C1 who she is. @returns what C1 gets for it. */
async function shown(client = c1, fields: Readonly<Record<string, string>> = { remember: "yes" }) {
  const back = await ana.show(client, { ticket: await ticket() }, fields);
  return scene.redeemAs(client, back.get("ticket") ?? "");
}

const pctOf = async (client = c1) => text(await shown(client), "pct");

describe("a PCT is given (§3.3.5, §6.2)", () => {
  it("G-3.3.5-pct-issue G-3.3.3-persist-consent G-6.2-persist-consent with the RPT, to whose user wanted it, and with no error", async () => {
    expect(await shown()).toMatchObject({ status: 200, body: { pct: expect.stringMatching(/^[\w-]{43}$/) } });
    const unasked = await shown(c1, {});
    expect(unasked.status).toBe(200);
    expect(unasked.body).not.toHaveProperty("pct");
    const page = await ana.look(c1, { ticket: await ticket() });
    expect(page.text).toMatch(/<input[^>]*name="remember"(?![^>]*checked)/);
    const error = await scene.redeemAs(c1, await ticket());
    expect(error).toMatchObject(NEED_INFO);
    expect(error.body).not.toHaveProperty("pct");
  });

  it("G-3.3.5-pct-unguessable of 256 random bits", async () => {
    const pcts = await Promise.all(Array.from({ length: 100 }, () => pctOf()));
    expect(new Set(pcts).size).toBe(100);
    const drawn = pcts.map((pct) => Uint8Array.fromBase64(pct, { alphabet: "base64url" }));
    // Of 100 fair bits at one place, all are alike once in 2^99: nowhere stands a counter or a time.
    for (let bit = 0; bit < 256; bit += 1) {
      const ones = drawn.filter((bytes) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1).length;
      expect([bit, ones > 0 && ones < 100]).toEqual([bit, true]);
    }
    expect(drawn.every(({ length }) => length === 32)).toBe(true);
  });

  it("G-3.3.5-pct-no-claims G-3.3.5-pct-by-reference that says nothing and answers nothing", async () => {
    const pct = await pctOf();
    const content = atob(pct.replaceAll("-", "+").replaceAll("_", "/"));
    for (const told of [ana.address, "example", '"email"', scene.cast.alice]) expect(content).not.toContain(told);
    expect(() => JSON.parse(content)).toThrow();
    expect(await scene.introspect(pct)).toEqual({ active: false });
  });
});

describe("a PCT is used (§3.3.1)", () => {
  it("G-3.3.1-pct-accept instead of asking again, and stays good", async () => {
    const pct = await pctOf();
    for (let round = 0; round < 3; round += 1) {
      const answer = await scene.redeemAs(c1, await ticket(), { pct });
      expect(answer.status).toBe(200);
      expect(answer.body).not.toHaveProperty("pct");
    }
  });

  it("G-3.3.1-pct-other-resource at another resource server as well", async () => {
    const pct = await pctOf();
    const rs2 = await scene.connectResourceServer();
    const album = await world.registerResource(rs2.pat, { resource_scopes: ["view"] });
    await scene.permit(album, ["view"], { claim: "email", equals: ana.address });
    const elsewhere = () => world.ticket(rs2.pat, { resource_id: album, resource_scopes: ["view"] });
    expect((await scene.redeemAs(c1, await elsewhere(), { pct })).status).toBe(200);
    expect(await scene.redeemAs(c1, await elsewhere())).toMatchObject(NEED_INFO);
  });

  it("is joined by a claim token of nobody else: what another person pushes counts alone (§3.3.4, §5.2)", async () => {
    const pushing = await world.client({ ...registration, may_push_claims: true });
    const pct = await pctOf(pushing);
    const idToken = await scene.mallory({ aud: pushing.id });
    expect((await scene.redeemAs(pushing, await ticket(), { pct })).status).toBe(200);
    expect((await scene.redeemAs(pushing, await ticket(), { pct, idToken })).body.error).toBe("request_denied");
  });
});

describe("a PCT is kept (§5.2, §3.7)", () => {
  it("G-5.2-pct-client-binding G-5.2-pct-compromise for its own client: in the hands of another one it counts for nothing, and ends", async () => {
    const pct = await pctOf();
    expect(await scene.redeemAs(c2, await ticket(), { pct })).toMatchObject(NEED_INFO);
    expect(await scene.redeemAs(c1, await ticket(), { pct })).toMatchObject(NEED_INFO);
  });

  it("G-5.2-pct-not-shared from everybody else", async () => {
    const pct = await pctOf();
    const granted = await scene.redeemAs(c1, await ticket(), { pct });
    expect(JSON.stringify(await scene.introspect(granted.body.access_token))).not.toContain(pct);
    const entries = await scene.ask("GET", "/activity");
    expect(entries.text).not.toContain(pct);
    expect(await scene.introspect(pct)).toEqual({ active: false });
    const page = await ana.browser.open("/account/remembered");
    expect(page.text).toContain("C1");
    expect(page.text).not.toContain(pct);
    expect((await ana.show(c1, { ticket: await ticket() })).toString()).not.toContain(pct);
  });

  it("G-5.2-pct-confidential from whoever reads what is stored or logged, and so is what it stands for", async () => {
    const levels = ["debug", "log", "info", "warn", "error"] as const;
    const logs = levels.map((level) => vi.spyOn(console, level).mockImplementation(() => undefined));
    const talkative = configuredWorld({ LOG_LEVEL: "info" });
    const back = await ana.show(c1, { ticket: await ticket() }, { remember: "yes" });
    const pct = text(await talkative.uma(c1, back.get("ticket") ?? ""), "pct");
    expect((await talkative.uma(c1, await ticket(), { pct })).status).toBe(200);
    const stored = await storedContent();
    expect(stored).not.toContain(pct);
    const { results } = await env.DB.prepare("SELECT * FROM pcts WHERE client_id = ?").bind(c1.id).all();
    expect(JSON.stringify(results)).toContain("sealed_claims");
    expect(JSON.stringify(results)).not.toMatch(/@|authenticatedAt|home\.example/);
    expect(await talkative.uma(c2, await ticket(), { pct })).toMatchObject(NEED_INFO);
    const lines = JSON.stringify(logs.map(({ mock }) => mock.calls));
    expect(lines).toContain(c2.id);
    expect(lines).not.toContain(pct);
  });

  it.each(["pct", "access_token", "nonsense", undefined])(
    "G-3.7-pct-hint until it is revoked, whatever the hint says: %s",
    async (hint) => {
      const pct = await pctOf();
      const form = { token: pct, ...(hint === undefined ? {} : { token_type_hint: hint }) };
      expect((await world.send("POST", "/revocation", { basic: c2, form })).status).toBe(200);
      expect((await scene.redeemAs(c1, await ticket(), { pct })).status).toBe(200);
      expect((await world.send("POST", "/revocation", { basic: c1, form })).status).toBe(200);
      expect(await scene.redeemAs(c1, await ticket(), { pct })).toMatchObject(NEED_INFO);
    },
  );
});
