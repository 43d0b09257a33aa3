import { beforeAll, describe, expect, it } from "vitest";
import { REQUEST_SUBMITTED, Scene } from "../support/server/scene.ts";
import { text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
type Answer = Awaited<ReturnType<Scene["ask"]>>;
const WHO = { claim: "email", exists: true } as const;
const ASK = { terms: { approval: true } } as const;

let alice: Scene;
let mallory: Scene;
beforeAll(async () => {
  [alice, mallory] = await Promise.all([Scene.open(world), Scene.open(world)]);
});

interface Asked {
  readonly photo: string;
  readonly submitted: Answer;
  readonly request: Record<string, unknown> & { readonly request_id: string };
}

/** Bob asks for a photo of which its owner decides. */
async function ask(scopes: readonly string[] = ["view", "print"]): Promise<Asked> {
  const photo = await alice.resource();
  await alice.permit(photo, ["view", "print"], WHO, ASK);
  const submitted = await alice.redeem(await alice.ticket(photo, scopes), { idToken: await alice.bob() });
  expect(submitted).toMatchObject(REQUEST_SUBMITTED);
  const { items } = (await alice.ask("GET", "/requests?status=waiting&limit=1")).body;
  const [request] = items as readonly Asked["request"][];
  if (request === undefined) throw new Error("nothing waits");
  return { photo, submitted, request };
}

function decide({ request }: Asked, decision: object, headers?: Readonly<Record<string, string>>): Promise<Answer> {
  return alice.ask("POST", `/requests/${request.request_id}/decision`, { version: 1, ...decision }, headers);
}

describe("what waits for the owner", () => {
  it("is told to the owner's tool: who, through which client, for what and until when", async () => {
    const { photo, request } = await ask();
    expect(request).toEqual({
      request_id: expect.stringMatching(/^[\w-]{22}$/),
      version: 1,
      status: "waiting",
      client_id: alice.cast.c1.id,
      resource_server_id: alice.cast.rs1.id,
      party: expect.any(String),
      person: expect.objectContaining({ addresses: ["bob@example.com"], issuer: alice.cast.provider.issuer }),
      permissions: [{ resource_id: photo, resource_scopes: ["view", "print"] }],
      asked_at: expect.any(Number),
      last_asked_at: request.asked_at,
      times_asked: 1,
      names: { [alice.cast.c1.id]: "C1", [alice.cast.rs1.id]: "RS1" },
      expires_at: Number(request.asked_at) + 28 * 86_400,
    });
    expect((await alice.ask("GET", `/requests/${request.request_id}`)).body).toEqual(request);
  });

  it("is nobody else's to see or decide", async () => {
    const { request } = await ask();
    const path = `/requests/${request.request_id}`;
    expect((await mallory.ask("GET", path)).status).toBe(404);
    expect((await mallory.ask("POST", `${path}/decision`, { version: 1, decision: "approve" })).status).toBe(404);
    expect((await mallory.ask("GET", "/requests")).body).toEqual({ items: [] });
    expect((await alice.ask("GET", path)).body).toEqual(request);
  });

  it("is paged", async () => {
    await ask();
    await ask();
    const first = await alice.ask("GET", "/requests?limit=1");
    const second = await alice.ask("GET", `/requests?limit=1&cursor=${first.body.next}`);
    expect(second.body.items).not.toEqual(first.body.items);
  });

  it.each(["?status=open", "?cursor=x", "?party=x", "?limit=0"])("is not listed by %s", async (query) => {
    expect((await alice.ask("GET", `/requests${query}`)).status).toBe(400);
  });
});

describe("a decision", () => {
  it("to allow less for a time gives that, as a policy that can be withdrawn", async () => {
    const asked = await ask();
    const until = Math.floor(Date.now() / 1_000) + 7 * 86_400;
    const permissions = [{ resource_id: asked.photo, resource_scopes: ["view"] }];
    const taken = await decide(asked, { decision: "approve", permissions, until, word: "View only, please." });
    expect(taken).toMatchObject({ status: 200, body: { request_id: asked.request.request_id, version: 2 } });
    const [policy] = taken.body.policy_ids as readonly string[];
    const kept = await alice.ask("GET", `/policies/${policy}`);
    expect(kept.body.policy).toMatchObject({
      target: { resources: [asked.photo] },
      scopes: ["view"],
      when: { expires: new Date(until * 1_000).toISOString() },
    });
    const granted = await alice.redeem(text(asked.submitted, "ticket"));
    expect(granted.status).toBe(200);
    const read = (await alice.ask("GET", `/requests/${asked.request.request_id}`)).body;
    expect(read).toMatchObject({
      status: "approved",
      told: true,
      decision: { client_id: alice.cast.tool.id, permissions, policy_ids: [policy], until, word: "View only, please." },
    });
    await alice.removePolicy(String(policy));
    expect(await alice.introspect(granted.body.access_token)).toEqual({ active: false });
  });

  it("comes to as many policies as there are bounds", async () => {
    const scopes = Array.from({ length: 32 }, (_, index) => `part-${index}`);
    const photo = await alice.resource(scopes);
    for (const [index, scope] of scopes.entries()) {
      await alice.permit(photo, [scope], WHO, { ...ASK, when: { expires: `2099-01-01T00:00:${10 + index}Z` } });
    }
    const idToken = await alice.bob();
    await alice.redeem(await alice.ticket(photo, scopes), { idToken });
    const [request] = (await alice.ask("GET", "/requests?status=waiting&limit=1")).body.items as Asked["request"][];
    const taken = await alice.ask("POST", `/requests/${request?.request_id}/decision`, {
      version: 1,
      decision: "approve",
    });
    expect(taken.status).toBe(200);
    const ids = taken.body.policy_ids as readonly string[];
    expect(new Set(ids.filter((id) => /^[\w-]{22}$/.test(id))).size).toBe(32);
  });

  it("to refuse is told with the owner's word, as far as the wire carries it", async () => {
    const asked = await ask();
    expect((await decide(asked, { decision: "refuse", word: 'Bitte "zuerst" anrufen – später gern.' })).status).toBe(
      200,
    );
    const denied = await alice.redeem(text(asked.submitted, "ticket"));
    expect(denied).toMatchObject({ status: 403, body: { error: "request_denied" } });
    const answer = "the resource owner was asked and does not allow this access; they say: ";
    expect(denied.body.error_description).toBe(`${answer}Bitte 'zuerst' anrufen ? spater gern.`);
    expect(denied.body.ticket).toBeUndefined();
  });

  it("is taken once, and on what was read", async () => {
    const asked = await ask();
    expect((await decide(asked, { version: 2, decision: "approve" })).body.error).toBe("conflict");
    const answers = await Promise.all([
      decide(asked, { decision: "approve" }),
      decide(asked, { decision: "refuse" }),
      decide(asked, { decision: "approve" }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });

  it("may be sent again under its key", async () => {
    const asked = await ask();
    const key = { "idempotency-key": crypto.randomUUID() };
    const once = await decide(asked, { decision: "approve" }, key);
    expect(await decide(asked, { decision: "approve" }, key)).toMatchObject({ status: 200, body: once.body });
    expect((await decide(asked, { decision: "refuse" }, key)).status).toBe(409);
  });

  it.each<[string, object]>([
    ["without a version", { version: undefined, decision: "approve" }],
    ["of another kind", { decision: "perhaps" }],
    ["with a member that is not known", { decision: "approve", scopes: ["view"] }],
    ["to refuse a part", { decision: "refuse", permissions: [{ resource_id: "x", resource_scopes: [] }] }],
    ["to refuse for a time", { decision: "refuse", until: 4_000_000_000 }],
    ["until yesterday", { decision: "approve", until: 1_700_000_000 }],
    ["to allow nothing", { decision: "approve", permissions: [] }],
    [
      "to allow something else",
      { decision: "approve", permissions: [{ resource_id: "x", resource_scopes: ["view"] }] },
    ],
    ["with a long word", { decision: "refuse", word: "x".repeat(201) }],
    ["with an empty word", { decision: "refuse", word: " " }],
  ])("%s is none", async (_how, decision) => {
    const asked = await ask();
    expect(await decide(asked, decision)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect((await alice.ask("GET", `/requests/${asked.request.request_id}`)).body).toEqual(asked.request);
  });

  it("is nobody's whose connection has ended", async () => {
    const scene = await Scene.open(world);
    await scene.disconnectTool();
    expect((await scene.ask("GET", "/requests")).status).toBe(401);
    expect(
      (await scene.ask("POST", `/requests/${"x".repeat(22)}/decision`, { version: 1, decision: "refuse" })).status,
    ).toBe(401);
  });
});
