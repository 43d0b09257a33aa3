import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import { refused } from "../support/server/scene.ts";
import { SigningClient } from "../support/server/signing-client.ts";
import type { World } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";

const INVALID_CLIENT = refused(401, "invalid_client");
const COOL_DOWN_SECONDS = 30;
const TIMEOUT_MILLISECONDS = 5_000;
const TEN_MEGABYTES = 10 * 1024 * 1024;
let world: World;

beforeAll(async () => {
  world = configuredWorld({ ISSUER: "https://as.example" });
});

/** Registration asks for the keys, too; no test is about that first answer. */
beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(null, { status: 503 }));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A place for keys that no other test uses. */
const freshUri = () => `https://client-${crypto.randomUUID()}.example/jwks`;

/** What hosts answer from now on, wherever they are asked. */
function hostsAnswer(answer: (signal: AbortSignal | null | undefined) => Response | Promise<Response>) {
  return vi
    .spyOn(globalThis, "fetch")
    .mockClear()
    .mockImplementation(async (_, init) => answer(init?.signal));
}

function travel(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

describe("keys at a jwks_uri", () => {
  it("O-7523-jwks-uri-fetch are fetched once", async () => {
    const client = await SigningClient.register(world, freshUri());
    const fetched = hostsAnswer(() => Response.json({ keys: [client.signer.publicJwk] }));
    for (let round = 0; round < 3; round += 1) expect((await client.present(client.assertion())).status).toBe(200);
    expect(fetched).toHaveBeenCalledOnce();
  });

  it("O-7523-jwks-uri-fetch are fetched again for a key id that is new, and not for each unknown one", async () => {
    const client = await SigningClient.register(world, freshUri());
    const next = await Signer.create("k2");
    let keys = [client.signer.publicJwk];
    const fetched = hostsAnswer(() => Response.json({ keys }));
    expect((await client.present(client.assertion())).status).toBe(200);
    keys = [next.publicJwk];
    travel(COOL_DOWN_SECONDS + 1);
    expect((await client.present(client.assertion({}, {}, next))).status).toBe(200);
    expect(fetched).toHaveBeenCalledTimes(2);
    for (const kid of ["a", "b", "c"]) {
      expect(await client.present(client.assertion({}, { kid }, next))).toMatchObject(INVALID_CLIENT);
    }
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});

describe("a host that is not public", () => {
  it.each([
    "http://keys.example/jwks",
    "https://127.0.0.1/jwks",
    "https://localhost/jwks",
    "https://[::1]/jwks",
    "https://10.0.0.1/jwks",
    "https://169.254.169.254/latest/meta-data",
    "https://metadata.internal/jwks",
    "https://2130706433/jwks",
    "file:///etc/passwd",
  ])("O-7523-jwks-uri-fetch is never asked: %s", async (jwks_uri) => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const method = { client_name: "C", token_endpoint_auth_method: "private_key_jwt" };
    expect((await world.admin("POST", "/clients", { ...method, jwks_uri })).status).toBe(400);
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe("a host that answers badly", () => {
  it.each<[string, (signal: AbortSignal | null | undefined) => Response | Promise<Response>]>([
    ["a redirect to plain http", () => new Response(null, { status: 302, headers: { Location: "http://x.example/" } })],
    ["a redirect inside", () => new Response(null, { status: 307, headers: { Location: "https://10.0.0.1/" } })],
    ["ten megabytes", () => new Response(new Uint8Array(TEN_MEGABYTES).fill(32))],
    ["an error", () => new Response("{}", { status: 500 })],
    ["no JSON", () => new Response("<html>")],
    ["no keys", () => Response.json({})],
    ["broken keys", () => Response.json({ keys: [null, { kty: "EC", crv: "P-256", kid: "k1", alg: "ES256" }] })],
  ])("O-7523-jwks-uri-fetch proves nobody: %s", async (_, answer) => {
    const client = await SigningClient.register(world, freshUri());
    const fetched = hostsAnswer(answer);
    expect(await client.present(client.assertion())).toMatchObject(INVALID_CLIENT);
    expect(fetched).toHaveBeenCalledOnce();
    expect(fetched.mock.calls[0]?.[1]?.redirect).toBe("manual");
  });

  it("O-7523-jwks-uri-fetch proves nobody: nothing, for five seconds", async () => {
    const client = await SigningClient.register(world, freshUri());
    const assertion = await client.assertion();
    hostsAnswer(neverAnswer);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    expect(await client.present(assertion)).toMatchObject(INVALID_CLIENT);
  });
});

/** Once it is asked, the clock moves on, so that no test has to wait. */
function neverAnswer(signal: AbortSignal | null | undefined): Promise<Response> {
  queueMicrotask(() => vi.advanceTimersByTime(TIMEOUT_MILLISECONDS));
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

describe("what an operator writes", () => {
  it("has the keys fetched at once, when a client is registered and when it is replaced", async () => {
    const jwks_uri = freshUri();
    const client = await SigningClient.register(world, jwks_uri);
    expect(vi.mocked(fetch).mock.calls.map(([url]) => url)).toEqual([jwks_uri]);
    hostsAnswer(() => Response.json({ keys: [client.signer.publicJwk] }));
    expect((await client.present(client.assertion())).status).toBe(200);
    const successor = await Signer.create(client.signer.kid);
    hostsAnswer(() => Response.json({ keys: [successor.publicJwk] }));
    expect(await client.present(client.assertion({}, {}, successor))).toMatchObject(INVALID_CLIENT);
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const body = { client_name: "C", token_endpoint_auth_method: "private_key_jwt", jwks_uri };
    expect((await world.admin("PUT", `/clients/${client.credentials.id}`, body)).status).toBe(200);
    expect((await client.present(client.assertion({}, {}, successor))).status).toBe(200);
  });

  it("has the keys of an issuer fetched, by discovery", async () => {
    const issuer = `https://idp-${crypto.randomUUID()}.example`;
    const jwks_uri = `${issuer}/keys`;
    const fetched = vi.mocked(fetch).mockImplementation(async () => Response.json({ issuer, jwks_uri }));
    expect((await world.admin("POST", "/issuers", { issuer, claims: [] })).status).toBe(201);
    const asked = fetched.mock.calls.map(([url]) => url);
    expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`, jwks_uri]);
  });
});
