import { describe, expect, it } from "vitest";
import { type ClaimTokenFormat, ID_TOKENS } from "../../src/protocol/claim-token-format.ts";
import { DEFAULT_ISSUER_DETAILS, keySourceOf, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";

const TRUSTED: TrustedIssuer = {
  id: "i1",
  issuer: "https://op.example",
  jwks: { keys: [{ kid: "theirs" }] },
  jwksUri: "https://op.example/jwks",
  audiences: [],
  claims: "all",
  emailDomains: "all",
  maxTokenAge: null,
  ...DEFAULT_ISSUER_DETAILS,
};
const CLIENT = { jwks: { keys: [{ kid: "of the client" }] }, jwksUri: "https://client.example/jwks" };
const NOWHERE = { jwks: null, jwksUri: null };
const ASKED: ClaimTokenFormat = { kind: "access_token", format: "access", typ: null, claims: "all" };
const STATED: ClaimTokenFormat = { ...ASKED, kind: "jwt", format: "passport" };

describe("the keys of a trusted issuer", () => {
  it.each<[string, Partial<TrustedIssuer>]>([
    ["ID Tokens", { formats: [ID_TOKENS] }],
    ["statements, and is asked", { formats: [ASKED, STATED] }],
    ["software statements", { formats: [], attestsSoftware: true }],
    ["assertions", { formats: [ASKED], assertions: { kinds: ["jwt"], scopes: [], access: true } }],
  ])("are its own where it signs %s, whoever pushes", (_, details) => {
    const { issuer, jwks, jwksUri } = TRUSTED;
    for (const client of [null, CLIENT]) {
      expect(keySourceOf({ ...TRUSTED, ...details }, client)).toMatchObject({ issuer, jwks, jwksUri });
    }
  });

  it.each<[string, readonly ClaimTokenFormat[]]>([
    ["is only asked about access tokens", [ASKED]],
    ["says nothing", []],
  ])("are nowhere where it %s", (_, formats) => {
    for (const client of [null, CLIENT]) expect(keySourceOf({ ...TRUSTED, formats }, client)).toEqual(NOWHERE);
  });

  it("are those of the client that it is, and never found by its name as an issuer", () => {
    const itself = { ...TRUSTED, clientId: "c1", attestsSoftware: true };
    expect(keySourceOf(itself, { ...CLIENT, issuer: "https://client.example" })).toEqual(CLIENT);
    expect(keySourceOf(itself, null)).toEqual(NOWHERE);
  });
});
