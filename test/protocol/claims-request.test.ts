import { describe, expect, it } from "vitest";
import type { SentParameters } from "../../src/protocol/authorization-request.ts";
import { namedClient, readClaimsRequest } from "../../src/protocol/claims-request.ts";
import { UMA_TICKET_GRANT } from "../../src/protocol/wire/client.ts";
import { MAX_STATE_CHARACTERS } from "../../src/shared/limits.ts";
import { clientNamed } from "../support/pure/client-named.ts";

const ONE = "https://c.example/1";
const TWO = "https://c.example/2";
const client = (claimsRedirectUris: readonly string[], more: object = {}) =>
  clientNamed("c1", { claimsRedirectUris, grantTypes: [UMA_TICKET_GRANT], ...more });

function sent(query: string): SentParameters {
  const parameters = new URLSearchParams(query);
  const names = [...parameters.keys()];
  return {
    get: (name) => parameters.get(name) || null,
    all: (name) => parameters.getAll(name),
    repeated: names.filter((name, index) => names.indexOf(name) < index),
  };
}

describe("a request at the claims interaction endpoint", () => {
  it("names its client once", () => {
    expect(namedClient(sent("client_id=c1"))).toBe("c1");
    expect(namedClient(sent(""))).toBeNull();
    expect(namedClient(sent("client_id=c1&client_id=c1"))).toBeNull();
  });

  it.each([
    ["ticket=t", [ONE], ONE],
    [`ticket=t&claims_redirect_uri=${TWO}`, [ONE, TWO], TWO],
    ["ticket=t&claims_redirect_uri=", [ONE], ONE],
  ])("goes back to a registered URI: %s", (query, uris, redirectUri) => {
    expect(readClaimsRequest(sent(query), client(uris))).toEqual({
      kind: "asked",
      target: { redirectUri, state: null },
      ticket: "t",
    });
  });

  it.each([
    ["ticket=t", []],
    ["ticket=t", [ONE, TWO]],
    [`ticket=t&claims_redirect_uri=${TWO}`, [ONE]],
    [`ticket=t&claims_redirect_uri=${ONE}&claims_redirect_uri=${ONE}`, [ONE]],
    [`ticket=t&claims_redirect_uri=${ONE}/`, [ONE]],
  ])("goes nowhere else: %s, registered %j", (query, uris) => {
    expect(readClaimsRequest(sent(query), client(uris))).toEqual({ kind: "misdirected", fault: "redirect_uri" });
  });

  it("goes nowhere for a client that is none", () => {
    expect(readClaimsRequest(sent("ticket=t"), null)).toEqual({ kind: "misdirected", fault: "client" });
  });

  it.each([
    ["state=s", "invalid_request", "s"],
    ["state=s&ticket=t&ticket=u", "invalid_request", "s"],
    ["ticket=t&state=s&state=s", "invalid_request", null],
    [`ticket=t&state=${"x".repeat(MAX_STATE_CHARACTERS + 1)}`, "invalid_request", null],
    [`ticket=t&state=${"ü".repeat(MAX_STATE_CHARACTERS / 2 + 1)}`, "invalid_request", null],
    ["ticket=t&state=a%01b", "invalid_request", null],
  ])("is refused to its client: %s", (query, error, state) => {
    expect(readClaimsRequest(sent(query), client([ONE]))).toMatchObject({
      kind: "refused",
      target: { redirectUri: ONE, state },
      error,
    });
  });

  it("is refused to a client that may not use the UMA grant", () => {
    const other = client([ONE], { grantTypes: ["authorization_code"] });
    expect(readClaimsRequest(sent("ticket=t"), other)).toMatchObject({ kind: "refused", error: "unauthorized_client" });
  });

  it("has a state of any text within its bound, as it was sent", () => {
    const state = `${"ü".repeat(MAX_STATE_CHARACTERS / 2 - 2)} &=+`;
    const request = readClaimsRequest(sent(`ticket=t&state=${encodeURIComponent(state)}`), client([ONE]));
    expect(request).toMatchObject({ kind: "asked", target: { state } });
  });
});
