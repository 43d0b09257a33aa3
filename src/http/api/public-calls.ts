import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { type CallGroup, strict, text } from "./call.ts";
import { KEY_SET } from "./parts.ts";

const METADATA = {
  type: "object",
  properties: { issuer: text, token_endpoint: text, jwks_uri: text, permission_endpoint: text },
  required: ["issuer", "token_endpoint", "jwks_uri", "permission_endpoint"],
};
const ANY_OBJECT = { type: "object" };
const metadata = (summary: string) => ({ get: { summary, answers: { 200: METADATA } } });

/** What the server says of itself to anybody. */
export const PUBLIC_CALLS: CallGroup = {
  title: "About this server",
  caller: "anybody",
  calls: {
    "/healthz": {
      get: { summary: "Tells whether the server serves.", answers: { 200: strict({ status: { const: "ok" } }) } },
    },
    "/.well-known/uma2-configuration": metadata("The server's metadata (Grant §2)."),
    "/.well-known/oauth-authorization-server": metadata("The same, for clients of OAuth (RFC 8414 §3)."),
    "/.well-known/openid-configuration": metadata("The same, for clients of OpenID Connect (OIDC Discovery §4)."),
    [ENDPOINTS.jwks]: {
      get: { summary: "The public keys that tokens are signed with.", answers: { 200: KEY_SET } },
    },
    "/sign-in/jwks": {
      get: { summary: "The server's own keys as a client of identity providers.", answers: { 200: KEY_SET } },
    },
    "/schemas/policy.json": {
      get: {
        summary: "How policies and groups look, as JSON Schema.",
        answers: { 200: { contents: { "application/schema+json": ANY_OBJECT } } },
      },
    },
    "/schemas/owner-api.json": {
      get: { summary: "The owner's part of this description.", answers: { 200: ANY_OBJECT } },
    },
    "/schemas/openapi.json": { get: { summary: "This description.", answers: { 200: ANY_OBJECT } } },
  },
};

/** What programs do that read mail, with the link of a letter. */
export const MAIL_CALLS: CallGroup = {
  title: "Letters",
  caller: "browser",
  calls: {
    "/unsubscribe": {
      get: { summary: "Leads a person to the page that stops letters.", query: { t: text }, answers: { 303: null } },
      post: {
        summary: "Stops the letters that the link was sent with (RFC 8058).",
        query: { t: text },
        answers: { 204: null },
      },
    },
  },
};
