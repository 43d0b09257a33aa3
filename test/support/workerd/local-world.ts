import { exports } from "cloudflare:workers";
import { World } from "../server/world.ts";

/** The Worker under test, in this very runtime. */
export function localWorld(): World {
  return new World({
    fetch: (request) => exports.default.fetch(request),
    issuer: "http://localhost:8787",
    adminSecret: "test-admin-secret-0123456789abcdef",
  });
}
