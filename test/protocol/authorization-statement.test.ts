import { describe, expect, it } from "vitest";
import {
  type AccessGift,
  type AuthorizationCode,
  codeStatement,
  parseAuthorizationCode,
} from "../../src/protocol/authorization-code.ts";
import type { AuthorizationRequest } from "../../src/protocol/authorization-request.ts";
import {
  type AuthorizationFlow,
  flowStatement,
  parseAuthorizationFlow,
  parsePushedRequest,
  pushedStatement,
} from "../../src/protocol/authorization-statement.ts";
import type { GrantedIdentity } from "../../src/protocol/identity.ts";
import { connectionRefreshStatement, parseConnectionRefreshLocator } from "../../src/protocol/locator.ts";

const TARGET = { clientId: "app", redirectUri: "https://app.example/cb", isUriSent: true, state: "xyz" };
const REQUEST: AuthorizationRequest = {
  ...TARGET,
  connectionScopes: ["uma_protection"],
  identity: { scopes: ["openid", "email"], nonce: "n-1" },
  access: {
    resources: ["https://api.example/a"],
    scopes: ["view"],
    details: [{ location: "https://api.example/b", identifier: "log", actions: null }],
  },
  dpopJkt: "thumbprint",
  codeChallenge: "challenge",
  prompts: ["login"],
  maxAge: 60,
  loginHint: "ana@example.com",
  meantAccountId: "ana",
  uiLocales: null,
};
const FLOW: Omit<AuthorizationFlow, "asked"> = { pushedId: "p", signedInSince: 1, expiresAt: 2 };
const CODE: AuthorizationCode = {
  id: "code",
  clientId: "app",
  accountId: "ana",
  gift: { kind: "connection", ownerId: "owner", connectionGeneration: 3, scopes: ["uma_policy"], identity: null },
  dpopJkt: null,
  redirectUri: "https://app.example/cb",
  isUriSent: false,
  codeChallenge: "challenge",
  expiresAt: 4,
};
const ACCESS: AccessGift = {
  kind: "access",
  ticket: {
    id: "t1",
    processId: "p1",
    step: 1,
    ledger: "owner",
    resourceServerId: "rs1",
    connectionGeneration: 3,
    tokenId: null,
    rptFormat: "jwt",
    clientId: "app",
    permissions: [{ resourceId: "photo", scopes: ["view"] }],
    expiresAt: 5,
  },
  door: { resources: [{ location: "https://api.example/a", resourceId: "photo" }], details: [] },
  identity: { consentId: "k", scopes: ["openid"], nonce: "n", authenticatedAt: 3, methods: ["passkey"] },
};
const IDENTITY: GrantedIdentity = {
  consentId: "consent",
  scopes: ["openid", "profile"],
  nonce: null,
  authenticatedAt: 3,
  methods: ["passkey"],
};
const LOCATOR = {
  ownerId: "owner",
  clientId: "app",
  familyId: "f",
  connectionGeneration: 1,
  generation: 2,
  confirmation: null,
};

const throughJson = (statement: unknown): unknown => JSON.parse(JSON.stringify(statement));

describe("what is sealed is read again", () => {
  it("as a pushed request", () => {
    const pushed = { id: "p", request: REQUEST, expiresAt: 5 };
    expect(parsePushedRequest(throughJson(pushedStatement(pushed)))).toEqual(pushed);
  });

  it("as a flow, on its way or refused", () => {
    const asked: AuthorizationFlow = { ...FLOW, asked: { kind: "asked", request: REQUEST } };
    const refusal = { kind: "refused", target: TARGET, error: "invalid_scope", description: "why" } as const;
    const refused: AuthorizationFlow = { ...FLOW, pushedId: null, asked: refusal };
    for (const flow of [asked, refused]) {
      expect(parseAuthorizationFlow(throughJson(flowStatement(flow)))).toEqual(flow);
    }
  });

  it("as a code, and as a refresh token", () => {
    for (const gift of [
      CODE.gift,
      ACCESS,
      { ...CODE.gift, identity: IDENTITY },
      { kind: "identity", identity: IDENTITY },
    ] as const) {
      const code: AuthorizationCode = { ...CODE, gift };
      expect(parseAuthorizationCode(throughJson(codeStatement(code)))).toEqual(code);
    }
    expect(parseConnectionRefreshLocator(throughJson(connectionRefreshStatement(LOCATOR)))).toEqual(LOCATOR);
  });
});

it.each([null, [], {}, "text", [1, 2, 3], [["a"]]])("%j is none of them", (statement) => {
  const parsers = [parsePushedRequest, parseAuthorizationFlow, parseAuthorizationCode, parseConnectionRefreshLocator];
  expect(parsers.map((parse) => parse(statement))).toEqual([null, null, null, null]);
});
