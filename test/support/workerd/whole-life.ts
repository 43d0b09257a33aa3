import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { ActivityLog } from "../../../src/ledger/activity.ts";
import type { OwnerLedger } from "../../../src/ledger/contract.ts";
import { Families } from "../../../src/ledger/families.ts";
import { Outbox } from "../../../src/ledger/outbox.ts";
import { OwnSeal } from "../../../src/ledger/own-seal.ts";
import { Parties } from "../../../src/ledger/parties.ts";
import { PendingRequests } from "../../../src/ledger/pending-requests.ts";
import { Processes } from "../../../src/ledger/processes.ts";
import type { LedgerStorage } from "../../../src/ledger/storage.ts";
import type { Account } from "../../../src/operations/ports/account.ts";
import { OPEN_ALLOWANCE } from "../../../src/protocol/registration-allowance.ts";
import { epochSeconds } from "../../../src/shared/time.ts";
import { D1AccountOverviewStore } from "../../../src/storage/d1/account-overviews.ts";
import { D1AccountStore } from "../../../src/storage/d1/accounts.ts";
import { D1ActingViewStore } from "../../../src/storage/d1/acting-views.ts";
import { D1AdministratorStore } from "../../../src/storage/d1/administrators.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1ConnectionStore } from "../../../src/storage/d1/connections.ts";
import { D1DeletionStore } from "../../../src/storage/d1/deletions.ts";
import { D1DoorStore } from "../../../src/storage/d1/doors.ts";
import { D1IdentityConsentStore } from "../../../src/storage/d1/identity-consents.ts";
import { D1IdentityProviderStore } from "../../../src/storage/d1/identity-providers.ts";
import { D1InitialAccessTokenStore } from "../../../src/storage/d1/initial-access-tokens.ts";
import { D1InvitationStore } from "../../../src/storage/d1/invitations.ts";
import { D1NoticeStore } from "../../../src/storage/d1/notices.ts";
import { D1OwnedResourceStore } from "../../../src/storage/d1/owned-resources.ts";
import { D1PctStore } from "../../../src/storage/d1/pcts.ts";
import { D1RegistrationStore } from "../../../src/storage/d1/registrations.ts";
import { D1SessionStore } from "../../../src/storage/d1/sessions.ts";
import { D1SharedWithMeStore } from "../../../src/storage/d1/shared-with-me.ts";
import { D1VisitStore } from "../../../src/storage/d1/visits.ts";
import { D1WebhookStore } from "../../../src/storage/d1/webhooks.ts";
import { findWebhookQueues } from "../../../src/storage/durable/webhooks.ts";
import { CodeApp } from "../server/code-app.ts";
import { permission } from "../server/protection-api.ts";
import { Scene } from "../server/scene.ts";
import { initialAccessToken, SelfRegistered } from "../server/self-registered.ts";
import { SigningClient } from "../server/signing-client.ts";
import { text, UMA_GRANT } from "../server/world.ts";
import { localWorld } from "./local-world.ts";
import { addressProof, givenAccount, identityProof, passkeyProof, START, someSession } from "./people.ts";
import { freshId, givenOwner, someClient, someProvider } from "./records.ts";
import { Resident } from "./resident.ts";
import { TestRing } from "./test-ring.ts";

const YEAR_MILLISECONDS = 366 * 24 * 60 * 60 * 1_000;

/** Everything that happens to a server, once: whatever it can ask of its storage is asked here. */
export async function liveWholeLife(): Promise<void> {
  // A change of a client or issuer is answered when every lease has run out.
  const leases = vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  try {
    const scene = await Scene.open(localWorld());
    const resource = await liveResourceServer(scene);
    await liveConsole(scene, resource);
    const counted = await liveOwner(scene, resource);
    await liveClient(scene, resource);
    await liveVisits(scene, resource);
    await scene.removePolicy(counted);
    await liveRequests(scene);
    await liveOperator(scene);
    await liveRegistration(scene);
    await livePeople();
    await liveConsent(scene);
    await liveOrganization();
    await liveWebhook(scene);
    await liveEnds();
    await liveObjects(scene);
  } finally {
    leases.mockRestore();
    vi.useRealTimers();
  }
}

