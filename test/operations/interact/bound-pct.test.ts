import { beforeEach, describe, expect, it } from "vitest";
import { createSealer } from "../../../src/crypto/sealer.ts";
import { handOutPct, openProvenPct, readPresentedPct } from "../../../src/operations/interact/bound-pct.ts";
import type { Sealer } from "../../../src/operations/ports/seal.ts";
import { clientNamed } from "../../support/pure/client-named.ts";
import { ISSUER, START } from "../../support/pure/signer.ts";
import { TestRing } from "../../support/workerd/test-ring.ts";

const SECRET = "s".repeat(43);
const KEY = { jkt: "k".repeat(43) };
const CERTIFICATE = { "x5t#S256": "k".repeat(43) };
const confidential = clientNamed("c1");
const publicClient = { ...confidential, authenticationMethod: "none" as const };
let sealer: Sealer;

beforeEach(() => {
  sealer = createSealer(new TestRing().cache(), ISSUER, () => START);
});

describe("a PCT as it is handed out", () => {
  it("is itself to a client that proves who it is, whatever it proved beside that", async () => {
    for (const confirmation of [null, KEY]) {
      expect(await handOutPct(sealer, SECRET, { client: confidential, confirmation })).toBe(SECRET);
      expect(await openProvenPct(sealer, SECRET, confirmation)).toBe(SECRET);
    }
  });

  it("is none to a public client that proved nothing", async () => {
    expect(await handOutPct(sealer, SECRET, { client: publicClient, confirmation: null })).toBeNull();
  });

  it.each([KEY, CERTIFICATE])(
    "to a public client that proved something counts beside that alone: %j",
    async (proven) => {
      const bound = (await handOutPct(sealer, SECRET, { client: publicClient, confirmation: proven })) ?? "";
      expect(bound).not.toContain(SECRET);
      expect(await readPresentedPct(sealer, bound)).toEqual({ secret: SECRET, confirmation: proven });
      for (const other of [null, KEY, CERTIFICATE, { jkt: "x".repeat(43) }]) {
        expect(await openProvenPct(sealer, bound, other)).toBe(other === proven ? SECRET : null);
      }
    },
  );

  it.each(["", "x", "s".repeat(42), "a.b"])("is not %j", async (text) => {
    expect(await readPresentedPct(sealer, text)).toBeNull();
    expect(await openProvenPct(sealer, text, KEY)).toBeNull();
  });
});
