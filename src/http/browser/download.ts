import type { PageContext } from "../context.ts";

/** Sends a file for a person to keep; it is nobody's to keep on the way, and no page of anybody's to look into. */
export function renderDownload(
  c: PageContext,
  body: ReadableStream<Uint8Array>,
  file: { readonly type: string; readonly name: string },
): Response {
  return c.body(body, 200, {
    ...HEADERS,
    "Content-Type": file.type,
    "Content-Disposition": `attachment; filename="${file.name}"`,
  });
}

const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};
