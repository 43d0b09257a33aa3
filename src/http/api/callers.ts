import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../protocol/wire/connection.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { OPENID_SCOPE } from "../../protocol/wire/identity.ts";
import type { Caller } from "./call.ts";

/** How each kind of caller says who they are, as OpenAPI 3.1 writes it: alternatives, each by the name of a scheme. */
const SECURITY: Readonly<Record<Caller, readonly object[]>> = {
  anybody: [],
  browser: [],
  // Credentials of other kinds are parameters of the form.
  client: [{ clientSecret: [] }, {}],
  registrant: [{ registrationToken: [] }, {}],
  signedInApp: [{ accessToken: [OPENID_SCOPE] }, { boundAccessToken: [] }],
  resourceServer: [{ accessToken: [PROTECTION_SCOPE] }, { boundAccessToken: [] }],
  ownersTool: [{ accessToken: [POLICY_SCOPE] }, { boundAccessToken: [] }],
  operator: [{ adminSecret: [] }],
};

export function securityOf(caller: Caller): readonly object[] {
  return SECURITY[caller];
}

/** The schemes that these callers use, by name. @param issuer this server's issuer identifier. */
export function schemesOf(callers: readonly Caller[], issuer: string): object {
  const used = new Set(callers.flatMap((caller) => SECURITY[caller].flatMap((scheme) => Object.keys(scheme))));
  return Object.fromEntries(Object.entries(allSchemes(issuer)).filter(([name]) => used.has(name)));
}

function allSchemes(issuer: string): Readonly<Record<string, object>> {
  const scopes = {
    [OPENID_SCOPE]: "Know who signs in.",
    [PROTECTION_SCOPE]: "Register what an owner has, ask for permissions, and introspect tokens.",
    [POLICY_SCOPE]: "Share what an owner has, and see who gets it.",
  };
  const tokenUrl = issuer + ENDPOINTS.token;
  return {
    clientSecret: { type: "http", scheme: "basic", description: "client_id and client_secret (RFC 6749 §2.3.1)." },
    registrationToken: {
      type: "http",
      scheme: "bearer",
      description: "An initial access token (RFC 7591 §3), or the registration access token (RFC 7592 §2).",
    },
    accessToken: {
      type: "oauth2",
      flows: {
        clientCredentials: { tokenUrl, scopes },
        authorizationCode: { authorizationUrl: issuer + ENDPOINTS.authorization, tokenUrl, scopes },
      },
    },
    boundAccessToken: {
      type: "http",
      scheme: "dpop",
      description: "Such a token that is bound to a key, with a proof of that key in the header DPoP (RFC 9449 §7.1).",
    },
    adminSecret: { type: "http", scheme: "bearer", description: "The setting ADMIN_SECRET." },
  };
}
