import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { randomness, secrets } from "../../src/crypto/secret.ts";
import { epochSeconds } from "../../src/shared/time.ts";
import { D1InvitationStore } from "../../src/storage/d1/invitations.ts";
import type { Answer } from "../support/server/http-site.ts";
import { expectStatus, text } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { insertAccount, passkeyProof, someAccount } from "../support/workerd/people.ts";

const world = localWorld();
const DAY = 86_400;

afterEach(() => {
  vi.useRealTimers();
});

const invite = (owner: string, body: unknown = { role: "administrator" }) =>
  world.admin("POST", `/owners/${owner}/invitations`, body);
const invitations = (owner: string, query = "") => world.admin("GET", `/owners/${owner}/invitations${query}`);
const administrators = async (owner: string) =>
  (await world.admin("GET", `/owners/${owner}/administrators`)).body.items ?? [];

/** Somebody who opened the link and accepted. */
async function accept(invitation: Answer): Promise<string> {
  const account = someAccount({ id: randomness.id(), ownerId: randomness.id() });
  await insertAccount(account, passkeyProof());
  const code = new URL(text(invitation, "link")).searchParams.get("code") ?? "";
  const accepted = await new D1InvitationStore(env.DB).accept(await secrets.hash(code), account.id, epochSeconds());
  expect(accepted).not.toBeNull();
  return account.id;
}

/** What the owner's own tool reads of who may act for the owner. */
async function changesOf(owner: string): Promise<readonly unknown[]> {
  const tool = await world.client({ client_name: "tool", grant_types: ["client_credentials"] });
  await world.connect(owner, tool, ["uma_policy"]);
  const { body } = await world.send("GET", "/owner/activity", { bearer: await world.connectedToken(tool) });
  return (body.items ?? []).filter(({ kind }) => kind === "administrators_changed").map(({ detail }) => detail);
}

