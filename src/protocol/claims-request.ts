import { MAX_STATE_CHARACTERS } from "../shared/limits.ts";
import type { SentParameters } from "./authorization-request.ts";
import type { Client } from "./client.ts";
import type { ClaimsErrorCode } from "./wire/claims.ts";
import { UMA_TICKET_GRANT } from "./wire/client.ts";

/** Where the browser of a requesting party goes back to, and what it brings back unchanged (Grant §3.3.2). */
export interface ClaimsTarget {
  readonly redirectUri: string;
  readonly state: string | null;
}

/** A request at the claims interaction endpoint, as far as it can be judged without opening its ticket. */
export type ClaimsRequest =
  /** Nobody knows whether the browser may be sent there, so its person is told what is wrong (Grant §3.3.3). */
  | { readonly kind: "misdirected"; readonly fault: "client" | "redirect_uri" }
  | {
      readonly kind: "refused";
      readonly target: ClaimsTarget;
      readonly error: ClaimsErrorCode;
      readonly description: string;
    }
  | { readonly kind: "asked"; readonly target: ClaimsTarget; readonly ticket: string };

/** @returns the client that a request names, once. Null: none. */
export function namedClient(parameters: SentParameters): string | null {
  return parameters.repeated.includes("client_id") ? null : parameters.get("client_id");
}

/** @param client as it is registered; null: there is no such client */
export function readClaimsRequest(parameters: SentParameters, client: Client | null): ClaimsRequest {
  if (client === null) return { kind: "misdirected", fault: "client" };
  const redirectUri = findRedirectUri(parameters, client);
  if (redirectUri === null) return { kind: "misdirected", fault: "redirect_uri" };
  const isRepeated = (name: string) => parameters.repeated.includes(name);
  const state = isRepeated("state") ? null : parameters.get("state");
  const stateFault = state === null ? null : findStateFault(state);
  const target = { redirectUri, state: stateFault === null ? state : null };
  const refuse = (error: ClaimsErrorCode, description: string) =>
    ({ kind: "refused", target, error, description }) as const;
  if (stateFault !== null) return refuse("invalid_request", stateFault);
  if (isRepeated("state") || isRepeated("ticket")) return refuse("invalid_request", "a parameter is repeated");
  if (!client.grantTypes.includes(UMA_TICKET_GRANT)) {
    return refuse("unauthorized_client", "this client is not registered for the UMA grant");
  }
  const ticket = parameters.get("ticket");
  return ticket === null
    ? refuse("invalid_request", "the parameter ticket is missing")
    : { kind: "asked", target, ticket };
}

/** Where a state travels with a visit, each of these takes six characters of a URL that holds 16 KB. */
const CONTROL = /\p{Cc}/u;

/** @returns what is wrong with a state; null: nothing. */
function findStateFault(state: string): string | null {
  const isLong = new TextEncoder().encode(state).length > MAX_STATE_CHARACTERS;
  if (isLong) return `state must have at most ${MAX_STATE_CHARACTERS} bytes`;
  return CONTROL.test(state) ? "state must have no control characters" : null;
}

/**
 * INVARIANT: a claims redirect URI that is registered, letter for letter, and no other (Grant §3.3.2): neither one for
 * authorization codes nor another port of one on loopback.
 */
function findRedirectUri(parameters: SentParameters, { claimsRedirectUris }: Client): string | null {
  if (parameters.repeated.includes("claims_redirect_uri")) return null;
  const named = parameters.get("claims_redirect_uri");
  if (named !== null) return claimsRedirectUris.includes(named) ? named : null;
  const [only, another] = claimsRedirectUris;
  return another === undefined ? (only ?? null) : null;
}
