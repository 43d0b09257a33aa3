import { env } from "cloudflare:workers";
import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createClientAssertions } from "../../src/crypto/client-assertion.ts";
import type { ClientAssertions } from "../../src/operations/ports/client.ts";
import type { Client } from "../../src/protocol/client.ts";
import { findReplayGuard } from "../../src/storage/durable/replay-guards.ts";
import { ISSUER, Signer, START } from "../support/pure/signer.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";
import { someClient } from "../support/workerd/records.ts";

const AUDIENCES = [ISSUER, `${ISSUER}/token`];

let signer: Signer;
let stranger: Signer;
let hosts: KeyHosts;
let client: Client;
let assertions: ClientAssertions;

beforeAll(async () => {
  signer = await Signer.create("client-key");
  stranger = await Signer.create("client-key");
});

beforeEach(() => {
  hosts = new KeyHosts();
  client = someClient({
    id: `printer-${crypto.randomUUID()}`,
    authenticationMethod: "private_key_jwt",
    secretHash: null,
    jwks: { keys: [signer.publicJwk] },
  });
  assertions = createClientAssertions({ keySets: hosts.keySets(), replayGuard: findReplayGuard(env.REPLAY_GUARD) });
});

function claims(changes: JWTPayload = {}): JWTPayload {
  const jti = crypto.randomUUID();
  return { iss: client.id, sub: client.id, aud: ISSUER, exp: START + 60, iat: START, jti, ...changes };
}

const verify = (assertion: string, now = START) => assertions.verify(assertion, client, AUDIENCES, now);

async function expectRefusal(assertion: string, description: RegExp): Promise<void> {
  const refusal = { code: "invalid_client", message: expect.stringMatching(description) };
  await expect(verify(assertion)).rejects.toMatchObject(refusal);
}

describe("a client assertion that proves who sent it", () => {
  it.each<[string, JWTPayload]>([
    ["is meant for our issuer identifier", {}],
    ["is meant for the token endpoint", { aud: `${ISSUER}/token` }],
    ["is meant for both", { aud: AUDIENCES }],
    ["leaves out iat", { iat: undefined as unknown as number }],
    ["comes from a clock a little ahead", { iat: START + 30, nbf: START + 30, exp: START + 630 }],
    ["comes from a clock a little behind", { exp: START - 29 }],
    ["has a jti of 256 characters", { jti: "j".repeat(256) }],
  ])("%s", async (_case, changes) => {
    await verify(await signer.sign(claims(changes)));
  });

  it.each([undefined, "JWT", "client-authentication+jwt"])("may be of type %s", async (typ) => {
    await verify(await signer.sign(claims(), typ === undefined ? {} : { typ }));
  });

  it("names the client before anything is verified", async () => {
    expect(assertions.subject(await stranger.sign(claims()))).toBe(client.id);
    for (const junk of ["", "a.b.c", "é", "x".repeat(20_000)]) expect(assertions.subject(junk)).toBeNull();
  });
});

