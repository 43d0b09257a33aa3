import type { MiddlewareHandler } from "hono";
import { findOverview } from "../../operations/account/overview.ts";
import type { FramePerson } from "../../pages/frame.ts";
import { ANY_SIGN_IN, isRecentEnough, type SignInDemand } from "../../protocol/continuation.ts";
import { lateProof, lateSignIn, pathOf, sendToSignIn, sessionSecret } from "../browser/session.ts";
import type { AccountOverview, OverviewEnv, PageContext } from "../context.ts";

/** Lets only those pass who are signed in, with all that their own pages tell, in one look at storage. */
export const overviewOnly = overviewFor(() => ANY_SIGN_IN);

/** The same of those who proved a moment ago who they are. */
export const overviewLately = overviewFor(lateSignIn);

function overviewFor(demandOf: (c: PageContext) => SignInDemand): MiddlewareHandler<OverviewEnv> {
  return async (c, next) => {
    const { services, now } = c.var;
    const secret = sessionSecret(c);
    const demand = demandOf(c);
    const overview = secret === null ? null : await findOverview(services, secret, now);
    if (overview === null || !isRecentEnough(demand, lateProof(overview.signedIn))) {
      return sendToSignIn(c, { path: pathOf(c), demand, app: null, leadsTo: null });
    }
    c.set("overview", overview);
    return next();
  };
}

/** Who is signed in, as the head of a page shows it. */
export function framePersonOf({ name, addresses }: Pick<AccountOverview, "name" | "addresses">): FramePerson {
  return { name: name === "" ? null : name, address: addresses[0]?.address ?? null };
}
