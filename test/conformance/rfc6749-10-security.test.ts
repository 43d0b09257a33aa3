import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { type Credentials, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
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

  it("O-6749-10.10-entropy a ticket or token that differs in any one place is another, and none", async () => {
    const { refresh_token } = (await scene.redeem(await scene.ticket(photo))).body;
    for (const [name, value] of [
      ["ticket", await scene.ticket(photo)],
      ["refresh_token", String(refresh_token)],
    ] as const) {
      for (const place of [0, 0.3, 0.6, 0.9].map((part) => Math.floor(part * value.length))) {
        const altered = value.slice(0, place) + (value[place] === "A" ? "B" : "A") + value.slice(place + 1);
        const grant_type = name === "ticket" ? UMA_GRANT : name;
        const answer = await world.token(scene.cast.c1, { grant_type, [name]: altered });
        expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
      }
    }
  });
});

describe("timing (§10.10)", () => {
  it.each<[string, (client: Credentials) => Credentials]>([
    ["the right secret", (client) => client],
    ["a wrong secret", (client) => ({ ...client, secret: "wrong" })],
    ["an unknown client", () => ({ id: "nobody", secret: "wrong" })],
  ])("O-6749-10.10-constant-time %s is compared by its digest, in constant time", async (_, present) => {
    const compared = vi.spyOn(crypto.subtle, "timingSafeEqual");
    await world.send("POST", "/revocation", { basic: present(scene.cast.c1), form: { token: "x" } });
    expect(compared).toHaveBeenCalledOnce();
    for (const side of compared.mock.calls[0] ?? []) expect(side.byteLength).toBe(32);
  });
});
