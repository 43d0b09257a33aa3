import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Page } from "../../pages/layout.tsx";
import type { PageContext } from "../context.ts";

interface PageOptions {
  /** Sources (CSP Level 3 §2.3.1) that a form of this page may end at beside ours, such as an app's redirect URI. */
  readonly formTargets?: readonly string[];
}

/** A page as the answer, with the cookies that were set on the way. */
export async function renderPage(
  c: PageContext,
  page: Page,
  status: ContentfulStatusCode = 200,
  { formTargets = [] }: PageOptions = {},
): Promise<Response> {
  const text = `<!doctype html>\n${await page}\n`;
  return c.body(text, status, { ...HEADERS, "Content-Security-Policy": contentSecurityPolicy(formTargets) });
}

/** Nobody may keep, frame or look into a page, and it uses nothing of the device but passkeys and the clipboard. */
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy":
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), " +
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), usb=(), " +
    "publickey-credentials-create=(self), publickey-credentials-get=(self), clipboard-write=(self)",
  // No other site learns where somebody was. By "no-referrer" forms would say no more where they come from (Fetch §3.1).
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Chrome applies form-action to where a form is redirected as well, so a page that ends at an app has to name it. */
function contentSecurityPolicy(formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    ["form-action 'self'", ...formTargets].join(" "),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

/**
 * @param uri where an app wants its people back.
 * @returns what `form-action` calls it and wherever it sends people on from there, which may be another origin.
 */
export function formTargetOf(uri: string): string {
  return new URL(uri).protocol;
}
