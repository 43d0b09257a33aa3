import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { FileObject } from "./file-object.ts";
import { guard } from "./guard.ts";
import { metadataUrl } from "./protected-resource.ts";
import { ProtectionApi } from "./protection-api.ts";
import type { Report, Scope } from "./reports.ts";
import type { Settings } from "./settings.ts";

type ApiContext = Context<{ Bindings: Settings }>;

const LONGEST_TEXT_CHARACTERS = 4_000;

/**
 * The API that apps call for somebody's reports.
 * @param find whose they are; null: nobody's
 */
export function apiRoutes(find: (c: ApiContext) => DurableObjectStub<FileObject> | null) {
  /** Finds the report and lets the guard decide; `admitted` runs only when the guard had nothing against it. */
  async function guarded(
    c: ApiContext,
    scope: Scope,
    admitted: (report: Report, file: DurableObjectStub<FileObject>) => Promise<Response> | Response,
  ): Promise<Response> {
    const file = find(c);
    const report = (await file?.find(c.req.param("id") ?? "")) ?? null;
    if (file === null || report === null) return c.json({ error: "not_found" }, 404);
    const pats = { current: () => file.currentToken(), renewed: (stale: string) => file.renewedToken(stale) };
    const path = new URL(c.req.url).pathname.replace(/\/[^/]*$/, "");
    const metadata = metadataUrl(c.env, path);
    const door = { issuer: c.env.USHER, metadata, usher: new ProtectionApi(c.env, pats), file };
    return (await guard(door, c.req.raw, report, scope)) ?? admitted(report, file);
  }

  const api = new Hono<{ Bindings: Settings }>();

  // Without this a browser app could not read the challenge.
  api.use(cors({ origin: "*", exposeHeaders: ["WWW-Authenticate", "Warning"] }));

  api.get("/", async (c) => c.json((await find(c)?.list()) ?? []));

  api.get("/:id", (c) => guarded(c, "view", (report) => c.json(report)));

  api.put("/:id", (c) =>
    guarded(c, "edit", async (report, file) => {
      const text = await c.req.text();
      if (text.length > LONGEST_TEXT_CHARACTERS) return c.json({ error: "too_long" }, 413);
      const edited = { ...report, text };
      await file.write(edited);
      return c.json(edited);
    }),
  );

  return api;
}
