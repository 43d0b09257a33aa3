import { expect, it } from "vitest";
import { witnessesIn } from "../../../src/policy/evaluation/witnesses.ts";
import { type ClaimTokenFormat, ID_TOKENS } from "../../../src/protocol/claim-token-format.ts";
import { IssuerDirectory } from "../../../src/protocol/issuer-directory.ts";

const [HERE, CLINIC, REGISTER] = ["https://as.example", "https://clinic.example", "https://register.example"];
const WORDS: ClaimTokenFormat = {
  kind: "jwt",
  format: "https://clinic.example/words",
  typ: "jwt",
  claims: "all",
};
const pushed = new IssuerDirectory([{ issuer: CLINIC, claims: ["role"], emailDomains: [], formats: [WORDS] }]);
const standsFor = new IssuerDirectory([
  { issuer: HERE, claims: ["email"], emailDomains: "all" },
  { issuer: REGISTER, claims: ["role"], emailDomains: [] },
]);
const {
  pushed: whom,
  formats,
  inPerson,
} = witnessesIn({
  pushed,
  inPerson: null,
  ownIdToken: { issuer: HERE, standsFor },
});

it.each([
  ["what this server says itself", "email", null, [HERE]],
  ["what it says of a linked identity, beside whom can be asked otherwise", "role", null, [HERE, CLINIC]],
  ["the word of somebody whom people sign in with", "role", [REGISTER], [HERE]],
  ["the word of somebody else", "role", [CLINIC], [CLINIC]],
  ["what nobody says", "age", null, []],
])("an ID Token of this server stands for %s", (_, claim, named, expected) => {
  expect(whom(claim, named)).toEqual(expected);
  expect(inPerson).toBeNull();
});

it("an ID Token of this server is among the forms that are asked for where others push other forms", () => {
  expect(formats([HERE, CLINIC], "role")).toEqual([ID_TOKENS.format, WORDS.format]);
  expect(formats([CLINIC], "role")).toEqual([WORDS.format]);
  expect(formats([HERE], "email")).toBeNull();
});
