import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ID_TOKENS } from "../../src/protocol/claim-token-format.ts";
import { createOpenIdProvider } from "../support/server/openid-provider.ts";
import { Prover } from "../support/server/prover.ts";
import { needInfo, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { TokenIssuer } from "../support/server/token-issuer.ts";
import { type Credentials, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** The forms in which an issuer's word counts, from the entry of the operator to the decision. */

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A claim that no other test speaks of. */
const freshClaim = () => `role-${crypto.randomUUID()}`;

/** A photo for those of whom this issuer says so. */
async function photoFor(claim: string, issuer: string): Promise<string> {
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], { claim, issuer, equals: "nurse" });
  return photo;
}

async function push(photo: string, claim_token: string, claim_token_format: string, client?: Credentials) {
  const pushed = { claim_token, claim_token_format };
  return scene.redeemAs(client ?? scene.cast.c1, await scene.ticket(photo), pushed);
}

describe("an issuer of which several forms count", () => {
  it("is asked for by all of them, and heard in each", async () => {
    const claim = freshClaim();
    const provider = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
    const claim_tokens = [{ kind: "id_token" }, { kind: "jwt", format: "letter", claims: [claim] }];
    await world.trust(provider, { claims: [claim, "other"], email_domains: [], claim_tokens });
    const photo = await photoFor(claim, provider.issuer);
    const formats = [ID_TOKENS.format, "letter"];
    expect(await scene.redeem(await scene.ticket(photo))).toMatchObject(
      needInfo({ required_claims: [{ name: claim, issuer: [provider.issuer], claim_token_format: formats }] }),
    );
    const token = await provider.idToken({ sub: "bob", aud: scene.cast.c1.id, [claim]: "nurse" });
    for (const format of formats) expect((await push(photo, token, format)).status).toBe(200);
    expect(await push(photo, token, "another")).toMatchObject(needInfo({}));
  });

  it("is asked for by those alone that may state the claim", async () => {
    const claim = freshClaim();
    const provider = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
    const claim_tokens = [
      { kind: "id_token", claims: [] },
      { kind: "jwt", format: "letter" },
    ];
    await world.trust(provider, { claims: [claim], email_domains: [], claim_tokens });
    const photo = await photoFor(claim, provider.issuer);
    const [asked] = (await scene.redeem(await scene.ticket(photo))).body.required_claims as object[];
    expect(asked).toMatchObject({ claim_token_format: ["letter"] });
    const token = await provider.idToken({ sub: "bob", aud: scene.cast.c1.id, [claim]: "nurse" });
    expect(await push(photo, token, ID_TOKENS.format)).toMatchObject(needInfo({}));
  });
});

it("a token that names its ticket counts with that one alone", async () => {
  const photo = await scene.sharedPhoto();
  const [one, other] = [await scene.ticket(photo), await scene.ticket(photo)];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(one));
  const ticket_hash = new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
  const idToken = await scene.bob({ ticket_hash });
  expect(await scene.redeem(other, { idToken })).toMatchObject(
    needInfo({ error_description: expect.stringContaining("its ticket_hash is not that of the ticket") }),
  );
  expect((await scene.redeem(one, { idToken })).status).toBe(200);
});

describe("a statement that is meant for this server", () => {
  /** Of a person, as their issuer says it to one client, and what it opens. */
  async function stated(claims: JWTPayload) {
    const claim = freshClaim();
    const provider = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
    const claim_tokens = [{ kind: "jwt", format: "letter" }];
    await world.trust(provider, { claims: [claim], email_domains: [], claim_tokens });
    const token = await provider.idToken({ sub: "bob", aud: world.site.issuer, [claim]: "nurse", ...claims });
    return { token, photo: await photoFor(claim, provider.issuer) };
  }

  it("and names a client counts for no other", async () => {
    const { token, photo } = await stated({ client_id: scene.cast.c1.id });
    const another = await world.client({ may_push_claims: true });
    const why = { error_description: expect.stringContaining("it was not issued to this client") };
    expect(await push(photo, token, "letter", another)).toMatchObject(needInfo(why));
    expect((await push(photo, token, "letter")).status).toBe(200);
  });

  it("and is bound to a key counts for whoever proves to have that", async () => {
    const [holder, finder] = [await Prover.create(world), await Prover.create(world)];
    const { token, photo } = await stated({ cnf: { jkt: holder.jkt } });
    const proven = async (prover: Prover) => {
      const pushed = { claim_token: token, claim_token_format: "letter" };
      return prover.token(scene.cast.c1, { grant_type: UMA_GRANT, ticket: await scene.ticket(photo), ...pushed });
    };
    const why = { error_description: expect.stringContaining("it is bound to a key") };
    expect(await push(photo, token, "letter")).toMatchObject(needInfo(why));
    expect(await proven(finder)).toMatchObject(needInfo(why));
    expect((await proven(holder)).status).toBe(200);
  });
});

