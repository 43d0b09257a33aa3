import { Hono } from "hono";
import { confirmTokens } from "../operations/authenticate/confirmation.ts";
import { redeemCode } from "../operations/authorize/redeem-code.ts";
import { exchangeToken } from "../operations/doors/exchange-token.ts";
import { tradeAssertion } from "../operations/doors/trade-assertion.ts";
import { redeemTicket } from "../operations/grant/redeem-ticket.ts";
import { refreshToken } from "../operations/grant/refresh-token.ts";
import { authorizeResourceServer } from "../operations/protect/authorize-resource-server.ts";
import { parseAccessRequest, parseResources } from "../protocol/access-request.ts";
import { checkGrantAllowed } from "../protocol/client.ts";
import { parseScope } from "../protocol/scope.ts";
import {
  GRANT_TYPES,
  type GrantType,
  JWT_BEARER_GRANT,
  TOKEN_EXCHANGE_GRANT,
  UMA_TICKET_GRANT,
} from "../protocol/wire/client.ts";
import type { Confirmation } from "../protocol/wire/confirmation.ts";
import { ProtocolError } from "../shared/error.ts";
import { certificateOf } from "./authenticate/certificate.ts";
import { type ClientRequest, readClientRequest } from "./authenticate/client.ts";
import { readProof } from "./authenticate/proof.ts";
import type { UsherEnv, UsherHono, UsherVariables } from "./context.ts";
import type { FormParameters } from "./form.ts";
import { offerNonce, onlyMethods, privateJson } from "./respond.ts";
import { sourceOf } from "./source.ts";
import { whereaboutsOf } from "./whereabouts.ts";

interface GrantRequest extends ClientRequest, Pick<UsherVariables, "services" | "now"> {
  readonly request: Request;
  /** What the client proved beside its request, to which whatever it is given is bound; null: nothing. */
  readonly confirmation: Confirmation | null;
}

/** What each grant does; the client is authenticated and may use it. */
const GRANTS: Readonly<Record<GrantType, (request: GrantRequest) => Promise<Response>>> = {
  /** Grant §3.3.1 */
  [UMA_TICKET_GRANT]: async ({ services, client, form, request, confirmation, now }) => {
    const redemption = {
      client,
      ticket: form.require("ticket"),
      pct: form.get("pct"),
      rpt: form.get("rpt"),
      scopes: scopesOf(form) ?? [],
      claimToken: form.get("claim_token"),
      claimTokenFormat: form.get("claim_token_format"),
      confirmation,
      whereabouts: whereaboutsOf(request),
      source: sourceOf(request),
    };
    const { status, body } = await redeemTicket(services, redemption, now);
    return privateJson(body, status);
  },

  /** RFC 6749 §4.1.3 */
  authorization_code: async ({ services, client, form, request, confirmation, now }) => {
    const redemption = {
      client,
      code: form.require("code"),
      redirectUri: form.get("redirect_uri"),
      codeVerifier: form.get("code_verifier"),
      resources: parseResources(form.all("resource")),
      whereabouts: whereaboutsOf(request),
      confirmation,
      source: sourceOf(request),
    };
    return privateJson(await redeemCode(services, redemption, now));
  },

  /** RFC 6749 §4.4. With several connected owners, the extension parameter resource_owner names one of them. */
  client_credentials: async ({ services, client, form, confirmation, now }) => {
    const request = {
      scopes: scopesOf(form),
      ownerId: form.get("resource_owner"),
      resources: parseResources(form.all("resource")),
      authorizationDetails: form.get("authorization_details"),
      confirmation,
    };
    return privateJson(await authorizeResourceServer(services, client, request, now));
  },

  /** RFC 7523 §2.1. For one of several owners that the person acts for, resource_owner names them. */
  [JWT_BEARER_GRANT]: async ({ services, client, form, request, confirmation, now }) => {
    const scopes = scopesOf(form);
    const authorizationDetails = form.get("authorization_details");
    const trade = {
      client,
      assertion: form.require("assertion"),
      scopes,
      access: parseAccessRequest({ resources: form.all("resource"), scopes, authorizationDetails }),
      ownerId: form.get("resource_owner"),
      confirmation,
      whereabouts: whereaboutsOf(request),
      source: sourceOf(request),
    };
    return privateJson(await tradeAssertion(services, trade, now));
  },

  /** RFC 8693 §2.1 */
  [TOKEN_EXCHANGE_GRANT]: async ({ services, client, form, request, confirmation, now }) => {
    const authorizationDetails = form.get("authorization_details");
    const exchange = {
      client,
      subjectToken: form.require("subject_token"),
      subjectTokenType: form.require("subject_token_type"),
      requestedTokenType: form.get("requested_token_type"),
      actorToken: form.get("actor_token"),
      audiences: form.all("audience"),
      access: parseAccessRequest({ resources: form.all("resource"), scopes: scopesOf(form), authorizationDetails }),
      confirmation,
      whereabouts: whereaboutsOf(request),
      source: sourceOf(request),
    };
    return privateJson(await exchangeToken(services, exchange, now));
  },

  /** RFC 6749 §6, Grant §3.6 */
  refresh_token: async ({ services, client, form, request, confirmation }) => {
    const refreshing = {
      client,
      refreshToken: form.require("refresh_token"),
      scopes: scopesOf(form),
      resources: parseResources(form.all("resource")),
      confirmation,
      whereabouts: whereaboutsOf(request),
    };
    const { status, body } = await refreshToken(services, refreshing);
    return privateJson(body, status);
  },
};

/**
 * The token endpoint (RFC 6749 §3.2). The client is authenticated before anything else is looked at, so a stranger
 * cannot burn a ticket.
 */
export function tokenRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const { services, now } = c.var;
      const { form, client } = await readClientRequest(c);
      const grant = parseGrantType(form.require("grant_type"));
      checkGrantAllowed(client, grant);
      const request = c.req.raw;
      const presented = { client, proof: readProof(request), certificate: certificateOf(request) };
      const { confirmation, nextNonce } = await confirmTokens(services, presented, now);
      return offerNonce(await GRANTS[grant]({ services, client, form, request, confirmation, now }), nextNonce);
    })
    .all("/", onlyMethods("POST"));
}

function parseGrantType(text: string): GrantType {
  const grant = GRANT_TYPES.find((known) => known === text);
  if (grant) return grant;
  throw new ProtocolError("unsupported_grant_type", `grant_type must be one of: ${GRANT_TYPES.join(" ")}`);
}

/** Null when the parameter is absent, which is not the same as empty on refresh. */
function scopesOf(form: FormParameters): readonly string[] | null {
  const scope = form.get("scope");
  return scope === null ? null : parseScope(scope);
}
