import { env } from "cloudflare:workers";
import { createApp } from "../../../src/app.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { World } from "../server/world.ts";
import { localWorld } from "./local-world.ts";

/**
 * The Worker with pacers of its own, and a development mailbox: how many letters it sends, and when by its clock, is no
 * matter to the tests of others.
 * @param changes to settings and bindings.
 */
export function mailWorld(changes: Readonly<Record<string, unknown>> = {}): World {
  const own = crypto.randomUUID();
  const pacer = { getByName: (name: string) => env.PACER.getByName(`${own}-${name}`) };
  const bindings = { ...env, PACER: pacer, ...changes } as unknown as Env;
  const app = createApp(createServices(bindings, createFoundation(bindings)));
  const { issuer, adminSecret } = localWorld().site;
  return new World({ fetch: async (request) => app.fetch(request), issuer, adminSecret });
}