describe("a client that is an issuer", () => {
  const FORMAT = "pension_dashboard_rqp";
  const issuer = () => `https://dashboard-${crypto.randomUUID()}.example`;

  /** A client with keys of its own, which the operator lets vouch for its users. */
  async function dashboard(claim: string) {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "own", use: "sig", alg: "ES256" }] };
    const client = await world.client({ may_push_claims: true, jwks });
    const iss = issuer();
    const entry = {
      issuer: iss,
      client_id: client.id,
      claims: [claim],
      claim_tokens: [{ kind: "jwt", format: FORMAT }],
    };
    expect((await world.admin("POST", "/issuers", entry)).status).toBe(201);
    const sign = (claims: JWTPayload) => {
      const usual = { iss, sub: "user-1", aud: world.site.issuer, [claim]: "nurse" };
      const jwt = new SignJWT({ ...usual, ...claims }).setIssuedAt().setExpirationTime("1m");
      return jwt.setProtectedHeader({ alg: "ES256", kid: "own" }).sign(privateKey);
    };
    return { client, issuer: iss, sign };
  }

  it("vouches for its users in its own requests, and is asked for nobody else's", async () => {
    const claim = freshClaim();
    const own = await dashboard(claim);
    const photo = await photoFor(claim, own.issuer);
    const asked = await scene.redeemAs(own.client, await scene.ticket(photo));
    expect(asked).toMatchObject(
      needInfo({ required_claims: [{ issuer: [own.issuer], claim_token_format: [FORMAT] }] }),
    );
    expect(await scene.redeem(await scene.ticket(photo))).toMatchObject(REQUEST_DENIED);
    const token = await own.sign({});
    expect((await push(photo, token, FORMAT, own.client)).status).toBe(200);
    expect(await push(photo, token, FORMAT)).toMatchObject(REQUEST_DENIED);
    const toItself = await own.sign({ aud: own.client.id });
    expect(await push(photo, toItself, FORMAT, own.client)).toMatchObject(needInfo({}));
  });

  it("must be registered", async () => {
    const entry = { issuer: issuer(), client_id: "nobody", claims: [], claim_tokens: [{ kind: "jwt" }] };
    const refused = await world.admin("POST", "/issuers", entry);
    expect(refused).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(text(refused, "error_description")).toMatch(/no client of this id is registered/);
  });
});

describe("an access token", () => {
  /** An issuer that is asked, and the policies that want its word. */
  async function asked() {
    const claim = freshClaim();
    const issuer = await TokenIssuer.create();
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      if (String(input) !== issuer.endpoint) throw new TypeError("Network connection lost");
      return issuer.fetch(input, init);
    });
    const format = await issuer.trusted(world, [claim]);
    return { claim, issuer, format, photo: await photoFor(claim, issuer.provider.issuer) };
  }

  it("is asked about at its issuer with our credentials there, and speaks by its answer", async () => {
    const { claim, issuer, format, photo } = await asked();
    const token = issuer.issue(scene.cast.c1.id, { [claim]: "nurse" });
    expect((await push(photo, token, format)).status).toBe(200);
    expect(issuer.asked).toEqual([
      {
        authorization: `Basic ${btoa("usher%3A1:usher-at-the-issuer")}`,
        form: { token, token_type_hint: "access_token" },
      },
    ]);
  });

  it.each<[string, (issuer: TokenIssuer, clientId: string) => string]>([
    ["its issuer says that it is not active", () => "unknown"],
    ["it was not issued to this client", (issuer) => issuer.issue("another")],
    ["it is bound to a key", (issuer, clientId) => issuer.issue(clientId, { cnf: { jkt: "k" } })],
  ])("does not count where %s", async (why, issue) => {
    const { claim, issuer, format, photo } = await asked();
    const token = issue(issuer, scene.cast.c1.id);
    const said = issuer.answers.get(token);
    if (said !== undefined) issuer.answers.set(token, { ...said, [claim]: "nurse" });
    const answer = await push(photo, token, format);
    expect(answer).toMatchObject(needInfo({ error_description: expect.stringContaining(why) }));
  });

  it.each<[string, () => Response]>([
    ["refuses us", () => new Response(null, { status: 401 })],
    ["answers with a page", () => new Response("<html>")],
    ["answers with a list", () => Response.json([])],
    ["sends us elsewhere", () => Response.redirect("https://elsewhere.example/", 302)],
    ["answers too much", () => Response.json({ active: true, padding: "x".repeat(300_000) })],
  ])("does not count where its issuer %s", async (_case, instead) => {
    const { issuer, format, photo } = await asked();
    issuer.instead = instead;
    const answer = await push(photo, issuer.issue(scene.cast.c1.id), format);
    expect(answer).toMatchObject(needInfo({ error_description: expect.stringContaining("cannot be asked about it") }));
  });

  it("is not asked about for a client that may not push claims", async () => {
    const { issuer, format, photo } = await asked();
    const client = await world.client({});
    await push(photo, issuer.issue(client.id), format, client);
    expect(issuer.asked).toEqual([]);
  });

  it("keeps the secret that is not said again, and never tells it", async () => {
    const { claim, issuer, format, photo } = await asked();
    const id = await env.DB.prepare("SELECT id FROM trusted_issuers WHERE issuer = ?")
      .bind(issuer.provider.issuer)
      .first<string>("id");
    const { id: _, ...body } = (await world.admin("GET", `/issuers/${id}`)).body;
    expect(JSON.stringify(body)).not.toContain("usher-at-the-issuer");
    const row = await env.DB.prepare("SELECT details FROM trusted_issuers WHERE id = ?")
      .bind(id)
      .first<string>("details");
    expect(row).toContain("sealedSecret");
    expect(row).not.toContain("usher-at-the-issuer");
    expect((await world.admin("PUT", `/issuers/${id}`, body)).status).toBe(200);
    expect((await push(photo, issuer.issue(scene.cast.c1.id, { [claim]: "nurse" }), format)).status).toBe(200);
  });
});

