import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import { Prover } from "../support/server/prover.ts";
import { BOB, Scene } from "../support/server/scene.ts";
import { ID_TOKEN_FORMAT, text, UMA_GRANT } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const REQUIRED = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];
let scene: Scene;
let photo: string;
let rpt: string;
/** By a code: for an owner's resources, and for who somebody is. */
let connected: string;
let identity: string;

beforeAll(async () => {
  scene = await Scene.open(world);
  photo = await scene.resource(["view", "print"], { name: "Blood count of Alice", type: "lab-report" });
  await scene.permit(photo, ["view"]);
  rpt = await access(["view"]);
  const app = await CodeApp.register(world);
  const browser = await (await Resident.settle()).browse(world.site);
  connected = String((await app.connect(browser)).access_token);
  identity = String((await app.connect(browser, { scope: "openid email", prompt: "consent" })).access_token);
});

async function access(scopes: readonly string[]): Promise<string> {
  const idToken = await scene.bob({ name: "Bob Smith" });
  const answer = await scene.redeem(await scene.ticket(photo, scopes), { idToken });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.body.access_token);
}

const tokens = () => [scene.pat, scene.tool, rpt, connected, identity];

describe("the form (§2.1)", () => {
  it("O-9068-2.1-typ says that it is an access token", () => {
    for (const token of tokens()) expect(decodeProtectedHeader(token).typ).toBe("at+jwt");
  });

  it("O-9068-2.1-signed is signed with a key of the key set, found by its kid", async () => {
    const jwks = (await world.send("GET", "/jwks")).json as JSONWebKeySet;
    for (const token of tokens()) {
      const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks));
      expect(protectedHeader.alg).toBeOneOf(["ES256", "RS256", "PS256", "EdDSA", "Ed25519"]);
      expect(jwks.keys.map(({ kid }) => kid)).toContain(protectedHeader.kid);
    }
  });
});

describe("the claims (§2.2, §3)", () => {
  it("O-9068-2.2-claims has all that must be there, and a jti of its own", async () => {
    const all = [...tokens(), await access(["view"]), await world.connectedToken(scene.cast.rs1)];
    for (const token of all) {
      const claims = decodeJwt(token);
      for (const name of REQUIRED) expect(claims, name).toHaveProperty(name);
      expect(claims.iss).toBe(world.site.issuer);
    }
    expect(new Set(all.map((token) => decodeJwt(token).jti)).size).toBe(all.length);
    expect(decodeJwt(rpt).client_id).toBe(scene.cast.c1.id);
    expect(decodeJwt(scene.pat).client_id).toBe(scene.cast.rs1.id);
  });

  it("O-9068-2.2-claims the subject of an RPT is the requesting party, under a name that says nothing", async () => {
    const { sub } = decodeJwt(rpt);
    expect(sub).toMatch(/^[A-Za-z0-9_-]{22,}$/);
    expect(sub).not.toBe(scene.cast.alice);
    expect(sub).toBe((await scene.introspect(rpt)).sub);
  });

  it("O-9068-2.2.3-scope a PAT has its scope, an RPT permissions instead", () => {
    expect(decodeJwt(scene.pat).scope).toBe("uma_protection");
    expect(decodeJwt(scene.tool).scope).toBe("uma_policy");
    expect(decodeJwt(connected).scope).toBe("uma_protection");
    expect(decodeJwt(identity).scope).toBe("openid email");
    expect(decodeJwt(rpt)).not.toHaveProperty("scope");
  });

  it("O-9068-rpt-permissions are what introspection says at that moment", async () => {
    const { permissions } = await scene.introspect(rpt);
    expect(permissions).toEqual([{ resource_id: photo, resource_scopes: ["view"] }]);
    expect(decodeJwt(rpt).permissions).toEqual(permissions);
  });

  it("O-9068-rpt-permissions what its bearer has to prove is what introspection says", async () => {
    const prover = await Prover.create(world);
    const form = { grant_type: UMA_GRANT, ticket: await scene.ticket(photo) };
    const pushed = { claim_token: await scene.bob(), claim_token_format: ID_TOKEN_FORMAT };
    const token = text(await prover.token(scene.cast.c1, { ...form, ...pushed }), "access_token");
    const { cnf, permissions } = await scene.introspect(token);
    expect(decodeJwt(token)).toMatchObject({ cnf: { jkt: prover.jkt }, permissions });
    expect(cnf).toEqual({ jkt: prover.jkt });
  });

  it("O-9068-rpt-permissions one that ends before the token has its own end", async () => {
    const end = Math.floor(Date.now() / 1_000) + 120;
    const expires = new Date(end * 1_000).toISOString().replace(".000Z", "Z");
    await scene.permit(photo, ["print"], BOB, { when: { expires } });
    const token = await access(["view", "print"]);
    const { permissions } = await scene.introspect(token);
    expect(decodeJwt(token).permissions).toEqual(permissions);
    const ends = (permissions as { resource_scopes: string[]; exp?: number }[]).map(({ resource_scopes, exp }) => [
      resource_scopes.join(),
      exp,
    ]);
    expect(ends).toContainEqual(["print", end]);
    expect(decodeJwt(token).exp).toBeGreaterThan(end);
  });

  it("O-9068-3-aud an RPT is for its resource server, a PAT for this server", () => {
    expect(decodeJwt(rpt).aud).toBe(scene.cast.rs1.id);
    for (const token of [scene.pat, scene.tool, connected, identity]) {
      expect(decodeJwt(token).aud).toBe(world.site.issuer);
    }
  });
});

describe("who is who (§5, §6)", () => {
  it("O-9068-5-sub-collision a client cannot take the name of a person, nor is it ever called like one", async () => {
    const party = String(decodeJwt(rpt).sub);
    for (const client_id of [party, scene.cast.alice]) {
      const made = await world.admin("POST", "/clients", { client_name: "C", client_id });
      expect(made.body.client_id).not.toBe(client_id);
    }
    const subjects = [scene.pat, scene.tool].map((token) => decodeJwt(token).sub);
    for (const sub of subjects) {
      expect(sub).not.toBe(party);
      expect(sub).not.toBe("bob");
      expect(sub).not.toBe(scene.cast.rs1.id);
    }
  });

  it("O-9068-6-privacy who reads an RPT learns no name of anybody or anything", () => {
    const readable = JSON.stringify([decodeProtectedHeader(rpt), decodeJwt<JWTPayload>(rpt)]);
    for (const secret of ["bob", "Bob", "example.com", "alice", scene.cast.alice, "Blood", "Alice", "lab-report"]) {
      expect(readable).not.toContain(secret);
    }
  });
});
