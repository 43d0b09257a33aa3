import { beforeAll, describe, expect, it } from "vitest";
import type { Answer, Call } from "../support/server/http-site.ts";
import { Prover } from "../support/server/prover.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { JWT_BEARER, SigningClient } from "../support/server/signing-client.ts";
import { expectStatus, text, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** The profile `strict` from end to end (docs/profile.md): keys for clients and for tokens, and nothing beside them. */

const strict = configuredWorld({ PROFILE: "strict" });
let scene: Scene;

/** A client that signs who it is, and proves the key that its tokens are bound to. */
class KeyClient {
  nonce = "";

  private constructor(
    readonly client: SigningClient,
    readonly prover: Prover,
  ) {}

  static async register(grants: readonly string[]): Promise<KeyClient> {
    const client = await SigningClient.register(strict);
    const jwks = { keys: [client.signer.publicJwk] };
    const registration = { client_name: "key client", token_endpoint_auth_method: "private_key_jwt", jwks };
    const { id } = client.credentials;
    expectStatus(await strict.admin("PUT", `/clients/${id}`, { ...registration, grant_types: grants }), 200);
    return new KeyClient(client, await Prover.create(strict));
  }

  /** Asks for a token, once more where a nonce is asked for. */
  async token(form: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#twice(async (claims) => {
      const proof = { client_assertion: await this.client.assertion(), client_assertion_type: JWT_BEARER };
      return this.prover.token(this.client.credentials, { ...form, ...proof }, { claims });
    });
  }

  async send(method: string, path: string, token: string, call: Call): Promise<Answer> {
    return this.#twice((claims) => this.prover.send(method, path, token, call, { claims }));
  }

  async #twice(ask: (claims: Readonly<Record<string, unknown>>) => Promise<Answer>): Promise<Answer> {
    const answer = await ask(this.nonce === "" ? {} : { nonce: this.nonce });
    if (answer.headers.get("dpop-nonce") === null || answer.status < 400) return answer;
    this.nonce = answer.headers.get("dpop-nonce") ?? "";
    return ask({ nonce: this.nonce });
  }
}

beforeAll(async () => {
  scene = await Scene.open(localWorld());
  await scene.permitAnyone();
});

describe("where the profile is strict", () => {
  it("a resource server and an app with keys come to an RPT, bound to a key as the PAT is", async () => {
    const [records, app] = [await KeyClient.register(["client_credentials"]), await KeyClient.register([UMA_GRANT])];
    await strict.connect(scene.cast.alice, records.client.credentials, ["uma_protection"]);
    const pat = expectStatus(await records.token({ grant_type: "client_credentials" }), 200);
    expect(pat.body).toMatchObject({ token_type: "DPoP", expires_in: 600 });
    const bound = text(pat, "access_token");
    const made = await records.send("POST", "/resources", bound, { json: { resource_scopes: ["view"] } });
    const permission = { resource_id: text(expectStatus(made, 201), "_id"), resource_scopes: ["view"] };
    const ticket = text(await records.send("POST", "/permission", bound, { json: permission }), "ticket");
    const rpt = expectStatus(await app.token({ grant_type: UMA_GRANT, ticket }), 200);
    expect(rpt.body.token_type).toBe("DPoP");
    const form = { token: text(rpt, "access_token") };
    expect((await records.send("POST", "/introspection", bound, { form })).body).toMatchObject({
      active: true,
      token_type: "DPoP",
      cnf: { jkt: app.prover.jkt },
      permissions: [permission],
    });
    expect(await strict.send("POST", "/introspection", { bearer: bound, form })).toMatchObject(
      refused(401, "invalid_token"),
    );
  });

  it("nobody gets a token without a key, and nothing is spent by asking", async () => {
    const app = await KeyClient.register([UMA_GRANT]);
    const photo = await scene.resource();
    const form = { grant_type: UMA_GRANT, ticket: await scene.ticket(photo) };
    const proof = { client_assertion: await app.client.assertion(), client_assertion_type: JWT_BEARER };
    const unbound = await strict.send("POST", "/token", { form: { ...form, ...proof } });
    expect(unbound).toMatchObject(refused(400, "invalid_dpop_proof"));
    expect((await app.token(form)).status).toBe(200);
  });

  it("clients with secrets, and clients without any, are not served", async () => {
    const photo = await scene.resource();
    for (const registration of [{}, { token_endpoint_auth_method: "none" }]) {
      const client = await strict.client(registration);
      const answer = await strict.uma(client, await scene.ticket(photo));
      expect(answer).toMatchObject(refused(401, "invalid_client"));
    }
  });

  it("its URI is told, and nobody else's", async () => {
    const { body } = await strict.send("GET", "/.well-known/uma2-configuration");
    const profiles = (body.uma_profiles_supported as readonly string[]).filter((uri) => uri.includes("/profile#"));
    expect(profiles).toEqual([`${strict.site.issuer}/profile#strict`]);
  });
});

it("where the profile is lenient, a client for OpenID and a resource server with its secret alone come through", async () => {
  const lenient = configuredWorld({ PROFILE: "lenient" });
  const open = await Scene.open(lenient);
  const photo = await open.resource();
  await open.permitAnyone();
  const { body } = await open.redeem(await open.ticket(photo), { scope: "openid" });
  const form = { token: String(body.access_token) };
  const answer = await lenient.send("POST", "/introspection", { basic: open.cast.rs1, form });
  expect(answer.body).toMatchObject({ active: true, permissions: [{ resource_id: photo, resource_scopes: ["view"] }] });
});
