import { Hono } from "hono";
import { apiRoutes } from "./api.ts";
import { findPatient } from "./patient.ts";
import { patientPages } from "./patient-pages.ts";
import { describeApi, describedPath } from "./protected-resource.ts";
import type { Settings } from "./settings.ts";

export { ClinicObject } from "./clinic-object.ts";
export { PatientObject } from "./patient-object.ts";

const app = new Hono<{ Bindings: Settings }>();

// What apps call, with an RPT: the clinic's own reports, and those of each patient.
app.route(
  "/reports",
  apiRoutes((c) => c.env.CLINIC.getByName("lakeside")),
);
app.route(
  "/patients/:patient/reports",
  apiRoutes((c) => findPatient(c.env, c.req.param("patient") ?? "")),
);

// Who protects these, for apps that have never been here.
app.get("/.well-known/oauth-protected-resource/*", (c) => {
  const path = describedPath(c.req.url);
  return path === null ? c.json({ error: "not_found" }, 404) : c.json(describeApi(c.env, path));
});

// What patients open in a browser.
app.route("/", patientPages());

export default app;
