import { expect, it } from "vitest";
import { ID_TOKEN_FORMAT, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const discover = () => world.send("GET", "/.well-known/uma2-configuration");

it("G-2-discovery-available the document needs no credentials", async () => {
  const { status, headers } = await discover();
  expect(status).toBe(200);
  expect(headers.get("content-type")).toMatch(/^application\/json/);
});

it("G-2-discovery-structure the document is RFC 8414 metadata: no empty list, every endpoint a whole URL", async () => {
  const { body } = await discover();
  expect(body.issuer).toBe(world.site.issuer);
  for (const member of ["token_endpoint", "response_types_supported"]) expect(body).toHaveProperty(member);
  for (const [member, value] of Object.entries(body)) {
    if (Array.isArray(value)) expect(value, member).not.toHaveLength(0);
    if (member.endsWith("_endpoint") || member.endsWith("_uri")) expect(isSafeUrl(value), member).toBe(true);
  }
});

it.each(["https://as.example", "https://as.example/t1", "https://as.example/a/b"])(
  "G-2-discovery-location the document is below the issuer, and repeats it byte for byte: %s",
  async (issuer) => {
    const configured = configuredWorld({ ISSUER: issuer });
    const { status, body } = await configured.send("GET", `${issuer}/.well-known/uma2-configuration`);
    expect([status, body.issuer, body.token_endpoint]).toEqual([200, issuer, `${issuer}/token`]);
  },
);

it("G-2-grant-advertised the UMA grant is among the grant types", async () => {
  expect((await discover()).body.grant_types_supported).toContain(UMA_GRANT);
});

it("G-2-profiles-metadata G-2-profiles-listed profiles are URIs, and the claim token profile is one of them", async () => {
  const profiles = (await discover()).body.uma_profiles_supported as readonly string[];
  expect(profiles).toContain(ID_TOKEN_FORMAT);
  for (const profile of profiles) expect(URL.canParse(profile), profile).toBe(true);
});

it.each(["default", "strict", "lenient"])(
  "G-2-profiles-listed of the profiles the one that is kept, such as %s",
  async (name) => {
    const { body } = await configuredWorld({ PROFILE: name }).send("GET", "/.well-known/uma2-configuration");
    expect(body.uma_profiles_supported).toEqual([ID_TOKEN_FORMAT, `${body.issuer}/profile#${name}`]);
  },
);

it("G-2-profiles-listed none is listed of which one choice is made otherwise", async () => {
  const { body } = await configuredWorld({ CLAIM_TOKENS: "signed" }).send("GET", "/.well-known/uma2-configuration");
  expect(body.uma_profiles_supported).toEqual([ID_TOKEN_FORMAT]);
});

/** https, or http on loopback in development. */
function isSafeUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || ["localhost", "127.0.0.1"].includes(hostname);
}
