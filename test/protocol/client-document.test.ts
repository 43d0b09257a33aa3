import { describe, expect, it } from "vitest";
import {
  clientDocumentReader,
  clientOfDocument,
  hostOfClientUrl,
  isClientUrl,
  withHosts,
} from "../../src/protocol/client-document.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { MAX_CLIENT_DOCUMENT_CHARACTERS, MAX_PRESENTED_ID_CHARACTERS } from "../../src/shared/limits.ts";

const ISSUER = "https://as.example";
const LOOPBACK_ISSUER = "http://localhost:8787";
const HERE = { issuer: ISSUER, profile: PROFILES.default.choices, clientCertificates: false };
const URL_OF_APP = "https://app.example:8443/client";
const KEYS = { keys: [{ kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) }] };
const BY_KEY = { token_endpoint_auth_method: "private_key_jwt", jwks: KEYS };

const documentWith = (more: object) => ({ client_id: URL_OF_APP, ...more });
const clientOf = (more: object, config = HERE) => clientOfDocument(documentWith(more), URL_OF_APP, config);

const ofLength = (length: number) => "https://app.example/".padEnd(length, "a");

describe("an id that leads to a document", () => {
  it.each([
    ["https://app.example/client", true],
    ["https://app.example:8443/a/client.json", true],
    [ofLength(MAX_PRESENTED_ID_CHARACTERS), true],
    [ofLength(MAX_PRESENTED_ID_CHARACTERS + 1), false],
    ["https://app.example/", false],
    ["https://app.example", false],
    ["https://app.example/client?of=ana", false],
    ["https://app.example/client#part", false],
    ["https://me@app.example/client", false],
    ["https://app.example/a/../client", false],
    ["https://10.0.0.1/client", false],
    ["http://app.example/client", false],
    ["com.example.app:/client", false],
    ["c1", false],
  ])("%s: %s", (id, isOne) => {
    expect(isClientUrl(id, ISSUER)).toBe(isOne);
  });

  it("is on loopback only where this server is", () => {
    const id = "http://localhost:9000/client";
    expect([isClientUrl(id, LOOPBACK_ISSUER), isClientUrl(id, ISSUER)]).toEqual([true, false]);
  });
});

it.each([
  [URL_OF_APP, "app.example:8443"],
  ["c1", null],
  ["urn:app", null],
  ["a/b", null],
])("the host of %s is %s", (id, host) => {
  expect(hostOfClientUrl(id)).toBe(host);
});

it("who has a name keeps it, and who has none is called by its host", () => {
  const names = new Map([
    ["https://named.example/client", "Folio"],
    ["c1", "Printer"],
  ]);
  const shown = withHosts(names, ["https://named.example/client", "https://other.example/client", "c2", "c1"]);
  expect([...shown]).toEqual([...names, ["https://other.example/client", "other.example"]]);
});

describe("a document that describes a client", () => {
  it("makes one on nobody's word but its own", () => {
    const said = { client_name: "Folio", redirect_uris: ["https://app.example:8443/cb"], may_push_claims: true };
    const client = clientOf({ ...said, client_uri: "https://app.example:8443/about" });
    expect(client).toMatchObject({
      id: URL_OF_APP,
      name: "Folio",
      clientUri: "https://app.example:8443/about",
      authenticationMethod: "none",
      secretHash: null,
      provenance: "document",
      createdAt: 0,
      redirectUris: said.redirect_uris,
      mayPushClaims: false,
      connectionScopes: [],
    });
    expect(client).not.toHaveProperty("clientSecret");
  });

  it("is shown by its host where it says no name, and no page at its host", () => {
    const shown = { name: "app.example:8443", clientUri: "https://app.example:8443/" };
    expect(clientOf({})).toMatchObject(shown);
    expect(clientOf({ client_uri: "https://bank.example/" })).toMatchObject(shown);
    // Where it sends people back to is nothing that anybody knows to be its own.
    const redirect_uris = ["https://bank.example/cb"];
    expect(clientOf({ redirect_uris, client_uri: "https://bank.example/" })).toMatchObject(shown);
  });

  it("may say that its client proves itself by a key", () => {
    expect(clientOf(BY_KEY)).toMatchObject({ authenticationMethod: "private_key_jwt", jwks: KEYS });
  });

  it.each<[string, object]>([
    ["of another URL", { client_id: "https://app.example:8443/other" }],
    ["of no URL", { client_id: undefined }],
    ["with a secret that all can read", { client_secret: "s".repeat(43) }],
    ["with when its secret ends", { client_secret_expires_at: 0 }],
    ["by a secret", { token_endpoint_auth_method: "client_secret_basic" }],
    ["by a secret in the body", { token_endpoint_auth_method: "client_secret_post" }],
    ["by a key that it does not tell", { token_endpoint_auth_method: "private_key_jwt" }],
    ["with a grant that is not for anybody", { ...BY_KEY, grant_types: ["client_credentials"] }],
    ["with a redirection URI that is none", { redirect_uris: ["/cb"] }],
  ])("describes none %s", (_, more) => {
    expect(clientOf(more)).toBeNull();
  });

  it("describes none that may not be here", () => {
    const strict = { ...HERE, profile: PROFILES.strict.choices };
    expect(clientOf({}, strict)).toBeNull();
    expect(clientOf(BY_KEY, strict)).not.toBeNull();
  });

  it("is not blamed for what is wrong here", () => {
    const broken = { ...HERE, issuer: "as" };
    expect(() => clientOf({ client_uri: "http://localhost:9000/" }, broken)).toThrow(TypeError);
  });
});

describe("what is read at the URL of a client", () => {
  const read = clientDocumentReader(URL_OF_APP, HERE);

  it("is kept as it is, and read again as the same", () => {
    const members = documentWith({ client_name: "Folio", logo_uri: "https://app.example/logo.png" });
    expect(read(members)).toEqual(members);
    expect(read(read(members))).toEqual(members);
  });

  it.each([undefined, null, "text", 1, [], {}, documentWith({ client_secret: "s" })])("is nothing for %j", (body) => {
    expect(read(body)).toBeNull();
  });

  it("has an end", () => {
    const rest = MAX_CLIENT_DOCUMENT_CHARACTERS - JSON.stringify(documentWith({ x: "" })).length;
    expect(read(documentWith({ x: "a".repeat(rest) }))).not.toBeNull();
    expect(read(documentWith({ x: "a".repeat(rest + 1) }))).toBeNull();
  });
});
