import { JWT_BEARER_GRANT, TOKEN_EXCHANGE_GRANT, UMA_TICKET_GRANT } from "../../protocol/wire/client.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { answer, type CallGroup, count, type FormParts, form, listOf, strict, text } from "./call.ts";
import { ACCESS_DETAIL, REQUIRED_CLAIM } from "./parts.ts";

/** By which a client says who it is, where it does not in the Authorization header (http/authenticate/presented-client.ts). */
export const CREDENTIALS = ["client_id", "client_secret", "client_assertion", "client_assertion_type"];

/** The parameters of an authorization request (protocol/authorization-request.ts). */
const AUTHORIZATION = [
  "response_type",
  "response_mode",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
  "prompt",
  "max_age",
  "login_hint",
  "id_token_hint",
  "ui_locales",
  "dpop_jkt",
  "resource",
  "authorization_details",
  "nonce",
];

const fromClient = ({ required = [], optional = [], ...more }: FormParts): FormParts => ({
  required,
  optional: [...optional, ...CREDENTIALS],
  ...more,
});

/** RFC 9449 §5 and §10.1. */
const PROOF = { DPoP: "A proof of the key that what is given is bound to (RFC 9449)." };

/** One way to get a token. */
function grant(type: string, required: readonly string[], optional: readonly string[]): FormParts {
  return fromClient({ required: ["grant_type", ...required], optional, known: { grant_type: { const: type } } });
}

const GRANTS = [
  grant(UMA_TICKET_GRANT, ["ticket"], ["claim_token", "claim_token_format", "pct", "rpt", "scope"]),
  grant("authorization_code", ["code"], ["redirect_uri", "code_verifier", "resource"]),
  grant("client_credentials", [], ["scope", "resource_owner"]),
  grant(
    TOKEN_EXCHANGE_GRANT,
    ["subject_token", "subject_token_type"],
    ["requested_token_type", "actor_token", "audience", "resource", "authorization_details", "scope"],
  ),
  grant("refresh_token", ["refresh_token"], ["scope", "resource"]),
  grant(JWT_BEARER_GRANT, ["assertion"], ["scope", "resource_owner", "resource", "authorization_details"]),
];

const AS_QUERY = { type: "string", minLength: 1 };

/** What clients call: for tokens, and for the end of them. */
export const CLIENT_CALLS: CallGroup = {
  title: "Clients",
  caller: "client",
  schemas: {
    Tokens: strict(
      { access_token: text, token_type: text, expires_in: count },
      {
        scope: text,
        refresh_token: text,
        id_token: text,
        pct: text,
        upgraded: { const: true },
        authorization_details: listOf(ACCESS_DETAIL),
        issued_token_type: text,
      },
    ),
    /** Grant §3.3.6 */
    NotYet: strict(
      { error: text, error_description: text },
      { ticket: text, required_claims: listOf(REQUIRED_CLAIM), redirect_user: text, interval: count },
    ),
  },
  calls: {
    [ENDPOINTS.token]: {
      post: {
        summary:
          "Gives tokens for a ticket, a code, a refresh token, somebody's token of a trusted issuer, or what the client is by itself.",
        headers: PROOF,
        body: form(...GRANTS),
        answers: { 200: answer("Tokens"), 403: answer("NotYet") },
      },
    },
    [ENDPOINTS.pushedAuthorization]: {
      post: {
        summary: "Takes an authorization request from the client itself (RFC 9126).",
        headers: PROOF,
        body: form(fromClient({ required: ["response_type"], optional: AUTHORIZATION.slice(1) })),
        answers: { 201: strict({ request_uri: text, expires_in: count }) },
      },
    },
    [ENDPOINTS.revocation]: {
      post: {
        summary: "Ends a token (RFC 7009); of one that is unknown the answer is the same.",
        body: form(fromClient({ required: ["token"], optional: ["token_type_hint"] })),
        answers: { 200: null },
      },
    },
  },
};

/** RP-Initiated Logout §2. */
const LOGOUT = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

/** Where clients send browsers. */
export const BROWSER_CALLS: CallGroup = {
  title: "Clients, by a browser",
  caller: "browser",
  calls: {
    [ENDPOINTS.authorization]: {
      get: {
        summary: "Asks a person to connect a client (RFC 6749 §3.1); leads on to pages for people.",
        query: Object.fromEntries(["client_id", "request_uri", ...AUTHORIZATION].map((name) => [name, AS_QUERY])),
        answers: { 303: null },
      },
      post: {
        summary: "The same for whoever sends a form (OpenID Connect Core §3.1.2.1): leads to the GET.",
        body: form({ optional: ["client_id", "request_uri", ...AUTHORIZATION] }),
        answers: { 303: null },
      },
    },
    [ENDPOINTS.endSession]: {
      get: {
        summary: "Asks a person whether to sign out here too (OpenID Connect RP-Initiated Logout §2).",
        query: Object.fromEntries(LOGOUT.map((name) => [name, AS_QUERY])),
        answers: { 200: { contents: { "text/html": text } }, 303: null },
      },
      post: {
        summary: "The same for whoever sends a form: leads to the GET.",
        body: form({ optional: LOGOUT }),
        answers: { 303: null },
      },
    },
    [ENDPOINTS.claims]: {
      get: {
        summary:
          "Lets a requesting party show who they are (Grant §3.3.2); leads on to pages for people. Nothing but a visit is answered.",
        query: Object.fromEntries(
          ["client_id", "ticket", "claims_redirect_uri", "state"].map((name) => [name, AS_QUERY]),
        ),
        answers: { 200: null, 303: null, 403: null },
      },
    },
  },
};
