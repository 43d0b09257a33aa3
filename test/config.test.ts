import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";

const ISSUER = "https://as.example";
const SECRET = "0123456789abcdef0123456789abcdef";
const read = (settings: object) => readConfig({ ISSUER, ...settings });

describe("ISSUER", () => {
  it("must be set", () => {
    expect(() => readConfig({})).toThrow("configuration: ISSUER: must be set");
  });

  it.each([
    "https://as.example",
    "https://as.example:8443",
    "https://as.example/tenant-1/v2.0",
    "https://xn--bcher-kva.example",
    "http://localhost:8787",
    "http://127.0.0.1:8787/usher",
    "http://[::1]:8787",
  ])("may be %s, and stays as it is", (issuer) => {
    expect(read({ ISSUER: issuer }).issuer).toBe(issuer);
  });

  it.each([
    ["empty", ""],
    ["no URL", "as.example"],
    ["in the clear", "http://as.example"],
    ["another scheme", "ftp://as.example"],
    ["with a trailing slash", "https://as.example/"],
    ["with a query", "https://as.example?x"],
    ["with a fragment", "https://as.example#x"],
    ["with a user", "https://me@as.example"],
    ["with credentials", "https://me:secret@as.example"],
    ["with a path that needs escapes", "https://as.example/a b"],
    ["with an escape in its path", "https://as.example/a%20b"],
    ["with other letters in its path", "https://as.example/bücher"],
    ["with a pattern for its path", "https://as.example/:tenant"],
    ["with a wildcard for its path", "https://as.example/*"],
    ["with braces in its path", "https://as.example/{a}"],
    ["with a step up", "https://as.example/a/../b"],
    ["with a step nowhere", "https://as.example/./b"],
    ["with an escaped step", "https://as.example/%2e%2e/b"],
    ["with an empty segment", "https://as.example//b"],
    ["with a blank at its end", "https://as.example "],
    ["with a blank before it", " https://as.example"],
    ["with a line end", "https://as.example\n"],
    ["with a tab inside", "https://as.exa\tmple"],
    ["with a zero width space", "https://as.example\u200b"],
    ["with backslashes", "https:\\\\as.example"],
    ["with an upper-case host", "https://AS.example"],
    ["with an upper-case scheme", "HTTPS://as.example"],
    ["with a host in other letters", "https://bücher.example"],
    ["with the default port", "https://as.example:443"],
  ])("may not be %s", (_, issuer) => {
    expect(() => read({ ISSUER: issuer })).toThrow(/^configuration: ISSUER: must be /);
  });
});

describe.each(["ADMIN_SECRET", "KEY_ENCRYPTION_KEY"])("%s", (name) => {
  it("may be left out, or have 32 visible characters or more", () => {
    expect(() => read({})).not.toThrow();
    expect(() => read({ [name]: SECRET })).not.toThrow();
    expect(() => read({ [name]: "!~".repeat(20) })).not.toThrow();
  });

  it.each([
    ["short", SECRET.slice(1)],
    ["empty", ""],
    ["with a blank", `${SECRET.slice(1)} x`],
    ["with a line end", `${SECRET}\n`],
    ["with letters that no header carries", `${SECRET}é`],
  ])("may not be %s", (_, value) => {
    expect(() => read({ [name]: value })).toThrow(`configuration: ${name}: must have at least 32 characters`);
  });
});

describe.each(["ADMIN_SECRET", "KEY_ENCRYPTION_KEY"])("%s_PREVIOUS", (name) => {
  it(`may stand beside ${name}, and is as strong`, () => {
    expect(() => read({ [name]: SECRET, [`${name}_PREVIOUS`]: SECRET })).not.toThrow();
    expect(() => read({ [name]: SECRET, [`${name}_PREVIOUS`]: "weak" })).toThrow(
      `configuration: ${name}_PREVIOUS: must have at least 32 characters`,
    );
  });

  it("may not stand alone", () => {
    expect(() => read({ [`${name}_PREVIOUS`]: SECRET })).toThrow(
      `configuration: ${name}_PREVIOUS: needs ${name} beside it`,
    );
  });
});

describe("a setting in numbers", () => {
  it("is taken within its bounds", () => {
    expect(read({ RPT_LIFETIME: "10", RPT_SIZE_LIMIT: "8192" })).toMatchObject({
      rptLifetime: 10,
      rptSizeLimit: 8_192,
    });
  });

  it.each(["", " 300", "300\n", "3e2", "0x12c", "300.0", "-300", "9", "901", "1".repeat(20)])(
    "is not %j, and the error names it",
    (text) => {
      expect(() => read({ RPT_LIFETIME: text })).toThrow(
        "configuration: RPT_LIFETIME: must be a whole number from 10 to 900",
      );
    },
  );
});

it.each([
  ["SIGNING_ALGORITHM", "HS256"],
  ["PARTIAL_GRANTS", "yes"],
  ["REPLAY_WITHDRAWS", "allow"],
])("%s is one of its words, and the error names it", (name, value) => {
  expect(() => read({ [name]: value })).toThrow(`configuration: ${name}: `);
});

describe("MAIL_FROM", () => {
  it("may be left out, or be an address", () => {
    expect(read({}).mailFrom).toBeNull();
    expect(read({ MAIL_FROM: "usher@as.example" }).mailFrom).toBe("usher@as.example");
  });

  it.each(["", "usher", "Usher <usher@as.example>", "a@as.example, b@as.example"])("may not be %j", (value) => {
    expect(() => read({ MAIL_FROM: value })).toThrow("configuration: MAIL_FROM: must be an e-mail address");
  });
});

describe.each(["SERVICE_DOCUMENTATION", "OP_POLICY_URI", "OP_TOS_URI"])("%s", (name) => {
  it("may be a page, and need not be set", () => {
    const documents = (settings: object) => read(settings).documents[name.toLowerCase() as "op_tos_uri"];
    expect(documents({})).toBeUndefined();
    expect(documents({ [name]: "https://clinic.example/a?b=c#d" })).toBe("https://clinic.example/a?b=c#d");
  });

  it.each(["", "clinic.example", "http://clinic.example", "javascript:alert(1)", "https://me:secret@clinic.example"])(
    "is not %j",
    (uri) => {
      expect(() => read({ [name]: uri })).toThrow(`configuration: ${name}: must be an https URL`);
    },
  );
});