describe("a client assertion that proves nothing", () => {
  it.each<[string, JWTPayload, RegExp]>([
    ["another issuer", { iss: "other" }, /iss and sub/],
    ["another subject", { sub: "other" }, /iss and sub/],
    ["meant for another server", { aud: "https://other.example" }, /aud/],
    ["meant for another server too", { aud: [ISSUER, "https://other.example"] }, /aud/],
    ["meant for nobody", { aud: undefined as unknown as string }, /aud/],
    ["meant for an empty list", { aud: [] }, /aud/],
    ["no expiry", { exp: undefined as unknown as number }, /exp is required/],
    ["expired", { exp: START - 30 }, /exp is required/],
    ["valid for a day", { exp: START + 86_400 }, /within 600 seconds/],
    ["not valid yet", { nbf: START + 31 }, /nbf lies in the future/],
    ["issued in the future", { iat: START + 31 }, /iat lies in the future/],
    ["no jti", { jti: undefined as unknown as string }, /jti is required/],
    ["an empty jti", { jti: "" }, /jti is required/],
    ["a jti too long", { jti: "j".repeat(257) }, /jti is required/],
  ])("%s", async (_case, changes, description) => {
    await expectRefusal(await signer.sign(claims(changes)), description);
  });

  it("alg none, HS256 with the public key, a foreign key, an edited payload", async () => {
    await expectRefusal(new UnsecuredJWT(claims()).encode(), /not a signed JWT/);
    const secret = new TextEncoder().encode(JSON.stringify(signer.publicJwk));
    const hmac = await new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: signer.kid }).sign(secret);
    await expectRefusal(hmac, /header member alg/);
    await expectRefusal(await stranger.sign(claims()), /signature/);
    const [header, , signature] = (await signer.sign(claims())).split(".");
    const [, payload] = (await signer.sign(claims())).split(".");
    await expectRefusal(`${header}.${payload}.${signature}`, /signature/);
  });

  it("a key or key address in its header, which is not looked at", async () => {
    hosts.serves("https://stranger.example/jwks", { keys: [stranger.publicJwk] });
    const header = { jku: "https://stranger.example/jwks", x5u: "https://stranger.example/x", jwk: stranger.publicJwk };
    await expectRefusal(await stranger.sign(claims(), header), /signature/);
    expect(hosts.asked).toEqual([]);
  });

  it.each(["at+jwt", "dpop+jwt", "logout+jwt"])("another kind of JWT: %s", async (typ) => {
    await expectRefusal(await signer.sign(claims(), { typ }), /header member typ/);
  });

  it.each(["", "a.b.c", "a.b", "é", "x".repeat(20_000)])("garbage", async (text) => {
    await expectRefusal(text, /not a signed JWT/);
  });

  it("is described in characters that may be sent (RFC 6749 §5.2)", async () => {
    const texts = [await signer.sign(claims({ aud: "x" })), await stranger.sign(claims()), "garbage"];
    for (const text of texts) await expectRefusal(text, /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
  });
});

describe("a client assertion sent twice", () => {
  it("counts once, also when both come at the same time", async () => {
    const assertion = await signer.sign(claims());
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => verify(assertion)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expectRefusal(assertion, /jti was used before/);
  });

  it("does not spend the jti when it is not good otherwise", async () => {
    const jti = "spent-by-nobody";
    await expectRefusal(await stranger.sign(claims({ jti })), /signature/);
    await expectRefusal(await signer.sign(claims({ jti, aud: "other" })), /aud/);
    await verify(await signer.sign(claims({ jti })));
  });

  it("does not spend the jti of another client", async () => {
    const jti = "same";
    await verify(await signer.sign(claims({ jti })));
    client = { ...client, id: `${client.id}-2` };
    await verify(await signer.sign(claims({ jti })));
  });
});

describe("keys at a jwks_uri", () => {
  it("are fetched, and again once for a kid that is not known", async () => {
    const jwksUri = `${freshHost()}/jwks`;
    client = { ...client, jwks: null, jwksUri };
    hosts.serves(jwksUri, { keys: [signer.publicJwk] });
    await verify(await signer.sign(claims()));
    const next = await Signer.create("next-key");
    hosts.serves(jwksUri, { keys: [signer.publicJwk, next.publicJwk] });
    const later = START + 40;
    await verify(await next.sign(claims({ iat: later, exp: later + 60 })), later);
    expect(hosts.asked).toEqual([jwksUri, jwksUri]);
  });

  it.each(["https://127.0.0.1/jwks", "https://169.254.169.254/jwks", "http://idp.example/jwks"])(
    "are not fetched from %s",
    async (jwksUri) => {
      client = { ...client, jwks: null, jwksUri };
      await expectRefusal(await signer.sign(claims()), /signature/);
      expect(hosts.asked).toEqual([]);
    },
  );
});
