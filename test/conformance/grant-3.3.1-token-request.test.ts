import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createOpenIdProvider } from "../support/server/openid-provider.ts";
import { ANYONE, INVALID_GRANT, NEED_INFO, needInfo, refused, Scene } from "../support/server/scene.ts";
import { type Credentials, ID_TOKEN_FORMAT, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const world = localWorld();
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the request", () => {
  it("G-3.3-client-types a public client only names itself", async () => {
    const p1 = await world.client({ token_endpoint_auth_method: "none", may_push_claims: true });
    const asked = await scene.redeemAs(p1, await scene.ticket(photo));
    expect(asked).toMatchObject(NEED_INFO);
    const idToken = await scene.bob({ aud: p1.id });
    expect((await scene.redeemAs(p1, String(asked.body.ticket), { idToken })).status).toBe(200);
  });

  it("G-3.3.1-claim-token-any-round claims are pushed with the first request, or with a later one", async () => {
    const idToken = await scene.bob();
    expect((await scene.redeem(await scene.ticket(photo), { idToken })).status).toBe(200);
    const asked = await scene.redeem(await scene.ticket(photo));
    expect(asked).toMatchObject(NEED_INFO);
    expect((await scene.redeem(String(asked.body.ticket), { idToken })).status).toBe(200);
  });

  it("G-3.3.1-grant-type the URN is recognised", async () => {
    expect(await scene.redeem(await scene.ticket(photo))).toMatchObject(NEED_INFO);
  });

  it.each(["uma-ticket", `${UMA_GRANT}/`, ` ${UMA_GRANT}`])(
    "G-3.3.1-grant-type nothing else is: %j",
    async (grantType) => {
      const form = { grant_type: grantType, ticket: await scene.ticket(photo) };
      expect(await world.token(scene.cast.c1, form)).toMatchObject(refused(400, "unsupported_grant_type"));
    },
  );

  it.each([
    ["no ticket", {}],
    ["an empty ticket", { ticket: "" }],
  ])("G-3.3.1-ticket-required %s is refused", async (_, form) => {
    const answer = await world.token(scene.cast.c1, { grant_type: UMA_GRANT, ...form });
    expect(answer).toMatchObject(refused(400, "invalid_request"));
    expect(answer.body).not.toHaveProperty("ticket");
  });

  it.each([
    ["G-3.3.1-claim-token-needs-format a claim token without format", { claim_token: "x" }],
    ["G-3.3.1-format-needs-claim-token a format without claim token", { claim_token_format: ID_TOKEN_FORMAT }],
  ])("%s is refused", async (_, half) => {
    const answer = await scene.redeem(await scene.ticket(photo), half);
    expect(answer).toMatchObject(refused(400, "invalid_request"));
    expect(answer.body).not.toHaveProperty("ticket");
  });
});

