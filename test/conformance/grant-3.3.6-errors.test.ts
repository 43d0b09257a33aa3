import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer } from "../support/server/http-site.ts";
import {
  ANYONE,
  BOB,
  INVALID_GRANT,
  NEED_INFO,
  needInfo,
  REQUEST_DENIED,
  REQUEST_SUBMITTED,
  refused,
  Scene,
} from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
let scene: Scene;
let photo: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.sharedPhoto();
});

afterEach(() => {
  vi.useRealTimers();
});

const BACK = { claims_redirect_uris: ["https://c.example/cr"] };
const APPROVAL = { terms: { approval: true } };

/** A photo that the owner wants to be asked about, and a first answer that says so. */
async function submit(): Promise<{ readonly asked: string; readonly first: string; readonly submitted: Answer }> {
  const asked = await scene.resource();
  await scene.permit(asked, ["view"], BOB, APPROVAL);
  const first = await scene.ticket(asked);
  return { asked, first, submitted: await scene.redeem(first, { idToken: await scene.bob() }) };
}

const nextTicket = ({ body }: Answer) => String(body.ticket);
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

describe("every error", () => {
  it("G-3.3.6-error-form has the form of RFC 6749 §5.2", async () => {
    const errors = [
      await scene.redeem("forged"),
      await scene.redeem(await scene.ticket(photo)),
      await scene.redeem(await scene.ticket(photo, ["print"]), { idToken: await scene.bob() }),
      await scene.redeem(await scene.ticket(photo), { scope: "fly" }),
      await scene.redeem(await scene.ticket(photo), { claim_token: "x" }),
      (await submit()).submitted,
    ];
    expect(errors.map(({ body }) => body.error)).toEqual([
      "invalid_grant",
      "need_info",
      "request_denied",
      "invalid_scope",
      "invalid_request",
      "request_submitted",
    ]);
    for (const { headers, body } of errors) {
      expect(headers.get("content-type")).toMatch(/^application\/json/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(String(body.error_description ?? "")).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
    }
  });
});

describe("invalid_grant and invalid_scope", () => {
  it("G-3.3.6-unknown-ticket a ticket of nobody", async () => {
    const answer = await scene.redeem(crypto.randomUUID(), { idToken: await scene.bob() });
    expect(answer).toMatchObject(INVALID_GRANT);
    expect(answer.body).not.toHaveProperty("ticket");
  });

  it("G-3.3.6-expired-ticket a ticket that came too late", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [first, second] = [await scene.ticket(photo), await scene.ticket(photo)];
    const rotated = nextTicket(await scene.redeem(second));
    later(301);
    for (const ticket of [first, rotated]) {
      const answer = await scene.redeem(ticket, { idToken: await scene.bob() });
      expect(answer).toMatchObject(INVALID_GRANT);
      expect(answer.body).not.toHaveProperty("ticket");
    }
  });

  it("G-3.3.6-invalid-scope a scope of no resource is refused even beside one that fits", async () => {
    const client = await world.client({ scope: "download fly" });
    for (const scope of ["fly", "download fly"]) {
      const answer = await scene.redeemAs(client, await scene.ticket(photo), { scope });
      expect(answer).toMatchObject(refused(400, "invalid_scope"));
      expect(answer.body).not.toHaveProperty("ticket");
    }
  });

  it("G-3.3.6-invalid-scope-unregistered a scope that the client is not registered for", async () => {
    const c2 = await world.client({});
    const answer = await scene.redeemAs(c2, await scene.ticket(photo), { scope: "download" });
    expect(answer).toMatchObject(refused(400, "invalid_scope"));
  });
});

