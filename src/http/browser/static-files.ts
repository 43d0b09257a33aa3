import { Hono } from "hono";
import webauthn from "../../../node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js";
import type { StaticFiles } from "../../pages/frame.ts";
import copy from "../../pages/static/copy.client.js";
import icon from "../../pages/static/icon.svg";
import live from "../../pages/static/live.client.js";
import passkey from "../../pages/static/passkey.client.js";
import style from "../../pages/static/style.css";
import { ProtocolError } from "../../shared/error.ts";
import { fingerprint } from "../../shared/fingerprint.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { onlyMethods } from "../respond.ts";

const SCRIPT = "text/javascript; charset=utf-8";
const YEAR_SECONDS = 31_536_000;

interface StaticFile {
  readonly text: string;
  readonly type: string;
  readonly version: string;
}

/** Everything that a page loads, by its name in the path. */
const FILES: ReadonlyMap<string, StaticFile> = new Map([
  ["style.css", file(style, "text/css; charset=utf-8")],
  ["icon.svg", file(icon, "image/svg+xml")],
  ["webauthn.js", file(webauthn, SCRIPT)],
  ["passkey.js", file(passkey, SCRIPT)],
  ["copy.js", file(copy, SCRIPT)],
  ["live.js", file(live, SCRIPT)],
]);

function file(text: string, type: string): StaticFile {
  return { text, type, version: fingerprint(text) };
}

/** @param base the issuer's path. */
export function staticFilesBelow(base: string): StaticFiles {
  const at = (name: string) => `${base}/static/${name}?v=${FILES.get(name)?.version ?? ""}`;
  return {
    style: at("style.css"),
    icon: at("icon.svg"),
    webauthn: at("webauthn.js"),
    passkey: at("passkey.js"),
    copy: at("copy.js"),
    live: at("live.js"),
  };
}

/**
 * The same for everybody. A page names the version it was made for: if that is the one at hand it may be kept for ever, and
 * while a new deployment spreads, an old page gets what there is, to be asked for again.
 */
export function staticRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .get("/:name", (c) => {
      const found = FILES.get(c.req.param("name"));
      if (found === undefined) throw new ProtocolError("not_found", "there is nothing here");
      const headers = headersOf(found, c.req.query("v"));
      if (c.req.header("If-None-Match") === headers.ETag) return new Response(null, { status: 304, headers });
      return new Response(found.text, { headers });
    })
    .all("/:name", onlyMethods("GET"));
}

function headersOf({ type, version }: StaticFile, asked: string | undefined) {
  return {
    "Content-Type": type,
    "Cache-Control": asked === version ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache",
    ETag: `"${version}"`,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
  };
}
