import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { createFoundation, createServices } from "../../src/services.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { countHops } from "../support/workerd/hops.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { writeStories } from "../support/workerd/write-stories.ts";

const world = localWorld();

describe("/healthz", () => {
  it("tells anybody that the server serves, anew each time", async () => {
    const { status, headers, body } = await world.send("GET", "/healthz");
    expect({ status, body }).toEqual({ status: 200, body: { status: "ok" } });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("asks nothing of storage, however often it is called", async () => {
    const hops = await countHops(() => Promise.all(Array.from({ length: 50 }, () => world.send("GET", "/healthz"))));
    expect(hops).toEqual([]);
  });

  it("leaves no story behind", async () => {
    await writeStories(world);
    const id = crypto.randomUUID();
    for (const path of ["/healthz", "/jwks"]) await world.send("GET", path, { headers: { "X-Request-ID": id } });
    const { body } = await world.admin("GET", `/requests/${id}`);
    expect(body.items?.map(({ path }) => path)).toEqual(["/jwks"]);
  });

  it("is there while no storage is", async () => {
    const bare = { ISSUER: "http://localhost:8787" } as Env;
    const app = createApp(createServices({ ...env, DB: bare.DB, KEY_RING: bare.KEY_RING }, createFoundation(env)));
    expect((await app.fetch(new Request("http://localhost:8787/healthz"))).status).toBe(200);
  });

  it("answers HEAD, and no other method", async () => {
    expect((await world.send("HEAD", "/healthz")).status).toBe(200);
    const answer = await world.send("POST", "/healthz");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET");
  });

  it("is below the issuer's path, and at its origin only", async () => {
    const below = configuredWorld({ ISSUER: "https://as.example/t1" });
    expect((await below.send("GET", "/healthz")).status).toBe(200);
    const elsewhere = createApp(createServices(env, createFoundation({ ...env, ISSUER: "https://as.example" })));
    for (const path of ["/healthz", "/healthz/"]) {
      expect((await elsewhere.fetch(new Request(`https://as.example.net${path}`))).status).toBe(421);
    }
  });
});
