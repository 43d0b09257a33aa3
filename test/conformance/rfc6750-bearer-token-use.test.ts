import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer, Call } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
/** docs/api.md. */
const PAT_LIFETIME_SECONDS = 3_600;
let scene: Scene;
let pat: string;
let photo: string;
let rpt: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  pat = scene.rs1.pat;
  photo = await scene.rs1.register("view");
  await scene.permitAnyone();
  rpt = await scene.rpt(permission(photo, "view"));
});

afterEach(() => {
  vi.useRealTimers();
});

const list = (call: Call, query = "") => world.send("GET", `/resources${query}`, call);

/** Each protected endpoint, asked for something that would be fine with a PAT. */
const PROTECTED: readonly (readonly [path: string, ask: (call: Call) => ReturnType<typeof list>])[] = [
  ["/resources", (call) => list(call)],
  ["/resources/{id}", (call) => world.send("GET", `/resources/${photo}`, call)],
  ["/permission", (call) => world.send("POST", "/permission", { ...call, json: permission(photo, "view") })],
  ["/introspection", (call) => world.send("POST", "/introspection", { ...call, form: { token: rpt } })],
];

describe("the header (RFC 6750 §2)", () => {
  it.each(["Bearer", "bearer", "BEARER"])("O-6750-2.1-header takes the scheme as %s", async (scheme) => {
    expect((await list({ authorization: `${scheme} ${pat}` })).status).toBe(200);
  });

  it.each(["Basic", "Token", "DPoP", "Bearer:"])("O-6750-2.1-header takes no PAT under %s", async (scheme) => {
    expect((await list({ authorization: `${scheme} ${pat}` })).status).toBe(401);
  });

  it("O-6750-2.3-no-query-token takes nothing from the URL", async () => {
    const answer = await list({}, `?access_token=${pat}`);
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain(photo);
  });

  it("O-6750-2-one-method refuses a token that comes twice", async () => {
    const twice = { status: 400, body: { error: "invalid_request" } };
    const form = { token: rpt, access_token: pat };
    expect(await world.send("POST", "/introspection", { bearer: pat, form })).toMatchObject(twice);
    expect(await list({ bearer: pat }, `?access_token=${pat}`)).toMatchObject(twice);
  });
});

function expectInvalid(answer: Answer): void {
  expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
  expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
}

describe("the challenge (RFC 6750 §3)", () => {
  it.each(PROTECTED)(
    "O-6750-3-challenge O-6750-3.1-no-error-when-absent %s asks for a token, and names no error",
    async (_, ask) => {
      const answer = await ask({});
      expect(answer.status).toBe(401);
      const challenge = answer.headers.get("www-authenticate");
      expect(challenge).toMatch(/^Bearer /);
      expect(challenge).not.toContain("error=");
    },
  );

  it.each(PROTECTED)("O-6750-3.1-invalid-token %s says when a token is no good", async (_, ask) => {
    for (const bearer of ["garbage", "a.b.c", `${pat.slice(0, -4)}AAAA`, rpt, `${pat}.`]) {
      expectInvalid(await ask({ bearer }));
    }
  });

  it.each(PROTECTED)("O-6750-3.1-invalid-token %s says when a token has expired", async (_, ask) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + PAT_LIFETIME_SECONDS * 1_000 });
    expectInvalid(await ask({ bearer: pat }));
  });

  it.each(PROTECTED)("O-6750-3.1-invalid-token %s says when a token was revoked", async (_, ask) => {
    const client = await world.client({ grant_types: ["client_credentials"] });
    await world.connect(scene.cast.alice, client, ["uma_protection"]);
    const bearer = await world.connectedToken(client);
    expect((await list({ bearer })).status).toBe(200);
    expect((await world.send("POST", "/revocation", { basic: client, form: { token: bearer } })).status).toBe(200);
    expectInvalid(await ask({ bearer }));
  });

  it.each(["/permission", "/resources"])(
    "O-6750-3.1-insufficient-scope %s names the scope that is missing",
    async (path) => {
      const answer = await world.send("POST", path, { bearer: scene.tool, json: permission(photo, "view") });
      expect(answer).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
      const challenge = answer.headers.get("www-authenticate");
      expect(challenge).toMatch(/^Bearer .*error="insufficient_scope"/);
      expect(challenge).toContain('scope="uma_protection"');
    },
  );
});
