import { Hono, type MiddlewareHandler } from "hono";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { findPatient, patientIdOf } from "./patient.ts";
import type { PatientObject } from "./patient-object.ts";
import { renderPatient, renderTrouble } from "./patient-page.ts";
import type { Settings } from "./settings.ts";
import { readShareForm } from "./share-form.ts";

type PatientEnv = {
  Bindings: Settings;
  Variables: { patientId: string; patient: DurableObjectStub<PatientObject> };
};

/** What patients see: who can read their reports, and how they decide that themselves. */
export function patientPages() {
  const pages = new Hono<PatientEnv>();

  // With "no-referrer" browsers would not say where a form comes from, and the check below could not be made.
  pages.use(secureHeaders({ referrerPolicy: "same-origin" }));
  // Every form here acts for a patient, so forms of other sites are refused.
  pages.use(csrf());
  pages.use(withPatient);

  pages.get("/", async (c) => {
    const { patient, patientId } = c.var;
    const [reports, shared] = await Promise.all([patient.list(), patient.shared()]);
    // Asked last: by asking Usher what is shared one learns also that the connection has ended.
    const standing = await patient.standing();
    const link = `${c.env.CONSULT}/patients/${patientId}`;
    return c.html(renderPatient({ reports, shared, standing, link, usher: c.env.USHER, today: new Date() }));
  });

  pages.post("/connect", async (c) => c.redirect(await c.var.patient.beginConnecting(), 303));

  pages.get("/callback", async (c) => {
    await c.var.patient.finishConnecting(c.req.url);
    return c.redirect("/", 303);
  });

  pages.post("/share", async (c) => {
    const { type, ...share } = readShareForm(await c.req.parseBody(), new Date());
    await c.var.patient.share(type, share);
    return c.redirect("/", 303);
  });

  pages.post("/stop", async (c) => {
    await c.var.patient.stopSharing(String((await c.req.parseBody()).policy ?? ""));
    return c.redirect("/", 303);
  });

  /** The patient is told that it was not them, the log says what it was. */
  pages.onError((error, c) => {
    console.error({ path: c.req.path, name: error.name, message: error.message });
    return c.html(renderTrouble(), error instanceof HTTPException ? error.status : 502);
  });

  return pages;
}

const withPatient: MiddlewareHandler<PatientEnv> = async (c, next) => {
  const patientId = await patientIdOf(c);
  const patient = findPatient(c.env, patientId);
  if (patient === null) throw new HTTPException(404);
  c.set("patientId", patientId);
  c.set("patient", patient);
  await next();
};
