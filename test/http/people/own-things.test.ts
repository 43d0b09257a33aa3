import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { ProtectionApi } from "../../support/server/protection-api.ts";
import { Scene } from "../../support/server/scene.ts";
import { type Credentials, text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { backAt, Visitor } from "../../support/workerd/visitor.ts";

const world = localWorld();
const BACK = "https://consult.example/back";

let consult: Credentials;
let ana: Visitor;
let kept: ProtectionApi;
let tool: string;
beforeAll(async () => {
  consult = await world.client({ client_name: "Consult", claims_redirect_uris: [BACK] });
  ana = await Visitor.arrive(world);
  const owner = await env.DB.prepare("SELECT owner_id FROM accounts WHERE id = ?")
    .bind(await ana.accountId())
    .first<string>("owner_id");
  const [keeper, policies] = await Promise.all(
    ["Keeper", "Tool"].map((client_name) => world.client({ client_name, grant_types: ["client_credentials"] })),
  );
  if (owner === null || keeper === undefined || policies === undefined) throw new Error("nobody is there");
  await world.connect(owner, keeper, ["uma_protection"]);
  await world.connect(owner, policies, ["uma_policy"]);
  kept = await ProtectionApi.of(world, keeper);
  tool = await world.connectedToken(policies);
});

/** A ticket for something of ana's own, of which nobody is told anything. */
async function ticketForMine(policy: object | null = null): Promise<string> {
  const mine = await kept.register("view");
  if (policy !== null) await world.policy(tool, { target: { resources: [mine] }, scopes: ["view"], ...policy });
  return world.ticket(kept.pat, { resource_id: mine, resource_scopes: ["view"] });
}

/** What the app gets for what somebody shows it; null: they are told that they may not. */
async function tryAs(visitor: Visitor, ticket: string, fields: Readonly<Record<string, string>> = {}) {
  const page = await visitor.look(consult, { ticket });
  if (!page.text.includes('value="continue"')) return null;
  const back = backAt(await visitor.decide(page, "continue", fields));
  return world.uma(consult, back.get("ticket") ?? "");
}

describe("an owner who asks for her own things", () => {
  it.each([
    ["though nobody may see them", null],
    ["and is not asked about herself", { effect: "permit", who: { anyone: true }, terms: { approval: true } }],
  ])("is let in when she shows who she is, %s", async (_case, policy) => {
    const granted = await tryAs(ana, await ticketForMine(policy));
    expect(granted?.status).toBe(200);
    const { body } = await world.send("GET", "/owner/requests", { bearer: tool });
    expect(body.items).toEqual([]);
  });

  it("is let in by what she lets an app remember of her, and nobody else's things are hers by it", async () => {
    const granted = await tryAs(ana, await ticketForMine(), { remember: "yes" });
    const pct = text(granted ?? (await Promise.reject(new Error("not let in"))), "pct");
    expect((await world.uma(consult, await ticketForMine(), { pct })).status).toBe(200);
    const alice = await Scene.open(world);
    const theirs = await alice.resource();
    const refused = await world.uma(consult, await alice.ticket(theirs), { pct });
    expect(refused).toMatchObject({ status: 403, body: { error: "request_denied" } });
  });

  it("is shut out by what she forbids", async () => {
    expect(await tryAs(ana, await ticketForMine({ effect: "deny", who: { anyone: true } }))).toBeNull();
  });

  it("is nobody else", async () => {
    expect(await tryAs(await Visitor.arrive(world), await ticketForMine())).toBeNull();
  });
});
