import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { guard } from "./guard.ts";
import { ProtectionApi } from "./protection-api.ts";
import type { Report, Scope } from "./reports.ts";
import type { Settings } from "./settings.ts";

export { ClinicObject } from "./clinic-object.ts";

type RecordsEnv = { Bindings: Settings };

const LONGEST_TEXT_CHARACTERS = 4_000;

const app = new Hono<RecordsEnv>();

// Without this a browser app could not read the challenge.
app.use(cors({ origin: "*", exposeHeaders: ["WWW-Authenticate", "Warning"] }));

let protectionApi: ProtectionApi | undefined;

const clinicOf = (c: Context<RecordsEnv>) => c.env.CLINIC.getByName("lakeside");

/** Finds the report and lets the guard decide; `admitted` runs only when the guard had nothing against it. */
async function guarded(
  c: Context<RecordsEnv, "/reports/:id">,
  scope: Scope,
  admitted: (report: Report) => Promise<Response> | Response,
): Promise<Response> {
  const clinic = clinicOf(c);
  const report = await clinic.find(c.req.param("id"));
  if (report === null) return c.json({ error: "not_found" }, 404);
  protectionApi ??= new ProtectionApi(c.env);
  const door = { issuer: c.env.USHER, usher: protectionApi, clinic };
  return (await guard(door, c.req.raw, report, scope)) ?? admitted(report);
}

app.get("/reports", async (c) => c.json(await clinicOf(c).list()));

app.get("/reports/:id", (c) => guarded(c, "view", (report) => c.json(report)));

app.put("/reports/:id", (c) =>
  guarded(c, "edit", async (report) => {
    const text = await c.req.text();
    if (text.length > LONGEST_TEXT_CHARACTERS) return c.json({ error: "too_long" }, 413);
    const edited = { ...report, text };
    await clinicOf(c).write(edited);
    return c.json(edited);
  }),
);

export default app;
