import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import worker from "../../src/index.ts";
import { D1RegistrationStore } from "../../src/storage/d1/registrations.ts";
import { refused } from "../support/server/scene.ts";
import { attempt, initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { expectStatus, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000;
const world = localWorld();
const open = configuredWorld({ CLIENT_REGISTRATION: "open" });

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("of any number at once no more register than a token is good for", async () => {
  const token = await initialAccessToken(world, { uses: 3 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(world, {}, token)));
  const made = answers.filter(({ status }) => status === 201);
  expect(made.length).toBe(3);
  for (const answer of answers.filter((one) => !made.includes(one)))
    expect(answer).toMatchObject(refused(401, "invalid_token"));
  for (const { body } of made) expect((await world.admin("GET", `/clients/${body.client_id}`)).status).toBe(200);
});

it("what is refused uses up nothing", async () => {
  const token = await initialAccessToken(world, { uses: 1 });
  expect((await attempt(world, { redirect_uris: ["x"] }, token)).status).toBe(400);
  expect((await attempt(world, {}, token)).status).toBe(201);
});

it("the operator lists initial access tokens without what they are, and ends them", async () => {
  const allowance = { grant_types: ["client_credentials"], connection_scopes: ["uma_policy"], may_push_claims: true };
  const made = await world.admin("POST", "/initial-access-tokens", {
    name: "ci",
    uses: 2,
    expires_in: 60,
    ...allowance,
  });
  const { token, ...told } = expectStatus(made, 201).body;
  expect(told).toMatchObject({ name: "ci", uses_left: 2, ...allowance });
  const all = await world.admin("GET", "/initial-access-tokens?limit=200");
  expect(all.body.items).toContainEqual(told);
  expect(all.text).not.toContain(String(token));
  const { body } = await attempt(world, { scope: "uma_policy", grant_types: ["client_credentials"] }, String(token));
  expect(body).toMatchObject({ scope: "uma_policy", grant_types: ["client_credentials"] });
  expect((await world.admin("GET", `/clients/${body.client_id}`)).body).toMatchObject({ may_push_claims: true });
  expect((await world.admin("DELETE", `/initial-access-tokens/${told.id}`)).status).toBe(204);
  expect((await world.admin("DELETE", `/initial-access-tokens/${told.id}`)).status).toBe(404);
  expect(await attempt(world, {}, String(token))).toMatchObject(refused(401, "invalid_token"));
});

it("an initial access token expires", async () => {
  const token = await initialAccessToken(world, { expires_in: 60 });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  expect(await attempt(world, {}, token)).toMatchObject(refused(401, "invalid_token"));
});

it("a client that a token let in changes into nothing that the token did not allow", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const token = await initialAccessToken(world, { connection_scopes: ["uma_protection"], uses: 1 });
  const registered = await SelfRegistered.register(world, { scope: "view" }, token);
  const { body } = await registered.replace({ scope: "view uma_protection uma_policy" });
  expect(body.scope).toBe("view uma_protection");
});

it("what the operator writes of a client is the operator's word, and what it then says is its own", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const registered = await SelfRegistered.register(world, {}, await initialAccessToken(world));
  const provenance = async () => (await world.admin("GET", `/clients/${registered.client.id}`)).body.provenance;
  expect(await provenance()).toBe("itself");
  await world.admin("PUT", `/clients/${registered.client.id}`, { client_name: "looked at" });
  expect(await provenance()).toBe("operator");
  expect((await registered.replace({ client_name: "another" })).status).toBe(200);
  expect(await provenance()).toBe("itself");
});

it("what the operator takes from a client, that does not give itself again", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const allowance = { connection_scopes: ["uma_protection", "uma_policy"], may_push_claims: true };
  const token = await initialAccessToken(world, { ...allowance, grant_types: [UMA_GRANT, "client_credentials"] });
  const said = { grant_types: [UMA_GRANT, "client_credentials"], scope: "uma_protection uma_policy" };
  const registered = await SelfRegistered.register(world, said, token);
  const path = `/clients/${registered.client.id}`;
  const read = async () => (await world.admin("GET", path)).body;
  expect(await read()).toMatchObject(allowance);
  const less = { client_name: "a", connection_scopes: ["uma_policy"], may_push_claims: false };
  expectStatus(await world.admin("PUT", path, less), 200);
  for (let round = 0; round < 2; round += 1) {
    expect(await registered.replace(said)).toMatchObject(refused(400, "invalid_client_metadata"));
    expectStatus(await registered.replace({ scope: "uma_protection uma_policy" }), 200);
    expect(await read()).toMatchObject({ connection_scopes: ["uma_policy"], may_push_claims: false });
  }
});

it("once the operator removed a client, its registration is gone too", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const registered = await SelfRegistered.register(world, {}, await initialAccessToken(world));
  expect((await world.admin("DELETE", `/clients/${registered.client.id}`)).status).toBe(204);
  expect(await registered.read()).toMatchObject(refused(401, "invalid_token"));
  expect(await new D1RegistrationStore(env.DB).find(registered.client.id)).toBeNull();
});

it("wrong tokens are counted", async () => {
  const registered = await SelfRegistered.register(world, {}, await initialAccessToken(world));
  const guess = (token: string) => {
    const headers = { "CF-Connecting-IP": "198.51.100.93" };
    return world.send("GET", registered.path, { bearer: token, headers });
  };
  const answers = await Promise.all(Array.from({ length: 70 }, (_, index) => guess(`wrong-${index}`)));
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  expect((await guess(registered.token)).status).toBe(429);
  expect((await registered.read()).status).toBe(200);
});

const runSchedule = () => worker.scheduled(createScheduledController(), env);
const isThere = async ({ client }: SelfRegistered) =>
  (await world.admin("GET", `/clients/${client.id}`)).status === 200;
const daysLater = (days: number, since: number) =>
  vi.useFakeTimers({ toFake: ["Date"], now: since + days * DAY_MILLISECONDS });

it("clients that anybody could register end where nobody uses them", async () => {
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  const start = Date.now();
  const from = { "CF-Connecting-IP": "198.51.100.94" };
  const make = async () => {
    const { body } = expectStatus(await open.send("POST", "/register", { json: {}, headers: from }), 201);
    return { id: String(body.client_id), secret: String(body.client_secret) };
  };
  const [unused, used, connected] = [await make(), await make(), await make()];
  const kept = await SelfRegistered.register(world, {}, await initialAccessToken(world));
  const isLeft = async ({ id }: { id: string }) => (await world.admin("GET", `/clients/${id}`)).status === 200;
  const alice = await world.owner("alice");
  await world.connect(alice, connected, ["uma_protection"]);
  await world.token(used, { grant_type: UMA_GRANT, ticket: "none" });
  daysLater(6, start);
  await runSchedule();
  expect(await Promise.all([unused, used, connected].map(isLeft))).toEqual([true, true, true]);
  daysLater(8, start);
  await runSchedule();
  expect(await Promise.all([unused, used, connected].map(isLeft))).toEqual([false, true, false]);
  expect((await world.admin("GET", `/owners/${alice}/connections`)).body.items ?? []).toEqual([]);
  daysLater(91, start);
  await runSchedule();
  expect(await isLeft(used)).toBe(false);
  expect(await isThere(kept)).toBe(true);
});
