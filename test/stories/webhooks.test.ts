import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ProtectionApi } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { WebhookReceiver } from "../support/server/webhook-receiver.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

/** What happens at an owner's reaches those who asked to be told, through ledger, outbox and queue. */

const ALL = ["owner.gone", "resource.dropped", "grant.withdrawn", "connection.ended"];
const world = localWorld();
let scene: Scene;
let receivers: WebhookReceiver[];
let endpoints: string[];

beforeEach(async () => {
  [receivers, endpoints] = [[], []];
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const receiver = receivers.find(({ url }) => url === String(input));
    if (receiver === undefined) throw new TypeError("Network connection lost");
    return receiver.fetch(input, init);
  });
  scene = await Scene.open(world);
});
afterEach(async () => {
  for (const id of endpoints) await world.admin("DELETE", `/webhooks/${id}`);
  vi.restoreAllMocks();
});

/** An endpoint of this resource server, or of the operator. */
async function listen(clientId: string | null, events: readonly string[] = ALL): Promise<WebhookReceiver> {
  const receiver = new WebhookReceiver();
  const whose = clientId === null ? {} : { client_id: clientId };
  const added = await world.admin("POST", "/webhooks", { url: receiver.url, events, ...whose });
  receiver.learns(text(added, "secret"));
  receivers.push(receiver);
  endpoints.push(text(added, "id"));
  return receiver;
}

/** Until what happened has been told, or nothing is left to tell. */
async function tell(): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_000 });
  await runDurableObjectAlarm(env.OWNER_LEDGER.getByName(scene.cast.alice));
  for (const id of endpoints) await runDurableObjectAlarm(env.WEBHOOK.getByName(id));
  vi.useRealTimers();
}

/** What somebody was told of this owner. */
const toldTo = (receiver: WebhookReceiver) =>
  receiver.received
    .filter(({ data }) => data.owner_id === scene.cast.alice)
    .map(({ type, data: { owner_id: _, ...data } }) => [type, data]);

it("a resource server and the operator hear that a grant was withdrawn, and nobody else does", async () => {
  const [theirs, others, ours] = [
    await listen(scene.cast.rs1.id),
    await listen(scene.cast.tool.id),
    await listen(null, ["grant.withdrawn"]),
  ];
  const photo = await scene.resource(["view"]);
  const policy = await scene.permit(photo, ["view"]);
  const granted = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
  const { sub } = await scene.introspect(granted.body.access_token);
  await scene.removePolicy(policy);
  await tell();
  const data = { resource_server_id: scene.cast.rs1.id, client_id: scene.cast.c1.id, sub, permissions: [] };
  expect([toldTo(theirs), toldTo(ours)]).toEqual([[["grant.withdrawn", data]], [["grant.withdrawn", data]]]);
  expect([toldTo(others), theirs.forged, ours.forged]).toEqual([[], 0, 0]);
});

it("a resource that is gone and a connection that ended are told to whom they concern", async () => {
  const [theirs, tools] = [await listen(scene.cast.rs1.id), await listen(scene.cast.tool.id)];
  const photo = await scene.resource(["view"]);
  await (await ProtectionApi.of(world, scene.cast.rs1)).remove(photo);
  await scene.disconnectTool();
  await tell();
  const dropped = { resource_server_id: scene.cast.rs1.id, resource_id: photo };
  const ended = { client_id: scene.cast.tool.id, resources: "kept" };
  expect(toldTo(theirs)).toEqual([["resource.dropped", dropped]]);
  expect(toldTo(tools)).toEqual([["connection.ended", ended]]);
});

it("an owner who is gone is told to whoever they had connected, and to the operator", async () => {
  const [theirs, others, ours] = [
    await listen(scene.cast.rs1.id),
    await listen(scene.cast.c1.id),
    await listen(null, ["owner.gone"]),
  ];
  expect((await world.admin("DELETE", `/owners/${scene.cast.alice}`)).status).toBeLessThan(300);
  await tell();
  expect([toldTo(theirs), toldTo(ours), toldTo(others)]).toEqual([[["owner.gone", {}]], [["owner.gone", {}]], []]);
});

it("whoever asked for one kind hears of no other", async () => {
  const receiver = await listen(scene.cast.rs1.id, ["connection.ended"]);
  await (await ProtectionApi.of(world, scene.cast.rs1)).remove(await scene.resource(["view"]));
  await tell();
  expect(toldTo(receiver)).toEqual([]);
});

it("where nobody asked nothing is sent, and nothing waits", async () => {
  await (await ProtectionApi.of(world, scene.cast.rs1)).remove(await scene.resource(["view"]));
  await tell();
  expect(vi.mocked(globalThis.fetch)).not.toHaveBeenCalled();
});
