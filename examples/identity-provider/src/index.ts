import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { base64url } from "jose";
import { authenticateClient, type Client } from "./clients.ts";
import { idTokenClaims } from "./id-token.ts";
import { renderBadRequest, renderSignIn } from "./page.ts";
import { findPerson } from "./people.ts";
import type { CodeGrant } from "./provider-object.ts";
import type { Settings } from "./settings.ts";
import { LEVELS, parseSignInRequest, type SignInRequest } from "./sign-in-request.ts";

export { ProviderObject } from "./provider-object.ts";

type ProviderEnv = { Bindings: Settings };

const app = new Hono<ProviderEnv>();

const now = () => Math.floor(Date.now() / 1_000);
const random = () => base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
const provider = (c: Context<ProviderEnv>) => c.env.PROVIDER.getByName("provider");

app.use(secureHeaders());

// OpenID Connect Discovery §3.
app.get("/.well-known/openid-configuration", (c) =>
  c.json({
    issuer: c.env.ISSUER,
    authorization_endpoint: `${c.env.ISSUER}/authorize`,
    token_endpoint: `${c.env.ISSUER}/token`,
    jwks_uri: `${c.env.ISSUER}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: ["ES256"],
    acr_values_supported: LEVELS,
    scopes_supported: ["openid", "profile", "email"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  }),
);

app.get("/jwks", async (c) => c.json(await provider(c).publicKeys()));

app.get("/authorize", (c) => {
  const request = parseSignInRequest(new URL(c.req.url).searchParams, c.env);
  return request === null ? c.html(renderBadRequest(), 400) : c.html(renderSignIn(request));
});

app.post("/authorize", async (c) => {
  const request = parseSignInRequest(new URL(c.req.url).searchParams, c.env);
  const person = findPerson((await c.req.formData()).get("person")?.toString());
  if (request === null || person === null) return c.html(renderBadRequest(), 400);
  const code = random();
  const { client, level, nonce, codeChallenge } = request;
  const asked = { clientId: client.id, level, nonce, codeChallenge };
  await provider(c).keepCode(code, { ...asked, handle: person.handle, authenticatedAt: now() });
  return c.redirect(answerUrl(c.env, request, code), 303);
});

/** The `iss` tells the client whose answer this is (RFC 9207). */
function answerUrl(settings: Settings, { client, state }: SignInRequest, code: string): string {
  const url = new URL(client.redirectUri);
  url.search = new URLSearchParams({ code, state, iss: settings.ISSUER }).toString();
  return url.href;
}

app.post("/token", async (c) => {
  const form = new URLSearchParams(await c.req.text());
  if (form.get("grant_type") !== "authorization_code") return c.json({ error: "unsupported_grant_type" }, 400);
  const client = await authenticateClient(c.env, form);
  if (client === null) return c.json({ error: "invalid_client" }, 401);
  const grant = await provider(c).redeemCode(form.get("code") ?? "", now());
  const person = findPerson(grant?.handle);
  if (grant === null || person === null || !(await isOwn(form, grant, client))) {
    return c.json({ error: "invalid_grant" }, 400);
  }
  const id_token = await provider(c).sign(idTokenClaims(person, grant, c.env, now()));
  c.header("Cache-Control", "no-store");
  // OAuth requires an access token in the answer; this one opens nothing.
  return c.json({ access_token: random(), token_type: "Bearer", expires_in: 60, id_token });
});

/** A client proves that it began this sign-in by the verifier behind the challenge (RFC 7636 §4.6). */
async function isOwn(form: URLSearchParams, grant: CodeGrant, client: Client): Promise<boolean> {
  if (grant.clientId !== client.id || form.get("redirect_uri") !== client.redirectUri) return false;
  const verifier = new TextEncoder().encode(form.get("code_verifier") ?? "");
  const digest = await crypto.subtle.digest("SHA-256", verifier);
  return base64url.encode(new Uint8Array(digest)) === grant.codeChallenge;
}

export default app;
