import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CALLBACK, CodeApp } from "../support/server/code-app.ts";
import { refused, Scene } from "../support/server/scene.ts";
import { initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";

const CLAIMS = "https://consult.example/back";
const YEAR_MILLISECONDS = 366 * 24 * 60 * 60 * 1_000;

const world = localWorld();
let token: string;
let registered: SelfRegistered;

beforeAll(async () => {
  token = await initialAccessToken(world);
});

beforeEach(async () => {
  // A change of a client is answered when every lease has run out.
  vi.spyOn(scheduler, "wait").mockResolvedValue(undefined);
  registered = await SelfRegistered.register(world, { client_name: "Consult", claims_redirect_uris: [CLAIMS] }, token);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const METADATA_REFUSED = refused(400, "invalid_client_metadata");
const NOT_LET_IN = refused(401, "invalid_token");

describe("the registration (RFC 7592 §3)", () => {
  it("O-7592-3-response-members says where it is, and by what it is managed", async () => {
    const { registration_client_uri: uri, registration_access_token: managed } = registered.body;
    expect(uri).toBe(`${world.site.issuer}/register/${registered.client.id}`);
    expect(managed).toMatch(/^[\w-]{43}$/);
  });

  it("O-7592-2-registration-token is shown to nobody else", async () => {
    const other = await SelfRegistered.register(world, {}, token);
    for (const call of [{}, { bearer: other.token }, { bearer: token }, { basic: registered.client }]) {
      const answer = await world.send("GET", registered.path, call);
      expect(answer).toMatchObject(NOT_LET_IN);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
    }
    expect(await other.replace({}, registered.token)).toMatchObject(NOT_LET_IN);
    expect(await other.remove(registered.token)).toMatchObject(NOT_LET_IN);
    expect((await other.read()).status).toBe(200);
  });

  it("O-7592-2.1-read tells all of it, its secret aside", async () => {
    const { status, headers, body } = await registered.read();
    const { client_secret: _, ...told } = registered.body;
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(body).toEqual(told);
    expect(body.claims_redirect_uris).toEqual([CLAIMS]);
  });

  it("O-7592-5-token-no-expiry stays within reach", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * YEAR_MILLISECONDS });
    expect((await registered.read()).status).toBe(200);
  });
});

describe("a change of it (RFC 7592 §2.2)", () => {
  it("O-7592-2.2-update-replaces everything", async () => {
    const { status, body } = await registered.replace({ client_name: "Consult now" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ client_id: registered.client.id, client_name: "Consult now" });
    expect((await registered.read()).body).not.toHaveProperty("claims_redirect_uris");
    const scene = await Scene.open(world);
    const ticket = await scene.ticket(await scene.sharedPhoto());
    const ana = await Visitor.arrive(world);
    expect((await ana.come(registered.client, { ticket, claims_redirect_uri: CLAIMS })).status).toBe(400);
    const signed = await registered.replace({});
    expect(signed.body.client_name).toBe(registered.client.id);
  });

  it("O-7592-2.2-client-id-match names the client, and its secret as it is", async () => {
    for (const said of [
      { client_id: "other" },
      { client_id: null },
      { client_secret: "x".repeat(43) },
      { client_secret: 1 },
    ]) {
      expect(await registered.replace(said)).toMatchObject(METADATA_REFUSED);
    }
    expect((await registered.replace({ client_secret: registered.client.secret })).status).toBe(200);
    const used = await world.token(registered.client, { grant_type: UMA_GRANT, ticket: "x" });
    expect(used).toMatchObject(refused(400, "invalid_grant"));
  });

  it("O-7592-2.2-forbidden-fields takes nothing that is the server's to say", async () => {
    const said = {
      registration_access_token: "chosen",
      registration_client_uri: "https://evil.example/",
      client_secret_expires_at: 1,
      client_id_issued_at: 1,
    };
    const { status, body } = await registered.replace(said);
    expect(status).toBe(200);
    for (const [member, value] of Object.entries(said)) expect(body[member]).not.toBe(value);
    expect(await registered.read("chosen")).toMatchObject(NOT_LET_IN);
    expect((await registered.read()).body.client_id_issued_at).toBe(registered.body.client_id_issued_at);
  });

  it("is no way to become public, nor to get what the client may not have", async () => {
    expect(await registered.replace({ token_endpoint_auth_method: "none" })).toMatchObject(METADATA_REFUSED);
    expect(await registered.replace({ grant_types: ["client_credentials"] })).toMatchObject(METADATA_REFUSED);
    expect(await registered.replace({ redirect_uris: ["http://c.example/"] })).toMatchObject(
      refused(400, "invalid_redirect_uri"),
    );
    expect((await registered.read()).body.token_endpoint_auth_method).toBe("client_secret_basic");
  });
});

describe("its end (RFC 7592 §2.3)", () => {
  it("O-7592-2.3-delete is answered with nothing, and the token is good for nothing", async () => {
    const { status, text: body } = await registered.remove();
    expect([status, body]).toEqual([204, ""]);
    expect(await registered.read()).toMatchObject(NOT_LET_IN);
  });

  it("O-7592-2-unknown-client is told 401 of what is not there any more", async () => {
    await registered.remove();
    for (const again of [registered.read(), registered.replace({}), registered.remove()]) {
      expect(await again).toMatchObject(NOT_LET_IN);
    }
    expect(await world.send("GET", "/register/nobody", { bearer: registered.token })).toMatchObject(NOT_LET_IN);
  });

  it("O-7592-2.3-delete-invalidates ends what an app was connected for, and what it refreshes that with", async () => {
    const right = await initialAccessToken(world, { connection_scopes: ["uma_protection"] });
    const metadata = {
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: [CALLBACK],
      scope: "uma_protection",
    };
    const self = await SelfRegistered.register(world, metadata, right);
    const app = CodeApp.of(world, self.client, CALLBACK);
    const given = await app.connect(await (await Resident.settle()).browse(world.site));
    expect([await app.isTaken(given.access_token), await app.isTakenByRecord(given.access_token)]).toEqual([
      true,
      true,
    ]);
    expect((await self.remove()).status).toBe(204);
    expect(await app.isTaken(given.access_token)).toBe(false);
    expect(await app.isTakenByRecord(given.access_token)).toBe(false);
    expect(await app.refresh(given.refresh_token)).toMatchObject(refused(401, "invalid_client"));
  });

  it("O-7592-2.3-delete-invalidates ends all that was given to it", async () => {
    const scene = await Scene.open(world);
    const ana = await Visitor.arrive(world);
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { claim: "email", equals: ana.address });
    const page = await ana.look(registered.client, { ticket: await scene.ticket(photo), claims_redirect_uri: CLAIMS });
    const back = new URL((await ana.decide(page, "continue", { remember: "yes" })).headers.get("location") ?? "");
    const granted = await scene.redeemAs(registered.client, back.searchParams.get("ticket") ?? "");
    const [rpt, pct] = [text(granted, "access_token"), text(granted, "pct")];
    expect(await scene.introspect(rpt)).toMatchObject({ active: true });

    expect((await registered.remove()).status).toBe(204);
    expect(await scene.introspect(rpt)).toEqual({ active: false });
    const again = await scene.redeemAs(registered.client, await scene.ticket(photo), { pct });
    expect(again).toMatchObject(refused(401, "invalid_client"));
    expect((await world.admin("DELETE", `/pcts/clients/${registered.client.id}`)).body).toEqual({ forgotten: 0 });
  });
});
