import { env, withEnv } from "cloudflare:workers";
import { vi } from "vitest";
import { localWorld } from "./local-world.ts";
import { World } from "./world.ts";

/** Variables of wrangler.toml (README.md, "Settings"), where they differ from the usual. */
export type Settings = Readonly<Record<string, string>>;

/**
 * The Worker as it starts with other settings; storage, and what runs in the Durable Objects, stays the same. Comes
 * before everything else in a test file, because objects that run already are reset by it.
 */
export async function configuredWorld(settings: Settings): Promise<World> {
  const app = await startApp({ ...env, ...settings });
  const { issuer, adminSecret } = localWorld().site;
  const fetch = async (request: Request) => app.fetch(request);
  return new World({ fetch, issuer: settings.ISSUER ?? issuer, adminSecret });
}

/** Settings are read once in an isolate, so modules of its own stand for an isolate of its own. */
async function startApp(configured: Env) {
  vi.resetModules();
  const [{ createApp }, { createServices }] = await Promise.all([
    import("../../src/app.ts"),
    import("../../src/services.ts"),
  ]);
  const app = Promise.withResolvers<ReturnType<typeof createApp>>();
  withEnv(configured, () => app.resolve(createApp(createServices(configured))));
  vi.resetModules();
  return app.promise;
}
