import { expect, it } from "vitest";
import { codesOf, Person } from "../../support/server/person.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { storedContent } from "../../support/workerd/stored-content.ts";

const world = localWorld();

it("nothing that is kept of people lets anybody in, or says who they are and what they use", async () => {
  const ana = new Person(world.site);
  const codes = codesOf(await ana.signUp("Anacleta Unheard-Of"));
  await ana.signOut();
  await ana.signIn();
  const page = await ana.browser.open("/account/security");
  const [, id = ""] = page.text.match(/name="id" value="([^"]*)"/) ?? [];
  await ana.browser.submit(page, "/account/security/passkeys/rename", { id, name: "Key of unheard-of colour" });
  const stored = await storedContent();
  // What people are found by is there, so this looks in the right place.
  expect(stored).toContain(id);
  const secrets = ["__Host-session", "__Host-visit"].map((name) => ana.browser.cookie(name) ?? "");
  const known = [...codes, ...codes.map((code) => code.replaceAll("-", "")), ...secrets];
  for (const secret of known) expect(stored).not.toContain(secret);
  for (const word of ["Anacleta", "unheard-of"]) expect(stored).not.toMatch(new RegExp(word, "i"));
});
