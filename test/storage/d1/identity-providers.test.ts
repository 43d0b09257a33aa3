import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { D1IdentityProviderStore } from "../../../src/storage/d1/identity-providers.ts";
import { Leased } from "../../../src/storage/d1/leased.ts";
import { someProvider } from "../../support/workerd/records.ts";

const store = () => new D1IdentityProviderStore(env.DB, new Leased({ seconds: 0 }));

const made: string[] = [];
async function given(changes: Parameters<typeof someProvider>[0] = {}) {
  const provider = someProvider(changes);
  expect(await store().insert(provider)).toBe(true);
  made.push(provider.id);
  return provider;
}
afterEach(async () => {
  for (const id of made.splice(0)) await store().remove(id, null);
  vi.restoreAllMocks();
});

it.each([
  ["with next to nothing", {}],
  [
    "with everything",
    {
      authenticationMethod: "private_key_jwt",
      signsRequests: true,
      assertionAudience: "token_endpoint",
      acrValues: ["high"],
      acceptedLevels: ["high"],
      prompt: "login",
      claims: "all",
      emailDomains: "all",
      maxClaimsAge: 60,
      enabled: false,
      publicKeys: [{ kty: "EC" }],
    } as const,
  ],
])("a provider comes back as it was kept: %s", async (_, changes) => {
  const provider = await given(changes);
  expect(await store().find(provider.id)).toEqual(provider);
  expect(await store().findCurrent(provider.id)).toEqual({ value: provider, version: 1 });
});

it("our keys for all of them are listed together, those of one that is switched off included", async () => {
  const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
  await given({ publicKeys: [{ kid: one }] });
  await given({ publicKeys: [{ kid: other }], enabled: false });
  expect(await store().listPublicKeys()).toEqual(expect.arrayContaining([{ kid: one }, { kid: other }]));
});

it("those are listed apart that people can sign in at", async () => {
  const [on, off] = [await given(), await given({ enabled: false })];
  const ids = (await store().listEnabled()).map(({ id }) => id);
  expect(ids).toContain(on.id);
  expect(ids).not.toContain(off.id);
  expect((await store().list(null, 20)).items).toEqual(expect.arrayContaining([on, off]));
});

it("speaks while people can sign in there, for as long as its entry says", async () => {
  const [on, off] = [await given({ maxClaimsAge: 60 }), await given({ enabled: false })];
  expect(await store().findLeased(on.issuer)).toEqual({
    issuer: expect.objectContaining({ issuer: on.issuer, claims: on.claims, maxTokenAge: 60 }),
    until: expect.any(Number),
  });
  expect(await store().findLeased(off.issuer)).toBeNull();
  expect(await store().findLeased("https://nobody.example")).toBeNull();
  const speakers = (await store().listSpeakers()).map(({ issuer }) => issuer);
  expect(speakers).toContain(on.issuer);
  expect(speakers).not.toContain(off.issuer);
});

it("is replaced in the version that was read, and under its issuer", async () => {
  const provider = await given();
  expect(await store().replace({ ...provider, name: "one" }, 1)).toBe(true);
  expect(await store().replace({ ...provider, name: "other" }, 1)).toBe(false);
  expect(await store().replace({ ...provider, issuer: "https://other.example" }, 2)).toBe(false);
  expect(await store().findCurrent(provider.id)).toMatchObject({ value: { name: "one" }, version: 2 });
  expect(await store().remove(provider.id, 1)).toBe(false);
  expect(await store().remove(provider.id, 2)).toBe(true);
  expect(await store().findCurrent(provider.id)).toBeNull();
});

it("is read once for as long as a copy may be used, and anew after a change", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const leased = new D1IdentityProviderStore(env.DB);
  const provider = await given();
  await leased.find(provider.id);
  await env.DB.prepare("UPDATE identity_providers SET name = 'changed elsewhere' WHERE id = ?").bind(provider.id).run();
  expect(await leased.find(provider.id)).toMatchObject({ name: provider.name });
  expect(await leased.replace({ ...provider, name: "changed here" }, 1)).toBe(true);
  expect(await leased.find(provider.id)).toMatchObject({ name: "changed here" });
});
