import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, basicCredentials, type Call, telltaleHeaders } from "../support/server/http-site.ts";
import { type Credentials, UMA_GRANT } from "../support/server/world.ts";
import { countHops } from "../support/workerd/hops.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
let c1: Credentials;
let poster: Credentials;
let publicClient: Credentials;

beforeAll(async () => {
  [c1, poster, publicClient] = await Promise.all([
    world.client({ client_name: "C1" }),
    world.client({ client_name: "C2", token_endpoint_auth_method: "client_secret_post" }),
    world.client({ client_name: "P1", token_endpoint_auth_method: "none" }),
  ]);
});

/** Revoking nothing is the smallest thing that only an authenticated client may do. */
const revoke = (call: Call, form: Readonly<Record<string, string>> = {}) =>
  world.send("POST", "/revocation", { ...call, form: { token: "x", ...form } });

describe("a client with a secret", () => {
  it("proves itself in the header, or in the body", async () => {
    expect((await revoke({ basic: c1 })).status).toBe(200);
    expect((await revoke({}, { client_id: poster.id, client_secret: poster.secret })).status).toBe(200);
  });

  it("with a secret of any characters", async () => {
    const odd = await world.client({ client_secret: "a:b+c%d é and the rest of 32 characters" });
    expect((await revoke({ basic: odd })).status).toBe(200);
    const unencoded = btoa(`${c1.id}:${c1.secret}`);
    expect((await revoke({ authorization: `basic ${unencoded}` })).status).toBe(200);
  });

  it("may name itself again beside its credentials", async () => {
    expect((await revoke({ basic: c1 }, { client_id: c1.id })).status).toBe(200);
    expect(await revoke({ basic: c1 }, { client_id: poster.id })).toMatchObject({ status: 400 });
  });

  it.each([
    ["a secret in the body", () => ({ client_secret: c1.secret, client_id: c1.id })],
    ["an assertion", () => ({ client_assertion: "e30.eyJzdWIiOiJ4In0.x", client_assertion_type: JWT_BEARER })],
  ])("may not send the header and %s", async (_, form) => {
    expect(await revoke({ basic: c1 }, form())).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  it("a wrong secret and an unknown client are answered alike", async () => {
    const [wrong, unknown] = await Promise.all([
      revoke({ basic: { ...c1, secret: "wrong" } }),
      revoke({ basic: { id: "nobody", secret: "wrong" } }),
    ]);
    expect(wrong).toMatchObject({ status: 401, body: { error: "invalid_client" }, text: unknown.text });
    expect(wrong.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    expect(telltaleHeaders(unknown)).toEqual(telltaleHeaders(wrong));
  });

  it("is told how to authenticate by every 401, whatever it sent (RFC 9110 §15.5.2)", async () => {
    const answers = await Promise.all([
      revoke({}),
      revoke({}, { client_id: "nobody" }),
      revoke({}, { client_id: poster.id, client_secret: "wrong" }),
      revoke({}, { client_assertion: "x", client_assertion_type: JWT_BEARER }),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client" } });
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    }
  });

  it("never in the URL", async () => {
    const path = `/revocation?client_id=${c1.id}&client_secret=${c1.secret}`;
    expect((await world.send("POST", path, { form: { token: "x" } })).status).toBe(400);
  });

  it.each<[string, Call]>([
    ["nothing", {}],
    ["no colon", { authorization: `Basic ${btoa("nobody")}` }],
    ["no base64", { authorization: "Basic %%%" }],
    ["bytes that are no text", { authorization: `Basic ${btoa("\xff:\xff")}` }],
    ["broken encoding", { authorization: `Basic ${btoa("a:%zz")}` }],
    ["another scheme", { authorization: "Bearer x" }],
    ["a secret without end", { authorization: basicCredentials({ id: "x", secret: "x".repeat(2_000) }) }],
  ])("is refused with %s", async (_, call) => {
    expect(await revoke(call)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  it("is refused with its name alone", async () => {
    expect(await revoke({}, { client_id: c1.id })).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });
});

describe("a public client", () => {
  it("only names itself", async () => {
    expect((await revoke({}, { client_id: publicClient.id })).status).toBe(200);
    expect((await revoke({ basic: { ...publicClient, secret: "x" } })).status).toBe(401);
    expect((await revoke({}, { client_id: "nobody" })).status).toBe(401);
  });
});

describe("guessing", () => {
  const from = (address: string, basic: Credentials, more: Readonly<Record<string, string>> = {}) =>
    revoke({ basic, headers: { "CF-Connecting-IP": address, ...more } });
  const guess = (address: string, target: Credentials, index = 0) =>
    from(address, { ...target, secret: `guess ${index}` }, { "X-Forwarded-For": `198.51.100.${index}` });
  const burst = (address: string, target: Credentials, times: number) =>
    Promise.all(Array.from({ length: times }, (_, index) => guess(address, target, index)));

  it("of many at once tells of fewer than the limit whether they were right", async () => {
    const target = await world.client({});
    const answers = await burst("192.0.2.1", target, 300);
    for (const { status } of answers) expect([401, 429]).toContain(status);
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThan(60);
  });

  it("gets nobody in from where there was too much of it, not even with the right secret; from elsewhere it does", async () => {
    const target = await world.client({});
    await burst("192.0.2.1", target, 80);
    const right = await from("192.0.2.1", target);
    expect(right).toMatchObject({ status: 429, body: { error: "too_many_requests" } });
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(50);
    expect((await from("192.0.2.2", target)).status).toBe(200);
    expect((await from("192.0.2.1", c1)).status).toBe(200);
  });

  it("is looked at to the last one that is allowed", async () => {
    const target = await world.client({});
    for (let index = 1; index < 60; index += 1) expect((await guess("192.0.2.3", target, index)).status).toBe(401);
    expect((await from("192.0.2.3", target)).status).toBe(200);
    expect((await guess("192.0.2.3", target)).status).toBe(429);
    expect((await from("192.0.2.3", target)).status).toBe(429);
  });

  it("is one source's from all of an IPv6 network", async () => {
    const target = await world.client({});
    await Promise.all(Array.from({ length: 80 }, (_, index) => guess(`2001:db8:1:2::${index}`, target)));
    expect((await from("2001:db8:1:2:ffff::1", target)).status).toBe(429);
    expect((await from("2001:db8:1:3::1", target)).status).toBe(200);
  });

  it("costs those who know the secret no round trip", async () => {
    const target = await world.client({});
    await guess("192.0.2.4", target);
    expect(await countHops(() => from("192.0.2.4", target))).toEqual([]);
    expect(await countHops(() => guess("192.0.2.4", target))).toEqual(["failure-counter"]);
  });

  it("does as much work for an id that nobody has", async () => {
    const target = await world.client({});
    const nobody = { id: crypto.randomUUID(), secret: "x" };
    for (const round of [1, 2]) {
      const [known, unknown] = [
        await countHops(() => guess("192.0.2.5", target)),
        await countHops(() => guess("192.0.2.5", nobody)),
      ];
      expect(unknown, String(round)).toEqual(known);
      expect(known).toEqual(round === 1 ? ["d1", "failure-counter"] : ["failure-counter"]);
    }
    const answers = await burst("192.0.2.5", nobody, 80);
    expect(answers.at(-1)).toMatchObject({ status: 429, body: (await burst("192.0.2.5", target, 80)).at(-1)?.body });
  });

  it.each<[string, (id: string) => Promise<Answer>]>([
    ["with a secret", (id) => revoke({ basic: { id, secret: "x" } })],
    ["alone", (id) => revoke({}, { client_id: id })],
    [
      "in an assertion",
      (id) => {
        const claims = new TextEncoder().encode(JSON.stringify({ sub: id })).toBase64({ alphabet: "base64url" });
        return revoke(
          {},
          { client_assertion: `e30.${claims.replace(/=+$/, "")}.x`, client_assertion_type: JWT_BEARER },
        );
      },
    ],
  ])("leaves nothing behind under an id longer than any of ours, sent %s", async (_, send) => {
    const id = "\u0001".repeat(257);
    expect(await countHops(() => send(id))).toEqual([]);
    expect(await send(id)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    expect(await countHops(() => send(id.slice(1)))).toContain("failure-counter");
  });

  it("stops no public client, which has nothing to guess", async () => {
    await burst("192.0.2.6", publicClient, 80);
    const headers = { "CF-Connecting-IP": "192.0.2.6" };
    expect((await revoke({ headers }, { client_id: publicClient.id })).status).toBe(200);
  });
});

describe("a client with a key", async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" };
  let signer: Credentials;

  beforeAll(async () => {
    signer = await world.client({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [jwk] } });
  });

  const assertion = (claims: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: signer.id, sub: signer.id, aud: world.site.issuer, jti: crypto.randomUUID(), exp: now + 60 };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(privateKey);
  };
  const send = async (jwt: string | Promise<string>, more: Readonly<Record<string, string>> = {}) =>
    revoke({}, { client_assertion: await jwt, client_assertion_type: JWT_BEARER, ...more });

  it("proves itself to the issuer, the token endpoint, or the endpoint called", async () => {
    for (const aud of ["", "/token", "/revocation"]) {
      expect((await send(assertion({ aud: world.site.issuer + aud }))).status, aud).toBe(200);
    }
    expect((await send(assertion(), { client_id: signer.id })).status).toBe(200);
  });

  it("may use an assertion once", async () => {
    const jwt = await assertion();
    expect((await send(jwt)).status).toBe(200);
    expect(await send(jwt)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  it.each<[string, Record<string, unknown>]>([
    ["for another server", { aud: "https://other.example" }],
    ["of another issuer", { iss: "somebody" }],
    ["of nobody", { sub: "nobody", iss: "nobody" }],
    ["without an end", { exp: undefined }],
    ["that lives for a day", { exp: Math.floor(Date.now() / 1000) + 86_400 }],
  ])("is refused with an assertion %s", async (_, claims) => {
    expect(await send(assertion(claims))).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  it("is refused without the right type", async () => {
    const jwt = await assertion();
    expect((await revoke({}, { client_assertion: jwt })).status).toBe(400);
    expect((await send(jwt, { client_assertion_type: "x" })).status).toBe(401);
  });

  it.each(["x", "..", "e30.e30.x"])("is refused with the assertion %s", async (jwt) => {
    expect((await send(jwt)).status).toBe(401);
  });

  it("is refused under another name", async () => {
    expect((await send(assertion(), { client_id: c1.id })).status).toBe(401);
  });
});

describe("a stranger who names a public client", () => {
  const stranger = { "CF-Connecting-IP": "192.0.2.66" };
  const honest = { "CF-Connecting-IP": "192.0.2.67" };
  const burst = (ask: () => Promise<Answer>) => Promise.all(Array.from({ length: 80 }, ask));

  it.each<[string, (headers: Readonly<Record<string, string>>) => Promise<Answer>]>([
    [
      "forged tickets",
      (headers) =>
        world.send("POST", "/token", {
          headers,
          form: { grant_type: UMA_GRANT, client_id: publicClient.id, ticket: "forged" },
        }),
    ],
    ["tokens that are not ours", (headers) => revoke({ headers }, { client_id: publicClient.id, token: "forged" })],
  ])("with %s holds up only whoever is where the stranger is", async (_, ask) => {
    const answers = await burst(() => ask(stranger));
    expect(answers.map(({ status }) => status)).toContain(429);
    expect((await ask(stranger)).status).toBe(429);
    expect((await ask(honest)).status).toBeLessThan(429);
  });
});
