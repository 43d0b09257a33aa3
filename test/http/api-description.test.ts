import { afterEach, describe, expect, it, vi } from "vitest";
import presentedClient from "../../src/http/authenticate/presented-client.ts?raw";
import tokenEndpoint from "../../src/http/token.ts?raw";
import meantAccount from "../../src/operations/authorize/meant-account.ts?raw";
import authorizationRequest from "../../src/protocol/authorization-request.ts?raw";
import type { DescribedCall } from "../support/server/api-description.ts";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer, Call } from "../support/server/http-site.ts";
import { EmailPerson } from "../support/server/letters.ts";
import { Organization } from "../support/server/organization.ts";
import { Scene } from "../support/server/scene.ts";
import { UpstreamProvider } from "../support/server/upstream-provider.ts";
import { WebhookReceiver } from "../support/server/webhook-receiver.ts";
import { text, UMA_GRANT } from "../support/server/world.ts";
import { describedApi } from "../support/workerd/described-answers.ts";
import { freshHost } from "../support/workerd/key-hosts.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { everyCallOfPrograms } from "../support/workerd/routes.ts";
import { writeStories } from "../support/workerd/write-stories.ts";

const world = localWorld();
const api = describedApi();
const NOWHERE = "A".repeat(22);
const FORM = "application/x-www-form-urlencoded";

const nameOf = ({ method, path }: DescribedCall) => `${method} ${path}`;
/** Pages to which clients send browsers, which a specification names. */
const ofBrowsers = api.calls.filter(({ operation }) => operation.tags.includes("Clients, by a browser")).map(nameOf);

afterEach(() => {
  vi.restoreAllMocks();
});

/** The parameters of a form, those that it needs apart; of each kind of form, where there are several. */
function formsOf({ operation }: DescribedCall): readonly { required: readonly string[]; names: readonly string[] }[] {
  const schema = operation.requestBody?.content[FORM]?.schema as
    | { anyOf?: readonly object[]; required?: readonly string[]; properties?: object }
    | undefined;
  if (schema === undefined) return [];
  const kinds = (schema.anyOf ?? [schema]) as readonly { required?: readonly string[]; properties: object }[];
  return kinds.map(({ required = [], properties }) => ({ required, names: Object.keys(properties) }));
}

const namesIn = (call: DescribedCall) => new Set(formsOf(call).flatMap(({ names }) => names));
const callOf = (method: string, path: string): DescribedCall => {
  const found = api.find(method, path);
  if (found === null) throw new Error(`${method} ${path} is not described`);
  return found;
};

