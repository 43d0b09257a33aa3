import { ANY_SIGN_IN, isRecentEnough } from "../../protocol/continuation.ts";
import { STEP_UP_SECONDS } from "../../protocol/lifetimes.ts";
import { sendToSignIn, signedIn } from "../browser/session.ts";
import type { PageContext, SignedInPerson } from "../context.ts";

/**
 * Does what asks for a sign-in of late; whoever is not signed in so signs in first, and then is at a page of ours.
 * @param path of that page, below the issuer.
 */
export async function asRecentlySignedIn(
  c: PageContext,
  path: string,
  act: (person: SignedInPerson) => Promise<Response>,
): Promise<Response> {
  const demand = { ...ANY_SIGN_IN, authenticatedSince: c.var.now - STEP_UP_SECONDS };
  const person = await signedIn(c);
  if (person === null || !isRecentEnough(demand, person.session.authenticatedAt)) {
    return sendToSignIn(c, { path, demand, app: null });
  }
  return act(person);
}
