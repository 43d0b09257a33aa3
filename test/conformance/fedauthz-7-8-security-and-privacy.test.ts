import { afterEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import { permission } from "../support/server/protection-api.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();

afterEach(() => {
  vi.useRealTimers();
});

const invalidToken = { status: 401, body: { error: "invalid_token" } };

describe("security considerations (§7)", () => {
  it("F-7-oauth-threats a PAT ends by itself, and by revocation; its siblings go on", async () => {
    const { cast, rs1 } = await Scene.open(world);
    const sibling = await world.connectedToken(cast.rs1);
    expect((await world.send("GET", "/resources", { bearer: sibling })).status).toBe(200);
    expect((await world.send("POST", "/revocation", { basic: cast.rs1, form: { token: sibling } })).status).toBe(200);
    expect(await world.send("GET", "/resources", { bearer: sibling })).toMatchObject(invalidToken);
    expect((await rs1.list()).status).toBe(200);

    const answer = await world.token(cast.rs1, { grant_type: "client_credentials" });
    const bearer = String(answer.body.access_token);
    expect(answer.body.expires_in).toBe(3_600);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 3_601_000);
    expect(await world.send("GET", "/resources", { bearer })).toMatchObject(invalidToken);
  });
});

describe("privacy considerations (§8)", () => {
  it("F-8-pat-lifecycle ending the connection ends the PAT with the answer, and new ones are refused", async () => {
    const scene = await Scene.open(world);
    const { cast, rs1 } = scene;
    const photo = await rs1.register("view");
    await scene.permitAnyone();
    const token = await scene.rpt(permission(photo, "view"));
    await world.admin("DELETE", `/owners/${cast.alice}/connections/${cast.rs1.id}`);
    const answers: readonly Answer[] = await Promise.all([
      rs1.list(),
      rs1.create({ resource_scopes: [] }),
      rs1.read(photo),
      rs1.update(photo, { resource_scopes: [] }),
      rs1.remove(photo),
      rs1.ask(permission(photo, "view")),
      rs1.introspect(token),
    ]);
    for (const answer of answers) expect(answer).toMatchObject(invalidToken);
    const next = await world.token(cast.rs1, { grant_type: "client_credentials" });
    expect(next).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("F-8-data-minimisation a description may be its scopes alone, and clients see none of it beforehand", async () => {
    const scene = await Scene.open(world);
    const secret = "HIV test of 3 May";
    const described = { resource_scopes: ["view"], name: secret, description: secret, type: secret };
    const id = await world.registerResource(scene.rs1.pat, described);
    await scene.permitAnyone({ who: { claim: "email", exists: true } });
    const ticket = await world.ticket(scene.rs1.pat, permission(id, "view"));
    const needInfo = await scene.redeem(ticket);
    expect(needInfo).toMatchObject({ status: 403, body: { error: "need_info" } });
    for (const text of [ticket, needInfo.text]) {
      for (const part of [secret, id, scene.cast.alice]) expect(text).not.toContain(part);
    }
  });
});
