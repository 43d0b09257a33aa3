import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { ANYONE, Scene } from "../support/server/scene.ts";
import { UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const ALLOWED = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;
const ODD = ['a "quoted" word', "back\\slash", "line\nbreak", "carriage\r\nX-Injected: yes", "é", "<script>x</script>"];
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permit(photo, ["view"], ANYONE);
});

const grant = async () => scene.redeem(await scene.ticket(photo));

/** One success of each grant. */
const SUCCESSES: readonly (readonly [grant: string, ask: () => Promise<Answer>])[] = [
  ["client_credentials", () => world.token(scene.cast.rs1, { grant_type: "client_credentials" })],
  ["uma-ticket", grant],
  ["refresh_token", async () => scene.refresh(scene.cast.c1, (await grant()).body.refresh_token)],
];

describe("a success (§5.1)", () => {
  it.each(SUCCESSES)(
    "O-6749-5.1-members O-6749-5.1-expires-in %s says what it gives, and for how long",
    async (_, ask) => {
      const { status, body, headers } = await ask();
      expect(status).toBe(200);
      expect(headers.get("content-type")).toMatch(/^application\/json/);
      expect(body).toMatchObject({ access_token: expect.stringMatching(/./), token_type: "Bearer" });
      expect(body.expires_in).toBeTypeOf("number");
      expect(body.expires_in).toBeGreaterThan(0);
    },
  );

  it.each(SUCCESSES)("O-6749-5.1-no-store %s may be kept by no cache", async (_, ask) => {
    const { headers } = await ask();
    expect(headers.get("cache-control")).toContain("no-store");
    expect(headers.get("pragma")).toBe("no-cache");
  });

  it("O-6749-5.1-no-store nor may a client's secret, shown this once, or a refusal", async () => {
    const made = await world.admin("POST", "/clients", { client_name: "C9" });
    expect(made.body).toHaveProperty("client_secret");
    const refused = await world.token(scene.cast.c1, { grant_type: UMA_GRANT, ticket: "x" });
    for (const { headers } of [made, refused]) expect(headers.get("cache-control")).toContain("no-store");
  });

  it("O-6749-4.4.3-no-refresh client credentials bring no refresh token", async () => {
    const able = await world.client({ grant_types: ["client_credentials", "refresh_token"] });
    await world.connect(scene.cast.alice, able, ["uma_protection"]);
    for (const client of [scene.cast.rs1, able]) {
      const { status, body } = await world.token(client, { grant_type: "client_credentials" });
      expect(status).toBe(200);
      expect(body).not.toHaveProperty("refresh_token");
    }
  });
});

describe("a refusal (§5.2)", () => {
  it.each(ODD)(
    "O-6749-5.2-description-charset O-6749-10.14-input stays within the allowed characters for %j",
    async (odd) => {
      const { c1, rs1 } = scene.cast;
      const answers = [
        await world.token(c1, { grant_type: odd }),
        await world.token(c1, { grant_type: UMA_GRANT, ticket: odd }),
        await world.token(c1, { grant_type: UMA_GRANT, ticket: "x", scope: odd }),
        await world.token(c1, { grant_type: "refresh_token", refresh_token: odd }),
        await world.token(rs1, { grant_type: "client_credentials", scope: odd }),
        await world.token(rs1, { grant_type: "client_credentials", resource_owner: odd }),
        await world.token({ id: odd, secret: odd }, { grant_type: "client_credentials" }),
        await world.send("POST", "/token", { form: { client_id: odd } }),
        await world.send("POST", "/permission", {
          bearer: scene.pat,
          json: { resource_id: odd, resource_scopes: [odd] },
        }),
        await world.admin("POST", "/clients", { client_name: odd, [odd]: odd }),
      ];
      for (const { status, headers, body } of answers) {
        expect(status).toBeOneOf([400, 401]);
        expect(headers.get("content-type")).toMatch(/^application\/json/);
        expect(headers.has("x-injected")).toBe(false);
        expect(body.error).toMatch(ALLOWED);
        expect(body.error_description).toMatch(ALLOWED);
      }
    },
  );
});
