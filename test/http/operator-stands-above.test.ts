import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Cast } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** What the operator decided stays decided, whatever a connected client does at the same moment. */
const world = localWorld();

/** Often enough that each of these races was lost several times before there was a rule against it. */
const TRIES = 20;

// A removal is answered when every lease has run out (test/storage/leased.test.ts).
beforeEach(() => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const revoke = (client: Cast["rs1"], token: string) =>
  world.send("POST", "/revocation", { basic: client, form: { token } });

/** Lets the other side get a little further each time. */
async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

async function connections(owner: string): Promise<readonly { client_id: string; scopes: string[] }[]> {
  const { body } = await world.admin("GET", `/owners/${owner}/connections`);
  return body.items as unknown as { client_id: string; scopes: string[] }[];
}

describe("a client that gets and revokes tokens without end", () => {
  it("does not undo the end of its connection", { timeout: 120_000 }, async () => {
    const revived: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { alice, rs1 } = await world.cast();
      const pats = await Promise.all([1, 2, 3].map(() => world.connectedToken(rs1)));
      await Promise.all([
        world.admin("DELETE", `/owners/${alice}/connections/${rs1.id}`),
        ...pats.map((pat, index) => afterTurns(attempt * index * 4).then(() => revoke(rs1, pat))),
      ]);
      const standing = (await connections(alice)).some(({ client_id }) => client_id === rs1.id);
      const again = await world.token(rs1, { grant_type: "client_credentials" });
      if (standing || again.status === 200) revived.push(attempt);
    }
    expect(revived.length).toBe(0);
  });

  it("does not win back a scope that was taken away", { timeout: 120_000 }, async () => {
    const won: number[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { alice, rs1 } = await world.cast();
      await world.connect(alice, rs1, ["uma_protection", "uma_policy"]);
      const pats = await Promise.all([1, 2, 3].map(() => world.connectedToken(rs1)));
      await Promise.all([
        world.connect(alice, rs1, ["uma_protection"]),
        ...pats.map((pat, index) => afterTurns(attempt * index * 4).then(() => revoke(rs1, pat))),
      ]);
      const { scopes } = (await connections(alice)).find(({ client_id }) => client_id === rs1.id) ?? {};
      if (scopes?.includes("uma_policy")) won.push(attempt);
    }
    expect(won.length).toBe(0);
  });
});
