import { afterEach, beforeAll, describe, expect, it, type MockInstance, vi } from "vitest";
import { CodeApp, VERIFIER } from "../support/server/code-app.ts";
import { ANYONE, INVALID_GRANT, Scene } from "../support/server/scene.ts";
import { initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { type Credentials, expectStatus, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { storedContent } from "../support/workerd/stored-content.ts";

const world = localWorld();
/** Characters of base64url that hold 128 bits. */
const LENGTH_OF_128_BITS = 22;
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], ANYONE);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const LOGS = ["debug", "log", "info", "warn", "error"] as const;

/** Everything the server says to its log while `work` runs. */
async function loggedDuring(work: () => Promise<unknown>): Promise<string> {
  const spies = LOGS.map((level) => vi.spyOn(console, level).mockImplementation(() => undefined));
  await work();
  return JSON.stringify(spies.map((spy) => spy.mock.calls));
}

/** Walks through what clients do, good and bad. @returns what must be confidential. */
async function everySecret(): Promise<readonly string[]> {
  const { c1, rs1 } = scene.cast;
  const ticket = await scene.ticket(photo);
  const idToken = await scene.bob();
  const refused = await scene.redeem(ticket, { idToken: `${idToken}x`, scope: "fly" });
  expect(refused.status).toBe(400);
  const granted = await scene.redeem(await scene.ticket(photo), { idToken });
  const { access_token, refresh_token } = granted.body;
  const refreshed = await scene.refresh(c1, refresh_token);
  await scene.introspect(access_token);
  await scene.redeem(ticket);
  await world.token({ ...c1, secret: "a-wrong-secret-of-somebody" }, { grant_type: UMA_GRANT, ticket });
  const tokens = [access_token, refresh_token, refreshed.body.access_token, refreshed.body.refresh_token];
  return [...tokens.map(String), scene.pat, ticket, idToken, c1.secret, rs1.secret, "a-wrong-secret-of-somebody"];
}

