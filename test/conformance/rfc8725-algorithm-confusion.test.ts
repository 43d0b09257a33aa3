import { decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { forge } from "../support/pure/forged-jwt.ts";
import { Signer } from "../support/pure/signer.ts";
import { Prover } from "../support/server/prover.ts";
import { ANYONE, NEED_INFO, refused, Scene } from "../support/server/scene.ts";
import { attempt, initialAccessToken } from "../support/server/self-registered.ts";
import { SigningClient } from "../support/server/signing-client.ts";
import { expectStatus, ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The key by which a token of this server verifies. */
async function publicKeyOf(token: string): Promise<object> {
  const { kid } = decodeProtectedHeader(token);
  const { keys } = (await world.send("GET", "/jwks")).json as JSONWebKeySet;
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new Error("the key set does not have the key");
  return key;
}

/** An issuer whose word counts as the operator says, and its key. */
async function trusted(entry: object) {
  const [issuer, signer] = [`https://issuer-${crypto.randomUUID()}.example`, await Signer.create("k1")];
  const usual = { claims: [], email_domains: [], jwks: { keys: [signer.publicJwk] } };
  expectStatus(await world.admin("POST", "/issuers", { issuer, ...usual, ...entry }), 201);
  return { issuer, signer };
}

function times() {
  const now = Math.floor(Date.now() / 1_000);
  return { iat: now, exp: now + 300, jti: crypto.randomUUID() };
}

it("O-JWKS-alg-confusion who chooses the algorithm in the header does not become a resource server", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, bearer] of await forge(scene.pat, await publicKeyOf(scene.pat))) {
    expect((await world.send("GET", "/resources", { bearer })).status, how).toBe(401);
  }
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header makes no RPT", async () => {
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], ANYONE);
  const rpt = String((await scene.redeem(await scene.ticket(photo))).body.access_token);
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, token] of await forge(rpt, await publicKeyOf(rpt))) {
    expect(await scene.introspect(token), how).toEqual({ active: false });
  }
  expect(await scene.introspect(rpt)).toMatchObject({ active: true });
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header does not become a client", async () => {
  const client = await SigningClient.register(world);
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, jwt] of await forge(await client.assertion(), client.signer.publicJwk)) {
    expect((await client.present(jwt)).status, how).toBe(401);
  }
  const critical = client.assertion({}, { crit: ["b64"], b64: true });
  expect((await client.present(critical)).status).toBe(401);
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header holds no key", async () => {
  const prover = await Prover.create(world);
  const { rs1 } = scene.cast;
  const form = { grant_type: "client_credentials" };
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, proof] of await forge(await prover.proof(), prover.signer.publicJwk)) {
    const answer = await prover.tokenWith(rs1, form, proof);
    expect(answer, how).toMatchObject(refused(400, "invalid_dpop_proof"));
  }
  expect((await prover.token(rs1, form)).status).toBe(200);
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header speaks for no publisher of software", async () => {
  const { issuer, signer } = await trusted({ claim_tokens: [], software_statements: true });
  const token = await initialAccessToken(world);
  const statement = await signer.sign({ iss: issuer, client_name: "Folio" });
  const register = (software_statement: string) => attempt(world, { software_statement }, token);
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, forged] of await forge(statement, signer.publicJwk)) {
    expect((await register(forged)).body.error, how).toMatch(/^(?:invalid|unapproved)_software_statement$/);
  }
  expect((await register(statement)).status).toBe(201);
  expect(fetched).not.toHaveBeenCalled();
});

it("O-JWKS-alg-confusion who chooses the algorithm in the header asserts nothing of anybody", async () => {
  const assertions = { kinds: ["jwt", "id_jag"], scopes: ["uma_protection"] };
  const { issuer, signer } = await trusted({ claim_tokens: [], assertions });
  const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  const client = await world.client({ grant_types: [grant_type] });
  const assertion = await signer.sign({ ...times(), iss: issuer, sub: "ana", aud: world.site.issuer });
  const told = async (text: string) => {
    const answer = await world.token(client, { grant_type, assertion: text });
    expect(answer).toMatchObject(refused(400, "invalid_grant"));
    return answer.body.error_description;
  };
  const fetched = vi.spyOn(globalThis, "fetch");
  const heard = "nobody whom the assertion is about";
  for (const [how, forged] of await forge(assertion, signer.publicJwk)) {
    expect(await told(forged), how).not.toContain(heard);
  }
  expect(await told(assertion)).toContain(heard);
  expect(fetched).not.toHaveBeenCalled();
});

it.each(["id_token", "jwt"])(
  "O-JWKS-alg-confusion who chooses the algorithm in the header proves no claim in a format of one's own (%s)",
  async (kind) => {
    const claim = `role-${crypto.randomUUID()}`;
    const format = kind === "jwt" ? "letter" : ID_TOKEN_FORMAT;
    const { issuer, signer } = await trusted({
      claims: [claim],
      claim_tokens: [kind === "jwt" ? { kind, format } : { kind }],
    });
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { claim, issuer, equals: "nurse" });
    const said = { ...times(), iss: issuer, sub: "bob", aud: scene.cast.c1.id, [claim]: "nurse" };
    const token = await signer.sign(said);
    const push = async (claim_token: string) =>
      scene.redeem(await scene.ticket(photo), { claim_token, claim_token_format: format });
    const fetched = vi.spyOn(globalThis, "fetch");
    for (const [how, forged] of await forge(token, signer.publicJwk)) {
      expect(await push(forged), how).toMatchObject(NEED_INFO);
    }
    const critical = signer.sign(said, { crit: ["b64"], b64: true });
    expect(await push(await critical)).toMatchObject(NEED_INFO);
    expect((await push(token)).status).toBe(200);
    expect(fetched).not.toHaveBeenCalled();
  },
);

it("O-JWKS-alg-confusion who chooses the algorithm in the header proves no claim", async () => {
  const photo = await scene.sharedPhoto();
  const [publicJwk = {}] = scene.cast.provider.jwks.keys;
  const fetched = vi.spyOn(globalThis, "fetch");
  for (const [how, idToken] of await forge(await scene.bob(), publicJwk)) {
    expect(await scene.redeem(await scene.ticket(photo), { idToken }), how).toMatchObject(NEED_INFO);
  }
  expect(fetched).not.toHaveBeenCalled();
});
