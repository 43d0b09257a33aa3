import type { Context, MiddlewareHandler } from "hono";
import { findActing } from "../../operations/console/act.ts";
import type { ConsoleFrame } from "../../pages/console/layout.tsx";
import { ANY_SIGN_IN } from "../../protocol/continuation.ts";
import { basePathOf, frameOf } from "../browser/frame.ts";
import { pathOf, sendToSignIn, sessionSecret } from "../browser/session.ts";
import type { ActingEnv } from "../context.ts";

/**
 * Lets only those pass who act for the owner that the path names (`:owner`); others sign in first, or find nothing.
 * @param back where whoever has to sign in then is, below the issuer: a form cannot be come back to.
 */
export function actingOnly(back?: (ownerId: string) => string): MiddlewareHandler<ActingEnv> {
  return async (c, next) => {
    const { services, now } = c.var;
    const secret = sessionSecret(c);
    const ownerId = c.req.param("owner") ?? "";
    const acting = secret === null ? null : await findActing(services, secret, ownerId, now);
    if (acting === null) {
      const path = back?.(encodeURIComponent(ownerId)) ?? pathOf(c);
      return sendToSignIn(c, { path, demand: ANY_SIGN_IN, app: null, leadsTo: null });
    }
    c.set("acting", acting);
    return next();
  };
}

/** The path of the console of the owner that is acted for, below the issuer. */
export function consolePath(ownerId: string): string {
  return `/console/${encodeURIComponent(ownerId)}`;
}

/** What every page of the console stands in. */
export async function consoleFrameOf(c: Context<ActingEnv>): Promise<ConsoleFrame> {
  const { name, address, right, owners } = c.var.acting;
  return {
    ...(await frameOf(c, { name, address })),
    owner: { id: right.ownerId, name: right.ownerName },
    owners: owners.map(({ ownerId, ownerName }) => ({ id: ownerId, name: ownerName })),
    console: basePathOf(c) + consolePath(right.ownerId),
  };
}
