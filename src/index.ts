import { createApp } from "./app.ts";
import type { UsherHono } from "./http/context.ts";
import { removeUnusedClients } from "./http/housekeeping.ts";
import { createNotices } from "./http/notices.ts";
import { KeyRingObject as RingObject } from "./keys/object.ts";
import { OwnerLedgerObject as LedgerObject } from "./ledger/object.ts";
import type { SharedServices } from "./operations/services.ts";
import {
  createFoundation,
  createLedgerPorts,
  createServices,
  createWebhookPorts,
  type Foundation,
  keepHouse,
  logWarnings,
} from "./services.ts";
import { WebhookObject as QueueObject } from "./storage/durable/webhook.ts";

export { EmailCodeObject } from "./storage/durable/email-code.ts";
export { FailureCounterObject } from "./storage/durable/failure-counter.ts";
export { PacerObject } from "./storage/durable/pacer.ts";
export { ReplayGuardObject } from "./storage/durable/replay-guard.ts";
export { RequestLogObject } from "./storage/durable/request-log.ts";

/** Made when the first request or object of an isolate needs them: its bindings never change. */
let foundation: Foundation | undefined;
let services: SharedServices | undefined;
let app: UsherHono | undefined;

function foundationOf(env: Env): Foundation {
  foundation ??= createFoundation(env);
  return foundation;
}

function servicesOf(env: Env): SharedServices {
  services ??= createServices(env, foundationOf(env));
  return services;
}

/** The runtime makes objects of state and bindings alone, so here they are joined to their settings and ports. */
export class KeyRingObject extends RingObject {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env, foundationOf(env).config);
  }
}

export class OwnerLedgerObject extends LedgerObject {
  constructor(state: DurableObjectState, env: Env) {
    const notices = createNotices(servicesOf(env));
    super(state, env, createLedgerPorts(state, env, foundationOf(env), notices));
  }
}

export class WebhookObject extends QueueObject {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env, createWebhookPorts(env, foundationOf(env)));
  }
}

function start(env: Env, url: string): UsherHono {
  logWarnings(foundationOf(env).config, url);
  return createApp(servicesOf(env));
}

export default {
  fetch(request, env, context) {
    app ??= start(env, request.url);
    return app.fetch(request, env, context);
  },

  /** What has to be seen to once a day (wrangler.toml, triggers). */
  async scheduled(_controller, env) {
    await keepHouse(env, foundationOf(env));
    await removeUnusedClients(servicesOf(env));
  },
} satisfies ExportedHandler<Env>;