describe("need_info", () => {
  it("G-3.3.6-need-info-status G-3.3.6-need-info-hint is a 403 that says what is needed", async () => {
    const answer = await scene.redeem(await scene.ticket(photo));
    expect(answer).toMatchObject(NEED_INFO);
    expect(answer.body.required_claims).toEqual([expect.any(Object)]);
  });

  it.each([
    ["may push", { may_push_claims: true }, ["required_claims"]],
    ["may send its people here", BACK, ["redirect_user"]],
    ["may do both", { may_push_claims: true, ...BACK }, ["required_claims", "redirect_user"]],
  ])("G-3.3.6-need-info-hint tells a client that %s what it can do, and no more", async (_, registration, hints) => {
    const asked = await scene.redeemAs(await world.client(registration), await scene.ticket(photo));
    expect(asked).toMatchObject(needInfo({ ticket: expect.any(String) }));
    expect(["required_claims", "redirect_user"].filter((member) => member in asked.body)).toEqual(hints);
    if ("required_claims" in asked.body) expect(asked.body.required_claims).toSatisfy(isFilledList);
  });

  it("G-3.3.6-need-info-ticket its ticket leads on to the RPT", async () => {
    const asked = await scene.redeem(await scene.ticket(photo));
    expect((await scene.redeem(nextTicket(asked), { idToken: await scene.bob() })).status).toBe(200);
  });

  it("G-3.3.6-need-info-ticket-new its ticket is another one, and the old one is spent", async () => {
    const ticket = await scene.ticket(photo);
    const asked = await scene.redeem(ticket);
    expect(nextTicket(asked)).not.toBe(ticket);
    expect(await scene.redeem(ticket, { idToken: await scene.bob() })).toMatchObject(INVALID_GRANT);
  });

  it.each([
    ["expired", async () => ({ idToken: await scene.bob({ exp: Math.floor(Date.now() / 1_000) - 60 }) })],
    ["badly signed", async () => ({ idToken: `${(await scene.bob()).slice(0, -8)}AAAAAAAA` })],
    ["of an issuer nobody trusts", async () => ({ idToken: await scene.bob({ iss: "https://evil.example" }) })],
    ["for somebody else", async () => ({ idToken: await scene.bob({ aud: "another" }) })],
    ["in an unknown format", async () => ({ claim_token: await scene.bob(), claim_token_format: "saml" })],
    ["of an address nobody verified", async () => ({ idToken: await scene.bob({ email_verified: false }) })],
  ])("G-3.3.6-need-info-bad-claims answers a claim token that is %s", async (_, push) => {
    const answer = await scene.redeem(await scene.ticket(photo), await push());
    expect(answer).toMatchObject(needInfo({ ticket: expect.any(String) }));
  });

  it("G-3.3.6-required-claims-shape G-3.3.6-required-claims-members names claim, format and issuers", async () => {
    const reports = await scene.resource();
    const { issuer } = scene.cast.provider;
    await scene.permit(reports, ["view"], { ...BOB, issuer });
    const asked = await scene.redeem(await scene.ticket(reports));
    expect(asked.body.required_claims).toEqual([
      {
        name: "email",
        claim_type: "urn:oid:0.9.2342.19200300.100.1.3",
        friendly_name: expect.any(String),
        claim_token_format: [ID_TOKEN_FORMAT],
        issuer: [issuer],
      },
    ]);
    expect((await scene.redeem(nextTicket(asked), { idToken: await scene.bob() })).status).toBe(200);
  });

  it("G-3.3.6-required-claims-shape holds for every kind of condition", async () => {
    const reports = await scene.resource();
    for (const issuer of ["https://one.example", "https://two.example"]) {
      const jwks = { keys: [{ kty: "OKP", crv: "Ed25519", x: "A".repeat(43) }] };
      await world.admin("POST", "/issuers", { issuer, claims: ["level", "role", "status"], jwks });
    }
    const who = {
      all: [
        { any: [BOB, { claim: "role", one_of: ["doctor", "nurse"] }] },
        { not: { claim: "status", equals: "suspended" } },
        { claim: "level", at_least: 3, issuer: ["https://one.example", "https://two.example"] },
      ],
    };
    await scene.permit(reports, ["view"], who, { terms: { signed_in_within: 300 } });
    const { body } = await scene.redeem(await scene.ticket(reports));
    const entries = body.required_claims as readonly Record<string, unknown>[];
    expect(entries.map(({ name }) => name).sort()).toEqual(["auth_time", "email", "level", "role", "status"]);
    for (const entry of entries) {
      for (const list of ["claim_token_format", "issuer"]) {
        if (list in entry) expect(entry[list]).toSatisfy(isListOfTexts);
      }
      for (const word of ["name", "friendly_name", "claim_type"]) {
        if (word in entry) expect(entry[word]).toBeTypeOf("string");
      }
    }
  });
});

describe("request_denied", () => {
  const toEve = { claim: "email", equals: "eve@example.com" };

  it.each([
    ["there is no policy", async () => {}],
    ["a policy is for others", (resource: string) => scene.permit(resource, ["view"], toEve)],
    [
      "a policy denies what another permits",
      async (resource: string) => {
        await scene.permit(resource, ["view"], ANYONE);
        await scene.deny(resource);
      },
    ],
  ])("G-3.3.6-request-denied ends the process where %s", async (_, write) => {
    const resource = await scene.resource();
    await write(resource);
    const ticket = await scene.ticket(resource);
    const answer = await scene.redeem(ticket, { idToken: await scene.bob() });
    expect(answer).toMatchObject(REQUEST_DENIED);
    expect(answer.body).not.toHaveProperty("ticket");
    expect(await scene.redeem(ticket, { idToken: await scene.bob() })).toMatchObject(INVALID_GRANT);
  });
});

