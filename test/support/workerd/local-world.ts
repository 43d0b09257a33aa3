import { exports } from "cloudflare:workers";
import { World } from "../server/world.ts";
import { checkDescribed } from "./described-answers.ts";

const ISSUER = "http://localhost:8787";

/** The Worker under test, in this very runtime. Whatever it answers has to be as it is described. */
export function localWorld(): World {
  return new World({
    fetch: async (request) => {
      const response = await exports.default.fetch(request);
      await checkDescribed(ISSUER, request, response);
      return response;
    },
    issuer: ISSUER,
    adminSecret: "test-admin-secret-0123456789abcdef",
  });
}
