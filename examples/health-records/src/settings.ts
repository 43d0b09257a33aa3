import type { ClinicObject } from "./clinic-object.ts";
import type { PatientObject } from "./patient-object.ts";

/** Variables, secrets and bindings of wrangler.toml. */
export interface Settings {
  readonly ORIGIN: string;
  /** Usher's issuer identifier. */
  readonly USHER: string;
  /** The app that we tell patients about, in which doctors read what is shared with them. */
  readonly CONSULT: string;
  /** Who this resource server is at Usher. */
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  /** The clinic's own id as a resource owner there. */
  readonly CLINIC_OWNER: string;
  readonly CLINIC: DurableObjectNamespace<ClinicObject>;
  readonly PATIENT: DurableObjectNamespace<PatientObject>;
}
