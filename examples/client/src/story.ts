import type { SignedIn, Step, Wish } from "./session.ts";
import type { Needs } from "./uma.ts";

/** The words for each step: the first sentence is for everybody, the second for those who know the protocol. */

/** Tickets and tokens are shown by their last characters only: enough to tell them apart, nothing to use. */
function abbreviate(secret: string): string {
  return `...${secret.slice(-8)}`;
}

export function challenged(wish: Wish, reason: string, ticket: string): Step {
  return {
    kind: "challenge",
    say: `The clinic does not ${wish.action === "view" ? "show" : "change"} this report yet, and sends us to ask Usher.`,
    wire: `401 (${reason}) WWW-Authenticate: UMA realm, as_uri, ticket="${abbreviate(ticket)}"`,
  };
}

export function infoNeeded({ requiredClaims: claims, redirectUser }: Needs, ticket: string): Step {
  const names = claims.map((claim) => claim.friendly_name ?? claim.name ?? "something about you").join(", ");
  const issuers = [...new Set(claims.flatMap((claim) => claim.issuer ?? []))].join(", ");
  const wanted = claims.length > 0 ? `required_claims from ${issuers || "any issuer"}, ` : "";
  const visit = redirectUser === null ? "" : "redirect_user, ";
  return {
    kind: "need_info",
    say:
      claims.length > 0
        ? `Usher would like to know who is asking: ${names}${issuers && `, confirmed by ${issuers}`}.`
        : "Usher would like to ask you something itself.",
    wire: `403 need_info, ${wanted}${visit}new ticket "${abbreviate(ticket)}"`,
  };
}

export function signInNeeded(): Step {
  return {
    kind: "sign_in",
    say: "Show who you are, and Consult will go on from here.",
    wire: "the client keeps the new ticket and waits for its person",
  };
}

export function sentToUsher(): Step {
  return {
    kind: "sent_to_usher",
    say: "Consult sends you to Usher.",
    wire: "303 to the claims interaction endpoint with client_id, ticket, claims_redirect_uri and state",
  };
}

export function backFromUsher(ticket: string): Step {
  return {
    kind: "back_from_usher",
    say: "You are back. Usher has told Consult nothing about you.",
    wire: `the state is ours, the iss is Usher, and there is a new ticket "${abbreviate(ticket)}"`,
  };
}

export function cancelled(error: string): Step {
  return {
    kind: "cancelled",
    say: "You are back without having shown who you are, so the report stays closed.",
    wire: `${error}, and no ticket`,
  };
}

export function remembered(): Step {
  return {
    kind: "remembered",
    say: "Consult shows that it is you again, whom Usher remembers for it.",
    wire: "POST /token grant_type=uma-ticket with the ticket and the PCT",
  };
}

export function claimsPushed(person: SignedIn): Step {
  return {
    kind: "claims_pushed",
    say: `Consult shows that ${person.name} is asking (${person.email}).`,
    wire: "POST /token grant_type=uma-ticket with the ticket and the ID Token as claim_token",
  };
}

export function granted(rpt: string, expiresIn: number | null, pct: string | null): Step {
  return {
    kind: "granted",
    say: "Usher agrees.",
    wire: `200 RPT "${abbreviate(rpt)}", good for ${expiresIn ?? "some"} seconds${pct === null ? "" : ", and a PCT"}`,
  };
}

export function submitted(): Step {
  return {
    kind: "submitted",
    say: "The clinic has been asked. Try again a little later.",
    wire: "403 request_submitted: the owner decides",
  };
}

export function refused(status: number, error: string, description: string): Step {
  return {
    kind: "refused",
    say: error === "request_denied" ? "Usher says no." : "Usher does not accept it.",
    wire: `${status} ${error}${description && `: ${description}`}`,
  };
}

export function documentReceived(wish: Wish): Step {
  return {
    kind: "document",
    say: wish.action === "view" ? "The clinic shows the report." : "The clinic has changed the report.",
    wire: "the resource server introspected the RPT: active, and it permits this. 200",
  };
}

export function unavailable(reason: string, status: number): Step {
  return {
    kind: "unavailable",
    say: `That did not work: ${reason}.`,
    wire: `${status} without a challenge, so there is no ticket to go on with`,
  };
}
