import { expect, it } from "vitest";
import { discoveryReader, discoveryUrl } from "../../src/protocol/discovery.ts";

const ISSUER = "https://op.example";
const KEYS = { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
const read = discoveryReader(ISSUER, "https://as.example");

it.each(["https://op.example", "https://op.example/"])("the document of %s is at its well-known place", (issuer) => {
  expect(discoveryUrl(issuer)).toBe("https://op.example/.well-known/openid-configuration");
});

it("what is read of a document reads the same again", () => {
  const document = {
    ...KEYS,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    authorization_response_iss_parameter_supported: true,
    acr_values_supported: ["low", "high"],
  };
  const once = read({ ...document, more: "than we need", grant_types_supported: ["implicit"] });
  expect(once).toEqual(document);
  expect(read(JSON.parse(JSON.stringify(once)))).toEqual(document);
});

it.each([
  { ...KEYS, issuer: "https://mallory.example" },
  { issuer: ISSUER },
  { ...KEYS, jwks_uri: "https://10.0.0.1/keys" },
  [KEYS],
  "text",
])("%j is no document of the issuer", (document) => {
  expect(read(document)).toBeNull();
});

it.each([
  { token_endpoint: "https://10.0.0.1/token" },
  { token_endpoint: "http://op.example/token" },
  { token_endpoint: 1 },
  { userinfo_endpoint: `${ISSUER}/${"x".repeat(2_048)}` },
  { acr_values_supported: "high" },
  { authorization_response_iss_parameter_supported: "yes" },
])("%j counts as left out, and keeps nobody from the keys", (members) => {
  expect(read({ ...KEYS, ...members })).toEqual(KEYS);
});

it("of endless lists the first entries count, and of these only words", () => {
  const values = [1, null, "x".repeat(257), ...Array.from({ length: 200 }, (_, index) => `level-${index}`)];
  expect(read({ ...KEYS, acr_values_supported: values })?.acr_values_supported).toEqual(values.slice(3, 103));
});
