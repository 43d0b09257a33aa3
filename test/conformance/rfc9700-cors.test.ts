import { beforeAll, describe, expect, it } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const ORIGIN = "https://app.example";
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open(world);
});

const PREFLIGHT = { Origin: ORIGIN, "Access-Control-Request-Method": "POST" };

describe("a page in a browser", () => {
  it.each([
    "/token",
    "/revocation",
    "/introspection",
    "/permission",
    "/resources",
    "/jwks",
    "/.well-known/uma2-configuration",
    "/.well-known/oauth-authorization-server",
  ])("O-9700-2.6-cors may call %s, but never with what the browser knows of the user", async (path) => {
    const headers = { ...PREFLIGHT, "Access-Control-Request-Headers": "authorization,content-type,dpop" };
    const answer = await world.send("OPTIONS", path, { headers });
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-headers")?.toLowerCase()).toMatch(/authorization.*dpop/);
    expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
  });

  it("O-9700-2.6-cors learns nothing of where the authorization endpoint leads, of whoever is signed in", async () => {
    const app = await CodeApp.register(world);
    const browser = await (await Resident.settle()).browse(world.site);
    for (const path of [app.path(), app.path({ prompt: "none" }), app.path({ client_id: "unknown" })]) {
      const { status, headers } = await browser.request("GET", path, { headers: { Origin: ORIGIN } });
      expect([status, headers.has("access-control-allow-origin")]).toEqual([expect.toBeOneOf([303, 400]), false]);
    }
  });

  it("O-9700-2.6-cors can read an answer and a refusal", async () => {
    const headers = { Origin: ORIGIN };
    const form = { grant_type: "client_credentials" };
    const answers = [
      await world.send("POST", "/token", { basic: scene.cast.rs1, form, headers }),
      await world.send("GET", "/resources", { bearer: scene.rs1.pat, headers }),
      await world.send("GET", "/resources", { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401]);
    for (const answer of answers) {
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      expect(answer.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
      expect(answer.headers.get("access-control-expose-headers")).toContain("DPoP-Nonce");
    }
  });

  it.each([
    "/authorize",
    "/authorize/consent",
    "/claims",
    "/claims/interaction",
    "/sign-in",
    "/logout",
    "/console",
    "/admin/clients",
    "/admin/keys",
    "/",
  ])("O-9700-2.6-cors may not call %s", async (path) => {
    for (const method of ["OPTIONS", "GET", "POST"]) {
      const answer = await world.send(method, path, { headers: PREFLIGHT });
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    }
  });
});
