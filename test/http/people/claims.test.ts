import { beforeAll, describe, expect, it } from "vitest";
import { Scene } from "../../support/server/scene.ts";
import { type Credentials, expectStatus, text } from "../../support/server/world.ts";
import { localWorld } from "../../support/workerd/local-world.ts";
import { backAt, Visitor } from "../../support/workerd/visitor.ts";

const world = localWorld();
const BACK = "https://consult.example/back";
const WITH_ADDRESS = { claim: "email", exists: true };
let scene: Scene;
let consult: Credentials;

beforeAll(async () => {
  scene = await Scene.open(world);
  consult = await world.client({ client_name: "Consult", claims_redirect_uris: [BACK] });
});

/** A photo that anybody with a verified address may view, and a ticket for it. */
async function asked(who: object = WITH_ADDRESS, more: object = {}) {
  const photo = await scene.resource(undefined, { name: "Ana's scan", type: "scan" });
  await scene.permit(photo, ["view"], who as never, more as never);
  return { photo, ticket: await scene.ticket(photo) };
}

describe("a requesting party whom an app sends here", () => {
  it("is told of by need_info, shows who they are, and gets the app what they are allowed", async () => {
    const { photo, ticket } = await asked();
    const first = await scene.redeemAs(consult, ticket);
    expect(first).toMatchObject({
      status: 403,
      body: { error: "need_info", redirect_user: `${world.site.issuer}/claims` },
    });
    expect(first.body).not.toHaveProperty("required_claims");
    const ana = await Visitor.arrive(world);
    const back = await ana.show(consult, { ticket: text(first, "ticket"), state: "s" });
    expect(back.get("state")).toBe("s");
    const granted = await scene.redeemAs(consult, back.get("ticket") ?? "");
    expect(granted.status).toBe(200);
    expect(await scene.granted(granted)).toEqual({ [photo]: ["view"] });
  });

  it("may come straight from the resource server's ticket, and signs in on the way", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    await ana.signOut();
    const come = await ana.come(consult, { ticket });
    const page = expectStatus(await ana.browser.follow(come.headers.get("location") ?? ""), 200);
    expect(page.text).toContain("Consult");
  });

  it("reads which app asks, for what, and who learns what", async () => {
    const { ticket } = await asked();
    const ana = await Visitor.arrive(world);
    const page = expectStatus(await ana.look(consult, { ticket }), 200);
    for (const words of ["Consult", "Ana&#39;s scan", "view", "RS1", ana.address, "consult.example"]) {
      expect(page.text).toContain(words);
    }
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https://consult.example;");
  });

  it("who may not have it reads the kind of it and not its name, and cannot go on", async () => {
    const { ticket } = await asked({ claim: "email", domain: "clinic.example" });
    const ana = await Visitor.arrive(world);
    const page = expectStatus(await ana.look(consult, { ticket }), 200);
    expect(page.text).toContain("scan");
    expect(page.text).not.toContain("Ana&#39;s scan");
    expect(page.text).not.toContain('value="continue"');
    const back = backAt(await ana.decide(page, "cancel"));
    expect(Object.fromEntries(back)).toMatchObject({ error: "access_denied" });
  });
});

describe("an agreement", () => {
  const terms = { agreement: { title: "House rules", text: "What you see here stays here." } };

  it("is shown, asked for, and then counts for the next time as well", async () => {
    const { photo, ticket } = await asked({ anyone: true }, { terms });
    const ana = await Visitor.arrive(world);
    const page = await ana.look(consult, { ticket });
    expect(page.text).toContain("What you see here stays here.");
    const hesitant = await ana.decide(page, "continue");
    expect(hesitant.status).toBe(400);
    expect(hesitant.text).toContain("Agree to");
    const [, policyId = ""] = page.text.match(/name="agree-([\w-]+)"/) ?? [];
    const back = backAt(await ana.decide(page, "continue", { [`agree-${policyId}`]: "yes" }));
    expect((await scene.redeemAs(consult, back.get("ticket") ?? "")).status).toBe(200);
    const again = await ana.look(consult, { ticket: await scene.ticket(photo) });
    expect(again.text).not.toContain("What you see here stays here.");
    expect(backAt(await ana.decide(again, "continue")).get("ticket")).not.toBeNull();
  });
});
