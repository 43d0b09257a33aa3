import { decodeJwt } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { Prover } from "../support/server/prover.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { type Credentials, text, UMA_GRANT, World } from "../support/server/world.ts";
import { configuredWorld, type Settings } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** Clients that connect with a certificate (RFC 8705), as the edge tells of it. */

const SUBJECT = "CN=app,O=Example,C=AT";
const CONNECTION = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certFingerprintSHA256: "ab".repeat(32),
  certSubjectDNRFC2253: SUBJECT,
};
const THUMBPRINT = new Uint8Array(32).fill(0xab).toBase64({ alphabet: "base64url", omitPadding: true });
const CREDENTIALS_FORM = { grant_type: "client_credentials" };

/** The server as a client sees it that connects like this; null: without a certificate. */
function connecting(connection: object | null, settings: Settings = { CLIENT_CERTIFICATES: "verified" }): World {
  const { site } = configuredWorld(settings);
  const cf = connection === null ? {} : { tlsClientAuth: connection };
  return new World({ ...site, fetch: (request) => site.fetch(new Request(request, { cf } as RequestInit)) });
}

const world = localWorld();
const withIt = connecting(CONNECTION);
const without = connecting(null);
const withAnother = connecting({ ...CONNECTION, certFingerprintSHA256: "cd".repeat(32) });
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource();
  await scene.permitAnyone();
});

const register = (more: Readonly<Record<string, unknown>>): Promise<Credentials> => world.client(more);
const ticketForm = async () => ({ grant_type: UMA_GRANT, ticket: await scene.ticket(photo) });

describe("tls_client_auth (RFC 8705 §2.1)", () => {
  let client: Credentials;

  beforeAll(async () => {
    client = await register({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: SUBJECT });
  });

  it("lets a client in that connects with a verified certificate of its subject", async () => {
    expect((await withIt.token(client, await ticketForm())).status).toBe(200);
    expect((await withAnother.token(client, await ticketForm())).status).toBe(200);
  });

  it.each([
    ["without a certificate", null],
    ["with one of another subject", { ...CONNECTION, certSubjectDNRFC2253: "CN=app,O=Elsewhere" }],
    ["with one that was not verified", { ...CONNECTION, certVerified: "FAILED:self signed certificate" }],
    ["with one that was revoked", { ...CONNECTION, certRevoked: "1" }],
  ])("refuses it %s, and its ticket stays good", async (_, connection) => {
    const form = await ticketForm();
    expect(await connecting(connection).token(client, form)).toMatchObject(refused(401, "invalid_client"));
    expect((await withIt.token(client, form)).status).toBe(200);
  });

  it("refuses it where certificates are ignored, whatever the connection or a header says", async () => {
    const careless = connecting(CONNECTION, {});
    const form = { client_id: client.id, ...(await ticketForm()) };
    const headers = { "Cf-Client-Cert-Sha256": THUMBPRINT, "X-Client-Cert": SUBJECT, "Client-Cert": ":AA==:" };
    expect(await careless.token(client, form)).toMatchObject(refused(401, "invalid_client"));
    expect(await without.send("POST", "/token", { form, headers })).toMatchObject(refused(401, "invalid_client"));
  });

  it("is no way in for a client that is registered for another method, nor a secret for this one", async () => {
    const { c1 } = scene.cast;
    const form = { client_id: c1.id, ...(await ticketForm()) };
    expect(await withIt.send("POST", "/token", { form })).toMatchObject(refused(401, "invalid_client"));
    const basic = { id: client.id, secret: "s".repeat(43) };
    const answer = await withIt.send("POST", "/token", { basic, form: await ticketForm() });
    expect(answer).toMatchObject(refused(401, "invalid_client"));
  });

  it("is told in the metadata where it is offered", async () => {
    const metadata = async (at: World) => (await at.send("GET", "/.well-known/oauth-authorization-server")).body;
    const offered = await metadata(withIt);
    expect(offered.token_endpoint_auth_methods_supported).toContain("tls_client_auth");
    expect(offered.tls_client_certificate_bound_access_tokens).toBe(true);
    const ignored = await metadata(world);
    expect(ignored.token_endpoint_auth_methods_supported).not.toContain("tls_client_auth");
    expect(ignored.tls_client_certificate_bound_access_tokens).toBe(false);
  });

  it.each([
    ["no subject", { token_endpoint_auth_method: "tls_client_auth" }],
    ["a subject for another method", { tls_client_auth_subject_dn: SUBJECT }],
    [
      "a name that the edge does not tell",
      { token_endpoint_auth_method: "tls_client_auth", tls_client_auth_san_dns: "a" },
    ],
    ["two kinds of binding", { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true }],
  ])("is not registered with %s", async (_, registration) => {
    const body = { client_name: "a client", ...registration };
    expect(await world.admin("POST", "/clients", body)).toMatchObject(refused(400, "invalid_request"));
  });
});

describe("tokens that are bound to a certificate (RFC 8705 §3)", () => {
  const bound = { tls_client_certificate_bound_access_tokens: true };

  it("an RPT says so, in itself and in introspection, and goes as Bearer", async () => {
    const client = await register(bound);
    const answer = await withIt.token(client, await ticketForm());
    expect(answer).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
    const cnf = { "x5t#S256": THUMBPRINT };
    expect(decodeJwt(text(answer, "access_token")).cnf).toEqual(cnf);
    expect(await scene.introspect(answer.body.access_token)).toMatchObject({ active: true, token_type: "Bearer", cnf });
  });

  it("a PAT is taken on a connection with that certificate alone", async () => {
    const client = await register({ grant_types: ["client_credentials"], ...bound });
    await world.connect(scene.cast.alice, client, ["uma_protection"]);
    const bearer = text(await withIt.token(client, CREDENTIALS_FORM), "access_token");
    const list = (at: World) => at.send("GET", "/resources", { bearer });
    expect((await list(withIt)).status).toBe(200);
    for (const at of [without, withAnother, connecting(CONNECTION, {})]) {
      const answer = await list(at);
      expect(answer).toMatchObject(refused(401, "invalid_token"));
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
    }
    expect((await (await Prover.create(withIt)).send("GET", "/resources", bearer)).status).toBe(401);
  });

  it("a client that is to have such tokens gets none without a certificate, and spends nothing", async () => {
    const client = await register(bound);
    const form = await ticketForm();
    expect(await without.token(client, form)).toMatchObject(refused(400, "invalid_request"));
    const prover = await Prover.create(withIt);
    expect(await prover.token(client, form)).toMatchObject(refused(400, "invalid_request"));
    const strict = connecting(CONNECTION, { CLIENT_CERTIFICATES: "verified", SENDER_CONSTRAINED_TOKENS: "required" });
    expect((await strict.token(client, form)).status).toBe(200);
  });

  it("a refresh token of a public client needs the same certificate, one of a confidential client any", async () => {
    const refresh = (granted: Answer) => ({
      grant_type: "refresh_token",
      refresh_token: text(granted, "refresh_token"),
    });
    const open = await register({ token_endpoint_auth_method: "none", ...bound });
    const mine = await withIt.token(open, await ticketForm());
    expect(await withAnother.token(open, refresh(mine))).toMatchObject(refused(400, "invalid_grant"));
    expect((await withIt.token(open, refresh(mine))).status).toBe(200);
    const confidential = await register(bound);
    const theirs = await withIt.token(confidential, await ticketForm());
    expect(await without.token(confidential, refresh(theirs))).toMatchObject(refused(400, "invalid_request"));
    expect((await withAnother.token(confidential, refresh(theirs))).status).toBe(200);
  });
});
