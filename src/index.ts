import { createApp } from "./app.ts";
import type { UsherHono } from "./http/context.ts";
import { isolate } from "./isolate.ts";
import { createServices } from "./services.ts";

export { KeyRingObject, OwnerLedgerObject, ReplayGuardObject } from "./durable-objects.ts";

/** Made at the first request, because bindings are not there before; an isolate's bindings never change. */
let app: UsherHono | undefined;

export default {
  fetch(request, env, context) {
    app ??= createApp(createServices(env));
    return app.fetch(request, env, context);
  },

  /** Keys that have served their time get successors (wrangler.toml, triggers). */
  async scheduled() {
    await isolate().keyRing.rotateIfDue();
  },
} satisfies ExportedHandler<Env>;
