import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { forge } from "../support/pure/forged-jwt.ts";
import { refused } from "../support/server/scene.ts";
import { JWT_BEARER, SigningClient } from "../support/server/signing-client.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const INVALID_CLIENT = refused(401, "invalid_client");
const DAY_SECONDS = 86_400;
let client: SigningClient;
let other: SigningClient;

beforeAll(async () => {
  [client, other] = await Promise.all([SigningClient.register(world), SigningClient.register(world)]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const nowPlus = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

describe("the assertion (§2.2)", () => {
  it("O-7523-2.2-assertion-type proves who the client is", async () => {
    expect((await client.present(client.assertion())).status).toBe(200);
  });

  it("O-7523-2.2-assertion-type needs its type, and no other", async () => {
    const saml = { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer" };
    expect(await client.present(client.assertion(), saml)).toMatchObject(INVALID_CLIENT);
    const untyped = await client.present(client.assertion(), { client_assertion_type: "" });
    expect(untyped).toMatchObject(refused(400, "invalid_request"));
  });

  it.each(["x", "..", "e30.e30.x", "e30.e30", "e30.e30.e30.e30.e30"])(
    "O-7523-2.2-assertion-type is exactly one signed JWT, not %s",
    async (text) => {
      expect(await client.present(text)).toMatchObject(INVALID_CLIENT);
      const two = `${await client.assertion()} ${await client.assertion()}`;
      expect(await client.present(two)).toMatchObject(INVALID_CLIENT);
    },
  );
});

describe("its claims (§3)", () => {
  it.each<[string, () => Record<string, unknown>]>([
    ["O-7523-3-iss-sub another issuer", () => ({ iss: other.credentials.id })],
    ["O-7523-3-iss-sub another subject", () => ({ sub: other.credentials.id })],
    ["O-7523-3-iss-sub no issuer", () => ({ iss: undefined })],
    ["O-7523-3-iss-sub no subject", () => ({ sub: undefined })],
    ["O-7523-3-aud another server", () => ({ aud: "https://other.example" })],
    ["O-7523-3-aud no audience", () => ({ aud: undefined })],
    ["O-7523-3-aud nobody", () => ({ aud: [] })],
    ["O-7523-3-aud the issuer with a slash", () => ({ aud: `${world.site.issuer}/` })],
    ["O-7523-aud-issuer-only O-7523-3-aud one more", () => ({ aud: [world.site.issuer, "https://other.example"] })],
    ["O-7523-3-exp no end", () => ({ exp: undefined })],
    ["O-7523-3-exp an end that has passed", () => ({ exp: nowPlus(-60) })],
    ["O-7523-3-exp a beginning still to come", () => ({ nbf: nowPlus(120) })],
    ["O-7523-3-exp an end in a day", () => ({ exp: nowPlus(DAY_SECONDS) })],
    ["O-7523-3-jti-replay no jti", () => ({ jti: undefined })],
    ["O-7523-3-jti-replay a jti without end", () => ({ jti: "x".repeat(5_000) })],
  ])("%s is refused", async (_, claims) => {
    expect(await client.present(client.assertion(claims()))).toMatchObject(INVALID_CLIENT);
  });

  it("O-7523-3-iss-sub a client_id beside it must be the same", async () => {
    const { id } = client.credentials;
    expect((await client.present(client.assertion(), { client_id: id })).status).toBe(200);
    const answer = await client.present(client.assertion(), { client_id: other.credentials.id });
    expect(answer).toMatchObject(INVALID_CLIENT);
  });

  // Each endpoint knows the client, and only then refuses what it may not have.
  it.each([
    ["/token", "unsupported_grant_type"],
    ["/revocation", undefined],
    ["/par", "unauthorized_client"],
    ["/introspection", "invalid_token"],
  ])(
    "O-7523-3-aud O-7523-aud-issuer-only at %s the issuer, the token endpoint and the endpoint called are this server",
    async (path, error) => {
      const { issuer } = world.site;
      for (const aud of [issuer, `${issuer}/token`, issuer + path, [issuer], [issuer, `${issuer}/token`]]) {
        const answer = await client.present(client.assertion({ aud }), {}, path);
        expect(answer.body.error, String(aud)).toBe(error);
      }
      const foreign = client.assertion({ aud: [issuer + path, "https://other.example"] });
      expect(await client.present(foreign, {}, path)).toMatchObject(INVALID_CLIENT);
    },
  );

  it.each(["/token", "/revocation", "/par", "/introspection"])(
    "O-7523-aud-issuer-only O-7523-3-aud at %s the issuer alone is this server, where the operator is strict",
    async (path) => {
      const strict = configuredWorld({ ASSERTION_AUDIENCE: "issuer" });
      const { issuer } = strict.site;
      const signing = await SigningClient.register(strict);
      for (const aud of [
        `${issuer}/token`,
        issuer + path,
        [issuer, `${issuer}/token`],
        [issuer, "https://o.example"],
      ]) {
        expect(await signing.present(signing.assertion({ aud }), {}, path)).toMatchObject(INVALID_CLIENT);
      }
      for (const aud of [issuer, [issuer]]) {
        expect((await signing.present(signing.assertion({ aud }), {}, path)).body.error).not.toBe("invalid_client");
      }
    },
  );
});

describe("its signature (§3)", () => {
  it("O-7523-3-signature every other way to make one is refused, and nothing is fetched", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const forgeries = await forge(await client.assertion(), client.signer.publicJwk);
    for (const [how, jwt] of forgeries) expect(await client.present(jwt), how).toMatchObject(INVALID_CLIENT);
    const foreign = client.assertion({}, {}, other.signer);
    expect(await client.present(foreign)).toMatchObject(INVALID_CLIENT);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("O-7523-3-signature a client with a secret cannot sign with it", async () => {
    const { id, secret } = await world.client({});
    const assertion = await client.assertion({ iss: id, sub: id });
    expect(await client.present(assertion)).toMatchObject(INVALID_CLIENT);
    expect(await client.present(assertion, { client_secret: secret, client_id: id })).toMatchObject({
      body: { error: expect.stringMatching(/^invalid_(request|client)$/) },
    });
  });
});

describe("its use (§3)", () => {
  it("O-7523-3-jti-replay is good once, at whatever endpoint", async () => {
    const jwt = await client.assertion();
    expect((await client.present(jwt)).status).toBe(200);
    for (const path of ["/revocation", "/token", "/par", "/introspection"]) {
      expect(await client.present(jwt, {}, path)).toMatchObject(INVALID_CLIENT);
    }
  });

  it("O-7523-3-jti-replay of twenty at once, one is served", async () => {
    const jwt = await client.assertion();
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.present(jwt)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("O-7523-3-jti-replay a refused assertion spends nothing, and another client may use the same jti", async () => {
    const jti = crypto.randomUUID();
    expect(await client.present(client.assertion({ jti }, {}, other.signer))).toMatchObject(INVALID_CLIENT);
    for (const signing of [client, other]) expect((await signing.present(signing.assertion({ jti }))).status).toBe(200);
  });

  it("goes with no other way of authentication", async () => {
    const form = { token: "x", client_assertion: await client.assertion(), client_assertion_type: JWT_BEARER };
    const basic = await world.client({});
    const answer = await world.send("POST", "/revocation", { basic, form });
    expect(answer).toMatchObject(refused(400, "invalid_request"));
  });
});
