import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { forge } from "../support/pure/forged-jwt.ts";
import { Signer } from "../support/pure/signer.ts";
import type { Answer } from "../support/server/http-site.ts";
import { createOpenIdProvider } from "../support/server/openid-provider.ts";
import { BOB, NEED_INFO, Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
/** docs/api.md. */
const SKEW_SECONDS = 30;
type Claims = Readonly<Record<string, unknown>>;
let scene: Scene;
let photo: string;
/** An issuer of ours that signs whatever kind of JWT. */
let signer: Signer;
let issuer: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
  signer = await Signer.create("op-2");
  issuer = `https://op-${crypto.randomUUID()}.example`;
  await trust(issuer, signer);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const now = () => Math.floor(Date.now() / 1_000);

function trust(name: string, { publicJwk }: Signer, more: Claims = {}): Promise<void> {
  return world.trust({ ...scene.cast.provider, issuer: name, jwks: { keys: [publicJwk] } }, more);
}

async function push(idToken: string, resource = photo): Promise<Answer> {
  return scene.redeem(await scene.ticket(resource), { idToken });
}

/** A good ID Token of our issuer about bob, except where `claims` or `header` say otherwise. */
function sign(claims: Claims = {}, header = {}, by = signer): Promise<string> {
  const who = { sub: "bob", email: "bob@example.com", email_verified: true };
  const usual = { iss: issuer, aud: scene.cast.c1.id, iat: now(), exp: now() + 300, ...who };
  return by.sign({ ...usual, ...claims }, header);
}

it("O-OIDC-3.1.3.7-iss O-OIDC-3.1.3.7-signature a good ID Token of a trusted issuer counts", async () => {
  expect((await push(await sign())).status).toBe(200);
});

describe("who issued it", () => {
  it("O-OIDC-3.1.3.7-iss an issuer that nobody listed", async () => {
    const stranger = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
    const idToken = await stranger.idToken({ sub: "bob", email: "bob@example.com", aud: scene.cast.c1.id });
    const fetched = vi.spyOn(globalThis, "fetch");
    expect(await push(idToken)).toMatchObject(NEED_INFO);
    expect(fetched).not.toHaveBeenCalled();
  });

  it.each<[string, (iss: string) => unknown]>([
    ["a slash more", (iss) => `${iss}/`],
    ["other letters", (iss) => iss.toUpperCase()],
    ["a port", (iss) => `${iss}:443`],
    ["no scheme", (iss) => iss.replace("https://", "")],
    ["nothing", () => undefined],
    ["a list", (iss) => [iss]],
  ])("O-OIDC-3.1.3.7-iss the issuer's name with %s", async (_, change) => {
    expect(await push(await sign({ iss: change(issuer) }))).toMatchObject(NEED_INFO);
  });
});

describe("whom it is for", () => {
  it.each<[string, (c1: string) => Claims]>([
    ["aud somebody else", () => ({ aud: "somebody" })],
    ["aud nobody", () => ({ aud: undefined })],
    ["aud an empty list", () => ({ aud: [] })],
    ["aud a number", () => ({ aud: 7 })],
    ["aud us and somebody else, without azp", (c1) => ({ aud: [c1, "somebody"] })],
    ["aud this server and somebody else", () => ({ aud: [world.site.issuer, "somebody"] })],
  ])("O-OIDC-3.1.3.7-aud does not count with %s", async (_, claims) => {
    expect(await push(await sign(claims(scene.cast.c1.id)))).toMatchObject(NEED_INFO);
  });

  it.each<[string, (c1: string) => Claims]>([
    ["the client in a list", (c1) => ({ aud: [c1] })],
    ["this server", () => ({ aud: world.site.issuer })],
    ["the client and this server", (c1) => ({ aud: [c1, world.site.issuer] })],
    ["somebody else too, with azp", (c1) => ({ aud: [c1, "somebody"], azp: c1 })],
  ])("O-OIDC-3.1.3.7-aud counts with aud %s", async (_, claims) => {
    expect((await push(await sign(claims(scene.cast.c1.id)))).status).toBe(200);
  });

  it("O-OIDC-3.1.3.7-aud another client's ID Token is no use, and a client's name at the issuer is its own", async () => {
    const named = await world.client({ may_push_claims: true, issuer_client_ids: { [issuer]: "c7-at-op" } });
    const stolen = await scene.redeemAs(named, await scene.ticket(photo), { idToken: await sign() });
    expect(stolen).toMatchObject(NEED_INFO);
    const own = { idToken: await sign({ aud: "c7-at-op" }) };
    expect((await scene.redeemAs(named, await scene.ticket(photo), own)).status).toBe(200);
  });

  it.each(["somebody", "", ["c1"], 7])("O-OIDC-3.1.3.7-azp does not count with azp %j", async (azp) => {
    expect(await push(await sign({ azp }))).toMatchObject(NEED_INFO);
    expect((await push(await sign({ azp: scene.cast.c1.id }))).status).toBe(200);
  });
});

describe("its signature", () => {
  it("O-OIDC-3.1.3.7-signature no other way to make one counts", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    for (const [how, jwt] of await forge(await sign(), signer.publicJwk)) {
      expect(await push(jwt), how).toMatchObject(NEED_INFO);
    }
    expect(fetched).not.toHaveBeenCalled();
  });

  it("O-OIDC-3.1.3.7-signature the key of another trusted issuer is the key of another", async () => {
    const other = await Signer.create("op-2");
    await trust(`https://op-${crypto.randomUUID()}.example`, other);
    expect(await push(await sign({}, {}, other))).toMatchObject(NEED_INFO);
  });
});