async function liveResourceServer({ rs1, world, cast }: Scene): Promise<string> {
  const description = { resource_scopes: ["view", "print"], type: "photo" };
  const resource = text(await rs1.create(description), "_id");
  await rs1.update(resource, { ...description, name: "A photo" });
  await rs1.read(resource);
  await rs1.list();
  await rs1.list("?limit=1");
  await rs1.list("?name=A%20photo");
  await rs1.list("?uri=https%3A%2F%2Fphotos.example%2F1&limit=1");
  await rs1.patch(resource, { name: null });
  const album = await rs1.register("view");
  await rs1.patch(resource, { collections: [album] });
  await rs1.list(`?collection=${album}`);
  await rs1.list(`?collection=${album}&limit=1`);
  const doors = new D1DoorStore(env.DB);
  const name = "https://mcp.example/mcp";
  await doors.listTaken(cast.alice, [name], { id: resource, externalId: null, operationId: null });
  await doors.find([{ location: name, identifier: "log" }], cast.alice);
  await rs1.remove(await rs1.register("view"));
  const another = await world.connectedToken(cast.rs1);
  await world.send("POST", "/revocation", { basic: cast.rs1, form: { token: another } });
  return resource;
}

/** The pages of an administrator. */
async function liveConsole(scene: Scene, thing: string): Promise<void> {
  const { cast, world } = scene;
  const ana = await Resident.settle();
  await ana.administer(cast.alice);
  const browser = await ana.browse(world.site);
  const policy = await scene.permitAnyone({ who: { client: cast.c1.id } });
  await browser.open(`/console/${cast.alice}`);
  await browser.open(`/console/${cast.alice}/activity`);
  await browser.open(`/console/${cast.alice}/things/${thing}`);
  const group = text(await scene.ask("POST", "/groups", { name: "nurses", members: [] }), "group_id");
  await browser.open(`/console/${cast.alice}/groups`);
  await browser.open(`/console/${cast.alice}/groups/${group}`);
  await scene.removePolicy(policy);
}

/** @returns the id of a policy that counts its uses. */
async function liveOwner(scene: Scene, resource: string): Promise<string> {
  const group = text(await scene.ask("POST", "/groups", { name: "friends", members: [] }), "group_id");
  await scene.ask("PUT", `/groups/${group}`, { name: "family", members: [{ email: "bob@example.com" }] });
  const other = text(await scene.ask("POST", "/groups", { name: "colleagues", members: [] }), "group_id");
  const document = { effect: "permit", target: { type: "photo" }, scopes: ["view"], who: { group } };
  const policy = await scene.world.policy(scene.tool, document);
  await scene.ask("PUT", `/policies/${policy}?accept=warnings`, { ...document, scopes: ["view", "edit"] });
  const counted = await scene.permitAnyone({
    who: { client: scene.cast.c1.id },
    scopes: ["print"],
    terms: { uses: 10 },
  });
  for (const path of ["/policies", `/policies/${policy}`, "/groups", `/groups/${group}`, "/activity"])
    await scene.ask("GET", path);
  for (const query of ["q=photo", "type=photo", `client_id=${scene.cast.rs1.id}&q=a`, `collection=${resource}`])
    await scene.ask("GET", `/resources?${query}`);
  for (const path of ["/resources", `/resources/${resource}`, `/resources/${resource}/access`, "/grants"])
    await scene.ask("GET", path);
  const question = { resource_id: resource, client_id: scene.cast.c1.id, policies: [document] };
  await scene.ask("POST", "/explain", question);
  const supposed = { ...question, policies: [{ ...document, who: { group: other } }] };
  await scene.ask("POST", "/explain", supposed);
  await scene.ask("DELETE", `/groups/${other}`);
  await scene.ask("POST", "/withdrawals", { client_id: scene.cast.c1.id });
  return counted;
}