describe("the description of everything", () => {
  it("is published, for this very server", async () => {
    const { json, headers } = await world.send("GET", "/schemas/openapi.json");
    expect(json).toEqual(api.description);
    expect(headers.get("cache-control")).toBe("public, max-age=300");
  });

  it("has every call of programs, and no other", () => {
    expect(api.description.openapi).toBe("3.1.0");
    const described = api.calls.map(nameOf).filter((call) => !ofBrowsers.includes(call));
    expect(described.toSorted()).toEqual(everyCallOfPrograms().toSorted());
  });

  it("gives each call a name of its own, and has a schema behind every reference", () => {
    const ids = api.calls.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, path, operation } of api.calls) {
      const steps = ["paths", path, method.toLowerCase()];
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        for (const type of Object.keys(content))
          api.validator(...steps, "responses", status, "content", type, "schema");
      }
      for (const type of Object.keys(operation.requestBody?.content ?? {})) {
        api.validator(...steps, "requestBody", "content", type, "schema");
      }
    }
  });

  it("says of each call of somebody known how they say who they are", () => {
    for (const { method, path, operation } of api.calls) {
      const schemes = operation.security.flatMap((scheme) => Object.keys(scheme));
      const { securitySchemes } = api.description.components as unknown as { securitySchemes: object };
      for (const scheme of schemes) expect(Object.keys(securitySchemes), `${method} ${path}`).toContain(scheme);
    }
  });

  it("names each parameter that the token endpoint reads, and no other", () => {
    const read = `${tokenEndpoint}${presentedClient}`.matchAll(/form\.(?:get|require|all)\("(\w+)"\)/g);
    expect([...namesIn(callOf("POST", "/token"))].toSorted()).toEqual(
      [...new Set([...read].map(([, name = ""]) => name))].toSorted(),
    );
  });

  it("names each parameter of an authorization request, pushed or not", () => {
    const reads = /(?:parameters\.(?:get|all)\(|bounded\(parameters, |parameters\.repeated\.includes\()"(\w+)"/g;
    const read = [...(authorizationRequest + meantAccount).matchAll(reads)].map(([, name = ""]) => name);
    // Neither is read, and each is told why.
    const known = new Set(["client_id", ...read.filter((name) => name !== "request" && name !== "request_uri")]);
    const pushed = namesIn(callOf("POST", "/par"));
    for (const name of known) expect(pushed).toContain(name);
    const { parameters = [] } = callOf("GET", "/authorize").operation;
    expect(parameters.map(({ name }) => name).toSorted()).toEqual([...known, "request_uri"].toSorted());
  });
});

describe("what is sent", () => {
  it("is refused without a parameter that its form needs, by that name", async () => {
    const scene = await Scene.open(world);
    const grants = (await world.send("GET", "/.well-known/uma2-configuration")).body.grant_types_supported;
    const client = await world.client({ grant_types: grants, redirect_uris: ["https://app.example/back"] });
    for (const call of api.calls) {
      const isClients = call.operation.security.some((scheme) => "clientSecret" in scheme);
      const who: Call = isClients ? { basic: client } : { bearer: scene.pat };
      for (const form of formsOf(call)) {
        const known = knownIn(call, form.required);
        for (const left of form.required) {
          const { [left]: _, ...rest } = known;
          const answer = await world.send(call.method, call.path, { ...who, form: rest });
          expect(answer.body.error_description, nameOf(call)).toContain(left);
          expect(answer.status).toBe(400);
        }
      }
    }
  });

  it("of a query is what each list takes, and nothing else", async () => {
    const scene = await Scene.open(world);
    for (const call of api.calls) {
      const [caller] = call.operation.tags;
      if (call.method !== "GET" || (caller !== "The operator" && caller !== "Resource servers")) continue;
      const bearer = caller === "The operator" ? world.site.adminSecret : scene.pat;
      const path = call.path.replaceAll(/\{\w+\}/g, NOWHERE);
      const { body, status } = await world.send("GET", `${path}?no-such-parameter=x`, { bearer });
      const described = (call.operation.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name);
      if (described.length === 0 && status !== 400) continue;
      const [, taken = ""] = /takes the parameters (.*), and not/.exec(String(body.error_description)) ?? [];
      expect(described.toSorted(), nameOf(call)).toEqual(taken === "" ? [] : taken.split(", ").toSorted());
    }
  });
});

/** A value for each parameter that a form needs: the one that there can be, or any. */
function knownIn(call: DescribedCall, required: readonly string[]): Readonly<Record<string, string>> {
  const { schema } = call.operation.requestBody?.content[FORM] ?? {};
  const { anyOf = [schema] } = schema as { anyOf?: readonly unknown[] };
  const kind = (
    anyOf as readonly { required?: readonly string[]; properties: Record<string, { const?: string }> }[]
  ).find((one) => one.required?.join() === required.join());
  return Object.fromEntries(required.map((name) => [name, kind?.properties[name]?.const ?? "x"]));
}

/**
 * What takes more than asking for it is shown by tests of its own, where every answer is held against its description,
 * too (support/workerd/described-answers.ts).
 */
const ELSEWHERE = [
  " /owner/", // owner-api-description.test.ts
  " /admin/providers", // admin-providers.test.ts
  "/dead-letters/{letterId}", // admin-webhooks.test.ts
  "POST /admin/keys/rotate", // rfc7517-jwk-set.test.ts
  "POST /unsubscribe", // people/notices.test.ts
];

it("every call is answered as it is described", async () => {
  const seen = new Set<string>();
  const note = (method: string, path: string, answer: Answer): Answer => {
    const call = callOf(method, path.split("?")[0] ?? "");
    const [mediaType = ""] = (answer.headers.get("content-type") ?? "").split(";");
    expect(api.faultOf(call, { ...answer, mediaType }), `${nameOf(call)} ${answer.status} ${answer.text}`).toBeNull();
    if (answer.status < 400) seen.add(nameOf(call));
    return answer;
  };
  const ask = async (method: string, path: string, call: Call = {}) =>
    note(method, path, await world.send(method, path, call));
  const admin = (method: string, path: string, json?: unknown) =>
    ask(method, `/admin${path}`, { bearer: world.site.adminSecret, ...(json === undefined ? {} : { json }) });

  await anybody(ask);
  await resourceServers(ask);
  await clients(ask, note);
  await entriesOfTheOperator(admin);
  await registrations(ask, admin);
  await ownersOfTheOperator(admin);
  await theServer(admin);
  await ask("GET", "/unsubscribe?t=no");

  const here = api.calls.map(nameOf).filter((call) => !ELSEWHERE.some((path) => call.includes(path)));
  expect([...seen].toSorted()).toEqual(here.toSorted());
}, 60_000);

const ALL_OF_A_PERSON = "openid email profile";

type Ask = (method: string, path: string, call?: Call) => Promise<Answer>;
type Admin = (method: string, path: string, json?: unknown) => Promise<Answer>;

async function anybody(ask: Ask): Promise<void> {
  for (const path of ["/healthz", "/jwks", "/sign-in/jwks"]) await ask("GET", path);
  for (const name of ["uma2-configuration", "oauth-authorization-server", "openid-configuration"])
    await ask("GET", `/.well-known/${name}`);
  for (const name of ["policy", "owner-api", "openapi"]) await ask("GET", `/schemas/${name}.json`);
}

async function resourceServers(ask: Ask): Promise<void> {
  const scene = await Scene.open(world);
  const asked = (method: string, path: string, call: Call = {}) => ask(method, path, { bearer: scene.pat, ...call });
  const description = { resource_scopes: ["view"], name: "Photo", external_id: "p1", extension: [1] };
  const photo = text(await asked("POST", "/resources", { json: description }), "_id");
  await asked("POST", "/resources", { json: { ...description, name: "Another" } });
  await asked("GET", "/resources");
  await asked("GET", "/resources?limit=1");
  await asked("GET", `/resources/${photo}`);
  await asked("PUT", `/resources/${photo}`, { json: { resource_scopes: ["view", "print"] } });
  await asked("PATCH", `/resources/${photo}`, { json: { name: "Ours" } });
  await asked("POST", "/resources", { json: { name: "no scopes" } });
  await asked("GET", `/resources/${NOWHERE}`);
  await scene.permitAnyone();
  const permission = { resource_id: photo, resource_scopes: ["view"] };
  const ticket = text(await asked("POST", "/permission", { json: [permission] }), "ticket");
  await asked("POST", "/permission", { json: { ...permission, resource_scopes: ["no"] } });
  const rpt = text(await scene.redeem(ticket), "access_token");
  for (const token of [rpt, "no token"]) await asked("POST", "/introspection", { form: { token } });
  await asked("DELETE", `/resources/${photo}`);
}

async function clients(ask: Ask, note: (method: string, path: string, answer: Answer) => Answer): Promise<void> {
  const scene = await Scene.open(world);
  const { c1 } = scene.cast;
  const photo = await scene.sharedPhoto();
  const ofTicket = async (more: Readonly<Record<string, string>> = {}) =>
    ask("POST", "/token", { basic: c1, form: { grant_type: UMA_GRANT, ticket: await scene.ticket(photo), ...more } });
  await ofTicket();
  const claim = {
    claim_token: await scene.bob(),
    claim_token_format: "http://openid.net/specs/openid-connect-core-1_0.html#IDToken",
  };
  const { refresh_token } = (await ofTicket(claim)).body;
  await ask("POST", "/token", {
    basic: c1,
    form: { grant_type: "refresh_token", refresh_token: String(refresh_token) },
  });
  await ask("POST", "/token", { basic: scene.cast.rs1, form: { grant_type: "client_credentials" } });
  await ask("POST", "/token", { form: {} });
  await ask("POST", "/revocation", { basic: c1, form: { token: String(refresh_token) } });

  const app = await CodeApp.register(world);
  const person = new EmailPerson(world.site);
  await person.settle();
  note("POST", "/par", await app.push());
  note("POST", "/par", await app.push({ scope: "no" }));
  note("GET", "/authorize", await person.open(app.path()));
  note("GET", "/authorize", await person.open("/authorize?client_id=no"));
  note("POST", "/token", await app.redeem(await app.allow(person)));
  const signedIn = note(
    "POST",
    "/token",
    await app.redeem(await app.allow(person, app.path({ scope: ALL_OF_A_PERSON }))),
  );
  const bearer = String(signedIn.body.access_token);
  for (const method of ["GET", "POST"]) await ask(method, "/userinfo", { bearer });
  await ask("GET", "/userinfo");
  const asking = await world.client({ claims_redirect_uris: ["https://app.example/claims"] });
  const visit = { client_id: asking.id, ticket: await scene.ticket(photo) };
  for (const path of ["/authorize", "/logout"])
    note("POST", path, await person.request("POST", path, { form: { state: "x" } }));
  note("GET", "/logout", await person.open("/logout"));
  note("GET", "/logout", await new EmailPerson(world.site).open("/logout"));
  note("GET", "/claims", await person.open("/claims"));
  note("GET", "/claims", await person.open(`/claims?${new URLSearchParams(visit)}`));
  await ask("GET", "/claims", { headers: { "Sec-Fetch-Dest": "image" } });
}

async function entriesOfTheOperator(admin: Admin): Promise<void> {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const client = { client_name: "C", claims_redirect_uris: ["https://c.example/back"] };
  const clientId = text(
    await admin("POST", "/clients", {
      ...client,
      may_push_claims: true,
      issuer_client_ids: { "https://no.example": "c" },
    }),
    "client_id",
  );
  await admin("GET", "/clients");
  await admin("GET", `/clients/${clientId}`);
  await admin("PUT", `/clients/${clientId}`, client);
  await admin("PUT", `/clients/${clientId}`, { ...client, no: 1 });
  await admin("POST", `/clients/${clientId}/secret`);
  await admin("DELETE", `/pcts/clients/${clientId}`);
  await admin("DELETE", `/pcts/accounts/${NOWHERE}`);

  const receiver = new WebhookReceiver();
  const hook = { url: receiver.url, events: ["owner.gone"], client_id: clientId };
  const hookId = text(await admin("POST", "/webhooks", hook), "id");
  await admin("GET", "/webhooks");
  await admin("GET", `/webhooks/${hookId}`);
  await admin("PUT", `/webhooks/${hookId}`, hook);
  await admin("POST", `/webhooks/${hookId}/secret`);
  await admin("GET", `/webhooks/${hookId}/dead-letters`);
  await admin("POST", `/webhooks/${hookId}/dead-letters`);
  await admin("DELETE", `/webhooks/${hookId}`);
  await admin("DELETE", `/clients/${clientId}`);

  const provider = await UpstreamProvider.create(freshHost(), {
    clientId: "usher",
    redirectUri: "https://x.example/cb",
  });
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => provider.fetch(new Request(input, init)));
  const issuer = { issuer: provider.issuer, claims: ["role"], max_token_age: 60 };
  const issuerId = text(await admin("POST", "/issuers", issuer), "id");
  await admin("GET", "/issuers");
  await admin("GET", `/issuers/${issuerId}`);
  await admin("PUT", `/issuers/${issuerId}`, issuer);
  await admin("DELETE", `/issuers/${issuerId}`);
}

