import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { IdentityConsent } from "../../../src/operations/ports/identity-consent.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1IdentityConsentStore } from "../../../src/storage/d1/identity-consents.ts";

import { addressProof, givenAccount, START } from "../../support/workerd/people.ts";
import { freshId, someClient } from "../../support/workerd/records.ts";

const consents = new D1IdentityConsentStore(env.DB);

async function given(changes: Partial<IdentityConsent> = {}) {
  const [account, client] = [await givenAccount(), someClient()];
  await new D1ClientStore(env.DB).insert(client);
  const consent: IdentityConsent = {
    id: freshId("consent"),
    accountId: account.id,
    clientId: client.id,
    scopes: ["openid"],
    consentedAt: START,
    ...changes,
  };
  return { account, client, consent };
}

describe("a consent", () => {
  it("is found with its person as they are now", async () => {
    const { account, consent } = await given();
    expect(await consents.keep(consent)).toBe(consent.id);
    const address = `${freshId("ana").toLowerCase()}@example.org`;
    await new D1AccountStore(env.DB).addProof(account.id, addressProof(address));
    expect(await consents.find(consent.id)).toMatchObject({
      consent,
      tokensEndedAt: 0,
      account: { id: account.id, wrappedKey: account.wrappedKey },
      language: null,
      addresses: [{ address }],
      identities: [],
    });
  });

  it("is one for each person and app, however often it is given, and keeps its id", async () => {
    const { account, consent } = await given();
    await consents.keep(consent);
    const again = { ...consent, id: freshId("consent"), scopes: ["openid", "email"], consentedAt: START + 9 } as const;
    expect(await consents.keep(again)).toBe(consent.id);
    expect(await consents.list(account.id)).toEqual([{ ...again, id: consent.id, clientName: expect.any(String) }]);
  });

  it("has another id once it was taken back, so that nothing of before counts again", async () => {
    const { account, client, consent } = await given();
    await consents.keep(consent);
    expect(await consents.remove(account.id, client.id)).toBe(true);
    expect(await consents.remove(account.id, client.id)).toBe(false);
    expect(await consents.find(consent.id)).toBeNull();
    const anew = freshId("consent");
    expect(await consents.keep({ ...consent, id: anew })).toBe(anew);
    expect(await consents.find(consent.id)).toBeNull();
  });

  it("is kept neither for an account nor to an app that has gone", async () => {
    const { consent } = await given();
    expect(await consents.keep({ ...consent, accountId: freshId("account") })).toBeNull();
    expect(await consents.keep({ ...consent, clientId: freshId("client") })).toBeNull();
  });

  it("goes with its app", async () => {
    const { client, consent } = await given();
    await consents.keep(consent);
    await consents.removeClient(client.id);
    expect(await consents.find(consent.id)).toBeNull();
  });
});

it("tokens of a consent end apart from it", async () => {
  const { consent } = await given();
  await consents.keep(consent);
  await consents.endTokens(consent.id, START + 5);
  expect(await consents.find(consent.id)).toMatchObject({ consent, tokensEndedAt: START + 5 });
});
