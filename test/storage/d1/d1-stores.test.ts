import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../../src/shared/error.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1ConnectionStore } from "../../../src/storage/d1/connections.ts";
import { D1Counts } from "../../../src/storage/d1/counts.ts";
import { Leased } from "../../../src/storage/d1/leased.ts";
import { D1OwnerStore } from "../../../src/storage/d1/owners.ts";
import { D1ReviewStore } from "../../../src/storage/d1/review-facts.ts";
import { D1TrustedIssuerStore } from "../../../src/storage/d1/trusted-issuers.ts";
import { givenResource } from "../../support/numbered-change.ts";
import {
  freshId,
  givenCaller,
  givenOwner,
  putConnection,
  someClient,
  someIssuer,
} from "../../support/workerd/records.ts";

const clientStore = () => new D1ClientStore(env.DB, new Leased({ seconds: 0 }));
const issuerStore = () => new D1TrustedIssuerStore(env.DB, undefined, new Leased({ seconds: 0 }));

describe("clients", () => {
  it.each([
    ["with a secret", someClient()],
    [
      "with keys held here",
      someClient({
        authenticationMethod: "private_key_jwt",
        secretHash: null,
        jwks: { keys: [{ kty: "RSA", n: "x" }] },
      }),
    ],
    ["with keys elsewhere", someClient({ secretHash: null, jwksUri: "https://app.example/keys" })],
    [
      "with next to nothing",
      someClient({ grantTypes: [], scopes: [], claimsRedirectUris: [], mayPushClaims: false, issuerClientIds: {} }),
    ],
    ["with letters of all kinds", someClient({ name: 'Zoë\'s 📷 "Printer"; DROP TABLE clients' })],
  ])("come back as they were kept: %s", async (_, client) => {
    await clientStore().insert(client);
    expect(await clientStore().find(client.id)).toEqual(client);
  });

  it("are replaced and removed once", async () => {
    const client = someClient();
    await clientStore().insert(client);
    const renamed = { ...client, name: "Poster Printer", secretHash: "other" };
    expect(await clientStore().replace(renamed, 1)).toBe(true);
    expect(await clientStore().find(client.id)).toEqual(renamed);
    expect(await clientStore().findCurrent(client.id)).toEqual({ value: renamed, version: 2 });
    expect(await clientStore().remove(client.id, null)).toBe(true);
    expect(await clientStore().remove(client.id, null)).toBe(false);
    expect(await clientStore().replace(renamed, 2)).toBe(false);
    expect(await clientStore().find(client.id)).toBeNull();
  });

  it("are changed on the version that was read, and on no other", async () => {
    const client = someClient();
    await clientStore().insert(client);
    expect(await clientStore().replace({ ...client, name: "one" }, 1)).toBe(true);
    expect(await clientStore().replace({ ...client, name: "other" }, 1)).toBe(false);
    expect(await clientStore().remove(client.id, 1)).toBe(false);
    expect(await clientStore().findCurrent(client.id)).toMatchObject({ value: { name: "one" }, version: 2 });
    expect(await clientStore().remove(client.id, 2)).toBe(true);
  });

  it("are listed oldest first, each on one page, whatever is added or removed in between", async () => {
    const inOrder = [5, 5, 6, 7, 7].map((createdAt) => someClient({ createdAt }));
    for (const client of [...inOrder].reverse()) await clientStore().insert(client);
    const first = await clientStore().list(null, 2);
    await clientStore().remove(inOrder[0]?.id ?? "", null);
    await clientStore().insert(someClient({ createdAt: 4 }));
    const second = await clientStore().list(first.next, 2);
    const third = await clientStore().list(second.next, 1);
    const listed = [first, second, third].flatMap((page) => page.items.map((client) => client.id));
    expect(listed).toEqual(inOrder.map((client) => client.id));
  });

  it("end with a page that has no next", async () => {
    await clientStore().insert(someClient({ createdAt: 4_000_000_000 }));
    const { items } = await clientStore().list(null, 200);
    const last = await clientStore().list(`${items.at(-1)?.createdAt}.${items.at(-1)?.id}`, 5);
    expect(last).toEqual({ items: [], next: null });
    expect((await clientStore().list(null, items.length)).next).toBeNull();
  });

  it.each(["", "x", "1.", ".a", "1.a.b", "1e3.a", "-1.a", `1.${"a".repeat(200)}`, "1.a' OR 1=1"])(
    "refuse the cursor %j",
    async (cursor) => {
      await expect(clientStore().list(cursor, 5)).rejects.toBeInstanceOf(ProtocolError);
    },
  );
});

