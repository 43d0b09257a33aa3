import { describe, expect, it } from "vitest";
import { describeToken, hasBegun, INACTIVE } from "../../src/protocol/introspection.ts";
import { CLOCK_SKEW_SECONDS } from "../../src/protocol/lifetimes.ts";

type ActiveRpt = Parameters<typeof describeToken>[0];

const photo = { resource_id: "photo", resource_scopes: ["view", "print"], exp: 1_060 };
const song = { resource_id: "song", resource_scopes: ["play"] };
const bare = { resource_id: "door", resource_scopes: [] };

function rpt(scopes: readonly string[] | null, ...permissions: ActiveRpt["permissions"]): ActiveRpt {
  const grant = { ledger: "alice", grantId: "g1", clientId: "c1", confirmation: null };
  const locator = { ...grant, issuedAt: 1_000, expiresAt: 1_300, scopes };
  const names = { issuer: "https://as.example", bearerName: "Bearer", resourceServerId: "rs1", partyReference: "p1" };
  return { ...names, locator, permissions };
}

describe("what introspection says of an RPT", () => {
  it("is all that its resource server needs", () => {
    expect(describeToken(rpt(null, photo, song))).toEqual({
      active: true,
      token_type: "Bearer",
      iss: "https://as.example",
      aud: "rs1",
      sub: "p1",
      client_id: "c1",
      iat: 1_000,
      nbf: 1_000,
      exp: 1_300,
      permissions: [photo, song],
    });
  });

  it("is what its bearer has to prove (RFC 9449 §6.2, RFC 8705 §3.2)", () => {
    const bearer = rpt(null, photo);
    const bound = (cnf: NonNullable<ActiveRpt["locator"]["confirmation"]>) =>
      describeToken({ ...bearer, locator: { ...bearer.locator, confirmation: cnf } });
    const key = { jkt: "k".repeat(43) };
    expect(bound(key)).toEqual({ ...describeToken(bearer), token_type: "DPoP", cnf: key });
    const certificate = { "x5t#S256": "c".repeat(43) };
    expect(bound(certificate)).toEqual({ ...describeToken(bearer), cnf: certificate });
  });

  it("is limited to what the RPT was limited to", () => {
    const limited = describeToken(rpt(["print", "fly"], photo, song, bare));
    expect(limited).toMatchObject({ permissions: [{ ...photo, resource_scopes: ["print"] }] });
    expect(limited).toHaveProperty("permissions.length", 1);
  });

  it("keeps a permission without scopes where nothing was limited", () => {
    expect(describeToken(rpt(null, bare))).toMatchObject({ active: true, permissions: [bare] });
  });

  it.each([
    ["nothing is held any more", rpt(null)],
    ["nothing is left of the limit", rpt(["play"], photo)],
    ["it was limited to nothing", rpt([], photo, bare)],
  ])("is that it is not active when %s", (_, token) => {
    expect(describeToken(token)).toBe(INACTIVE);
    expect(INACTIVE).toEqual({ active: false });
  });
});

describe("the time from which a token is good", () => {
  it.each([
    [-3_600, true],
    [0, true],
    [CLOCK_SKEW_SECONDS, true],
    [CLOCK_SKEW_SECONDS + 1, false],
  ])("%i seconds from now: %s", (seconds, begun) => {
    expect(hasBegun(1_000 + seconds, 1_000)).toBe(begun);
  });
});