describe("confidentiality (§10.3)", () => {
  it("O-6749-10.3-storage neither storage nor log holds a token, a ticket or a secret", async () => {
    let secrets: readonly string[] = [];
    const log = await loggedDuring(async () => {
      secrets = await everySecret();
    });
    const stored = await storedContent();
    for (const known of [photo, scene.cast.c1.id, "granted"]) expect(stored).toContain(known);
    for (const secret of secrets) {
      expect(stored).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
  });

  it("O-6749-10.3-storage a client's secret is kept as a hash", async () => {
    const client_secret = "a secret of the operator's own, long enough";
    await world.client({ client_secret });
    expect(await storedContent()).not.toContain(client_secret);
  });
});

/** @returns as many as are asked for, a few at a time. */
async function sample(count: number, make: () => Promise<string>): Promise<readonly string[]> {
  const made: string[] = [];
  while (made.length < count) made.push(...(await Promise.all(Array.from({ length: 50 }, make))));
  return made;
}

/** The same text but for one place, which is each of some. */
function everyAlteration(value: string): readonly string[] {
  const places = [0, 0.3, 0.6, 0.9].map((part) => Math.floor(part * value.length));
  return places.map((place) => value.slice(0, place) + (value[place] === "A" ? "B" : "A") + value.slice(place + 1));
}

describe("entropy (§10.10)", () => {
  it("O-6749-10.10-entropy of a thousand tickets and tokens no two are alike", async () => {
    const { c1, rs1 } = scene.cast;
    const { refresh_token } = (await scene.redeem(await scene.ticket(photo))).body;
    const made = [
      ...(await sample(700, () => scene.ticket(photo))),
      ...(await sample(250, () => world.connectedToken(rs1))),
      ...(await sample(100, async () => String((await scene.refresh(c1, refresh_token)).body.access_token))),
    ];
    expect(made.length).toBeGreaterThan(1_000);
    expect(new Set(made).size).toBe(made.length);
  }, 60_000);

  it("O-6749-10.10-entropy secrets and ids have at least 128 random bits", async () => {
    const clients = await Promise.all(Array.from({ length: 50 }, () => world.client({})));
    for (const { id, secret } of clients) {
      expect(id).toMatch(new RegExp(`^[A-Za-z0-9_-]{${LENGTH_OF_128_BITS},}$`));
      expect(secret).toMatch(new RegExp(`^[A-Za-z0-9_-]{${LENGTH_OF_128_BITS},}$`));
    }
    expect(new Set(clients.flatMap(({ id, secret }) => [id, secret])).size).toBe(clients.length * 2);
  });

  it("O-6749-10.10-entropy no two codes, requests and rights to register are alike", async () => {
    const app = await CodeApp.registerPublic(world);
    const browser = await (await Resident.settle()).browse(world.site);
    const made = [
      ...(await sample(50, () => app.allow(browser))),
      ...(await sample(50, async () => text(await app.push(), "request_uri"))),
      ...(await sample(50, () => initialAccessToken(world))),
    ];
    expect(new Set(made).size).toBe(made.length);
    for (const one of made) expect(one.replace(/^urn:.*:/, "").length).toBeGreaterThanOrEqual(LENGTH_OF_128_BITS);
  });

  it("O-6749-10.10-entropy a ticket, code or token that differs in any one place is another, and none", async () => {
    const { access_token, refresh_token } = (await scene.redeem(await scene.ticket(photo))).body;
    for (const [name, value] of [
      ["ticket", await scene.ticket(photo)],
      ["refresh_token", String(refresh_token)],
    ] as const) {
      const grant_type = name === "ticket" ? UMA_GRANT : name;
      for (const altered of everyAlteration(value)) {
        expect(await world.token(scene.cast.c1, { grant_type, [name]: altered })).toMatchObject(INVALID_GRANT);
      }
    }
    const app = await CodeApp.registerPublic(world);
    const code = await app.allow(await (await Resident.settle()).browse(world.site));
    for (const altered of everyAlteration(code)) expect(await app.redeem(altered)).toMatchObject(INVALID_GRANT);
    for (const altered of everyAlteration(String(access_token))) {
      expect(await scene.introspect(altered)).toEqual({ active: false });
    }
    for (const bearer of everyAlteration(scene.pat)) {
      expect((await world.send("GET", "/resources", { bearer })).status).toBe(401);
    }
    expectStatus(await app.redeem(code), 200);
  });
});

describe("timing (§10.10)", () => {
  it.each([
    ["the right one", VERIFIER, 200],
    ["a wrong one", "x".repeat(43), 400],
  ])(
    "O-6749-10.10-constant-time a verifier is compared by its digest, in constant time: %s",
    async (_, code_verifier, status) => {
      const app = await CodeApp.registerPublic(world);
      const code = await app.allow(await (await Resident.settle()).browse(world.site));
      const compared = vi.spyOn(crypto.subtle, "timingSafeEqual");
      expect((await app.redeem(code, { code_verifier })).status).toBe(status);
      expectDigestsCompared(compared);
    },
  );

  it.each<[string, (client: Credentials) => Credentials]>([
    ["the right secret", (client) => client],
    ["a wrong secret", (client) => ({ ...client, secret: "wrong" })],
    ["an unknown client", () => ({ id: "nobody", secret: "wrong" })],
  ])("O-6749-10.10-constant-time %s is compared by its digest, in constant time", async (_, present) => {
    const compared = vi.spyOn(crypto.subtle, "timingSafeEqual");
    await world.send("POST", "/revocation", { basic: present(scene.cast.c1), form: { token: "x" } });
    expectDigestsCompared(compared);
  });

  it("O-6749-10.10-constant-time so is the token by which a client manages its registration", async () => {
    const registered = await SelfRegistered.register(world, {}, await initialAccessToken(world));
    for (const [token, status] of [
      [registered.token, 200],
      ["wrong", 401],
    ] as const) {
      const compared = vi.spyOn(crypto.subtle, "timingSafeEqual").mockClear();
      expect((await registered.read(token)).status).toBe(status);
      expectDigestsCompared(compared);
    }
  });
});

function expectDigestsCompared(compared: MockInstance<SubtleCrypto["timingSafeEqual"]>): void {
  expect(compared).toHaveBeenCalledOnce();
  for (const side of compared.mock.calls[0] ?? []) expect(side.byteLength).toBe(32);
}
