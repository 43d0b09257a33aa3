import { describe, expect, it } from "vitest";
import { describeOwnerApi } from "../../src/http/owner/api-description.ts";
import { ApiDescription, type Description } from "../support/server/api-description.ts";
import { BOB, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { everyMethodBelow } from "../support/workerd/routes.ts";

const world = localWorld();
const NOWHERE = "A".repeat(22);

const PERMIT = { effect: "permit", target: { all: true }, scopes: "all", who: BOB };
const GROUP = { name: "g", members: [{ email: "bob@example.com" }] };
/** What is taken, by those calls that take both a body and a query. */
const SENT: Readonly<Record<string, object>> = {
  "/owner/policies": PERMIT,
  "/owner/preview": PERMIT,
  "/owner/policies/{id}": PERMIT,
  "/owner/groups": GROUP,
  "/owner/groups/{id}": GROUP,
};

const api = new ApiDescription(JSON.parse(JSON.stringify(describeOwnerApi(world.site.issuer))) as Description);

describe("the description of the owner's API", () => {
  it("is an OpenAPI document of every call that there is, and of no other", () => {
    expect(api.description.openapi).toMatch(/^3\.1\./);
    const described = api.calls.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(everyMethodBelow("/owner").toSorted());
  });

  it("is what the server publishes for its own issuer", async () => {
    expect((await world.send("GET", "/schemas/owner-api.json")).json).toEqual(api.description);
  });

  it("names each parameter of a query that is taken, and no other", async () => {
    const scene = await Scene.open(world);
    for (const { method, path, operation } of api.calls) {
      const described = (operation.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name);
      if (method !== "GET" && described.length === 0) continue;
      const place = path.replace("/owner", "").replace("{id}", NOWHERE);
      const sent = SENT[method === "GET" ? "" : path];
      const { body } = await scene.ask(method, `${place}?no-such-parameter=x`, sent);
      const [, taken = ""] =
        /^this call takes the parameters (.*), and not /.exec(String(body.error_description)) ?? [];
      expect(described.toSorted(), `${method} ${path}`).toEqual(taken === "" ? [] : taken.split(", ").toSorted());
    }
  });

  it("names each parameter of a path, and has a schema behind every reference", () => {
    for (const [path, methods] of Object.entries(api.description.paths)) {
      const named = (methods.parameters as unknown as { name: string }[] | undefined)?.map(({ name }) => name) ?? [];
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    for (const { method, path, operation } of api.calls) {
      const steps = ["paths", path, method.toLowerCase()];
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (content !== undefined)
          api.validator(...steps, "responses", status, "content", "application/json", "schema");
      }
      if (operation.requestBody === undefined) continue;
      api.validator(...steps, "requestBody", "content", "application/json", "schema");
    }
  });
});

describe("what is sent", () => {
  const bodyOf = (path: string, method: string) => {
    const validate = api.validator("paths", path, method, "requestBody", "content", "application/json", "schema");
    return (body: unknown) => validate(body) === true;
  };

  it("is described as it is taken", () => {
    const takesQuestion = bodyOf("/owner/explain", "post");
    const question = { resource_id: "r", client_id: "c" };
    expect(takesQuestion(question)).toBe(true);
    expect(takesQuestion({ ...question, party: { issuer: "i", subject: "s", claims: { role: ["a", 1, true] } } })).toBe(
      true,
    );
    expect(takesQuestion({ ...question, policies: [{ effect: "permit" }] })).toBe(false);
    expect(takesQuestion({ client_id: "c" })).toBe(false);
    expect(takesQuestion({ ...question, caller: { country: "Germany" } })).toBe(false);
    const takesWithdrawal = bodyOf("/owner/withdrawals", "post");
    expect([{ everyone: true }, { everyone: false }, { client_id: " " }].map(takesWithdrawal)).toEqual([
      true,
      false,
      false,
    ]);
    const takesGroup = bodyOf("/owner/groups", "post");
    expect([{ name: "g", members: [] }, { name: "g" }].map(takesGroup)).toEqual([true, false]);
  });
});

it("every answer is as it is described", async () => {
  const scene = await Scene.open(world);
  const seen = new Set<string>();
  const ask = async (method: string, path: string, id: string | null = null, json?: unknown, query = "") => {
    const answer = await scene.ask(method, path.replace("/owner", "").replace("{id}", id ?? "") + query, json);
    const call = api.find(method, path.replace("{id}", "x"));
    const [mediaType = ""] = (answer.headers.get("content-type") ?? "").split(";");
    const fault = call === null ? "the call is not described" : api.faultOf(call, { ...answer, mediaType });
    expect(fault, `${method} ${path} ${answer.status} ${answer.text}`).toBeNull();
    if (answer.status < 400) seen.add(`${method} ${path}`);
    return answer;
  };
  const photo = await scene.resource(["view"], {
    name: "Photo",
    type: "photo",
    description: "of us",
    icon_uri: "https://p.example/i",
  });
  await scene.resource([]);
  const permit = { effect: "permit", target: { resources: [photo] }, scopes: ["view"], who: BOB };

  const policy = text(await ask("POST", "/owner/policies", null, permit), "policy_id");
  await ask("POST", "/owner/policies", null, { ...permit, scopes: ["veiw"] });
  await ask("POST", "/owner/policies", null, { ...permit, scopes: ["veiw"] }, "?accept=warnings");
  await ask("POST", "/owner/policies", null, {});
  await ask("POST", "/owner/preview", null, { ...permit, scopes: ["veiw"] });
  await ask("PUT", "/owner/policies/{id}", policy, { ...permit, name: "Bob" });
  await ask("GET", "/owner/policies/{id}", policy);
  await ask("GET", "/owner/policies/{id}", NOWHERE);
  await ask("GET", "/owner/policies", null, undefined, "?limit=1");
  const group = text(
    await ask("POST", "/owner/groups", null, { name: "g", members: [{ email: "bob@example.com" }] }),
    "group_id",
  );
  await ask("PUT", "/owner/groups/{id}", group, { name: "h", members: [] });
  await ask("GET", "/owner/groups/{id}", group);
  await ask("GET", "/owner/groups");
  await scene.resource(["view"], { collections: [photo] });
  await ask("GET", "/owner/apps", null, undefined, "?limit=1");
  await ask("GET", "/owner/resources");
  await ask("GET", "/owner/resources", null, undefined, "?limit=1");
  await scene.resource(["view"], { collections: [photo] });
  await ask("GET", "/owner/resources", null, undefined, `?collection=${photo}`);
  await ask("GET", "/owner/resources/{id}", photo);
  await ask("GET", "/owner/resources/{id}/access", photo);
  await ask("POST", "/owner/explain", null, { resource_id: photo, client_id: scene.cast.c1.id, policies: [permit] });
  await ask("POST", "/owner/explain", null, { resource_id: photo, client_id: NOWHERE });

  expect((await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() })).status).toBe(200);
  await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob({ email: "eve@example.com" }) });
  const album = await scene.resource();
  await scene.permit(album, ["view"], { claim: "email", exists: true }, { terms: { approval: true } });
  await scene.redeem(await scene.ticket(album), { idToken: await scene.bob() });
  const waiting = await ask("GET", "/owner/requests", null, undefined, "?limit=1");
  const request = String(waiting.body.items?.[0]?.request_id);
  const decision = {
    version: 1,
    decision: "approve",
    permissions: [{ resource_id: album, resource_scopes: ["view"] }],
  };
  await ask("POST", "/owner/requests/{id}/decision", request, { ...decision, word: "Welcome", until: 2_000_000_000 });
  await ask("POST", "/owner/requests/{id}/decision", request, decision);
  await ask("GET", "/owner/requests/{id}", request);

  const granted = await ask("GET", "/owner/grants");
  await ask("GET", "/owner/activity", null, undefined, "?limit=2");
  await ask("GET", "/owner/activity");
  await ask("DELETE", "/owner/grants/{id}", String(granted.body.items?.[0]?.grant_id));
  await ask("POST", "/owner/withdrawals", null, { everyone: true });
  await ask("POST", "/owner/withdrawals", null, {});
  await ask("DELETE", "/owner/policies/{id}", policy);
  await ask("DELETE", "/owner/groups/{id}", group);
  await ask("GET", "/owner/activity");

  expect([...seen].toSorted()).toEqual(everyMethodBelow("/owner").toSorted());
});
