import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClaimTokenFormat, ID_TOKENS } from "../../src/protocol/claim-token-format.ts";
import { IssuerDirectory, type ListedIssuer } from "../../src/protocol/issuer-directory.ts";

const CLAIMS = ["email", "role", "age", "sub", "auth_time", "nonce", "x".repeat(257)];

const listed: fc.Arbitrary<ListedIssuer> = fc.record({
  issuer: fc.nat(30).map((number) => `https://i${number}.example`),
  claims: fc.oneof(fc.constant("all" as const), fc.subarray(CLAIMS)),
  emailDomains: fc.constantFrom("all" as const, [], ["a.example"]),
});

describe("the directory of trusted issuers", () => {
  it("names first whom it finds by asking one after another", () => {
    fc.assert(
      fc.property(fc.uniqueArray(listed, { selector: ({ issuer }) => issuer, maxLength: 30 }), (issuers) => {
        const directory = new IssuerDirectory(issuers);
        const names = issuers.map(({ issuer }) => issuer);
        for (const claim of CLAIMS) {
          expect(directory.first(claim)).toEqual(directory.among(names, claim).slice(0, 10));
        }
      }),
      { numRuns: 300, seed: 20_261_126 },
    );
  });

  it("finds them as fast among a thousand who may speak for a hundred claims each", () => {
    const claimsOf = (issuer: number) => Array.from({ length: 100 }, (_, claim) => `claim-${issuer}-${claim}`);
    const directory = new IssuerDirectory(
      Array.from({ length: 1_000 }, (_, issuer) => {
        return { issuer: `https://i${issuer}.example`, claims: claimsOf(issuer), emailDomains: [] };
      }),
    );
    expect(directory.first("claim-999-99")).toEqual(["https://i999.example"]);
    const begun = performance.now();
    for (let name = 0; name < 4_000; name += 1) directory.first(`missed-${name}`);
    // To search takes seconds; to look up, a few milliseconds on any machine.
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe("the forms in which issuers are heard", () => {
  const row = (format: string, claims: ListedIssuer["claims"], kind: ClaimTokenFormat["kind"] = "jwt") => {
    return { kind, format, typ: null, claims };
  };
  const one = { issuer: "https://i1.example", claims: ["role", "age"], emailDomains: [] };

  it("are told where they are not ID Tokens alone", () => {
    const other = { ...one, issuer: "https://i2.example", formats: [row("letter", "all")] };
    const directory = new IssuerDirectory([one, other]);
    expect(directory.formatsOf([one.issuer], "role")).toBeNull();
    expect(directory.formatsOf([other.issuer], "role")).toEqual(["letter"]);
    expect(directory.formatsOf([one.issuer, other.issuer, "https://i3.example"], "role")).toEqual([
      ID_TOKENS.format,
      "letter",
    ]);
  });

  it("are those in which a claim counts, five of them at most", () => {
    const narrow = Array.from({ length: 6 }, (_, number) =>
      row(`f${number}`, number === 0 ? ["age"] : ["role", "age"]),
    );
    const directory = new IssuerDirectory([{ ...one, formats: narrow }]);
    expect(directory.formatsOf([one.issuer], "age")).toEqual(["f0", "f1", "f2", "f3", "f4"]);
    expect(directory.formatsOf([one.issuer], "role")).toEqual(["f1", "f2", "f3", "f4", "f5"]);
  });

  it("bound what an issuer may speak for, and one without any is not heard", () => {
    const directory = new IssuerDirectory([
      { ...one, formats: [row("letter", ["age", "shoe_size"])] },
      { ...one, issuer: "https://i2.example", formats: [] },
    ]);
    expect(directory.first("age")).toEqual([one.issuer]);
    for (const claim of ["role", "shoe_size"]) expect(directory.first(claim)).toEqual([]);
    expect(directory.first("sub")).toEqual([one.issuer]);
  });

  it("name an issuer by its access tokens alone", () => {
    const asked = { ...one, issuer: "https://i2.example", formats: [row("at", "all", "access_token")] };
    const directory = new IssuerDirectory([{ ...one, formats: [row("letter", "all")] }, asked]);
    expect(directory.issuersOf({ format: "at" })).toEqual([asked.issuer]);
    expect(directory.issuersOf({ tokenType: "urn:ietf:params:oauth:token-type:access_token" })).toEqual([asked.issuer]);
    expect(directory.issuersOf({ format: "letter" })).toEqual([]);
  });

  it("reach a client that is an issuer through itself alone", () => {
    const own = { ...one, issuer: "https://i2.example", clientId: "c1" };
    const directory = new IssuerDirectory([one, own]);
    expect(directory.through("c1").first("role")).toEqual([one.issuer, own.issuer]);
    expect(directory.through("c2").first("role")).toEqual([one.issuer]);
    expect(directory.through("c3")).toBe(directory.through("c2"));
    const free = new IssuerDirectory([one]);
    expect(free.through("c1")).toBe(free);
  });
});
