import type { Context, Hono } from "hono";
import type { findOverview } from "../operations/account/overview.ts";
import type { findSignedIn } from "../operations/account/sessions.ts";
import type { Acting } from "../operations/console/act.ts";
import type { Services } from "../operations/services.ts";
import type { ConnectedCaller } from "../protocol/connection.ts";

/** What every route finds on its request. */
export interface UsherVariables {
  /** To hand on to operations, whole. */
  readonly services: Services;
  /** Epoch seconds, read once, when the request comes in. */
  readonly now: number;
  /** The id of this request, as its answer tells it. */
  readonly requestId: string;
  /** Whether a page for people is at this path (browser/for-people.ts). */
  readonly isForPeople?: boolean;
  /** The visit that began with this request (browser/visit.ts). */
  readonly visit?: string;
}

export type UsherEnv = { Variables: UsherVariables };
export type UsherHono = Hono<UsherEnv>;

/** Who is signed in in the browser that a request comes from. */
export type SignedInPerson = NonNullable<Awaited<ReturnType<typeof findSignedIn>>>;

/** What a page finds that only those may see who are signed in. */
export type PersonEnv = { Variables: UsherVariables & { readonly person: SignedInPerson } };

/** The account of whoever is signed in, as its person sees it. */
export type AccountOverview = NonNullable<Awaited<ReturnType<typeof findOverview>>>;

/** What somebody's own pages find. */
export type OverviewEnv = { Variables: UsherVariables & { readonly overview: AccountOverview } };

/** What a page finds that only those may see who act for the owner it is about. */
export type ActingEnv = { Variables: UsherVariables & { readonly acting: Acting } };

/** What helps with pages, whether or not somebody has to be signed in. */
export type PageContext = Context<UsherEnv> | Context<PersonEnv> | Context<OverviewEnv> | Context<ActingEnv>;

/** What a route finds that is protected by a scope. */
export type ConnectedEnv = { Variables: UsherVariables & { readonly caller: ConnectedCaller } };