async function liveClient(scene: Scene, resource: string): Promise<void> {
  const { world, cast } = scene;
  const asked = permission(resource, "view");
  const needy = await scene.ticketForAll([asked]);
  const more = await scene.redeem(needy, { idToken: await scene.bob({ email: undefined }) });
  const granted = await scene.redeem(text(more, "ticket"), { idToken: await scene.bob({ email_verified: true }) });
  await scene.introspect(granted.body.access_token);
  await scene.refresh(cast.c1, granted.body.refresh_token);
  await scene.redeem(needy);
  const counted = await scene.redeem(await scene.ticketForAll([permission(resource, "print")]));
  await scene.introspect(counted.body.access_token);
  await liveUpgrade(scene, resource);
  await world.send("POST", "/revocation", { basic: cast.c1, form: { token: text(granted, "refresh_token") } });
  await world.send("POST", "/token", { basic: { ...cast.c1, secret: "wrong" }, form: { grant_type: "x" } });
  const signing = await SigningClient.register(world);
  await signing.present(signing.assertion());
}

/** An RPT goes into another one, and what came of it is ended by its first id. */
async function liveUpgrade(scene: Scene, resource: string): Promise<void> {
  const photo = await scene.sharedPhoto();
  const idToken = await scene.bob();
  const old = await scene.redeem(await scene.ticket(photo), { idToken });
  const { items } = (await scene.ask("GET", `/grants?resource_id=${photo}`)).body;
  const [grant] = items as readonly { grant_id: string }[];
  await scene.redeem(await scene.ticket(resource), { idToken, rpt: text(old, "access_token") });
  await scene.ask("DELETE", `/grants/${grant?.grant_id}`);
}

/** What waits for the owner: it is asked again, decided, refused by D1, told, expires and is forgotten. */
async function liveRequests(scene: Scene): Promise<void> {
  const photo = await scene.resource();
  const policy = await scene.permit(
    photo,
    ["view", "print"],
    { claim: "email", exists: true },
    { terms: { approval: true } },
  );
  const idToken = await scene.bob();
  for (const scopes of [["view"], ["view"], ["print"]])
    await scene.redeem(await scene.ticket(photo, scopes), { idToken });
  const { items } = (await scene.ask("GET", "/requests?status=waiting")).body;
  const [request] = items as readonly { request_id: string }[];
  const path = `/requests/${request?.request_id}`;
  await scene.ask("GET", path);
  await scene.ask("GET", "/requests");
  await scene.ask("POST", `${path}/decision`, { version: 1, decision: "refuse" });
  await scene.redeem(await scene.ticket(photo, ["print"]), { idToken });
  await runInDurableObject(env.OWNER_LEDGER.getByName(scene.cast.alice), (_, { storage }) => {
    const requests = new PendingRequests(storage as unknown as LedgerStorage);
    const [waiting] = requests.list("waiting", null, 1);
    if (waiting === undefined) throw new Error("nothing waits");
    const otherwise = { ...waiting, asked: [] };
    requests.ask(otherwise, 0);
    const nothing = { allowed: [], policyIds: [], until: null, sealedWord: null, at: 0 };
    const author = { clientId: null, accountId: null };
    requests.decide(waiting, { ...nothing, status: "approved", operationId: "refused-by-d1", author });
    requests.reopen("refused-by-d1", 0);
    requests.remove(waiting);
  });
  await scene.removePolicy(policy);
}

