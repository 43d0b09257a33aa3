import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
