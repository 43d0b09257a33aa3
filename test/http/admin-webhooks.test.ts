import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WebhookMessage } from "../../src/protocol/webhook.ts";
import { findWebhookQueues } from "../../src/storage/durable/webhooks.ts";
import type { Answer } from "../support/server/http-site.ts";
import { WebhookReceiver } from "../support/server/webhook-receiver.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { storedContent } from "../support/workerd/stored-content.ts";

/** Long after now, so that no alarm rings by itself. */
const START = 1_900_000_000;
const DAY = 86_400;
const world = localWorld();
const made: string[] = [];
let receiver: WebhookReceiver;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  at(START);
  receiver = new WebhookReceiver();
  // A change of a client is answered when every lease has run out.
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  vi.spyOn(globalThis, "fetch").mockImplementation(receiver.fetch);
});
afterEach(async () => {
  for (const id of made.splice(0)) await world.admin("DELETE", `/webhooks/${id}`);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function at(seconds: number): void {
  vi.setSystemTime(seconds * 1_000);
}

const body = (more: object = {}) => ({ url: receiver.url, events: ["owner.gone", "connection.ended"], ...more });

async function add(more: object = {}): Promise<Answer> {
  const answer = expectStatus(await world.admin("POST", "/webhooks", body(more)), 201);
  made.push(text(answer, "id"));
  receiver.learns(text(answer, "secret"));
  return answer;
}

/** An endpoint, and what it is told of. */
async function given(messages = 1): Promise<string> {
  const id = text(await add(), "id");
  await tell(id, messages);
  return id;
}

let told = 0;
function someMessage(): WebhookMessage {
  told += 1;
  const data = { owner: `owner-${told}` };
  return {
    id: `message-${String(told).padStart(14, "0")}`,
    type: "owner.gone",
    body: JSON.stringify({ type: "owner.gone", timestamp: new Date().toISOString(), data }),
  };
}

const tell = (id: string, count = 1) =>
  findWebhookQueues(env.WEBHOOK)
    .queue(id)
    .add(Array.from({ length: count }, someMessage));

/** Lets the alarm ring now. */
const ring = (id: string) => runDurableObjectAlarm(env.WEBHOOK.getByName(id));

const deadLetters = async (id: string, query = "") =>
  (await world.admin("GET", `/webhooks/${id}/dead-letters${query}`)).body;

/** Rings until nothing waits any more. */
async function exhaust(id: string): Promise<number> {
  for (let now = START; ; now += DAY / 2) {
    at(now);
    await ring(id);
    if ((await world.admin("GET", `/webhooks/${id}`)).body.waiting === 0) return now;
  }
}

describe("an endpoint", () => {
  it("is added, read, replaced and removed; its secret is told once", async () => {
    const added = await add();
    const id = text(added, "id");
    const { secret, ...shown } = added.body;
    expect(shown).toEqual({ id, url: receiver.url, events: ["owner.gone", "connection.ended"] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(added.headers.get("location")).toBe(`${world.site.issuer}/admin/webhooks/${id}`);
    const read = await world.admin("GET", `/webhooks/${id}`);
    expect(read.body).toEqual({ ...shown, waiting: 0, dead_letters: 0 });
    expect(read.headers.get("etag")).toBe('"1"');
    expect((await world.admin("GET", "/webhooks?limit=200")).body.items).toContainEqual(shown);
    const replaced = await world.admin("PUT", `/webhooks/${id}`, body({ events: ["resource.dropped"] }));
    expect([replaced.body.events, replaced.headers.get("etag")]).toEqual([["resource.dropped"], '"2"']);
    expect((await world.admin("DELETE", `/webhooks/${id}`)).status).toBe(204);
    expect((await world.admin("GET", `/webhooks/${id}`)).status).toBe(404);
    expect((await world.admin("DELETE", `/webhooks/${id}`)).status).toBe(404);
  });

  it.each([
    ["a machine of ours", { url: "https://10.0.0.1/hooks" }, /^url: must be an https URL at a public host/],
    ["a cloud's own address", { url: "https://169.254.169.254/" }, /^url: /],
    ["no https", { url: "http://receiver.example" }, /^url: /],
    ["an event that there is not", { events: ["owner.born"] }, /^events\[0\]: must be one of/],
    ["no events", { events: [] }, /^events: must not be empty/],
    ["an event twice", { events: ["owner.gone", "owner.gone"] }, /^events: must not name anything twice/],
    ["a client that there is not", { client_id: "nobody" }, /^client_id: there is no such client/],
  ])("is refused at %s", async (_, more, description) => {
    const refused = await world.admin("POST", "/webhooks", body(more));
    expect(refused).toMatchObject({ status: 400, body: { error_description: expect.stringMatching(description) } });
  });

  it("of a resource server keeps whose it is, and goes with it", async () => {
    const client = await world.client({});
    const id = text(await add({ client_id: client.id }), "id");
    expect((await world.admin("GET", `/webhooks/${id}`)).body.client_id).toBe(client.id);
    expect(await world.admin("PUT", `/webhooks/${id}`, body())).toMatchObject({ status: 400 });
    expectStatus(await world.admin("DELETE", `/clients/${client.id}`), 204);
    expect((await world.admin("GET", `/webhooks/${id}`)).status).toBe(404);
  });

  it("is one of a few", async () => {
    const client = await world.client({});
    for (let count = 0; count < 5; count += 1) await add({ client_id: client.id });
    const sixth = await world.admin("POST", "/webhooks", body({ client_id: client.id }));
    expect(sixth).toMatchObject({ status: 403, body: { error: "quota_exceeded" } });
  });

  it("is changed on the version that was read, and on no other", async () => {
    const id = text(await add(), "id");
    const change = (method: string, version: string) =>
      world.send(method, `/admin/webhooks/${id}`, {
        bearer: world.site.adminSecret,
        headers: { "If-Match": version },
        ...(method === "PUT" ? { json: body() } : {}),
      });
    expect((await change("PUT", '"1"')).status).toBe(200);
    expect((await change("PUT", '"1"')).status).toBe(412);
    expect((await change("DELETE", '"1"')).status).toBe(412);
    expect((await change("DELETE", '"2"')).status).toBe(204);
  });

  it("leaves its secret nowhere in the clear", async () => {
    const secret = text(await add(), "secret");
    expect(await storedContent()).not.toContain(secret.replace("whsec_", ""));
  });
});

describe("a message", () => {
  it("comes signed as a library of others verifies it, once", async () => {
    const id = await given(2);
    await ring(id);
    expect(receiver.received.map(({ type, data }) => [type, data.owner])).toEqual([
      ["owner.gone", `owner-${told - 1}`],
      ["owner.gone", `owner-${told}`],
    ]);
    await ring(id);
    expect(receiver.tries).toBe(2);
    expect((await world.admin("GET", `/webhooks/${id}`)).body.waiting).toBe(0);
  });

  it("that is added twice is sent once", async () => {
    const id = text(await add(), "id");
    const message = someMessage();
    const queue = findWebhookQueues(env.WEBHOOK).queue(id);
    await Promise.all([queue.add([message]), queue.add([message])]);
    await ring(id);
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ["a failure", 500],
    ["a redirect", 302],
    ["no network", undefined],
  ])("is tried again after %s, later each time, under the same id", async (_, status) => {
    receiver.status = status;
    const id = await given();
    await ring(id);
    receiver.status = 204;
    at(START + 4);
    await ring(id);
    expect(receiver.received.length).toBe(status === undefined ? 0 : 1);
    at(START + 6);
    await ring(id);
    expect(new Set(receiver.received.map((message) => message.id))).toEqual(
      new Set([`message-${String(told).padStart(14, "0")}`]),
    );
    expect((await world.admin("GET", `/webhooks/${id}`)).body.waiting).toBe(0);
  });

  it("is signed with both secrets for a day after a renewal, and then with the new one", async () => {
    const added = await add();
    const [id, old] = [text(added, "id"), text(added, "secret")];
    const renewed = text(await world.admin("POST", `/webhooks/${id}/secret`), "secret");
    expect(renewed).not.toBe(old);
    for (const secret of [old, renewed]) {
      receiver.learns(secret);
      await tell(id);
      await ring(id);
    }
    expect([receiver.received.length, receiver.forged]).toEqual([2, 0]);
    at(START + DAY + 1);
    receiver.learns(old);
    await tell(id);
    await ring(id);
    expect([receiver.received.length, receiver.forged]).toEqual([2, 1]);
  });

  it("holds up no other that is due, however many fail", async () => {
    receiver.status = 500;
    const id = await given(10);
    await ring(id);
    await ring(id);
    expect(receiver.tries).toBe(10);
  });
});

describe("a message that nobody takes", () => {
  it("is given up after three days, and the operator reads what, when and why", async () => {
    receiver.status = 503;
    const id = await given();
    const now = await exhaust(id);
    expect(now - START).toBeGreaterThan(2 * DAY);
    expect(now - START).toBeLessThanOrEqual(3 * DAY);
    const expected = {
      id: `message-${String(told).padStart(14, "0")}`,
      event: "owner.gone",
      queued_at: START,
      given_up_at: now,
      failure: "status 503",
      message: { type: "owner.gone", data: { owner: `owner-${told}` } },
    };
    expect(await deadLetters(id)).toMatchObject({ items: [expected] });
  });

  it("is given up at once where the receiver says that it is gone for good", async () => {
    receiver.status = 410;
    const id = await given();
    await ring(id);
    expect(await deadLetters(id)).toMatchObject({ items: [{ attempts: 1, failure: "status 410" }] });
  });

  it("is sent anew when the operator says so: one, or all", async () => {
    receiver.status = 410;
    const id = await given(3);
    await ring(id);
    receiver.status = 204;
    receiver.received.splice(0);
    const letter = (await deadLetters(id)) as { items: { id: string }[] };
    const one = await world.admin("POST", `/webhooks/${id}/dead-letters/${letter.items[1]?.id}`);
    expect([one.status, one.body]).toEqual([202, { resent: 1 }]);
    await ring(id);
    expect(receiver.received.map((message) => message.id)).toEqual([letter.items[1]?.id]);
    const rest = await world.admin("POST", `/webhooks/${id}/dead-letters`);
    expect(rest.body).toEqual({ resent: 2 });
    await ring(id);
    expect(receiver.received).toHaveLength(3);
    expect(await deadLetters(id)).toEqual({ items: [] });
  });

  it("is listed page by page, and dropped when the operator has seen it", async () => {
    receiver.status = 410;
    const id = await given(3);
    await ring(id);
    const first = (await deadLetters(id, "?limit=2")) as { items: { id: string }[]; next: string };
    const second = (await deadLetters(id, `?limit=2&cursor=${first.next}`)) as { items: { id: string }[] };
    expect([first.items.length, second.items.length]).toEqual([2, 1]);
    const path = `/webhooks/${id}/dead-letters/${second.items[0]?.id}`;
    expect((await world.admin("DELETE", path)).status).toBe(204);
    expect((await world.admin("DELETE", path)).status).toBe(404);
    expect((await world.admin("GET", `/webhooks/${id}`)).body.dead_letters).toBe(2);
    expect((await world.admin("GET", `/webhooks/${id}/dead-letters?cursor=x`)).status).toBe(400);
  });

  it("is forgotten after a month", async () => {
    receiver.status = 410;
    const id = await given();
    await ring(id);
    at(START + 30 * DAY);
    await ring(id);
    expect(await deadLetters(id)).toEqual({ items: [] });
  });

  it("goes with its endpoint", async () => {
    receiver.status = 500;
    const id = await given();
    await ring(id);
    expectStatus(await world.admin("DELETE", `/webhooks/${id}`), 204);
    at(START + DAY);
    expect(await ring(id)).toBe(false);
    expect(receiver.tries).toBe(1);
  });
});

it("what waits for an endpoint that went in another way is forgotten when its turn comes", async () => {
  const client = await world.client({});
  const id = text(await add({ client_id: client.id }), "id");
  await tell(id);
  await world.admin("DELETE", `/clients/${client.id}`);
  await ring(id);
  expect(receiver.tries).toBe(0);
  expect(await findWebhookQueues(env.WEBHOOK).queue(id).counts()).toEqual({ waiting: 0, dead: 0 });
});