/** Requesting parties who come with a ticket in a browser. */
async function liveVisits(scene: Scene, resourceId: string): Promise<void> {
  const { cast } = scene;
  const stub = env.OWNER_LEDGER.getByName(cast.alice);
  const ledger = stub as unknown as OwnerLedger;
  const generation = await runInDurableObject(stub, (_, { storage }) => {
    const query = "SELECT generation FROM connections WHERE client_id = ?";
    return storage.sql.exec<{ generation: number }>(query, cast.rs1.id).one().generation;
  });
  const policyId = await scene.permitAnyone({ terms: { agreement: { title: "Rules", text: "Be kind." } } });
  const ticketOf = (id: string) => ({
    ...{ id, processId: id, step: 0, ledger: cast.alice, resourceServerId: cast.rs1.id, clientId: null, tokenId: null },
    ...{ connectionGeneration: generation, rptFormat: "jwt" as const, expiresAt: 4_000_000_000 },
    permissions: [{ resourceId, scopes: ["view"] }],
  });
  const statement = { issuer: "http://localhost:8787", subject: "ana", claims: {}, authenticatedAt: null, issuedAt: 0 };
  const party = { claims: { ...statement, linked: [] }, partyReference: "ana", trustedUntil: Number.POSITIVE_INFINITY };
  const client = { id: cast.c1.id, authenticated: false, registeredScopes: [], mayRefresh: false, mayPushClaims: true };
  const visit = { party, client: { ...client, mayRedirect: true }, anonymousReference: "nobody" };
  for (const id of ["completed", "cancelled"]) {
    const ticket = ticketOf(id);
    const asked = { ...visit, ticket, whereabouts: { country: null, address: null } };
    await ledger.arrive({ attemptId: id, ticket, clientId: cast.c1.id, source: "" });
    const looked = await ledger.look(asked);
    const agreements = "agreements" in looked ? looked.agreements : [];
    const end = { sealedPct: null, next: { id: "next", expiresAt: 4_000_000_000 }, forgottenAt: 1 };
    if (id === "completed") await ledger.complete({ ...asked, agreements, ...end });
    else await ledger.cancel({ ticket, forgottenAt: 1 });
  }
  await ledger.look({ ...visit, ticket: ticketOf("again"), whereabouts: { country: null, address: null } });
  await scene.removePolicy(policyId);
}

async function liveOperator({ world, cast }: Scene): Promise<void> {
  const { alice, rs1, tool } = cast;
  const usage = [`/owners/${alice}`, `/owners/${alice}/counts`, `/owners/${alice}/connections`];
  for (const path of ["/owners", "/clients", "/issuers", "/counts", "/keys", "/check", ...usage, `/clients/${rs1.id}`])
    await world.admin("GET", path);
  await world.client({ may_push_claims: true, issuer_client_ids: { [cast.provider.issuer]: "printer" } });
  await world.admin("PUT", `/owners/${alice}`, { name: "Alice" });
  await world.admin("PUT", `/clients/${tool.id}`, { client_name: "tool", grant_types: ["client_credentials"] });
  const jwks = cast.provider.jwks;
  const issuer = { issuer: `https://${crypto.randomUUID()}.example`, jwks, claims: "all", email_domains: "all" };
  const trusted = text(await world.admin("POST", "/issuers", issuer), "id");
  await world.admin("GET", `/issuers/${trusted}`);
  await world.admin("PUT", `/issuers/${trusted}`, issuer);
  await world.admin("DELETE", `/issuers/${trusted}`);
  await liveProviders();
  await world.connectedToken(tool, { resource_owner: alice });
  await world.admin("DELETE", `/owners/${alice}/connections/${tool.id}`);
  await world.admin("DELETE", `/clients/${rs1.id}`);
}

/** A client that registers itself, and what time and the operator do to those. */
async function liveRegistration({ world }: Scene): Promise<void> {
  const token = await initialAccessToken(world);
  const registered = await SelfRegistered.register(world, {}, token);
  await registered.read();
  await registered.replace({});
  await world.token(registered.client, { grant_type: UMA_GRANT, ticket: "none" });
  await registered.remove();
  const tokens = new D1InitialAccessTokenStore(env.DB);
  const [id = ""] = (await tokens.list(null, 1)).items.map((one) => one.id);
  await tokens.remove(id);
  await tokens.removeExpired(START);
  const registrations = new D1RegistrationStore(env.DB);
  const client = someClient({ id: freshId("client"), provenance: "itself" });
  await registrations.insert(client, {
    clientId: client.id,
    tokenHash: "hash",
    allowance: OPEN_ALLOWANCE,
    statement: null,
    endsAt: 1,
  });
  await registrations.limit(client.id, OPEN_ALLOWANCE);
  await registrations.listEnded(START, 1);
  await new D1ClientStore(env.DB).keep(someClient({ id: freshId("client"), provenance: "document" }), START);
  await registrations.removeTraceless(START);
}