describe("request_submitted", () => {
  it("G-3.3.6-submitted-status G-3.3.6-submitted-ticket is a 403 with a ticket to poll with", async () => {
    const { submitted } = await submit();
    expect(submitted).toMatchObject(REQUEST_SUBMITTED);
    expect(await scene.redeem(nextTicket(submitted))).toMatchObject(REQUEST_SUBMITTED);
  });

  it("G-3.3.6-submitted-ticket-new no ticket comes twice", async () => {
    const { first, submitted } = await submit();
    const seen = new Set([first, nextTicket(submitted)]);
    for (let poll = 2; poll < 6; poll += 1) {
      seen.add(nextTicket(await scene.redeem([...seen].at(-1) ?? "")));
      expect(seen.size).toBe(poll + 1);
    }
  });

  it("G-3.3.6-submitted-interval says how often to poll, and answers who is early", async () => {
    const { submitted } = await submit();
    expect(submitted.body.interval).toSatisfy((interval) => Number.isInteger(interval) && Number(interval) > 0);
    expect(await scene.redeem(nextTicket(submitted))).toMatchObject(REQUEST_SUBMITTED);
  });

  it("G-5.5-poll-lifetime its ticket outlives the interval by far", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { submitted } = await submit();
    later(Number(submitted.body.interval) + 1);
    const polled = await scene.redeem(nextTicket(submitted));
    expect(polled).toMatchObject(REQUEST_SUBMITTED);
    later(12 * 3_600);
    expect(await scene.redeem(nextTicket(polled))).toMatchObject(REQUEST_SUBMITTED);
  });

  it.each([
    ["a yes gives the RPT", (asked: string) => scene.permit(asked, ["view"]), 200, undefined],
    ["a no ends the process", (asked: string) => scene.deny(asked), 403, "request_denied"],
    ["an approval gives the RPT", () => scene.decide({ decision: "approve" }), 200, undefined],
    ["a refusal ends the process", () => scene.decide({ decision: "refuse" }), 403, "request_denied"],
  ])("G-3.3.6-poll-outcome polls see what the owner decides meanwhile: %s", async (_, decide, status, error) => {
    const { asked, submitted } = await submit();
    const pending = await scene.redeem(nextTicket(submitted));
    expect(pending).toMatchObject(REQUEST_SUBMITTED);
    await decide(asked);
    const answer = await scene.redeem(nextTicket(pending));
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });
});

describe("an owner's approval", () => {
  it("G-3.3.6-approval-bound counts only for the party, the client and the permissions that it was asked for", async () => {
    const asked = await scene.resource();
    await scene.permit(asked, ["view", "print"], { claim: "email", exists: true }, APPROVAL);
    const c2 = await world.client({ client_name: "C2", may_push_claims: true });
    const { issuer } = scene.cast.provider;
    await world.admin("PUT", `/clients/${c2.id}`, {
      client_name: "C2",
      may_push_claims: true,
      issuer_client_ids: { [issuer]: scene.cast.c1.id },
    });
    const bob = async (client = scene.cast.c1, scope = "view") =>
      scene.redeemAs(client, await scene.ticket(asked, [scope]), { idToken: await scene.bob() });
    expect(await bob()).toMatchObject(REQUEST_SUBMITTED);
    expect((await scene.decide({ decision: "approve" })).status).toBe(200);

    const mallory = await scene.bob({ sub: "mallory", email: "mallory@example.com" });
    const hers = await scene.redeem(await scene.ticket(asked), { idToken: mallory });
    expect(hers).toMatchObject(REQUEST_SUBMITTED);
    expect(await bob(c2)).toMatchObject(REQUEST_SUBMITTED);
    expect(await bob(scene.cast.c1, "print")).toMatchObject(REQUEST_SUBMITTED);
    // Bob's client lost its ticket: he is found again, and alice is not asked twice.
    expect((await bob()).status).toBe(200);
  });
});

function isFilledList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isListOfTexts(value: unknown): boolean {
  return isFilledList(value) && value.every((entry) => typeof entry === "string");
}
