import { describe, expect, it } from "vitest";
import { parseMarkup } from "../../support/pure/markup.ts";
import { configuredWorld } from "../../support/workerd/configured-world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";

const world = localWorld();
const metadata = async (settings: Readonly<Record<string, string>>) =>
  (await configuredWorld(settings).send("GET", "/.well-known/uma2-configuration")).body;

describe.each(["default", "strict", "lenient"])("the URI of the profile %s", (name) => {
  it("is in the metadata where it is kept, and leads to where it is told of", async () => {
    const profiles = (await metadata({ PROFILE: name })).uma_profiles_supported as readonly string[];
    const uri = profiles.find((profile) => profile.includes("/profile#")) ?? "";
    expect(uri).toBe(`${world.site.issuer}/profile#${name}`);
    const answer = await world.send("GET", uri.replace(/#.*/, ""));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    const [named] = parseMarkup(answer.text)
      .within()
      .filter((element) => element.get("id") === name);
    expect(named?.text).toBe(name);
  });
});

it("pages of the documentation take GET alone", async () => {
  const answer = await world.send("POST", "/profile", { form: {} });
  expect(answer.status).toBe(405);
  expect(answer.headers.get("allow")).toBe("GET");
});