/** Accounts, their ways in and their sessions; the pages that use them ask for no more of the stores than this. */
async function liveSharedWithMe(ownerId: string): Promise<void> {
  const shared = new D1SharedWithMeStore(env.DB);
  await shared.list(["bob@example.com"], ownerId, null, 1);
  await shared.findApps(["an-app"]);
  const targets = [{ resources: ["a-thing"] }, { type: "photo" }, { all: true }] as const;
  const permits = targets.map((target) => {
    const document = { effect: "permit", target, scopes: "all", who: { anyone: true } } as const;
    return { policy: { id: "a-permit", version: 1, document }, ownerId, ownerName: "", account: null };
  });
  await shared.listThings(permits);
}

async function livePeople(): Promise<void> {
  const [accounts, sessions] = [new D1AccountStore(env.DB), new D1SessionStore(env.DB)];
  const administrators = new D1AdministratorStore(env.DB);
  const [passkey, address, identity] = [passkeyProof(), addressProof("ana@example.com"), identityProof()];
  const account = await givenAccount(passkey);
  for (const proof of [address, identity]) await accounts.addProof(account.id, proof);
  await accounts.findByPasskey(passkey.passkey.id);
  await accounts.findByAddress(address.address.address);
  await accounts.findByIdentity(identity.identity.id);
  await new D1ConnectionStore(env.DB).findOfPerson(
    { identityId: identity.identity.id, ownerId: null, clientId: "an-app" },
    START,
  );
  await accounts.proofs(account.id);
  await accounts.usePasskey(passkey.passkey, 1, START);
  await accounts.useIdentity(account.id, identity.identity);
  await accounts.rename(account.id, "sealed");
  await accounts.renamePasskey(account.id, passkey.passkey.id, "sealed");
  await accounts.replaceRecoveryCodes(account.id, ["hash"], START);
  await accounts.takeRecoveryCode("hash");
  for (const [kind, id] of [
    ["passkey", passkey.passkey.id],
    ["address", address.address.address],
  ] as const)
    await accounts.removeProof(account.id, kind, id);
  await accounts.removeProof(account.id, "identity", identity.identity.id);
  const session = someSession(account);
  await sessions.insert(session, "hash", null, null);
  await sessions.find("hash", START);
  await new D1AccountOverviewStore(env.DB).find("hash", START);
  await liveSharedWithMe(account.ownerId);
  const actor = { ownerId: account.ownerId, accountId: account.id, now: START };
  await new D1OwnedResourceStore(env.DB).survey(actor, { cursor: null, limit: 1, text: null });
  await sessions.touch("hash", START, START);
  await sessions.list(account.id, START);
  await sessions.end(account.id, session.id);
  await sessions.endAll(account.id, null);
  await sessions.removeExpired(START);
  await administrators.find(account.ownerId, account.id, START);
  await administrators.listByOwner(account.ownerId, START);
  await livePcts(account);
  await liveIdentityConsents(account);
  await liveNotices(account);
}

/** What somebody wants to be written about. */
async function liveNotices(account: Account): Promise<void> {
  const notices = new D1NoticeStore(env.DB);
  await notices.listAdministrators(account.ownerId, "week", START);
  await notices.findReader("ana@example.com", "hash", "week");
  await notices.keep(account.id, {
    request_waiting: true,
    first_access: true,
    request_decided: true,
    shared: true,
    week: false,
  });
  await notices.wishes(account.id);
  await notices.stop({ accountId: null, addressHash: "hash", kind: "week" }, START);
}

/** What somebody lets an app learn about them. */
async function liveIdentityConsents(account: Account): Promise<void> {
  const consents = new D1IdentityConsentStore(env.DB);
  const scopes = ["openid"] as const;
  await consents.keep({ id: "consent", accountId: account.id, clientId: "app", scopes, consentedAt: START });
  await consents.find("consent");
  await consents.list(account.id);
  await consents.endTokens("consent", START);
  await consents.remove(account.id, "app");
  await consents.removeClient("app");
}

/** What is remembered of somebody for an app. */
async function livePcts(account: Account): Promise<void> {
  const pcts = new D1PctStore(env.DB);
  const pct = {
    clientId: "app",
    accountId: account.id,
    sealedClaims: "sealed",
    createdAt: START,
    expiresAt: START + 1,
  };
  await pcts.insert(pct, "pct");
  await pcts.use("pct", "app", START);
  await pcts.list(account.id, START);
  await pcts.remove("pct", "app");
  await pcts.forgetAccount(account.id, null);
  await pcts.forgetClient("app");
  await pcts.removeExpired(START);
  await new D1VisitStore(env.DB).listAsked(account.ownerId, "rs", [{ resourceId: "photo", scopes: ["view"] }]);
}

