import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { readAccountClaims } from "../../../src/operations/account/account-claims.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { addressProof, givenAccount, START, someSession } from "../../support/workerd/people.ts";
import { freshId } from "../../support/workerd/records.ts";

const services = { config: { issuer: "https://as.example" }, accounts: new D1AccountStore(env.DB) };
const NOW = START + 60;

describe("what is said of an account", () => {
  it("is who it is and when its person signed in, from this server", async () => {
    const account = await givenAccount();
    const session = someSession(account, { authenticatedAt: START + 5 });
    expect(await readAccountClaims(services, { account, session }, NOW)).toEqual({
      claims: {
        issuer: "https://as.example",
        subject: account.id,
        claims: { sub: account.id },
        authenticatedAt: START + 5,
        issuedAt: NOW,
        linked: [],
      },
      trustedUntil: Number.POSITIVE_INFINITY,
    });
  });

  it("holds every address that was verified here, and nobody else's", async () => {
    const [one, other, stranger] = ["a", "b", "c"].map(
      (name) => `${name}-${freshId("person").toLowerCase()}@example.org`,
    );
    const account = await givenAccount(addressProof(one ?? ""));
    await services.accounts.addProof(account.id, addressProof(other ?? ""));
    await givenAccount(addressProof(stranger ?? ""));
    const { claims } = await readAccountClaims(services, { account, session: someSession(account) }, NOW);
    expect(claims.claims.email).toHaveLength(2);
    expect(claims.claims.email).toEqual(expect.arrayContaining([one, other]));
  });
});
