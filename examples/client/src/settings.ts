import type { SessionObject } from "./session-object.ts";

/** Variables, secrets and bindings of wrangler.toml. */
export interface Settings {
  readonly ORIGIN: string;
  readonly RECORDS: string;
  readonly USHER: string;
  readonly IDENTITY_PROVIDER: string;
  readonly IDENTITY_CLIENT_ID: string;
  /** Who this client is at Usher. */
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  readonly SESSION: DurableObjectNamespace<SessionObject>;
}
