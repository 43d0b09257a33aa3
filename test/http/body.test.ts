import { describe, expect, it } from "vitest";
import { readJson } from "../../src/http/body.ts";
import { readForm } from "../../src/http/form.ts";

const json = (body: BodyInit, type = "application/json") =>
  readJson(new Request("https://as.example/", { method: "POST", body, headers: { "Content-Type": type } }), 200_000);
const form = (body: BodyInit, type = "application/x-www-form-urlencoded") =>
  readForm(new Request("https://as.example/", { method: "POST", body, headers: { "Content-Type": type } }));
const refused = (description: RegExp) => ({ code: "invalid_request", message: expect.stringMatching(description) });

/** Chunks of 64 KB without an end, and whether the reader has let go. */
function endless() {
  const state = { cancelled: false };
  const stream = new ReadableStream({
    type: "bytes",
    pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20)),
    cancel: () => {
      state.cancelled = true;
    },
  });
  return { state, stream };
}

describe("a JSON body", () => {
  it.each([
    ["application/json", { a: [1, "x", null] }],
    ["application/json; charset=utf-8", "text"],
    ["application/jwk-set+json", []],
    ["Application/JSON", 5],
  ])("is read as %s", async (type, value) => {
    expect(await json(JSON.stringify(value), type)).toEqual(value);
  });

  it.each([
    ["text/plain", /application\/json/],
    ["application/x-www-form-urlencoded", /application\/json/],
    ["", /application\/json/],
  ])("is refused as %j", async (type, description) => {
    await expect(json("{}", type)).rejects.toMatchObject(refused(description));
  });

  it.each([
    ["nothing at all", "", /not valid JSON/],
    ["a cut one", '{"a":', /not valid JSON/],
    ["a comment", "{} // x", /not valid JSON/],
    ["a trailing comma", '{"a":1,}', /not valid JSON/],
    ["two values", "{} {}", /not valid JSON/],
    ["a member twice", '{"a":1,"a":1}', /twice/],
    ["one spelt in another way", '{"a":1,"\\u0061":2}', /twice/],
    ["one twice further down", '[{"b":{"a":1,"a":2}}]', /twice/],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', /twice/],
    ["half a character", '"\\ud800"', /Unicode/],
    ["a null character", '{"a\\u0000":1}', /Unicode/],
    ["a number without end", '{"a":1e999}', /kept exactly/],
    ["a whole number beyond 2^53", "[9007199254740993]", /kept exactly/],
    ["one below -2^53", "[-9007199254740993]", /kept exactly/],
    ["one that would become nothing", "1.5e-999", /kept exactly/],
    ["33 levels", "[".repeat(33) + "]".repeat(33), /at most 32 levels/],
    ["90,000 open brackets", "[".repeat(90_000), /at most 32 levels/],
    ["2,001 parts", JSON.stringify(Array.from({ length: 2_000 }, () => 0)), /2000 parts/],
  ])("refuses %s", async (_, text, description) => {
    await expect(json(text)).rejects.toMatchObject(refused(description));
  });

  it("takes one name in two objects, and 2,000 parts", async () => {
    expect(await json('[{"a":1},{"a":1}]')).toEqual([{ a: 1 }, { a: 1 }]);
    expect(await json(JSON.stringify(Array.from({ length: 1_999 }, () => 0)))).toHaveLength(1_999);
  });

  it("takes numbers that come back as they were sent", async () => {
    const numbers = "[0,-0.0,0e5,1.50,1e3,-2.5e-3,9007199254740991,-9007199254740991]";
    expect(await json(numbers)).toEqual(JSON.parse(numbers));
  });

  it("leaves prototypes alone", async () => {
    await json('{"__proto__":{"polluted":true}}');
    expect({}).not.toHaveProperty("polluted");
  });

  it("refuses what is not UTF-8", async () => {
    await expect(json(new Uint8Array([0x22, 0xff, 0x22]))).rejects.toMatchObject(refused(/UTF-8/));
  });

  it("lets go of a body that does not end", async () => {
    const { state, stream } = endless();
    await expect(json(stream)).rejects.toMatchObject(refused(/at most 200000 bytes/));
    expect(state.cancelled).toBe(true);
  });

  it("refuses a body that breaks off", async () => {
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
    await expect(json(stream)).rejects.toMatchObject(refused(/broke off/));
  });
});

describe("a form", () => {
  it("is read, with empty values as absent and names by their case", async () => {
    const read = await form("a=1&b=&c=%C3%A9+x");
    expect([read.get("a"), read.get("b"), read.get("c"), read.get("A")]).toEqual(["1", null, "é x", null]);
    expect(() => read.require("b")).toThrow("the parameter b is missing");
  });

  it.each([
    ["application/json", /x-www-form-urlencoded/],
    ["multipart/form-data; boundary=x", /x-www-form-urlencoded/],
  ])("is refused as %s", async (type, description) => {
    await expect(form("a=1", type)).rejects.toMatchObject(refused(description));
  });

  it.each(["utf8", '"UTF-8"', "iso-8859-1", "", "x; charset=y"])(
    "is UTF-8, and a charset of %j changes nothing (RFC 6749, appendix B)",
    async (charset) => {
      const read = await form("c=%C3%A9", `Application/X-WWW-Form-URLEncoded; charset=${charset}`);
      expect(read.get("c")).toBe("é");
    },
  );

  it.each(["+", "%20%09", "%0D%0A", "%C2%A0"])(
    "refuses a parameter of blanks (%s) when it is looked at",
    async (blank) => {
      const read = await form(`a=${blank}&unknown=${blank}&scope=${blank}&b=1`);
      for (const look of [read.get, read.require]) expect(() => look("a")).toThrow("the parameter a is blank");
      expect(read.get("b")).toBe("1");
      expect(read.get("scope")).not.toBeNull();
    },
  );

  it.each([
    ["a parameter twice", "a=1&b=2&a=1", /repeats/],
    ["one twice, once empty", "a=1&a=", /repeats/],
    ["51 parameters", Array.from({ length: 51 }, (_, index) => `p${index}=1`).join("&"), /at most 50 parameters/],
    ["a long name", `${"n".repeat(65)}=1`, /name must have at most 64 characters/],
    ["a long value", `scope=${"x".repeat(4_097)}`, /at most 4096 characters/],
    ["a very long ticket", `ticket=${"x".repeat(8_193)}`, /at most 8192 characters/],
    ["64 KB", `a=${"x".repeat(65_536)}`, /at most 65536 bytes/],
  ])("refuses %s", async (_, text, description) => {
    await expect(form(text)).rejects.toMatchObject(refused(description));
  });

  it("lets resource repeat, which RFC 8707 allows", async () => {
    expect((await form("resource=a&resource=b&x=1")).get("x")).toBe("1");
  });

  it("reads claim tokens of 16 KB, encoded once more", async () => {
    expect((await form(`claim_token=${"x".repeat(22_000)}`)).get("claim_token")).toHaveLength(22_000);
  });
});
