import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Mentions } from "../../../src/policy/review/facts.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1ReviewStore } from "../../../src/storage/d1/review-facts.ts";
import { D1TrustedIssuerStore } from "../../../src/storage/d1/trusted-issuers.ts";
import { freshId, givenOwner, someClient, someIssuer } from "../../support/workerd/records.ts";

const NOTHING: Mentions = {
  target: { resources: [] },
  scopes: [],
  groups: [],
  clients: [],
  issuers: [],
  anyIssuer: false,
};

const load = (ownerId: string, mentions: Partial<Mentions>) =>
  new D1ReviewStore(env.DB).load(ownerId, { ...NOTHING, ...mentions });

/** So many resources of a type, the last of which has a scope more. @returns their ids */
async function givenResources(ownerId: string, type: string | null, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => freshId("resource"));
  const insert = env.DB.prepare(
    `INSERT INTO resources (id, owner_id, resource_server_id, type, scopes, description, created_at)
     VALUES (?1, ?2, 'rs', ?3, ?4, '{}', 0)`,
  );
  const scopes = (index: number) => JSON.stringify(index === count - 1 ? ["view", "print"] : ["view"]);
  await env.DB.batch(ids.map((id, index) => insert.bind(id, ownerId, type, scopes(index))));
  return ids;
}

describe("what a document names is looked up", () => {
  it("among the resources of its target, with the scopes that one of them has", async () => {
    const [alice, mallory] = [(await givenOwner()).id, (await givenOwner()).id];
    const [one = "", two = ""] = await givenResources(alice, "photo", 2);
    const [hers = ""] = await givenResources(mallory, "photo", 1);
    const scopes = ["view", "print", "delete"];
    expect(await load(alice, { target: { resources: [one, hers, "gone"] }, scopes })).toMatchObject({
      resources: new Set([one]),
      scopes: new Set(["view"]),
    });
    for (const target of [{ type: "photo" }, { all: true }] as const) {
      expect(await load(alice, { target, scopes })).toMatchObject({
        resources: new Set([one, two]),
        areAllResources: true,
        scopes: new Set(["view", "print"]),
      });
    }
    expect(await load(alice, { target: { type: "scan" }, scopes })).toMatchObject({ resources: new Set() });
  });

  it("among a hundred resources, and where there are more that is told", async () => {
    const { id } = await givenOwner();
    await givenResources(id, "photo", 100);
    expect(await load(id, { target: { type: "photo" } })).toMatchObject({ areAllResources: true });
    await givenResources(id, "photo", 1);
    expect(await load(id, { target: { type: "photo" } })).toMatchObject({ areAllResources: false });
    expect(await load(id, { target: { all: true } })).toMatchObject({ areAllResources: false });
  });

  it("among the clients, and whether anybody can be known through each", async () => {
    const mute = { mayPushClaims: false, claimsRedirectUris: [] };
    const sending = { ...mute, claimsRedirectUris: ["https://app.example/back"] };
    const [one, other, third] = [someClient(), someClient(mute), someClient(sending)];
    for (const client of [one, other, third]) await new D1ClientStore(env.DB).insert(client);
    const { clients } = await load("owner", { clients: [one.id, other.id, third.id, "gone"] });
    expect(clients).toEqual(
      new Map([
        [one.id, true],
        [other.id, false],
        [third.id, true],
      ]),
    );
  });

  it("among the issuers that are trusted, each for what it may speak for", async () => {
    const issuer = someIssuer({ claims: "all", emailDomains: ["x.example"] });
    await new D1TrustedIssuerStore(env.DB).insert(issuer);
    const { id } = await givenOwner();
    const { issuers } = await load(id, { issuers: [issuer.issuer, "https://nobody.example"] });
    expect(issuers).toEqual([{ issuer: issuer.issuer, claims: "all", emailDomains: ["x.example"] }]);
    const any = await load(id, { issuers: [issuer.issuer], anyIssuer: true });
    expect(any.issuers.length).toBeGreaterThan(1);
  });
});
