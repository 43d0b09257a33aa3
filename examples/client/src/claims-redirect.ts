import * as oauth from "oauth4webapi";
import type { Settings } from "./settings.ts";
import { discover } from "./uma.ts";

/** Sending a person to the authorization server, so that it asks them itself, and taking them back (Grant §3.3.2, §3.3.3). */

/** What a person brought back. */
export type Returned =
  | { readonly kind: "ticket"; readonly ticket: string }
  | { readonly kind: "error"; readonly error: string };

/** @returns where to send the browser, and the state to hold its answer against. */
export function sendToUsher(settings: Settings, redirectUser: string, ticket: string): { url: string; state: string } {
  const state = oauth.generateRandomState();
  // It may bring a query of its own, to which ours is added (Grant §3.3.6).
  const url = new URL(redirectUser);
  url.searchParams.set("client_id", settings.CLIENT_ID);
  url.searchParams.set("ticket", ticket);
  url.searchParams.set("claims_redirect_uri", claimsRedirectUri(settings));
  url.searchParams.set("state", state);
  return { url: url.href, state };
}

/**
 * Reads the answer that a browser brought. It is held against the state of this session, so that nobody is made to go on
 * with somebody else's ticket, and against the issuer, so that it is the one to which they were sent (RFC 9207).
 * @throws Error when it is not the answer to what this browser was sent for.
 */
export async function takeBack(settings: Settings, state: string, answer: URLSearchParams): Promise<Returned> {
  const { issuer } = await discover(settings.USHER);
  if (answer.get("state") !== state) throw new Error("the state is not the one that we sent");
  if (answer.get("iss") !== issuer) throw new Error("the answer is not Usher's");
  const error = answer.get("error");
  if (error !== null) return { kind: "error", error };
  const ticket = answer.get("ticket");
  if (ticket === null) throw new Error("neither a ticket nor an error came back");
  return { kind: "ticket", ticket };
}

function claimsRedirectUri({ ORIGIN }: Settings): string {
  return `${ORIGIN}/claims-callback`;
}
