import { describe, expect, it } from "vitest";
import type { Provenance } from "../../src/protocol/client.ts";
import { homeOf } from "../../src/protocol/client-home.ts";

const HOME = "https://maker.example/";
const BACK = [
  "com.example.app:/cb",
  "https://one.example/cb",
  "https://two.example:8443/cb",
  "https://one.example/other",
];
const home = (provenance: Provenance, clientUri: string | null, back = BACK) => homeOf({ provenance, clientUri }, back);

describe("a client is at home", () => {
  it("at its home page, where somebody vouches for that or its id is there", () => {
    for (const provenance of ["operator", "software_statement", "document"] as const)
      expect(home(provenance, HOME)).toBe("maker.example");
  });

  it("where people are sent back, of all such places where nobody vouches for it", () => {
    expect(home("itself", HOME)).toBe("one.example, two.example:8443");
    expect(home("document", null)).toBe("one.example, two.example:8443");
    expect(home("operator", null)).toBe("one.example");
  });

  it("nowhere, if it is on somebody's device", () => {
    for (const provenance of ["operator", "itself"] as const)
      expect(home(provenance, null, ["com.example.app:/cb", "http://127.0.0.1/cb"])).toBeNull();
  });
});
