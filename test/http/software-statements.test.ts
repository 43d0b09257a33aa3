import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Signer } from "../support/pure/signer.ts";
import { CodeApp } from "../support/server/code-app.ts";
import { refused } from "../support/server/scene.ts";
import { attempt, initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const CALLBACK = "https://folio.example/cb";
const HOUR = 3_600;
const ATTESTED = { client_name: "Folio", redirect_uris: [CALLBACK], client_uri: "https://maker.example/" };

const world = localWorld();
const publisher = `https://publisher-${crypto.randomUUID()}.example`;
let signer: Signer;
let token: string;

beforeAll(async () => {
  signer = await Signer.create("k1");
  token = await initialAccessToken(world, { connection_scopes: ["uma_protection"] });
  await trust({ software_statements: true });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function trust(more: object, issuer = publisher): Promise<string> {
  const entry = { issuer, jwks: { keys: [signer.publicJwk] }, claims: [], claim_tokens: [], ...more };
  return text(expectStatus(await world.admin("POST", "/issuers", entry), 201), "id");
}

const statementOf = (claims: Readonly<Record<string, unknown>> = {}, header = {}) =>
  signer.sign({ iss: publisher, ...ATTESTED, ...claims }, header);
const register = async (metadata: object, statement: string | Promise<string>) =>
  attempt(world, { ...metadata, software_statement: await statement }, token);

describe("a client with a software statement", () => {
  it("is what the statement says, whatever it says itself, and is told the statement again", async () => {
    const software_statement = await statementOf({ may_push_claims: true, software_id: "folio" });
    const said = { client_name: "Bank", redirect_uris: ["https://evil.example/"], scope: "view", software_statement };
    const { body } = expectStatus(await attempt(world, said, token), 201);
    expect(body).toMatchObject({ ...ATTESTED, scope: "view", software_statement });
    const kept = (await world.admin("GET", `/clients/${body.client_id}`)).body;
    expect(kept).toMatchObject({ provenance: "software_statement", may_push_claims: false });
  });

  it("is shown as checked, by its home page", async () => {
    const software_statement = await statementOf();
    const { client } = await SelfRegistered.register(world, { scope: "uma_protection", software_statement }, token);
    const browser = await (await Resident.settle()).browse(world.site);
    const page = await CodeApp.of(world, client, CALLBACK).ask(browser);
    expect(page.text).toContain("maker.example");
    expect(page.text).not.toContain("Not checked by us");
  });

  it.each([
    ["where people are sent back to", { redirect_uris: undefined }],
    ["where people are sent back to, but that it is nowhere", { redirect_uris: null }],
    ["what it is called", { client_name: undefined }],
  ])("is not vouched for where the statement does not say %s", async (_what, claims) => {
    const said = { client_name: "Folio", redirect_uris: ["https://evil.example/"] };
    const { body } = expectStatus(await register(said, statementOf(claims)), 201);
    expect((await world.admin("GET", `/clients/${body.client_id}`)).body.provenance).toBe("itself");
  });

  it("is not vouched for where the statement leaves open where people go who sign out", async () => {
    const said = { post_logout_redirect_uris: ["https://evil.example/out"] };
    const provenance = async (claims: object) => {
      const { body } = expectStatus(await register(said, statementOf({ ...claims })), 201);
      return (await world.admin("GET", `/clients/${body.client_id}`)).body.provenance;
    };
    expect(await provenance({})).toBe("itself");
    const attested = { post_logout_redirect_uris: ["https://folio.example/out"] };
    expect(await provenance(attested)).toBe("software_statement");
  });

  it("is called in no language what the statement does not say", async () => {
    const said = { "client_name#de": "Bank", "client_name#fr": "Banque" };
    const { body } = expectStatus(await register(said, statementOf({ "client_name#fr": "Folio en français" })), 201);
    const names = Object.entries(body).filter(([member]) => member.startsWith("client_name"));
    expect(Object.fromEntries(names)).toEqual({ client_name: "Folio", "client_name#fr": "Folio en français" });
  });

  it("is not vouched for any more once it says anew what it is, and brings no statement", async () => {
    vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
    const software_statement = await statementOf();
    const registered = await SelfRegistered.register(world, { software_statement }, token);
    expect((await registered.read()).body.software_statement).toBe(software_statement);
    const provenance = async () => (await world.admin("GET", `/clients/${registered.client.id}`)).body.provenance;
    expect((await registered.replace({ software_statement })).status).toBe(200);
    expect(await provenance()).toBe("software_statement");
    const { body } = await registered.replace({ client_name: "Bank", redirect_uris: [CALLBACK] });
    expect(body).not.toHaveProperty("software_statement");
    expect((await registered.read()).body).not.toHaveProperty("software_statement");
    expect(await provenance()).toBe("itself");
  });

  it("may bring one that is meant for this server, or expires one day", async () => {
    const now = Math.floor(Date.now() / 1_000);
    for (const claims of [{ aud: world.site.issuer }, { exp: now + HOUR }, { iat: now }])
      expect((await register({}, statementOf(claims))).status).toBe(201);
    expect((await register({}, statementOf({}, { typ: "software-statement+jwt" }))).status).toBe(201);
  });
});

const INVALID = refused(400, "invalid_software_statement");
const UNAPPROVED = refused(400, "unapproved_software_statement");

describe("a software statement is refused", () => {
  it.each([
    ["that has expired", { exp: 1 }],
    ["from the future", { iat: 4_000_000_000 }],
    ["that is for others", { aud: "https://other.example" }],
  ])("%s", async (_what, claims) => {
    expect(await register({}, statementOf(claims))).toMatchObject(INVALID);
  });

  it("that is none, or is signed by somebody else, or is a token of another kind", async () => {
    for (const none of ["x", "a.b.c"]) expect(await register({}, none)).toMatchObject(INVALID);
    expect(await attempt(world, { software_statement: 1 }, token)).toMatchObject(INVALID);
    const stranger = await Signer.create("k1");
    expect(await register({}, stranger.sign({ iss: publisher, ...ATTESTED }))).toMatchObject(INVALID);
    expect(await register({}, statementOf({}, { typ: "at+jwt" }))).toMatchObject(INVALID);
  });

  it("of an issuer who may not vouch for software, or is nobody here", async () => {
    const other = `https://idp-${crypto.randomUUID()}.example`;
    await trust({}, other);
    for (const iss of [other, "https://nobody.example", undefined])
      expect(await register({}, statementOf({ iss }))).toMatchObject(UNAPPROVED);
  });

  it("that says what no client may be", async () => {
    const answer = await register({}, statementOf({ redirect_uris: ["http://folio.example/cb"] }));
    expect(answer).toMatchObject(refused(400, "invalid_redirect_uri"));
  });
});

it("the operator reads who may vouch for software", async () => {
  const issuer = `https://publisher-${crypto.randomUUID()}.example`;
  const id = await trust({ software_statements: true }, issuer);
  expect((await world.admin("GET", `/issuers/${id}`)).body).toMatchObject({ issuer, software_statements: true });
});
