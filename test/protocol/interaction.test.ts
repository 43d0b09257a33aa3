import { expect, it } from "vitest";
import { flowStatement } from "../../src/protocol/authorization-statement.ts";
import {
  type AskedFlow,
  type Interaction,
  interactionStatement,
  parseInteraction,
} from "../../src/protocol/interaction.ts";
import {
  MAX_FLOW_CHARACTERS,
  MAX_IDENTIFIER_CHARACTERS,
  MAX_REQUESTED_ACCESS_CHARACTERS,
  MAX_STATE_CHARACTERS,
  MAX_TICKET_CHARACTERS,
} from "../../src/shared/limits.ts";

const INTERACTION: Interaction = {
  ticket: {
    id: "t1",
    processId: "p1",
    step: 1,
    ledger: "alice",
    resourceServerId: "rs1",
    connectionGeneration: 3,
    tokenId: null,
    rptFormat: "jwt",
    clientId: "c1",
    permissions: [{ resourceId: "photo", scopes: ["view"] }],
    expiresAt: 1_700_000_000,
  },
  clientId: "c1",
  redirectUri: "https://c.example/cr?a=1",
  state: "s",
  authorization: null,
  expiresAt: 1_700_003_600,
};

const TARGET = { redirectUri: "https://c.example/cb", state: "xyz" };
const FLOW: AskedFlow = {
  pushedId: "p",
  signedInSince: null,
  expiresAt: 1_700_003_600,
  asked: {
    kind: "asked",
    request: {
      ...TARGET,
      clientId: "c1",
      isUriSent: true,
      connectionScopes: [],
      identity: null,
      access: { resources: ["https://mcp.example/"], scopes: null, details: [] },
      dpopJkt: null,
      codeChallenge: "challenge",
      prompts: [],
      maxAge: null,
      loginHint: null,
      meantAccountId: null,
      uiLocales: null,
    },
  },
};
const AUTHORIZING: Interaction = {
  ...INTERACTION,
  ...TARGET,
  authorization: {
    flow: FLOW,
    door: { resources: [{ location: "https://mcp.example/", resourceId: "r0" }], details: [] },
    identity: null,
    accountId: "ana",
  },
};
const IDENTIFYING: Interaction = {
  ...AUTHORIZING,
  authorization: {
    flow: FLOW,
    door: { resources: [{ location: "https://mcp.example/", resourceId: "r0" }], details: [] },
    identity: { consentId: "k", scopes: ["openid"], nonce: null, authenticatedAt: 3, methods: ["passkey"] },
    accountId: "ana",
  },
};

it("a visit comes back from its statement as it was", () => {
  for (const one of [INTERACTION, { ...INTERACTION, state: null }, AUTHORIZING, IDENTIFYING]) {
    expect(parseInteraction(JSON.parse(JSON.stringify(interactionStatement(one))))).toEqual(one);
  }
});

const DETAILED: Interaction = {
  ...AUTHORIZING,
  authorization: {
    flow: {
      ...FLOW,
      asked: {
        kind: "asked",
        request: {
          ...FLOW.asked.request,
          access: {
            resources: ["https://mcp.example/"],
            scopes: ["view"],
            details: [{ location: "https://mcp.example/mcp", identifier: "log", actions: ["edit"] }],
          },
        },
      },
    },
    door: {
      resources: [{ location: "https://mcp.example/", resourceId: "r0" }],
      details: [{ location: "https://mcp.example/mcp", identifier: "log", resourceId: "r1" }],
    },
    identity: null,
    accountId: "ana",
  },
};

it("a visit for what was named in detail keeps what each was found to be", () => {
  const statement = JSON.parse(JSON.stringify(interactionStatement(DETAILED)));
  expect(parseInteraction(statement)).toEqual(DETAILED);
  const [, , , , , authorizing] = statement;
  expect(parseInteraction(statement.with(5, authorizing.with(1, [])))).toBeNull();
});

it("the longest visit fits into a URL, also on the way to sign in", () => {
  const sealed = (text: string) => Math.ceil((text.length + 60) * (4 / 3));
  const scopes = ["s".repeat(MAX_REQUESTED_ACCESS_CHARACTERS - 60)];
  const longest = {
    ...AUTHORIZING,
    ticket: {
      ...INTERACTION.ticket,
      permissions: [{ resourceId: "r1", scopes: ["s".repeat(MAX_TICKET_CHARACTERS * 0.75 - 200)] }],
    },
    authorization: {
      ...(AUTHORIZING.authorization ?? raise()),
      flow: {
        ...FLOW,
        asked: {
          kind: "asked" as const,
          request: {
            ...FLOW.asked.request,
            redirectUri: `https://c.example/${"r".repeat(MAX_IDENTIFIER_CHARACTERS - 18)}`,
            state: "x".repeat(MAX_STATE_CHARACTERS),
            access: { resources: ["https://mcp.example/"], scopes, details: [] },
          },
        },
      },
    },
  };
  const at = sealed(JSON.stringify(interactionStatement(longest)));
  expect(at).toBeLessThan(MAX_FLOW_CHARACTERS);
  expect(sealed("x".repeat(at + 300))).toBeLessThan(MAX_FLOW_CHARACTERS);
});

function raise(): never {
  throw new Error("no authorization");
}

it.each([
  ["nothing", null],
  ["a text", "visit"],
  ["a ticket alone", interactionStatement(INTERACTION)[0]],
  ["a visit with another ticket form", [["9"], "c1", "https://c.example", null, 5]],
  [
    "a visit of an authorization that is none",
    interactionStatement(AUTHORIZING).toSpliced(5, 1, [null, [], "ana", null]),
  ],
  [
    "a visit of an authorization that was refused",
    interactionStatement(AUTHORIZING).toSpliced(5, 1, [
      flowStatement({
        ...FLOW,
        asked: { kind: "refused", target: FLOW.asked.request, error: "invalid_scope", description: "no" },
      }),
      [],
      "ana",
      null,
    ]),
  ],
  ["a visit to nowhere", [interactionStatement(INTERACTION)[0], "c1", null, null, 5]],
])("%s is no visit", (_, statement) => {
  expect(parseInteraction(statement)).toBeNull();
});
