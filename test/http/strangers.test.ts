import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { CodeApp } from "../support/server/code-app.ts";
import type { Call } from "../support/server/http-site.ts";
import type { Cast } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";

const world = localWorld();
const ROUTES = [
  "/token",
  "/revocation",
  "/introspection",
  "/permission",
  "/resources",
  "/resources/x",
  "/owner/policies",
  "/par",
  "/authorize",
  "/authorize/consent",
  "/console/x/apps/end",
  "/account/remembered/forget",
  "/claims",
  "/claims/interaction",
];
const NAMES = [
  "grant_type",
  "ticket",
  "scope",
  "token",
  "claim_token",
  "client_assertion",
  "refresh_token",
  "client_id",
  "code",
  "redirect_uri",
  "code_verifier",
  "request_uri",
  "at",
  "csrf",
];
const GRANTS = [
  "urn:ietf:params:oauth:grant-type:uma-ticket",
  "client_credentials",
  "refresh_token",
  "authorization_code",
];
let cast: Cast;
let pat: string;

beforeAll(async () => {
  cast = await world.cast();
  pat = await world.connectedToken(cast.rs1);
});

/** Texts that parsers trip over, and texts of any other kind. */
const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "null", "__proto__", "%", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "\u0000", "x".repeat(9_000)),
);
const form = fc
  .tuple(fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), odd), odd, { maxKeys: 6 }), fc.constantFrom(...GRANTS))
  .map(([pairs, grant]) => ({ form: { grant_type: grant, ...pairs } }));
const body: fc.Arbitrary<Call> = fc.oneof(
  form,
  fc.json({ maxDepth: 4 }).map((text): Call => ({ text: ["application/json", text] })),
  fc
    .tuple(fc.constantFrom("application/json", "application/x-www-form-urlencoded", "text/plain"), odd)
    .map((text): Call => ({ text })),
);
const headerText = fc.string({ unit: fc.constantFrom(..."abcXYZ019+/=:%. "), maxLength: 40 });
const caller = fc.oneof(
  fc.constantFrom("rs1", "c1", "pat"),
  fc.tuple(fc.constantFrom("Basic", "Bearer", "DPoP", ""), headerText).map((parts) => parts.join(" ")),
);

function credentials(who: string): Call {
  if (who === "pat") return { bearer: pat };
  if (who === "rs1" || who === "c1") return { basic: cast[who] };
  return { authorization: who };
}

it("nothing that a stranger or a careless client sends makes the server fail", async () => {
  const request = fc.asyncProperty(fc.constantFrom(...ROUTES), caller, body, async (path, who, call) => {
    const answer = await world.send("POST", path, { ...call, ...credentials(who) });
    expect(answer.status).toBeLessThan(500);
    if (answer.status >= 400 && answer.text !== "") expect(answer.body.error).toEqual(expect.any(String));
  });
  await fc.assert(request, { seed: 20_181_107, numRuns: 400 });
}, 60_000);

it("nothing that stands in the query of an authorization request makes the server fail", async () => {
  const app = await CodeApp.register(world);
  const browser = await (await Resident.settle()).browse(world.site);
  const names = [...Object.keys(app.request()), "prompt", "max_age", "request", "request_uri", "ui_locales", "at"];
  const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), odd), odd), { maxLength: 4 });
  const request = fc.asyncProperty(fc.boolean(), fc.boolean(), query, async (isConsent, isWhole, pairs) => {
    const usual = isWhole ? Object.entries(app.request()).filter(([name]) => !pairs.some(([odd]) => odd === name)) : [];
    const search = new URLSearchParams([...usual, ...pairs]);
    const answer = await browser.open(`/authorize${isConsent ? "/consent" : ""}?${search}`);
    expect(answer.status).toBeLessThan(500);
    const location = new URL(answer.headers.get("location") ?? world.site.issuer);
    expect([new URL(world.site.issuer).origin, new URL(app.redirectUri).origin]).toContain(location.origin);
  });
  await fc.assert(request, { seed: 20_181_107, numRuns: 200 });
}, 60_000);