async function liveProviders(): Promise<void> {
  const [providers, provider] = [new D1IdentityProviderStore(env.DB), someProvider()];
  await providers.insert(provider);
  await providers.find(provider.id);
  await providers.findCurrent(provider.id);
  await providers.replace(provider, 1);
  await providers.remove(provider.id, null);
}

/** Connections that a person makes, and the tokens that come of them. */
async function liveConsent({ cast, world }: Scene): Promise<void> {
  const [ana, app] = [await Resident.settle(), await CodeApp.registerPublic(world)];
  await ana.administer(cast.alice);
  const browser = await ana.browse(world.site);
  const code = await app.allow(browser, await app.pushedPath(), { owner: cast.alice });
  const { refresh_token } = (await app.redeem(code)).body;
  await app.refresh(refresh_token);
  await app.redeem(code);
  const apps = `/console/${cast.alice}/apps`;
  const list = await browser.open(apps);
  await browser.submit(list, `${apps}/end`, { client: app.client.id });
  // What the alarm does where the operator limits how long they lie idle.
  await runInDurableObject(env.OWNER_LEDGER.getByName(cast.alice), (_, { storage }) => {
    const families = new Families(storage);
    families.firstUse();
    families.removeUnused(0);
    // What the alarm does where nobody can be told.
    new Outbox(storage).postpone("notice", 0);
    // And at the end of a week in which something happened.
    const log = new ActivityLog(storage);
    log.countSince(0);
    // Strangers by clients that nobody registered, until there is no room for one more of them.
    for (let number = 0; number <= 2_000; number += 1) {
      const event = { kind: "denied", cause: "policies", refused: [] } as const;
      log.merge({ at: START, event, clientId: `https://app-${number}.example/app.json`, partyReference: null });
    }
  });
}

/** Who acts for an organisation, and how they came to. */
async function liveOrganization(): Promise<void> {
  const [administrators, invitations] = [new D1AdministratorStore(env.DB), new D1InvitationStore(env.DB)];
  const { id: ownerId } = await givenOwner();
  const [ana, ben] = [await givenAccount(), await givenAccount()];
  const invite = async (hash: string, invitedBy: string | null) => {
    const times = { endsAt: null, sealedAddress: null, createdAt: START, expiresAt: START + 10 };
    await invitations.insert({ id: freshId("id"), ownerId, role: "administrator", invitedBy, ...times }, hash);
  };
  await invite("first", null);
  await invitations.find("first", START);
  await invitations.accept("first", ana.id, START);
  await invite("second", ana.id);
  await invitations.decline("second", START);
  await invitations.list(ownerId, START, null, 1);
  for (const takenBy of [ana.id, null]) await invitations.remove(ownerId, "id", takenBy, START);
  const views = new D1ActingViewStore(env.DB);
  await views.ofOwner("hash", ownerId, START);
  await views.ofInvitation("hash", "hash", START);
  for (const endedBy of [ana.id, null]) await administrators.end(ownerId, ben.id, endedBy, START);
  await invitations.removeExpired(START);
  await administrators.removeEnded(START);
}

/** An endpoint that nobody answers at, and what could not be delivered there. */
async function liveWebhook({ world, cast }: Scene): Promise<void> {
  const registration = { url: "https://receiver.example/hooks", events: ["owner.gone"] };
  const id = text(await world.admin("POST", "/webhooks", { ...registration, client_id: cast.c1.id }), "id");
  await world.admin("POST", "/webhooks", { ...registration, client_id: "nobody" });
  const webhooks = new D1WebhookStore(env.DB);
  await webhooks.listFor([cast.c1.id]);
  for (const path of ["", `/${id}`, `/${id}/dead-letters`]) await world.admin("GET", `/webhooks${path}`);
  await world.admin("PUT", `/webhooks/${id}`, { ...registration, client_id: cast.c1.id });
  const queue = findWebhookQueues(env.WEBHOOK).queue(id);
  const unreachable = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Network connection lost"));
  await queue.add([{ id: "message", type: "owner.gone", body: "{}" }]);
  await runDurableObjectAlarm(env.WEBHOOK.getByName(id));
  unreachable.mockRestore();
  await queue.resend("message");
  await queue.discard("message");
  await world.admin("DELETE", `/webhooks/${id}`);
}