describe("trusted issuers", () => {
  it.each([
    ["with keys held here", someIssuer()],
    ["with keys elsewhere", someIssuer({ jwks: null, jwksUri: "https://idp.example/keys" })],
    [
      "found by discovery",
      someIssuer({ jwks: null, audiences: [], claims: "all", emailDomains: [], maxTokenAge: null }),
    ],
  ])("come back as they were kept: %s", async (_, issuer) => {
    expect(await issuerStore().insert(issuer)).toBe(true);
    expect(await issuerStore().findCurrent(issuer.id)).toEqual({ value: issuer, version: 1 });
    expect(await issuerStore().findByIssuer(issuer.issuer)).toEqual(issuer);
  });

  it("are heard in signed forms alone where this server takes no others; their entry stays as it is", async () => {
    const asked = { kind: "access_token", format: "access", typ: null, claims: "all" } as const;
    const issuer = someIssuer({ claims: ["badge"], formats: [{ ...asked, kind: "jwt", format: "signed" }, asked] });
    await issuerStore().insert(issuer);
    const formatsAt = async (claimTokens: "any" | "signed") => {
      const store = new D1TrustedIssuerStore(env.DB, { claimTokens }, new Leased({ seconds: 0 }));
      const read = await store.findCurrent(issuer.id);
      expect(read?.value).toEqual(issuer);
      const heard = [await store.findByIssuer(issuer.issuer), (await store.findLeased(issuer.issuer))?.issuer];
      const told = (await store.directory()).formatsOf([issuer.issuer], "badge");
      return [...heard.map((one) => one?.formats.map(({ format }) => format)), told];
    };
    const both = ["signed", "access"];
    expect(await formatsAt("any")).toEqual([both, both, both]);
    expect(await formatsAt("signed")).toEqual([["signed"], ["signed"], ["signed"]]);
  });

  it("are trusted once", async () => {
    const issuer = someIssuer();
    await issuerStore().insert(issuer);
    expect(await issuerStore().insert({ ...someIssuer(), issuer: issuer.issuer })).toBe(false);
    expect(await issuerStore().findCurrent(issuer.id)).toEqual({ value: issuer, version: 1 });
  });

  it("keep their issuer identifier", async () => {
    const issuer = someIssuer();
    await issuerStore().insert(issuer);
    expect(await issuerStore().replace({ ...issuer, issuer: "https://other.example" }, 1)).toBe(false);
    expect(await issuerStore().replace({ ...issuer, claims: "all" }, 1)).toBe(true);
    expect(await issuerStore().findCurrent(issuer.id)).toEqual({ value: { ...issuer, claims: "all" }, version: 2 });
  });

  it("are changed on the version that was read, and on no other", async () => {
    const issuer = someIssuer();
    await issuerStore().insert(issuer);
    await issuerStore().replace({ ...issuer, audiences: ["one"] }, 1);
    expect(await issuerStore().replace({ ...issuer, audiences: ["other"] }, 1)).toBe(false);
    expect(await issuerStore().remove(issuer.id, 1)).toBe(false);
    expect(await issuerStore().findCurrent(issuer.id)).toMatchObject({ value: { audiences: ["one"] }, version: 2 });
  });

  it.each(["/", "?", "x", "HTTPS"])("are compared exactly, so %j after it is another one", async (suffix) => {
    const issuer = someIssuer();
    await issuerStore().insert(issuer);
    expect(await issuerStore().findByIssuer(issuer.issuer + suffix)).toBeNull();
    expect(await issuerStore().findByIssuer(issuer.issuer.toUpperCase())).toBeNull();
  });

  it("are gone once removed, and listed while they are there", async () => {
    const issuer = someIssuer();
    await issuerStore().insert(issuer);
    const ids = async () => (await issuerStore().list(null, 200)).items.map(({ id }) => id);
    expect(await ids()).toContain(issuer.id);
    expect(await issuerStore().remove(issuer.id, 1)).toBe(true);
    expect(await issuerStore().findByIssuer(issuer.issuer)).toBeNull();
    expect(await ids()).not.toContain(issuer.id);
  });
});

