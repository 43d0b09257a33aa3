import { expect, it } from "vitest";
import { createInPersonIssuers } from "../../src/ledger/in-person-issuers.ts";

const US = "https://as.example";
const CLINIC = { issuer: "https://clinic.example", claims: ["role"], emailDomains: [], maxTokenAge: 60 };

const words = (sendsMail: boolean) =>
  createInPersonIssuers(
    US,
    {
      findLeased: async (issuer) => (issuer === CLINIC.issuer ? { issuer: CLINIC, until: 5 } : null),
      listSpeakers: async () => [CLINIC],
    },
    sendsMail,
  );

it("we speak for accounts and their addresses, and providers for what they may", async () => {
  const directory = await words(true).directory();
  expect(directory.first("email")).toEqual([US]);
  expect(directory.first("sub")).toEqual([US, CLINIC.issuer]);
  expect(directory.first("role")).toEqual([CLINIC.issuer]);
  expect(await words(true).findLeased(CLINIC.issuer)).toEqual({ issuer: CLINIC, until: 5 });
  expect(await words(true).findLeased("https://nobody.example")).toBeNull();
});

it("nobody is asked for an address that cannot be verified, and one that was counts still", async () => {
  expect((await words(false).directory()).first("email")).toEqual([]);
  expect(await words(false).findLeased(US)).toMatchObject({
    issuer: { claims: ["email"] },
    until: Number.POSITIVE_INFINITY,
  });
});
