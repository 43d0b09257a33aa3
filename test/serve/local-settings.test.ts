import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { ensureSecrets } from "../../examples/serve/secrets.mjs";
import { readLocalSettings, readVariables } from "../../examples/serve/variables.mjs";
import { checkWritable } from "../../examples/serve/writable.mjs";

const scratch = mkdtempSync(join(tmpdir(), "usher-settings-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

const SECRET = "a-secret-of-more-than-32-characters";
const ISSUER = { ISSUER: "http://localhost:8787" };
let files = 0;

/** A `.dev.vars` of its own. */
function devVars(text: string): string {
  files += 1;
  const file = join(scratch, `dev-vars-${files}`);
  writeFileSync(file, text);
  return file;
}

describe(".dev.vars", () => {
  it.each([
    ["as an editor of another system saves it", `\uFEFFADMIN_SECRET=${SECRET}\r\nRPT_LIFETIME=60\r\n`],
    ["with quotes", `ADMIN_SECRET='${SECRET}'\nRPT_LIFETIME="60"`],
    ["with comments and blanks", `# mine\nexport ADMIN_SECRET = ${SECRET}\nRPT_LIFETIME=60 # a minute\n`],
  ])("is read %s", (_, text) => {
    expect(readVariables(devVars(text))).toEqual({ ADMIN_SECRET: SECRET, RPT_LIFETIME: "60" });
  });

  it("need not be there", () => {
    expect(readVariables(join(scratch, "nothing"))).toEqual({});
  });

  it("is told of names that change nothing", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(readLocalSettings(devVars("RPT_LIFETIM=60\n"), ISSUER)).toEqual(ISSUER);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^RPT_LIFETIM in .* is no setting/)]]);
  });

  it.each([
    ["a lifetime", "RPT_LIFETIME=1h", "RPT_LIFETIME: must be a whole number"],
    ["a short secret", "ADMIN_SECRET=short", "ADMIN_SECRET: must have at least 32 characters"],
    ["a secret in quotes that do not close", `ADMIN_SECRET="with blanks ${SECRET}`, "ADMIN_SECRET: must have"],
  ])("that cannot work is refused before anything starts, by name and place: %s", (_, text, words) => {
    const file = devVars(text);
    expect(() => readLocalSettings(file, ISSUER)).toThrow(words);
    expect(() => readLocalSettings(file, ISSUER)).toThrow(`(from ${file})`);
  });

  it("counts for less than what is given, and for more than what is usual", () => {
    const file = devVars("ISSUER=https://as.example\nRPT_LIFETIME=60\n");
    expect(readLocalSettings(file, { RPT_LIFETIME: "90" }, ISSUER)).toEqual({
      ISSUER: "https://as.example",
      RPT_LIFETIME: "90",
    });
    expect(() => readLocalSettings(file, { RPT_LIFETIME: "1" })).toThrow("(from the environment)");
  });
});

describe("secrets", () => {
  const nowhere = join(scratch, "no-state");

  it("are made once, for their owner's eyes only, after what is there", () => {
    const file = devVars(`RPT_LIFETIME=60\nADMIN_SECRET=`);
    const { secrets, made } = ensureSecrets(file, nowhere);
    expect(made).toEqual(["ADMIN_SECRET", "KEY_ENCRYPTION_KEY"]);
    expect(readVariables(file)).toEqual({ RPT_LIFETIME: "60", ...secrets });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ensureSecrets(file, nowhere)).toEqual({ secrets, made: [] });
  });

  it("that are given are not written down", () => {
    const file = join(scratch, "given");
    const given = { ADMIN_SECRET: SECRET, KEY_ENCRYPTION_KEY: SECRET };
    expect(ensureSecrets(file, nowhere, given)).toEqual({ secrets: given, made: [] });
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("that a state was made with are not made anew", () => {
    const state = join(scratch, "state");
    mkdirSync(join(state, "v3/do/usher-KeyRingObject"), { recursive: true });
    const file = devVars("");
    expect(() => ensureSecrets(file, state)).toThrow("KEY_ENCRYPTION_KEY is missing");
    expect(readFileSync(file, "utf8")).toBe("");
    expect(ensureSecrets(file, state, { KEY_ENCRYPTION_KEY: SECRET }).made).toEqual(["ADMIN_SECRET"]);
  });
});

it("a folder that cannot be written to is named, with what to do", () => {
  const file = devVars("");
  expect(() => checkWritable(join(file, "state"))).toThrow(
    /dev-vars-\d+\/state cannot be written to .*: choose another/,
  );
});
