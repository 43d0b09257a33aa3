import { expect, it } from "vitest";
import api from "../../docs/api.md?raw";
import profiles from "../../docs/profile.md?raw";
import { CLAIM_TOKEN_KINDS, usualFormatOf } from "../../src/protocol/claim-token-format.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

/** The paragraphs of docs/api.md that speak of something. */
const paragraphsAbout = (word: string) => api.split(/\n\n|\n- /).filter((paragraph) => paragraph.includes(word));

it("G-3.3.5.1-upgrade-documented docs/api.md says when RPTs are upgraded, and what becomes of the old one", () => {
  const about = paragraphsAbout("upgrade").join("\n");
  for (const matter of [/`rpt`.*`upgraded: true`/s, /old RPT.*end/s, /refresh token/, /another.*party/s, /expired/]) {
    expect(about).toMatch(matter);
  }
});

it("G-4-profile-uri every profile in the metadata is a URI that the documentation explains", async () => {
  const { body } = await world.send("GET", "/.well-known/uma2-configuration");
  for (const profile of body.uma_profiles_supported as readonly string[]) {
    expect(profile).toMatch(/^(https?|urn):/);
    const [, name] = profile.split("/profile#");
    const explained = name === undefined ? paragraphsAbout(profile).join("\n\n") : profiles;
    expect(explained).toContain(name === undefined ? profile : `\`${name}\``);
  }
});

it("G-4-profile-uri every profile that the documentation names has its URI in the metadata, which leads to it", async () => {
  const [, row = ""] = profiles.match(/^\| Setting \|(.*)\|$/m) ?? [];
  const names = [...row.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  expect(names).toHaveLength(3);
  for (const name of names) {
    const configured = configuredWorld({ PROFILE: name, ISSUER: "https://as.example" });
    const { body } = await configured.send("GET", "/.well-known/uma2-configuration");
    expect(body.uma_profiles_supported).toContain(`https://as.example/profile#${name}`);
    const page = await configured.send("GET", "/profile", { headers: { Accept: "text/html" } });
    expect([page.status, page.text.includes(`id="${name}"`)]).toEqual([200, true]);
  }
});

it("G-5.7-document-trust docs/api.md says whose ID Tokens count, with which keys and for whom", () => {
  const about = paragraphsAbout(ID_TOKEN_FORMAT).join("\n");
  for (const matter of [/trust.*list of issuers/s, /jwks_uri/, /OpenID discovery/, /audiences/]) {
    expect(about).toMatch(matter);
  }
});

it.each(CLAIM_TOKEN_KINDS)(
  "G-5.7-document-trust docs/api.md says of the form %s how it is known, and for whom it must be",
  (kind) => {
    const [, section = ""] = api.split(/\n## Claim tokens\n/);
    expect(section).toMatch(new RegExp(`^\\| \`${kind}\` \\| \`${usualFormatOf(kind)}\` \\|`, "m"));
    const conditions =
      kind === "access_token"
        ? /\*\*An access token\*\* must be.*`aud`/s
        : /another signed statement, counts if.*its issuer is trusted.*issuer's keys.*`aud` contains/s;
    expect(section).toMatch(conditions);
  },
);
