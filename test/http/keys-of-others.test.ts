import { afterEach, expect, it, vi } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import { refused } from "../support/server/scene.ts";
import { attempt, initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { JWT_BEARER } from "../support/server/signing-client.ts";
import { expectStatus, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { freshHost, KeyHosts } from "../support/workerd/key-hosts.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("a client whose keys are said to be where an issuer publishes its own keeps nobody from reading these", async () => {
  const world = configuredWorld({});
  const hosts = new KeyHosts();
  vi.spyOn(globalThis, "fetch").mockImplementation(hosts.fetch);
  const issuer = freshHost();
  const discovery = `${issuer}/.well-known/openid-configuration`;
  expectStatus(
    await world.admin("POST", "/issuers", { issuer, claims: [], claim_tokens: [], software_statements: true }),
    201,
  );
  const signer = await Signer.create("k1");
  hosts.serves(discovery, { issuer, jwks_uri: `${issuer}/keys` });
  hosts.serves(`${issuer}/keys`, { keys: [signer.publicJwk] });

  const token = await initialAccessToken(world);
  const keys = { token_endpoint_auth_method: "private_key_jwt", jwks_uri: discovery };
  const { id } = (await SelfRegistered.register(world, keys, token)).client;
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: id, sub: id, aud: world.site.issuer, jti: crypto.randomUUID(), exp: now + 60 };
  const proof = { client_assertion: await signer.sign(claims), client_assertion_type: JWT_BEARER };
  const asked = hosts.asked.length;
  const answer = await world.send("POST", "/token", { form: { grant_type: UMA_GRANT, ticket: "x", ...proof } });
  expect(answer).toMatchObject(refused(401, "invalid_client"));
  expect(hosts.asked.slice(asked)).toEqual([discovery]);

  const software_statement = await signer.sign({ iss: issuer, client_name: "Folio" });
  expect((await attempt(world, { software_statement }, token)).status).toBe(201);
});
