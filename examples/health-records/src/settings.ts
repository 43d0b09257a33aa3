import type { ClinicObject } from "./clinic-object.ts";

/** Variables, secrets and bindings of wrangler.toml. */
export interface Settings {
  /** Usher's issuer identifier. */
  readonly USHER: string;
  /** Who this resource server is at Usher. */
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  readonly CLINIC: DurableObjectNamespace<ClinicObject>;
}
