import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LEASE_SECONDS } from "../../../src/protocol/lifetimes.ts";
import { RecentlyUsed } from "../../../src/shared/recently-used.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { Leased } from "../../../src/storage/d1/leased.ts";
import { D1TrustedIssuerStore } from "../../../src/storage/d1/trusted-issuers.ts";
import { CountingDatabase } from "../../support/workerd/counting-database.ts";
import { someClient, someIssuer } from "../../support/workerd/records.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

describe("a leased copy", () => {
  it("serves until its lease has run out, then is read again", async () => {
    const read = vi.fn(async () => "value");
    const leased = new Leased<string>();
    await leased.find("key", read);
    pass(LEASE_SECONDS - 1);
    await leased.find("key", read);
    expect(read).toHaveBeenCalledTimes(1);
    pass(1);
    expect(await leased.find("key", read)).toBe("value");
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("counts its lease from before the read was sent", async () => {
    const leased = new Leased<string>();
    const slow = vi.fn(async () => {
      pass(LEASE_SECONDS);
      return "value";
    });
    await leased.find("key", slow);
    await leased.find("key", slow);
    expect(slow).toHaveBeenCalledTimes(2);
  });

  it("is never made of absence", async () => {
    const leased = new Leased<string>();
    expect(await leased.find("key", async () => null)).toBeNull();
    expect(await leased.find("key", async () => "value")).toBe("value");
  });

  it("takes no room for what is absent, which strangers choose, unless that is asked for", async () => {
    const kept = vi.spyOn(RecentlyUsed.prototype, "keep");
    await new Leased<string>().find("x".repeat(8_000), async () => null);
    expect(kept).not.toHaveBeenCalled();
    kept.mockRestore();
  });

  it("is made of absence only where that is asked for, and until it is there", async () => {
    const leased = new Leased<string>({ absentSeconds: LEASE_SECONDS });
    const read = vi.fn(async () => null);
    for (let round = 0; round < 3; round += 1) expect(await leased.find("key", read)).toBeNull();
    expect(read).toHaveBeenCalledTimes(1);
    leased.forget("key");
    expect(await leased.find("key", async () => "value")).toBe("value");
    await leased.find("other", read);
    pass(LEASE_SECONDS);
    expect(await leased.find("other", async () => "value")).toBe("value");
  });

  it("is displaced by no number of absent ones", async () => {
    const leased = new Leased<string>({ absentSeconds: LEASE_SECONDS });
    const read = vi.fn(async () => "value");
    await leased.find("key", read);
    for (let n = 0; n <= 1_000; n++) await leased.find(`nobody ${n}`, async () => null);
    await leased.find("key", read);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("gives way to newer ones when there are too many", async () => {
    const leased = new Leased<string>();
    const read = vi.fn(async () => "value");
    for (let n = 0; n <= 1_000; n++) await leased.find(`key ${n}`, read);
    await leased.find("key 1000", read);
    expect(read).toHaveBeenCalledTimes(1_001);
    await leased.find("key 0", read);
    expect(read).toHaveBeenCalledTimes(1_002);
  });
});

describe("a change", () => {
  it("is answered when every lease has run out", async () => {
    const waited: number[] = [];
    vi.spyOn(scheduler, "wait").mockImplementation(async (milliseconds) => void waited.push(milliseconds));
    const store = new D1ClientStore(env.DB);
    const client = someClient();
    await store.insert(client);
    expect(waited).toEqual([]);
    await store.replace({ ...client, name: "Renamed" }, 1);
    expect(waited).toHaveLength(1);
    expect(waited[0]).toBeGreaterThan(LEASE_SECONDS * 1_000);
    expect([await store.remove("absent", null), await store.remove(client.id, null)]).toEqual([false, true]);
    expect(waited).toHaveLength(1);
    await store.leasesRunOut();
    expect(waited).toHaveLength(2);
    vi.restoreAllMocks();
  });

  it("shows at once where it was made", async () => {
    const leased = new Leased<string>({ seconds: 0.001 });
    await leased.find("key", async () => "old");
    await leased.runOut();
    expect(await leased.find("key", async () => "new")).toBe("new");
  });
});

it("a client and an issuer in use cost no round trip while leased", async () => {
  const counting = new CountingDatabase(env.DB);
  const clients = new D1ClientStore(counting.db);
  const issuers = new D1TrustedIssuerStore(counting.db);
  const [client, issuer] = [someClient(), someIssuer()];
  await clients.insert(client);
  await issuers.insert(issuer);
  const use = () => Promise.all([clients.find(client.id), issuers.findByIssuer(issuer.issuer)]);
  expect(await counting.during(use)).toBe(2);
  expect(await counting.during(use)).toBe(0);
  pass(LEASE_SECONDS);
  expect(await counting.during(use)).toBe(2);
});
