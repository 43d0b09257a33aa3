import { describe, expect, it } from "vitest";
import { cnfOf, isSameConfirmation, tokenTypeOf } from "../../src/protocol/confirmation.ts";

const KEY = { jkt: "k".repeat(43) };
const CERTIFICATE = { "x5t#S256": "k".repeat(43) };

describe("what a token's bearer has to prove", () => {
  it("is the same only where the kind and the thumbprint are", () => {
    const all = [null, KEY, { jkt: "j".repeat(43) }, CERTIFICATE, { "x5t#S256": "j".repeat(43) }];
    for (const [place, one] of all.entries()) {
      expect(all.map((other) => isSameConfirmation(one && { ...one }, other))).toEqual(
        all.map((_, at) => at === place),
      );
    }
  });

  it("says how the token is sent (RFC 9449 §7.1, RFC 8705 §3)", () => {
    const types = [null, KEY, CERTIFICATE].map((confirmation) => tokenTypeOf(confirmation, "bearer"));
    expect(types).toEqual(["bearer", "DPoP", "bearer"]);
  });

  it("is not told of a bearer token", () => {
    expect([null, KEY, CERTIFICATE].map(cnfOf)).toEqual([{}, { cnf: KEY }, { cnf: CERTIFICATE }]);
  });
});
