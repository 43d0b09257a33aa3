import { decodeJwt } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer, Call } from "../support/server/http-site.ts";
import { Scene } from "../support/server/scene.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const RPT_LIFETIME_SECONDS = 300;
/** More than clocks may differ by (docs/api.md). */
const MINUTE_SECONDS = 60;
const PAT_LIFETIME_SECONDS = 3_600;
let scene: Scene;
let photo: string;
let granted: Answer;
let rpt: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource(["view"], { name: "Photo of Carol" });
  await scene.permit(photo, ["view"]);
  granted = await access();
  rpt = String(granted.body.access_token);
});

afterEach(() => {
  vi.useRealTimers();
});

async function access(): Promise<Answer> {
  const answer = await scene.redeem(await scene.ticket(photo), { idToken: await scene.bob({ name: "Bob Smith" }) });
  expect(answer.status, answer.text).toBe(200);
  return answer;
}

function travel(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

const post = (call: Call, bearer: string = scene.pat) => world.send("POST", "/introspection", { bearer, ...call });
const introspect = (token: unknown, bearer?: string) => post({ form: { token: String(token) } }, bearer);

async function connectedTo(owner: string): Promise<string> {
  const client = await world.client({ grant_types: ["client_credentials"] });
  await world.connect(owner, client, ["uma_protection"]);
  return world.connectedToken(client);
}

describe("the request (§2.1)", () => {
  it("O-7662-2.1-authz-required is nothing without credentials", async () => {
    const answer = await world.send("POST", "/introspection", { form: { token: rpt } });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain("active");
  });

  it("O-7662-2.1-post-form is a POST of a form with a token", async () => {
    const refused = { status: 400, body: { error: "invalid_request" } };
    expect(await post({ form: {} })).toMatchObject(refused);
    expect(await post({ form: { token: "" } })).toMatchObject(refused);
    expect(await post({ json: { token: rpt } })).toMatchObject(refused);
    const query = `?token=${rpt}`;
    expect(await world.send("POST", `/introspection${query}`, { bearer: scene.pat, form: {} })).toMatchObject(refused);
    const got = await world.send("GET", `/introspection${query}`, { bearer: scene.pat });
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each(["refresh_token", "access_token", "pct", "foo"])(
    "O-7662-2.1-hint-search finds an RPT whatever the hint %s says",
    async (token_type_hint) => {
      expect((await post({ form: { token: rpt, token_type_hint } })).body.active).toBe(true);
    },
  );
});

describe("the answer (§2.2)", () => {
  it.each<[string, () => Promise<unknown> | unknown]>([
    ["a random text", () => "x"],
    ["a text with dots", () => "a.b.c"],
    ["what is no text", () => "\u0000💥"],
    ["an altered RPT", () => `${rpt.slice(0, -4)}AAAA`],
    ["a refresh token", () => granted.body.refresh_token],
    ["a ticket", () => scene.ticket(photo)],
    ["a PAT of another resource server", async () => (await scene.connectResourceServer()).pat],
    ["an ID Token", () => scene.bob()],
    ["the jti of an RPT", () => decodeJwt(rpt).jti],
  ])("O-7662-2.2-inactive O-7662-2.2-inactive-minimal is that and no more for %s", async (_, token) => {
    const answer = await introspect(await token());
    expect([answer.status, answer.json]).toEqual([200, { active: false }]);
  });

  it("O-7662-2.2-inactive O-7662-2.2-inactive-minimal the same for a revoked RPT", async () => {
    const token = String((await access()).body.access_token);
    await world.send("POST", "/revocation", { basic: scene.cast.c1, form: { token } });
    expect((await introspect(token)).json).toEqual({ active: false });
  });

  it("O-7662-2.2-inactive O-7662-2.2-inactive-minimal the same for an expired RPT", async () => {
    const token = (await access()).body.access_token;
    travel(RPT_LIFETIME_SECONDS - 5);
    expect((await introspect(token)).body.active).toBe(true);
    travel(5);
    expect((await introspect(token)).json).toEqual({ active: false });
  });

  it("O-7662-2.2-inactive O-7662-2.2-inactive-minimal O-9700-2.3-audience the same for others' RPTs", async () => {
    const { alice } = scene.cast;
    for (const owner of [alice, await world.owner("carol")]) {
      expect((await introspect(rpt, await connectedTo(owner))).json).toEqual({ active: false });
    }
    expect((await introspect(rpt)).body.active).toBe(true);
  });
});

describe("the caller (§2.3, §4)", () => {
  it("O-7662-2.3-bad-credentials an expired PAT is told so", async () => {
    travel(PAT_LIFETIME_SECONDS + 1);
    const answer = await introspect(rpt);
    expect(answer).toMatchObject({ status: 401, body: { error: "invalid_token" } });
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  it("O-7662-2.3-bad-credentials O-7662-4-caller-authorized a token without uma_protection is told so", async () => {
    const answer = await introspect(rpt, scene.tool);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    expect(answer.text).not.toContain("permissions");
  });

  it("O-7662-4-caller-authorized the client that holds an RPT learns nothing from it, or with its secret", async () => {
    const asHolder = await introspect(rpt, rpt);
    const { c1, rs1 } = scene.cast;
    const asClients = [c1, rs1].map((basic) => world.send("POST", "/introspection", { basic, form: { token: rpt } }));
    for (const { status, text } of [asHolder, ...(await Promise.all(asClients))]) {
      expect(status).toBe(401);
      expect(text).not.toContain("permissions");
    }
  });
});

describe("what is checked and what is told (§4, §5)", () => {
  it("O-7662-4-checks an edited payload or another header makes it inactive", async () => {
    const [header, payload, signature] = rpt.split(".");
    const edits = [{ exp: 9_999_999_999 }, { aud: "somebody" }, { permissions: [] }, { nbf: 9_999_999_999 }];
    const encode = (part: object) => btoa(JSON.stringify(part)).replaceAll("=", "");
    const edited = edits.map((edit) => [header, encode({ ...decodeJwt(rpt), ...edit }), signature].join("."));
    const unsigned = `${encode({ alg: "none", typ: "at+jwt" })}.${payload}.`;
    for (const token of [...edited, unsigned]) expect((await introspect(token)).json).toEqual({ active: false });
  });

  it.each(["jwt", "opaque"])(
    "O-7662-4-checks an RPT (%s) or a PAT whose nbf is still to come is inactive until then",
    async (rpt_format) => {
      const own = await Scene.open(world, { rpt_format });
      const shared = await own.sharedPhoto();
      travel(MINUTE_SECONDS);
      const granted = await own.redeem(await own.ticket(shared), { idToken: await own.bob() });
      const tokens = [granted.body.access_token, await world.connectedToken(own.cast.rs1)];
      for (const token of tokens) {
        const { active, nbf } = await own.introspect(token);
        expect([active, Number(nbf) - Date.now() / 1_000]).toEqual([true, expect.closeTo(0, -1)]);
      }
      vi.useRealTimers();
      for (const token of tokens) expect(await own.introspect(token)).toEqual({ active: false });
    },
  );

  it("O-7662-5-privacy nobody is named", async () => {
    const { text, body } = await introspect(rpt);
    for (const secret of ["bob", "Bob", "alice", scene.cast.alice, "example.com", "Carol"]) {
      expect(text).not.toContain(secret);
    }
    for (const member of ["username", "name", "email", "pct", "scope"]) expect(body).not.toHaveProperty(member);
    expect(body.sub).toMatch(/^[A-Za-z0-9_-]{22,}$/);
  });

  it("O-7662-5-privacy a party is somebody else at each resource server, and the same one next time", async () => {
    const pat2 = await connectedTo(scene.cast.alice);
    const report = await world.registerResource(pat2, { resource_scopes: ["view"] });
    await scene.permit(report, ["view"]);
    const ticket = await world.ticket(pat2, { resource_id: report, resource_scopes: ["view"] });
    const there = await scene.redeem(ticket, { idToken: await scene.bob() });
    const again = await access();
    const [here, elsewhere, later] = [
      await scene.introspect(rpt),
      await scene.introspect(there.body.access_token, pat2),
      await scene.introspect(again.body.access_token),
    ];
    expect([here.active, elsewhere.active]).toEqual([true, true]);
    expect(elsewhere.sub).not.toBe(here.sub);
    expect(later.sub).toBe(here.sub);
  });
});
