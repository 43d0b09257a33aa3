import type { ProviderObject } from "./provider-object.ts";

/** Variables and bindings of wrangler.toml. */
export interface Settings {
  readonly ISSUER: string;
  readonly CLIENT_ID: string;
  readonly REDIRECT_URI: string;
  readonly USHER: string;
  readonly PROVIDER: DurableObjectNamespace<ProviderObject>;
}
