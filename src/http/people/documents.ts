import { Hono } from "hono";
import profile from "../../../docs/profile.md";
import refusals from "../../../docs/refusals.md";
import { DocumentPage } from "../../pages/document.tsx";
import { PROFILE_PATH, REFUSALS_PATH } from "../../protocol/wire/endpoints.ts";
import { onlyPageMethods } from "../browser/answer-error.ts";
import { frameOf } from "../browser/frame.ts";
import { renderPage } from "../browser/render-page.ts";
import type { UsherEnv, UsherHono } from "../context.ts";

/** What this server chooses where the specifications leave it open, and what its profiles mean (Grant §4). */
export function profilePageRoutes(): UsherHono {
  return documentRoutes(profile);
}

/** What each refusal means, and who can mend it; `error_uri` leads here (RFC 6749 §5.2). */
export function refusalsPageRoutes(): UsherHono {
  return documentRoutes(refusals);
}

function documentRoutes(text: string): UsherHono {
  return new Hono<UsherEnv>()
    .get("/", async (c) => {
      const frame = await frameOf(c);
      const served = { "profile.md": frame.base + PROFILE_PATH, "refusals.md": frame.base + REFUSALS_PATH };
      return renderPage(c, DocumentPage({ frame, text, served }));
    })
    .all("/", onlyPageMethods("GET"));
}