describe("an invitation of the operator's", () => {
  it("is given with its link, which no list shows again", async () => {
    const owner = await world.owner("Lakeside Clinic");
    const given = expectStatus(await invite(owner), 201);
    expect(given.headers.get("cache-control")).toBe("no-store");
    const { link, ...listed } = given.body;
    expect(link).toMatch(/^http:\/\/localhost:8787\/invitations\?code=[\w-]{43}$/);
    expect(listed).toEqual({
      invitation_id: expect.stringMatching(/^[\w-]{22}$/),
      role: "administrator",
      ends_at: null,
      invited_by: null,
      created_at: expect.any(Number),
      expires_at: Number(listed.created_at) + 7 * DAY,
    });
    expect((await invitations(owner)).body).toEqual({ items: [listed] });
  });

  it("says how long its link is good, for which role, and until when", async () => {
    const owner = await world.owner("Lakeside Clinic");
    const endsAt = epochSeconds() + DAY;
    const { body } = await invite(owner, { role: "assistant", ends_at: endsAt, expires_in: 60 });
    expect(body).toMatchObject({ role: "assistant", ends_at: endsAt, expires_at: Number(body.created_at) + 60 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    expect((await invitations(owner)).body.items).toEqual([]);
  });

  it.each([
    ["no role", {}, /^role: /],
    ["another role", { role: "owner" }, /^role: /],
    ["a list of roles", { role: ["administrator"] }, /^role: /],
    ["an end that is over", { role: "assistant", ends_at: 1 }, /^ends_at: must be in the future/],
    ["an end in words", { role: "assistant", ends_at: "2030-01-01" }, /^ends_at: /],
    ["an end beyond time", { role: "assistant", ends_at: 1e15 }, /^ends_at: /],
    ["a link that is good for too long", { role: "assistant", expires_in: 31 * DAY }, /^expires_in: must be at most/],
    ["a link that is good for no time", { role: "assistant", expires_in: 0 }, /^expires_in: /],
    ["a member that is not known", { role: "assistant", owner_id: "x" }, /^owner_id: is not known/],
    ["a text", "administrator", /^body: must be an object/],
  ])("is refused for %s", async (_, body, description) => {
    const { status, body: refusal } = await invite(await world.owner("Lakeside Clinic"), body);
    expect(status).toBe(400);
    expect(refusal).toMatchObject({ error: "invalid_request", error_description: expect.stringMatching(description) });
  });

  it("is refused for a huge body, and for no JSON", async () => {
    const owner = await world.owner("Lakeside Clinic");
    expect((await invite(owner, { role: "x".repeat(70_000) })).status).toBe(413);
    const form = { bearer: world.site.adminSecret, form: { role: "administrator" } };
    expect((await world.send("POST", `/admin/owners/${owner}/invitations`, form)).status).toBe(400);
  });

  it("is listed page by page", async () => {
    const owner = await world.owner("Lakeside Clinic");
    const given = [];
    for (let n = 0; n < 3; n += 1) given.push(text(await invite(owner), "invitation_id"));
    const first = await invitations(owner, "?limit=2");
    const second = await invitations(owner, `?limit=2&cursor=${first.body.next}`);
    const ids = [...(first.body.items ?? []), ...(second.body.items ?? [])].map(({ invitation_id }) => invitation_id);
    expect(ids.sort()).toEqual(given.sort());
    expect(second.body.next).toBeUndefined();
    expect((await invitations(owner, "?cursor=nonsense")).status).toBe(400);
  });

  it("is taken back, once, and from its own owner only", async () => {
    const [owner, other] = [await world.owner("Lakeside Clinic"), await world.owner("Hill Clinic")];
    const id = text(await invite(owner), "invitation_id");
    const takeBack = (from: string) => world.admin("DELETE", `/owners/${from}/invitations/${id}`);
    expect((await takeBack(other)).status).toBe(404);
    expect((await takeBack(owner)).status).toBe(204);
    expect((await takeBack(owner)).status).toBe(404);
    expect((await invitations(owner)).body.items).toEqual([]);
  });

  it("is to an organisation, not to a person, and to no owner that is not there", async () => {
    const account = someAccount({ ownerId: randomness.id() });
    await insertAccount(account, passkeyProof());
    expect(await invite(account.ownerId)).toMatchObject({ status: 409, body: { error: "conflict" } });
    for (const nobody of [randomness.id(), "nothing"]) {
      expect((await invite(nobody)).status).toBe(404);
      expect((await invitations(nobody)).status).toBe(404);
      expect((await world.admin("GET", `/owners/${nobody}/administrators`)).status).toBe(404);
      expect((await world.admin("DELETE", `/owners/${nobody}/invitations/${randomness.id()}`)).status).toBe(404);
    }
  });

  it("is nobody's but the operator's to give, to read and to take back", async () => {
    const owner = await world.owner("Lakeside Clinic");
    for (const [method, path] of [
      ["POST", "/invitations"],
      ["GET", "/invitations"],
      ["DELETE", `/invitations/${randomness.id()}`],
      ["GET", "/administrators"],
      ["DELETE", `/administrators/${randomness.id()}`],
    ] as const)
      expect((await world.send(method, `/admin/owners/${owner}${path}`)).status).toBe(401);
  });

  it.each(["/invitations", "/invitations/x", "/administrators", "/administrators/x"])(
    "and what else is at %s is refused by name",
    async (path) => {
      const owner = await world.owner("Lakeside Clinic");
      const { status, headers } = await world.admin("PATCH", `/owners/${owner}${path}`, {});
      expect(status).toBe(405);
      expect(headers.get("allow")).toMatch(/GET|DELETE/);
    },
  );
});

describe("administrators", () => {
  it("are listed with their right, and ended, the last one too", async () => {
    const owner = await world.owner("Lakeside Clinic");
    const endsAt = epochSeconds() + DAY;
    const account = await accept(await invite(owner, { role: "administrator", ends_at: endsAt }));
    expect(await administrators(owner)).toEqual([
      { account_id: account, role: "administrator", begins_at: expect.any(Number), ends_at: endsAt, invited_by: null },
    ]);
    const end = (from: string) => world.admin("DELETE", `/owners/${from}/administrators/${account}`);
    expect((await end(await world.owner("Hill Clinic"))).status).toBe(404);
    expect((await end(owner)).status).toBe(204);
    expect((await end(owner)).status).toBe(404);
    expect(await administrators(owner)).toEqual([]);
  });

  it("are not listed from the second on in which their time is over", async () => {
    const owner = await world.owner("Lakeside Clinic");
    await accept(await invite(owner, { role: "assistant", ends_at: epochSeconds() + 100 }));
    expect(await administrators(owner)).toHaveLength(1);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 100_000 });
    expect(await administrators(owner)).toEqual([]);
  });

  it("of what is a person's own are the person, whom nobody ends", async () => {
    const account = someAccount({ id: randomness.id(), ownerId: randomness.id() });
    await insertAccount(account, passkeyProof());
    expect(await administrators(account.ownerId)).toMatchObject([{ account_id: account.id, ends_at: null }]);
    expect((await world.admin("DELETE", `/owners/${account.ownerId}/administrators/${account.id}`)).status).toBe(404);
  });

  it("and who let them in are told in the owner's activity", async () => {
    const owner = await world.owner("Lakeside Clinic");
    const invitation = await invite(owner, { role: "assistant" });
    const taken = text(await invite(owner), "invitation_id");
    await world.admin("DELETE", `/owners/${owner}/invitations/${taken}`);
    const account = await accept(invitation);
    await world.admin("DELETE", `/owners/${owner}/administrators/${account}`);
    expect((await changesOf(owner)).toReversed()).toEqual([
      { what: "invited", invitation_id: invitation.body.invitation_id, role: "assistant" },
      { what: "invited", invitation_id: taken, role: "administrator" },
      { what: "invitation_taken_back", invitation_id: taken },
      { what: "ended", administrator_id: account },
    ]);
  });
});
