import * as oauth from "oauth4webapi";

/** The client's side of the UMA grant: read the challenge, present the ticket, follow its rotation (Grant §3). */

const UMA_TICKET_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket";
const ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";

/** Where to ask, and with which permission ticket (Grant §3.2.1). */
export interface Challenge {
  readonly asUri: string;
  readonly ticket: string;
}

/** One thing the authorization server would like to know (Grant §3.3.6). */
export interface RequiredClaim {
  readonly name?: string;
  readonly friendly_name?: string;
  readonly claim_token_format?: readonly string[];
  readonly issuer?: readonly string[];
}

/** What the authorization server would have us do about it: bring claims, or bring the person (Grant §3.3.6). */
export interface Needs {
  readonly requiredClaims: readonly RequiredClaim[];
  /** Where to send the person's browser; null when that would not help. */
  readonly redirectUser: string | null;
}

/** What we bring of the person who wants in; null: nothing of the kind. */
export interface Evidence {
  readonly idToken: string | null;
  /** What the authorization server gave us when the person let it remember them (Grant §3.3.1, `pct`). */
  readonly pct: string | null;
}

/** What became of a ticket. Whatever it was, the ticket that was sent is spent. */
export type TicketOutcome =
  | { readonly kind: "granted"; readonly rpt: string; readonly expiresIn: number | null; readonly pct: string | null }
  | { readonly kind: "need_info"; readonly ticket: string; readonly needs: Needs }
  | { readonly kind: "submitted"; readonly ticket: string }
  | { readonly kind: "refused"; readonly status: number; readonly error: string; readonly description: string };

/** Consult's own credentials, good at one authorization server only. */
export interface Credentials {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** @returns null when the answer is no UMA challenge, so there is nothing that asking could change. */
export function parseChallenge(response: Response): Challenge | null {
  const header = response.headers.get("WWW-Authenticate") ?? "";
  if (response.status !== 401 || !/^UMA\s/i.test(header)) return null;
  const parameters = new Map([...header.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const asUri = parameters.get("as_uri");
  const ticket = parameters.get("ticket");
  return asUri && ticket ? { asUri, ticket } : null;
}

/**
 * Presents a ticket at the token endpoint, with what we have of the person who wants in (Grant §3.3.1).
 * @throws Error when the challenge points elsewhere than to the server that knows us: a secret goes nowhere else.
 */
export async function presentTicket(
  credentials: Credentials,
  challenge: Challenge,
  { idToken, pct }: Evidence,
): Promise<TicketOutcome> {
  if (challenge.asUri !== credentials.issuer) throw new Error(`no credentials for ${challenge.asUri}`);
  const server = await discover(challenge.asUri);
  const client = { client_id: credentials.clientId };
  const secret = oauth.ClientSecretBasic(credentials.clientSecret);
  const parameters: Record<string, string> = { ticket: challenge.ticket };
  if (idToken !== null) {
    parameters.claim_token = idToken;
    parameters.claim_token_format = ID_TOKEN_FORMAT;
  }
  if (pct !== null) parameters.pct = pct;
  const options = { [oauth.allowInsecureRequests]: isLoopback(server.issuer) };
  const response = await oauth.genericTokenEndpointRequest(
    server,
    client,
    secret,
    UMA_TICKET_GRANT,
    parameters,
    options,
  );
  try {
    const answer = await oauth.processGenericTokenEndpointResponse(server, client, response);
    const { access_token: rpt, expires_in: expiresIn = null, pct: given } = answer;
    return { kind: "granted", rpt, expiresIn, pct: typeof given === "string" ? given : null };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return parseRefusal(error, challenge.ticket);
    throw error;
  }
}

/** Plain http is for development: it counts on loopback only. */
export function isLoopback(url: string): boolean {
  return new URL(url).hostname === "localhost";
}

/** Grant §2; the document must be the issuer's own (RFC 8414 §3.3). */
export async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const response = await fetch(`${issuer}/.well-known/uma2-configuration`);
  const metadata = await response.json<oauth.AuthorizationServer>();
  if (!response.ok || metadata.issuer !== issuer) throw new Error(`${issuer} does not describe itself`);
  return metadata;
}

/** Grant §3.3.6: two of the refusals are invitations to come back with another ticket. */
function parseRefusal(error: oauth.ResponseBodyError, sent: string): TicketOutcome {
  const { ticket, required_claims, redirect_user } = error.cause as {
    ticket?: string;
    required_claims?: RequiredClaim[];
    redirect_user?: string;
  };
  if (error.error === "need_info" && ticket) {
    const needs = { requiredClaims: required_claims ?? [], redirectUser: redirect_user ?? null };
    return { kind: "need_info", ticket: fresh(ticket, sent), needs };
  }
  if (error.error === "request_submitted" && ticket) return { kind: "submitted", ticket: fresh(ticket, sent) };
  return { kind: "refused", status: error.status, error: error.error, description: error.error_description ?? "" };
}

/** INVARIANT: each step has its own ticket; a server that hands out the same one twice is not to be trusted. */
function fresh(ticket: string, sent: string): string {
  if (ticket === sent) throw new Error("the authorization server did not rotate the ticket");
  return ticket;
}