describe("owners", () => {
  it("come back as they were kept, with their record at epoch 0", async () => {
    const owner = await givenOwner();
    expect(await new D1OwnerStore(env.DB).find(owner.id)).toEqual({ value: owner, version: 1 });
    const epoch = await env.DB.prepare("SELECT epoch FROM owner_epochs WHERE owner_id = ?")
      .bind(owner.id)
      .first("epoch");
    expect(epoch).toBe(0);
  });

  it("are kept whole or not at all", async () => {
    const owner = await givenOwner();
    await expect(new D1OwnerStore(env.DB).insert({ ...owner, name: "Mallory" })).rejects.toThrow();
    expect(await new D1OwnerStore(env.DB).find(owner.id)).toEqual({ value: owner, version: 1 });
  });

  it("are renamed on the version that was read, and on no other", async () => {
    const owner = await givenOwner();
    const owners = new D1OwnerStore(env.DB);
    expect(await owners.rename(owner.id, "one", 1)).toBe(true);
    expect(await owners.rename(owner.id, "other", 1)).toBe(false);
    expect(await owners.rename("nobody", "other", 1)).toBe(false);
    expect(await owners.find(owner.id)).toEqual({ value: { ...owner, name: "one" }, version: 2 });
  });
});

describe("connections", () => {
  it("are listed from both ends while they stand", async () => {
    const caller = await givenCaller();
    const connection = {
      ownerId: caller.ownerId,
      clientId: caller.clientId,
      scopes: caller.scopes,
      generation: 1,
    };
    const store = new D1ConnectionStore(env.DB);
    expect(await store.find(caller.ownerId, caller.clientId)).toEqual(connection);
    expect(await store.listByClient(caller.clientId, 9)).toEqual([connection]);
    expect(await store.listByOwner(caller.ownerId)).toEqual([connection]);
    await putConnection(caller, false);
    expect(await store.find(caller.ownerId, caller.clientId)).toBeNull();
    expect(await store.listByClient(caller.clientId, 9)).toEqual([]);
    expect(await store.listByOwner(caller.ownerId)).toEqual([]);
  });

  it("of a client with many owners are not all read where two will do", async () => {
    const caller = await givenCaller();
    for (let count = 0; count < 3; count += 1) {
      await putConnection({ ...caller, ownerId: (await givenOwner()).id }, true);
    }
    const store = new D1ConnectionStore(env.DB);
    expect(await store.listByClient(caller.clientId, 2)).toHaveLength(2);
    expect(await store.listByClient(caller.clientId, 9)).toHaveLength(4);
    expect(await store.listOwnersOf(caller.clientId, 3)).toHaveLength(3);
  });

  it("of a removed client are found by the owners, also where only resources are left of them", async () => {
    const [standing, left, ended] = [await givenCaller(), await givenCaller(), await givenCaller()];
    const { clientId } = standing;
    for (const { ownerId } of [left, ended]) await putConnection({ ...standing, ownerId }, false);
    await givenResource(left.ownerId, clientId, null);
    await givenResource(ended.ownerId, "another server", null);
    const owners = await new D1ConnectionStore(env.DB).listOwnersOf(clientId, 9);
    expect([...owners].sort()).toEqual([standing.ownerId, left.ownerId].sort());
  });
});

it("counts what is kept", async () => {
  const before = await new D1Counts(env.DB).all();
  await givenOwner();
  await clientStore().insert(someClient({ id: freshId("counted") }));
  expect(await new D1Counts(env.DB).all()).toEqual({
    ...before,
    owners: before.owners + 1,
    clients: before.clients + 1,
  });
});

it("tells of whoever may speak for a claim the first fifty, and whether these are all", async () => {
  const nothing = { target: { resources: [] }, scopes: [], groups: [], clients: [], issuers: [], anyIssuer: true };
  const review = () => new D1ReviewStore(env.DB).load("owner", nothing);
  while ((await issuerStore().list(null, 200)).items.length < 50) await issuerStore().insert(someIssuer());
  expect(await review()).toMatchObject({ areAllIssuers: true });
  await issuerStore().insert(someIssuer());
  expect(await review()).toMatchObject({ areAllIssuers: false });
});