/** A ledger that knows as many people as it keeps. */
async function liveFullOfParties(): Promise<void> {
  await runInDurableObject(env.OWNER_LEDGER.get(env.OWNER_LEDGER.newUniqueId()), async (_, { storage }) => {
    const seal = { seal: async () => "sealed", open: async () => null };
    const ownerSeals = { newKey: async () => "key", unlock: async () => seal };
    const parties = new Parties(storage, new OwnSeal({ storage, ownerSeals }), 1);
    for (const reference of ["ana", "ben"]) {
      parties.keep({ reference, personId: reference, sealed: "sealed" }, START);
      await parties.find([reference]);
      await parties.findPersons([reference]);
    }
  });
}

/** Those who go: a person by their own wish, an organisation by the operator's. */
async function liveEnds(): Promise<void> {
  const deletions = new D1DeletionStore(env.DB);
  const [ana, { id: ownerId }] = [await givenAccount(), await givenOwner()];
  await deletions.listSoleCharges(ana.id, START);
  await deletions.requestByPerson(ana.id, START);
  await deletions.requestByOperator(ownerId, START);
  await deletions.findAccountId(ana.ownerId);
  await deletions.list(null, 1);
  await deletions.listUnfinished(START + 1, 1);
  const closedAt = epochSeconds();
  const going = [
    { ownerId: ana.ownerId, accountId: ana.id, closedAt },
    { ownerId, accountId: null, closedAt },
  ];
  for (const owner of going) {
    const ledger = env.OWNER_LEDGER.getByName(owner.ownerId);
    await ledger.open(owner.ownerId);
    await ledger.close(owner);
    await runDurableObjectAlarm(ledger);
  }
  await deletions.removeErasedBefore(START);
}

/** What nobody asks for and time brings about. */
async function liveObjects({ cast }: Scene): Promise<void> {
  const ring = new TestRing();
  const guard = env.REPLAY_GUARD.get(env.REPLAY_GUARD.newUniqueId());
  const log = env.REQUEST_LOG.get(env.REQUEST_LOG.newUniqueId());
  const counter = env.FAILURE_COUNTER.get(env.FAILURE_COUNTER.newUniqueId());
  const codes = env.EMAIL_CODE.get(env.EMAIL_CODE.newUniqueId());
  const pacer = env.PACER.get(env.PACER.newUniqueId());
  await ring.keys();
  // As if they had been made before there was a secret to wrap them with.
  await runInDurableObject(ring.stub, (_, { storage }) => storage.sql.exec("UPDATE keys SET wrapped = 0"));
  await liveFullOfParties();
  await runInDurableObject(env.OWNER_LEDGER.get(env.OWNER_LEDGER.newUniqueId()), (_, { storage }) => {
    // As a ledger was opened before there was anything to remember.
    const processes = new Processes(storage);
    processes.create();
    storage.sql.exec("ALTER TABLE processes DROP COLUMN sealed_pct");
    processes.find("process");
  });
  await ring.keys();
  await log.keep([{ requestId: "request", teller: "somebody", story: "{}" }]);
  await log.find("request");
  await guard.claim("hash", 0);
  await counter.record("subject", "source");
  const letter = { id: "letter", box: "box", sender: "sender", isKnown: false, codeHash: "hash" };
  await codes.begin(letter);
  await codes.tryCode("box", "letter", "wrong");
  await codes.tryCode("box", "letter", "hash");
  await codes.begin({ ...letter, id: "another", box: "another" });
  await codes.withdraw("another", "another");
  await pacer.take("key", { burst: 1, interval: 60 });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * YEAR_MILLISECONDS });
  await ring.rotate();
  for (const object of [env.OWNER_LEDGER.getByName(cast.alice), ring.stub, log, guard, counter, codes, pacer])
    await runDurableObjectAlarm(object);
}
