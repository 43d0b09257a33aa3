import { env } from "cloudflare:workers";
import { createApp } from "../../../src/app.ts";
import { createFoundation, createServices } from "../../../src/services.ts";
import { World } from "../server/world.ts";
import { checkDescribed } from "./described-answers.ts";
import { localWorld } from "./local-world.ts";

/** Variables (docs/operations.md, "Settings"), where they differ from the usual. */
export type Settings = Readonly<Record<string, string>>;

/** The Worker as it starts with other settings; storage, and what runs in the Durable Objects, stays the same. */
export function configuredWorld(settings: Settings): World {
  const configured: Env = { ...env, ...settings };
  const app = createApp(createServices(configured, createFoundation(configured)));
  const { issuer, adminSecret } = localWorld().site;
  const own = settings.ISSUER ?? issuer;
  const fetch = async (request: Request) => {
    const response = await app.fetch(request);
    await checkDescribed(own, request, response);
    return response;
  };
  return new World({ fetch, issuer: own, adminSecret });
}