async function registrations(ask: Ask, admin: Admin): Promise<void> {
  const right = await admin("POST", "/initial-access-tokens", { name: "ci" });
  await admin("GET", "/initial-access-tokens");
  const bearer = text(right, "token");
  const said = { client_name: "C", "client_name#de": "D", redirect_uris: ["https://c.example/back"], scope: "view" };
  const { client_id, registration_access_token } = (await ask("POST", "/register", { bearer, json: said })).body;
  await ask("POST", "/register", { bearer, json: {} });
  const [path, own] = [`/register/${client_id}`, { bearer: String(registration_access_token) }];
  await ask("GET", path, own);
  await ask("GET", path);
  await ask("PUT", path, { ...own, json: { client_id, ...said } });
  await ask("DELETE", path, own);
  await admin("DELETE", `/initial-access-tokens/${text(right, "id")}`);
}

async function ownersOfTheOperator(admin: Admin): Promise<void> {
  const owner = text(await admin("POST", "/owners", { name: "Lakeside Clinic", location_hint: "weur" }), "owner_id");
  await admin("GET", "/owners?limit=1");
  await admin("GET", `/owners/${owner}`);
  await admin("PUT", `/owners/${owner}`, { name: "Lakeside" });
  await admin("GET", `/owners/${owner}/counts`);
  const client = await world.client({ grant_types: ["client_credentials"] });
  await admin("PUT", `/owners/${owner}/connections/${client.id}`, { scopes: ["uma_protection"] });
  await admin("GET", `/owners/${owner}/connections`);
  await admin("GET", `/owners/${owner}/counts`);
  await admin("DELETE", `/owners/${owner}/connections/${client.id}`);
  const organization = new Organization(world, owner);
  await organization.member("Ana");
  await admin("GET", `/owners/${owner}/administrators`);
  const [account] = await organization.administrators();
  await admin("DELETE", `/owners/${owner}/administrators/${account}`);
  const invitation = await admin("POST", `/owners/${owner}/invitations`, { role: "assistant", expires_in: 60 });
  await admin("GET", `/owners/${owner}/invitations`);
  await admin("DELETE", `/owners/${owner}/invitations/${text(invitation, "invitation_id")}`);
  await admin("DELETE", `/owners/${owner}`);
  await admin("GET", `/owners/${owner}/deletion`);
  await admin("GET", "/deletions?limit=2");
}

async function theServer(admin: Admin): Promise<void> {
  await admin("GET", "/check");
  await admin("GET", "/counts");
  await writeStories(world);
  const { headers } = await admin("GET", "/keys");
  await admin("GET", `/requests/${headers.get("x-request-id")}`);
}