describe("several claim tokens in one request", () => {
  const FORMAT = "claim_tokens";
  const encode = (value: unknown) => {
    const bytes = new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
    return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  };
  const listed = (...tokens: readonly string[]) =>
    tokens.map((claim_token) => ({ claim_token, claim_token_format: ID_TOKENS.format }));

  /** What takes two statements: that of the provider on the address, and on the role. */
  async function chart() {
    const photo = await scene.resource();
    const issuer = scene.cast.provider.issuer;
    const all = [
      { claim: "email", equals: "bob@example.com" },
      { claim: "role", issuer, equals: "nurse" },
    ];
    await scene.permit(photo, ["view"], { all });
    return photo;
  }

  it("are added up where they are about one subject of one issuer", async () => {
    const tokens = listed(await scene.bob(), await scene.bob({ email: undefined, role: "nurse" }));
    expect((await push(await chart(), encode(tokens), FORMAT)).status).toBe(200);
  });

  it("count for as much as those of them do that count, and why one does not is told", async () => {
    const tokens = listed(await scene.bob({ role: "nurse" }), await scene.bob({ aud: "another" }));
    const photo = await chart();
    expect((await push(photo, encode(tokens), FORMAT)).status).toBe(200);
    const [, ...vain] = tokens;
    const description = expect.stringContaining("its aud does not name this client");
    expect(await push(photo, encode(vain), FORMAT)).toMatchObject(needInfo({ error_description: description }));
  });

  it("are about nobody where they are about two people", async () => {
    const other = await createOpenIdProvider(`https://op-${crypto.randomUUID()}.example`);
    await world.trust(other, { claims: ["role"], email_domains: [] });
    const photo = await chart();
    for (const second of [
      await scene.mallory({ role: "nurse" }),
      await other.idToken({ sub: "bob", aud: scene.cast.c1.id, role: "nurse" }),
    ]) {
      for (const tokens of [listed(await scene.bob({ role: "nurse" }), second), listed(second, await scene.bob())]) {
        const description = expect.stringContaining("nobody says that they are about one person");
        const answer = await push(photo, encode(tokens), FORMAT);
        expect(answer).toMatchObject(needInfo({ error_description: description }));
      }
    }
  });

  it.each<[string, unknown]>([
    ["no JSON", "[{"],
    ["no list", {}],
    ["an empty list", []],
    ["a list of texts", ["x"]],
    ["more than four", listed("a", "b", "c", "d", "e")],
    ["a member that nobody knows", [{ ...listed("a")[0], more: 1 }]],
    ["itself within itself", [{ claim_token: encode(listed("a")), claim_token_format: FORMAT }]],
    ["an empty token", listed("")],
  ])("that are %s are no claim token", async (_case, value) => {
    expect(await push(await chart(), encode(value), FORMAT)).toMatchObject(needInfo({}));
  });

  it("do not count for a client that may not push claims", async () => {
    const client = await world.client({});
    const answer = await push(await chart(), encode(listed(await scene.bob({ role: "nurse" }))), FORMAT, client);
    expect(answer).toMatchObject(REQUEST_DENIED);
  });
});
