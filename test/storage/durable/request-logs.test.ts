import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { Story } from "../../../src/operations/ports/event.ts";
import { RequestLogs } from "../../../src/storage/durable/request-logs.ts";

const STRANGER = { proven: false, name: "192.0.2.1" };

function story(): Story {
  return { requestId: crypto.randomUUID(), at: 0, method: "GET", path: "/", status: 404, events: [] };
}

/** A request can end before its time: it took too long, or its object failed. */
it("stories are kept again after a request ended that was to write them", async () => {
  const logs = new RequestLogs(env.REQUEST_LOG);
  const strangers = env.REQUEST_LOG.getByName("strangers");
  const elsewhere = env.FAILURE_COUNTER.get(env.FAILURE_COUNTER.newUniqueId());
  await runInDurableObject(elsewhere, (_, state) => {
    logs.keep(story(), STRANGER);
    state.abort("ended");
  }).catch(() => {});
  const late = story();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  logs.keep(late, STRANGER);
  vi.useRealTimers();
  await scheduler.wait(1_200);
  expect(await strangers.find(late.requestId)).toHaveLength(1);
});
