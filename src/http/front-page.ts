import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { version } from "../../package.json";
import { ENDPOINTS } from "../protocol/wire/endpoints.ts";
import { sha256 } from "../shared/sha-256.ts";
import type { UsherEnv, UsherHono } from "./context.ts";
import { onlyMethods, PUBLIC, publicJson } from "./respond.ts";

/** What this is and where to go: a page for a browser, JSON for everything else (RFC 9110 §12.5.1). */
export function frontPageRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", (c) => {
      const document = describe(c.var.services.config.issuer);
      const type = accepts(c, { header: "Accept", supports: [JSON_TYPE, HTML_TYPE], default: JSON_TYPE });
      return type === HTML_TYPE ? page(document) : publicJson(document, VARY);
    })
    .all("/", onlyMethods("GET"));
}

const JSON_TYPE = "application/json";
const HTML_TYPE = "text/html";
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

async function page(document: FrontDocument): Promise<Response> {
  return new Response(render(document), { headers: { ...PUBLIC, ...VARY, ...(await pageHeaders()) } });
}

/** Nothing runs, nothing is fetched, and of styles only ours counts (CSP Level 3 §2.3.1). */
async function pageHeaders(): Promise<Record<string, string>> {
  const style = `'sha256-${(await sha256(STYLE)).toBase64()}'`;
  const rest = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return {
    "Content-Type": `${HTML_TYPE}; charset=utf-8`,
    "Content-Security-Policy": `default-src 'none'; style-src ${style}; ${rest}`,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
  };
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--quiet:#55555e;--accent:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--paper:#17171b;--quiet:#a9a9b5;--accent:#93b4ff}}
body{max-width:36rem;margin:3rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.44rem;line-height:1.3}
h2{font-size:1.2rem;margin-top:2rem}
a{color:var(--accent)}
li{padding:.3rem 0}
code{overflow-wrap:anywhere}
footer{margin-top:2rem;color:var(--quiet)}
`;

/**
 * The first line is for whoever came by mistake, the rest for builders. The pages of the documentation come with the
 * source, so they are named and not linked.
 *
 * INVARIANT: nothing of a request gets in here, and an issuer has no character that HTML reads (config.ts).
 */
function render({ version, issuer, metadata, jwks_uri, policy_schema }: FrontDocument): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Usher</title>
<style>${STYLE}</style>
<main>
<h1>This server decides who may see what people and organisations share through their apps.</h1>
<p>There is nothing to sign in to and nothing to do on this page. If an app sent you here, that was its mistake: go back, and tell the people who run the app.</p>
<h2>If you build with it</h2>
<p>This is Usher, an authorization server for User-Managed Access 2.0. Its issuer is <code>${issuer}</code>.</p>
<ul>
<li><a href="${metadata}">What it offers, and where</a> (its metadata)
<li><a href="${jwks_uri}">Its public keys</a>
<li><a href="${policy_schema}">The JSON Schema of policies</a>
</ul>
<h2>Documentation, in the folder of its source</h2>
<ul>
<li><code>docs/tutorial.md</code>: from nothing to access, and its end
<li><code>docs/resource-servers.md</code>: an API that hosts what others own
<li><code>docs/clients.md</code>: an app that wants access
<li><code>docs/owner-tools.md</code>: a tool with which owners share
<li><code>docs/operations.md</code>: running this server
<li><code>docs/api.md</code>: every endpoint and every answer
</ul>
</main>
<footer>Usher ${version}</footer>
</html>
`;
}
