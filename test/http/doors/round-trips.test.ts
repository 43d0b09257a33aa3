import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CodeApp } from "../../support/server/code-app.ts";
import { locationOf } from "../../support/server/person.ts";
import { ANYONE, Scene } from "../../support/server/scene.ts";
import { type Credentials, expectStatus, text } from "../../support/server/world.ts";
import { countHops, type Hop } from "../../support/workerd/hops.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { freshId } from "../../support/workerd/records.ts";
import { backAt, Visitor } from "../../support/workerd/visitor.ts";

/** Blocking hops to storage (docs/design.md, "Round trips on the hot paths"). */
const world = localWorld();
const NAME = `https://${freshId("mcp")}.example/mcp`;
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
let scene: Scene;
let app: CodeApp;
let agent: Credentials;
let ana: Visitor;

beforeAll(async () => {
  // The time stands, so that no lease ends meanwhile.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  scene = await Scene.open(world, { resource_identifiers: [NAME] });
  const description = { resource_scopes: ["view"], resource_identifiers: [NAME] };
  await scene.permit(text(await scene.rs1.create(description), "_id"), ["view"], ANYONE);
  app = await CodeApp.register(world);
  agent = await world.client({ client_name: "Agent", grant_types: [EXCHANGE], may_push_claims: true });
  ana = await Visitor.arrive(world);
  // Leases of clients and issuers, and what the ledger has in memory.
  expectStatus(await app.redeem(await allow(await visit())), 200);
  expectStatus(await exchange(), 200);
}, 60_000);

afterAll(() => void vi.useRealTimers());

const visit = async () => locationOf(await ana.browser.open(app.path({ scope: "", resource: NAME })));

async function allow(at: string): Promise<string> {
  return backAt(await ana.decide(await ana.browser.open(at), "continue")).get("code") ?? "";
}

async function exchange() {
  const token = await world.idToken(scene.cast, { aud: agent.id });
  const subject = { subject_token: token, subject_token_type: "urn:ietf:params:oauth:token-type:id_token" };
  return world.token(agent, { grant_type: EXCHANGE, resource: NAME, ...subject });
}

/** What is waited for, however much of it goes at once. */
const sorted = (hops: readonly Hop[]) => [...hops].sort();

it("a request that names resources: the session, and who keeps them for whom", async () => {
  expect(await countHops(visit)).toEqual(["d1", "d1"]);
});

it("its code: one to the ledger", async () => {
  const code = await allow(await visit());
  expect(await countHops(() => app.redeem(code))).toEqual(["ledger"]);
});

it("a token exchange: D1 for what is named, and the ledger", async () => {
  expect(sorted(await countHops(exchange))).toEqual(["d1", "ledger"]);
});
