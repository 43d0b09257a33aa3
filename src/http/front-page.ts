import { Hono } from "hono";
import { version } from "../../package.json";
import { FrontPage } from "../pages/front.tsx";
import { ENDPOINTS } from "../protocol/wire/endpoints.ts";
import { isReadByPerson } from "./browser/for-people.ts";
import { frameOf } from "./browser/frame.ts";
import { renderPage } from "./browser/render-page.ts";
import { sessionSecret } from "./browser/session.ts";
import type { PageContext, UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, publicJson } from "./respond.ts";

/** What this is and where to go: a page for a browser, JSON for everything else (RFC 9110 §12.5.1). */
export function frontPageRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const document = describe(c.var.services.config.issuer);
      if (!isReadByPerson(c)) return publicJson(document, VARY);
      c.header("Vary", VARY.Vary);
      return renderPage(c, await page(c, document));
    })
    .all("/", onlyMethods("GET"));
}

const VARY = { Vary: "Accept" };

interface FrontDocument {
  readonly name: string;
  readonly version: string;
  readonly issuer: string;
  readonly metadata: string;
  readonly jwks_uri: string;
  readonly policy_schema: string;
}

function describe(issuer: string): FrontDocument {
  return {
    name: "Usher",
    version,
    issuer,
    metadata: `${issuer}/.well-known/uma2-configuration`,
    jwks_uri: issuer + ENDPOINTS.jwks,
    policy_schema: `${issuer}/schemas/policy.json`,
  };
}

/** Whoever holds a session, good or not, is led to the account, where it is looked at: this page asks no storage. */
async function page(c: PageContext, { issuer, metadata, jwks_uri, policy_schema }: FrontDocument) {
  const isSignedIn = sessionSecret(c) !== null;
  const links = { metadata, keys: jwks_uri, schema: policy_schema };
  return FrontPage({ frame: await frameOf(c), isSignedIn, version, issuer, ...links });
}