describe("its times", () => {
  it.each<[string, () => Claims]>([
    ["exp ten minutes ago", () => ({ exp: now() - 600 })],
    ["exp past the skew", () => ({ exp: now() - SKEW_SECONDS - 1 })],
    ["no exp", () => ({ exp: undefined })],
    ["exp as text", () => ({ exp: String(now() + 300) })],
    ["nbf to come", () => ({ nbf: now() + 120 })],
  ])("O-OIDC-3.1.3.7-exp does not count with %s", async (_, claims) => {
    expect(await push(await sign(claims()))).toMatchObject(NEED_INFO);
  });

  it("O-OIDC-3.1.3.7-exp counts a moment after its end, as clocks differ", async () => {
    expect((await push(await sign({ exp: now() - 10 }))).status).toBe(200);
  });

  it("O-OIDC-3.1.3.7-iat does not count when it is older than its issuer's tokens may be", async () => {
    const [strict, name] = [await Signer.create("op-3"), `https://op-${crypto.randomUUID()}.example`];
    await trust(name, strict, { max_token_age: 120 });
    const aged = async (age: number | null) =>
      push(await sign({ iss: name, iat: age === null ? undefined : now() - age }, {}, strict));
    expect((await aged(60)).status).toBe(200);
    for (const age of [120 + SKEW_SECONDS + 1, 3_600, null]) expect(await aged(age)).toMatchObject(NEED_INFO);
    expect((await push(await sign({ iat: now() - 3_600 }))).status).toBe(200);
  });

  it("O-OIDC-3.1.3.7-iat does not count when it was issued tomorrow", async () => {
    expect(await push(await sign({ iat: now() + 86_400 }))).toMatchObject(NEED_INFO);
  });
});

describe("how the person signed in", () => {
  it("O-OIDC-3.1.3.7-auth-strength a policy about acr is met by that acr alone", async () => {
    const report = await scene.resource();
    await scene.permit(report, ["view"], { all: [BOB, { claim: "acr", equals: "urn:op:two-factors" }] });
    for (const acr of [undefined, "urn:op:password"]) {
      expect((await push(await sign({ acr }), report)).status).toBe(403);
    }
    expect(await push(await sign(), report)).toMatchObject(NEED_INFO);
    expect((await push(await sign({ acr: "urn:op:two-factors" }), report)).status).toBe(200);
  });

  it("O-OIDC-3.1.3.7-auth-strength a policy about how long ago is met by a recent auth_time alone", async () => {
    const report = await scene.resource();
    await scene.permit(report, ["view"], BOB, { terms: { signed_in_within: 600 } });
    for (const auth_time of [undefined, now() - 3_600, String(now())]) {
      expect(await push(await sign({ auth_time }), report)).toMatchObject(NEED_INFO);
    }
    expect((await push(await sign({ auth_time: now() - 60 }), report)).status).toBe(200);
  });
});

describe("what looks like one", () => {
  it.each<[string, Claims, object]>([
    ["an access token", { client_id: "c", scope: "openid" }, { typ: "at+jwt" }],
    ["an access token, by its long type", { client_id: "c", scope: "openid" }, { typ: "application/at+jwt" }],
    ["an access token without a type", { client_id: "c", scope: "openid" }, {}],
    ["an access token that says so in its payload", { typ: "Bearer" }, { typ: "JWT" }],
    ["a logout token", { events: { "http://schemas.openid.net/event/backchannel-logout": {} } }, { typ: "logout+jwt" }],
    ["a logout token without a type", { events: { "http://schemas.openid.net/event/backchannel-logout": {} } }, {}],
    ["an introspection answer", { token_introspection: { active: true } }, { typ: "token-introspection+jwt" }],
    ["an introspection answer without a type", { token_introspection: { active: true } }, {}],
    ["a DPoP proof", { htm: "POST", htu: "https://as.example/token" }, { typ: "dpop+jwt" }],
    ["a client assertion", {}, { typ: "client-authentication+jwt" }],
  ])("O-OIDC-typ-confusion %s of a trusted issuer is no ID Token", async (_, claims, header) => {
    expect(await push(await sign(claims, header))).toMatchObject(NEED_INFO);
  });

  it("O-OIDC-typ-confusion nor is what the issuer says about itself, or our own access token", async () => {
    expect(await push(await sign({ sub: issuer }))).toMatchObject(NEED_INFO);
    expect(await push(scene.pat)).toMatchObject(NEED_INFO);
  });

  it.each(["JWT", "jwt", "application/jwt"])(
    "O-OIDC-typ-confusion an ID Token may say that it is a %s",
    async (typ) => {
      expect((await push(await sign({}, { typ }))).status).toBe(200);
    },
  );
});

describe("an e-mail address", () => {
  it.each([false, undefined, "true", 1, null])(
    "O-OIDC-email-verified names nobody when email_verified is %j",
    async (email_verified) => {
      expect(await push(await sign({ email_verified }))).toMatchObject(NEED_INFO);
    },
  );

  it("O-OIDC-email-verified names nobody when its issuer may not speak for the domain", async () => {
    const [narrow, name] = [await Signer.create("op-4"), `https://op-${crypto.randomUUID()}.example`];
    await trust(name, narrow, { email_domains: ["lakeside.example"] });
    expect(await push(await sign({ iss: name }, {}, narrow))).toMatchObject(NEED_INFO);
  });

  it("O-OIDC-email-verified a subject is a person only together with the issuer", async () => {
    const report = await scene.resource();
    await scene.permit(report, ["view"], { claim: "sub", equals: "bob", issuer });
    expect((await push(await sign(), report)).status).toBe(200);
    expect(await push(await scene.bob(), report)).toMatchObject(NEED_INFO);
  });
});