describe("claim_token", () => {
  it.each([
    ["three percent signs", "%%%"],
    ["no JSON", "a.b.c"],
    ["two letters", "ey"],
    ["a picture", "💥"],
    ["nothing but zeros", "A".repeat(15_000)],
    ["more than is read", "A".repeat(20_000)],
  ])("G-3.3.1-claim-token-encoding what cannot be read is a matter of claims: %s", async (_, claimToken) => {
    const pushed = { claim_token: claimToken, claim_token_format: ID_TOKEN_FORMAT };
    const answer = await scene.redeem(await scene.ticket(photo), pushed);
    expect(answer).toMatchObject(needInfo({ ticket: expect.any(String) }));
  });

  it("G-3.3.1-claim-token-encoding an ID Token is taken in base64url, and as it is", async () => {
    const idToken = await scene.bob();
    for (const form of [btoa(idToken).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_"), idToken]) {
      expect((await scene.redeem(await scene.ticket(photo), { idToken: form })).status).toBe(200);
    }
  });

  it.each(["my-format", "https://formats.example/saml", "urn:ietf:params:oauth:token-type:jwt"])(
    "G-3.3.1-format-identifier a format that is not known (%s) is answered with those that are",
    async (format) => {
      const pushed = { claim_token: await scene.bob(), claim_token_format: format };
      const answer = await scene.redeem(await scene.ticket(photo), pushed);
      expect(answer).toMatchObject(needInfo({ required_claims: [{ claim_token_format: [ID_TOKEN_FORMAT] }] }));
    },
  );
});

it("G-3.3.1-format-identifier a plain word is a format where the operator says so", async () => {
  const [claim, format] = [`role-${crypto.randomUUID()}`, "my-format"];
  const provider = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
  const claim_tokens = [{ kind: "id_token", format }];
  await world.trust(provider, { claims: [claim], email_domains: [], claim_tokens });
  const chart = await scene.resource();
  await scene.permit(chart, ["view"], { claim, issuer: provider.issuer, exists: true });
  const claim_token = await provider.idToken({ sub: "bob", aud: scene.cast.c1.id, [claim]: "nurse" });
  const pushed = { claim_token, claim_token_format: format };
  expect((await scene.redeem(await scene.ticket(chart), pushed)).status).toBe(200);
  const other = await scene.redeem(await scene.ticket(chart), { ...pushed, claim_token_format: "other-format" });
  expect(other).toMatchObject(needInfo({ required_claims: [{ claim_token_format: [format] }] }));
});

describe("pct and rpt", () => {
  it("G-3.3.1-pct-invalid a PCT of nobody is as good as none", async () => {
    const without = await scene.redeem(await scene.ticket(photo));
    for (const pct of [crypto.randomUUID(), "A".repeat(43)]) {
      const answer = await scene.redeem(await scene.ticket(photo), { pct });
      expect(answer).toMatchObject(NEED_INFO);
      expect({ ...answer.body, ticket: "" }).toEqual({ ...without.body, ticket: "" });
    }
  });

  const expire = ({ id }: Credentials) =>
    env.DB.prepare("UPDATE pcts SET expires_at = unixepoch() WHERE client_id = ?").bind(id).run();

  it.each([
    [
      "was revoked",
      (client: Credentials, token: string) => world.send("POST", "/revocation", { basic: client, form: { token } }),
    ],
    ["has expired", expire],
  ])("G-3.3.1-pct-invalid nor is one that %s, and nothing says so", async (_, end) => {
    const [ana, diary] = [await Visitor.arrive(world), await scene.resource()];
    const client = await world.client({ claims_redirect_uris: ["https://c.example/cr"] });
    await scene.permit(diary, ["view"], { claim: "email", equals: ana.address });
    const back = await ana.show(client, { ticket: await scene.ticket(diary) }, { remember: "yes" });
    const pct = text(await scene.redeemAs(client, back.get("ticket") ?? ""), "pct");
    const redeem = async (extras = {}) => scene.redeemAs(client, await scene.ticket(diary), extras);
    expect((await redeem({ pct })).status).toBe(200);
    await end(client, pct);
    const [without, answer] = [await redeem(), await redeem({ pct })];
    expect(answer).toMatchObject(NEED_INFO);
    expect({ ...answer.body, ticket: "" }).toEqual({ ...without.body, ticket: "" });
  });

  it("G-3.3.1-rpt-param an RPT that is of no use does not stand in the way, and one that has expired may be of use", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const idToken = await scene.bob({ exp: Math.floor(Date.now() / 1_000) + 3_600 });
    const first = await scene.redeem(await scene.ticket(photo), { idToken });
    vi.setSystemTime(Date.now() + 600_000);
    const expired = String(first.body.access_token);
    for (const rpt of ["garbage", "a.b.c", scene.pat, expired, expired]) {
      const answer = await scene.redeem(await scene.ticket(photo), { rpt, idToken });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.access_token).not.toBe(expired);
      expect(await scene.granted(answer)).toEqual({ [photo]: ["view"] });
      if (rpt !== expired) expect(answer.body).not.toHaveProperty("upgraded");
    }
  });
});

describe("scope", () => {
  it("G-3.3.1-scope-preregistered a client asks only for what it is registered for", async () => {
    const open = await scene.resource();
    await scene.permit(open, "all", ANYONE);
    const c2 = await world.client({ may_push_claims: true });
    const answer = await scene.redeemAs(c2, await scene.ticket(open), { scope: "download" });
    expect(answer).toMatchObject(refused(400, "invalid_scope"));
  });

  it("G-3.3.1-scope-format values are separated by spaces", async () => {
    const open = await scene.resource();
    await scene.permit(open, ["view", "download", "print"], ANYONE);
    const client = await world.client({ scope: "download print" });
    const granted = await scene.redeemAs(client, await scene.ticket(open), { scope: "download print" });
    expect(await scene.granted(granted)).toEqual({ [open]: ["download", "print", "view"] });
    const comma = await scene.redeemAs(client, await scene.ticket(open), { scope: "download,print" });
    expect(comma).toMatchObject(refused(400, "invalid_scope"));
  });
});

describe("the ticket and its client", () => {
  it("G-3.3.1-ticket-client-binding a rotated ticket is good for its own client only, and stays good for it", async () => {
    const reports = await scene.resource();
    const who = {
      all: [
        { claim: "email", equals: "bob@example.com" },
        { claim: "role", equals: "doctor" },
      ],
    };
    await scene.permit(reports, ["view"], who);
    const c2 = await world.client({ may_push_claims: true });
    const asked = await scene.redeem(await scene.ticket(reports), { idToken: await scene.bob() });
    const next = String(asked.body.ticket);
    const role = (aud: string) => scene.bob({ aud, email: undefined, email_verified: undefined, role: "doctor" });
    expect(await scene.redeemAs(c2, next, { idToken: await role(c2.id) })).toMatchObject(INVALID_GRANT);
    expect((await scene.redeem(next, { idToken: await role(scene.cast.c1.id) })).status).toBe(200);
  });

  it("G-3.3.1-ticket-client-binding the resource server's ticket is nobody's: any client begins with it", async () => {
    const c2 = await world.client({ may_push_claims: true });
    const idToken = await scene.bob({ aud: c2.id });
    expect((await scene.redeemAs(c2, await scene.ticket(photo), { idToken })).status).toBe(200);
  });
});
