import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import refusalsPage from "../../docs/refusals.md?raw";
import { CodeApp } from "../support/server/code-app.ts";
import type { Answer } from "../support/server/http-site.ts";
import { createOpenIdProvider } from "../support/server/openid-provider.ts";
import { type ProofOrder, Prover } from "../support/server/prover.ts";
import { ANYONE, BOB, Scene } from "../support/server/scene.ts";
import { attempt, initialAccessToken, SelfRegistered } from "../support/server/self-registered.ts";
import { TokenIssuer } from "../support/server/token-issuer.ts";
import { ID_TOKEN_FORMAT, text, UMA_GRANT } from "../support/server/world.ts";
import { configuredWorld } from "../support/workerd/configured-world.ts";
import { localWorld } from "../support/workerd/local-world.ts";
import { Resident } from "../support/workerd/resident.ts";
import { Visitor } from "../support/workerd/visitor.ts";
import { writeStories } from "../support/workerd/write-stories.ts";

/**
 * Whoever is refused finds out why: each way to fail, with what the client reads, what the owner sees, and what the
 * operator sees under the id of the request.
 */

const world = localWorld();
beforeAll(() => writeStories(world));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What somebody sees: members of a JSON object, as far as they matter. */
type Seen = Readonly<Record<string, unknown>>;

interface Refusal {
  /** How it comes to it. @returns the refusing answer */
  readonly when: (scene: Scene) => Promise<Answer>;
  /** Status, `error`, and what `error_description` has in it. */
  readonly client: readonly [status: number, error: string | undefined, description: string];
  /** The newest entry of the owner's activity that is not about a change of their own; null: it concerns no owner. */
  readonly owner: Seen | null;
  /** An event in the story of the request. */
  readonly operator: Seen;
}

const REFUSED = (error: string, reason = error): Seen => ({ event: "refused", error, reason });
const DENIED = (cause = "policies"): Seen => ({ kind: "denied", detail: { cause } });
const denied = (cause = "policies"): Seen => ({ event: "denied", cause });
const NO = "the resource owner does not allow this access";
const ASKED = "required_claims says what";

/** A ticket for a photo that only bob may view. */
const bobsPhoto = async (scene: Scene) => scene.ticket(await scene.sharedPhoto());
/** A ticket for a photo under this condition and these terms. */
const photoFor = async (scene: Scene, who: object, more: object = {}) => {
  const photo = await scene.resource();
  await scene.permit(photo, ["view"], who as Seen, more as Seen);
  return scene.ticket(photo);
};
/** A claim token that is pushed in vain. */
const pushing = (token: (scene: Scene) => Promise<string>) => async (scene: Scene) =>
  scene.redeem(await bobsPhoto(scene), { idToken: await token(scene) });
const inVain = (fault: string, words: string) => ({
  client: [403, "need_info", `the claim token does not count: ${words}`] as const,
  owner: { kind: "claim_token_refused", detail: { fault }, party: null },
  operator: { event: "claim_token_refused", fault },
});
const later = (seconds: number) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + seconds * 1_000);
};

/** C1 comes with a proof that is wrong in this. */
const proving = (order: ProofOrder) => async (scene: Scene) => {
  const form = { grant_type: UMA_GRANT, ticket: await bobsPhoto(scene) };
  return (await Prover.create(world)).token(scene.cast.c1, form, order);
};
const badProof = (reason: string, words: string) => ({
  client: [400, "invalid_dpop_proof", `DPoP proof: ${words}`] as const,
  owner: null,
  operator: REFUSED("invalid_dpop_proof", reason),
});

const PROOFS: Readonly<Record<string, Refusal>> = {
  "a proof that is none": {
    when: async (scene) => {
      const form = { grant_type: UMA_GRANT, ticket: await bobsPhoto(scene) };
      return world.send("POST", "/token", { basic: scene.cast.c1, form, headers: { DPoP: "none" } });
    },
    ...badProof("dpop_form", "it must be one JWT"),
  },
  "a proof for another endpoint": {
    when: proving({ path: "/revocation" }),
    ...badProof("dpop_htu", "htu must be the URL of the request"),
  },
  "a proof of long ago": {
    when: proving({ claims: { iat: 1_000_000_000 } }),
    ...badProof("dpop_iat", "iat must be the time"),
  },
  "a proof that comes again": {
    when: async (scene) => {
      const prover = await Prover.create(world);
      const [form, proof] = [{ grant_type: UMA_GRANT, ticket: await bobsPhoto(scene) }, await prover.proof()];
      await prover.tokenWith(scene.cast.c1, { ...form, ticket: "forged" }, proof);
      return prover.tokenWith(scene.cast.c1, form, proof);
    },
    ...badProof("dpop_replayed", "its jti was used before"),
  },
  "no proof of a client that has to send one": {
    when: async (scene) => {
      const client = await world.client({ dpop_bound_access_tokens: true });
      return scene.redeemAs(client, await bobsPhoto(scene));
    },
    ...badProof("dpop_missing", "send one in the DPoP header"),
  },
  "a refresh token that is bound to another key": {
    when: async (scene) => {
      await scene.permitAnyone();
      const client = await world.client({ token_endpoint_auth_method: "none" });
      const form = { grant_type: UMA_GRANT, ticket: await scene.ticket(await scene.resource()) };
      const granted = await (await Prover.create(world)).token(client, form);
      return scene.refresh(client, granted.body.refresh_token);
    },
    ...badProof("refresh_bound", "the refresh token is bound to a key"),
    owner: { kind: "granted" },
  },
  "an access token that is bound to a key, as Bearer": {
    when: async (scene) => {
      const prover = await Prover.create(world);
      const pat = text(await prover.token(scene.cast.rs1, { grant_type: "client_credentials" }), "access_token");
      return world.send("GET", "/resources", { bearer: pat });
    },
    client: [401, "invalid_token", "the access token is bound to a key"],
    owner: null,
    operator: REFUSED("invalid_token", "token_bound"),
  },
  "no certificate of a client that has to connect with one": {
    when: async (scene) => {
      const client = await world.client({ tls_client_certificate_bound_access_tokens: true });
      return scene.redeemAs(client, await bobsPhoto(scene));
    },
    client: [400, "invalid_request", "what this client gets is bound to its certificate"],
    owner: null,
    operator: REFUSED("invalid_request", "certificate_missing"),
  },
};

const TOKEN_ENDPOINT: Readonly<Record<string, Refusal>> = {
  "a client that nobody registered": {
    when: (scene) => scene.redeemAs({ id: "nobody", secret: "x".repeat(32) }, "ticket"),
    client: [401, "invalid_client", "client authentication failed"],
    owner: null,
    operator: REFUSED("invalid_client", "client_unknown"),
  },
  "a wrong secret": {
    when: (scene) => scene.redeemAs({ ...scene.cast.c1, secret: "wrong" }, "ticket"),
    client: [401, "invalid_client", "client authentication failed"],
    owner: null,
    operator: REFUSED("invalid_client", "secret_wrong"),
  },
  "a secret of a client that has none": {
    when: async (scene) => {
      const { id } = await world.client({ token_endpoint_auth_method: "none" });
      return scene.redeemAs({ id, secret: "x".repeat(32) }, "ticket");
    },
    client: [401, "invalid_client", "client authentication failed"],
    owner: null,
    operator: REFUSED("invalid_client", "method_wrong"),
  },
  "no secret of a client that has one": {
    when: (scene) =>
      world.send("POST", "/token", { form: { grant_type: UMA_GRANT, client_id: scene.cast.c1.id, ticket: "ticket" } }),
    client: [401, "invalid_client", "client authentication failed"],
    owner: null,
    operator: REFUSED("invalid_client", "method_wrong"),
  },
  "a client of a kind that is not served": {
    when: async () => {
      const strict = configuredWorld({ PROFILE: "strict" });
      const { id } = await strict.client({ token_endpoint_auth_method: "none" });
      const answer = await strict.send("POST", "/token", { form: { grant_type: UMA_GRANT, client_id: id } });
      // Another isolate, as it were: its stories are written when it is asked for one.
      await strict.admin("GET", "/requests/any-request");
      return answer;
    },
    client: [401, "invalid_client", "this server serves no clients of the method none"],
    owner: null,
    operator: REFUSED("invalid_client", "method_not_served"),
  },
  "no credentials at all": {
    when: () => world.send("POST", "/token", { form: { grant_type: UMA_GRANT } }),
    client: [401, "invalid_client", "the client must say who it is"],
    owner: null,
    operator: REFUSED("invalid_client"),
  },
  "a client assertion that is none": {
    when: () => {
      const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
      const form = { grant_type: UMA_GRANT, client_assertion: "x", client_assertion_type: type };
      return world.send("POST", "/token", { form });
    },
    client: [401, "invalid_client", "client_assertion is not a JWT"],
    owner: null,
    operator: REFUSED("invalid_client"),
  },
  "a client that is not registered for the grant": {
    when: (scene) => scene.redeemAs(scene.cast.rs1, "ticket"),
    client: [400, "unauthorized_client", "not registered for the grant type"],
    owner: null,
    operator: REFUSED("unauthorized_client"),
  },
  "a grant type that is not known": {
    when: (scene) => world.token(scene.cast.c1, { grant_type: "password" }),
    client: [400, "unsupported_grant_type", "grant_type must be one of"],
    owner: null,
    operator: REFUSED("unsupported_grant_type"),
  },
  "no ticket": {
    when: (scene) => world.token(scene.cast.c1, { grant_type: UMA_GRANT }),
    client: [400, "invalid_request", "the parameter ticket is missing"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a parameter twice": {
    when: (scene) =>
      world.send("POST", "/token", {
        basic: scene.cast.c1,
        form: [
          ["grant_type", UMA_GRANT],
          ["ticket", "a"],
          ["ticket", "b"],
        ],
      }),
    client: [400, "invalid_request", "the form repeats a parameter"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "JSON instead of a form": {
    when: (scene) => world.send("POST", "/token", { basic: scene.cast.c1, json: { grant_type: UMA_GRANT } }),
    client: [400, "invalid_request", "application/x-www-form-urlencoded"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a ticket that was not made here": {
    when: (scene) => scene.redeem("not-a-ticket"),
    client: [400, "invalid_grant", "it was not issued by this server"],
    owner: null,
    operator: REFUSED("invalid_grant", "ticket_forged"),
  },
  "a ticket that was used": {
    when: async (scene) => {
      const ticket = await photoFor(scene, ANYONE);
      await scene.redeem(ticket);
      return scene.redeem(ticket);
    },
    client: [400, "invalid_grant", "it was used before"],
    owner: { kind: "replayed", detail: { withdrawn: false } },
    operator: REFUSED("invalid_grant", "ticket_spent"),
  },
  "a ticket that has been rotated": {
    when: async (scene) => {
      const ticket = await bobsPhoto(scene);
      await scene.redeem(ticket);
      return scene.redeem(ticket);
    },
    client: [400, "invalid_grant", "a newer one was issued in the answer"],
    owner: { kind: "replayed" },
    operator: { event: "replayed", withdrawn: false },
  },
  "a ticket that came too late": {
    when: async (scene) => {
      const ticket = await bobsPhoto(scene);
      later(301);
      return scene.redeem(ticket);
    },
    client: [400, "invalid_grant", "it has expired"],
    owner: null,
    operator: REFUSED("invalid_grant", "ticket_expired"),
  },
  "another client's ticket": {
    when: async (scene) => {
      const rotated = text(await scene.redeem(await bobsPhoto(scene)), "ticket");
      return scene.redeemAs(await world.client({}), rotated);
    },
    client: [400, "invalid_grant", "its process belongs to another client"],
    owner: null,
    operator: REFUSED("invalid_grant", "ticket_foreign"),
  },
  "a ticket of a resource server that is no longer connected": {
    when: async (scene) => {
      const ticket = await bobsPhoto(scene);
      await world.admin("DELETE", `/owners/${scene.cast.alice}/connections/${scene.cast.rs1.id}`);
      return scene.redeem(ticket);
    },
    client: [400, "invalid_grant", "what it was issued for is no longer protected here"],
    owner: null,
    operator: REFUSED("invalid_grant", "ticket_closed"),
  },
  "a claim token without its format": {
    when: async (scene) => scene.redeem(await bobsPhoto(scene), { claim_token: "x" }),
    client: [400, "invalid_request", "claim_token and claim_token_format go together"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a scope that fits nothing": {
    when: async (scene) => {
      const client = await world.client({ scope: "fly" });
      return scene.redeemAs(client, await bobsPhoto(scene), { scope: "fly" });
    },
    client: [400, "invalid_scope", "fits no resource of the ticket"],
    owner: null,
    operator: REFUSED("invalid_scope"),
  },
  "a scope that the client is not registered for": {
    when: async (scene) => scene.redeemAs(await world.client({}), await bobsPhoto(scene), { scope: "print" }),
    client: [400, "invalid_scope", "this client is not registered for it"],
    owner: null,
    operator: REFUSED("invalid_scope"),
  },
  "a refresh token that is none": {
    when: (scene) => scene.refresh(scene.cast.c1, "nonsense"),
    client: [400, "invalid_grant", "the refresh token is not good"],
    owner: null,
    operator: REFUSED("invalid_grant"),
  },
  "a refresh token that had been replaced": {
    when: async (scene) => {
      const app = await world.client({ client_name: "P", token_endpoint_auth_method: "none" });
      const { body } = await scene.redeemAs(app, await photoFor(scene, ANYONE));
      await scene.refresh(app, body.refresh_token);
      later(11);
      return scene.refresh(app, body.refresh_token);
    },
    client: [400, "invalid_grant", "the refresh token is not good"],
    owner: { kind: "refresh_reused" },
    operator: { event: "refresh_reused", owner_id: expect.any(String), client_id: expect.any(String) },
  },
  "a refresh after the owner withdrew": {
    when: async (scene) => {
      const { body } = await scene.redeem(await photoFor(scene, ANYONE));
      await scene.ask("POST", "/withdrawals", { everyone: true });
      return scene.refresh(scene.cast.c1, body.refresh_token);
    },
    client: [400, "invalid_grant", "the refresh token is not good"],
    owner: { kind: "cut", detail: { by: "everyone" } },
    operator: REFUSED("invalid_grant"),
  },
  "a refresh that asks for more": {
    when: async (scene) => {
      const { body } = await scene.redeem(await photoFor(scene, ANYONE));
      return scene.refresh(scene.cast.c1, body.refresh_token, { scope: "print" });
    },
    client: [400, "invalid_scope", "can only keep or limit the scopes"],
    owner: { kind: "granted" },
    operator: REFUSED("invalid_scope"),
  },
  "an organisation's token for a resource server": {
    when: ({ cast }) => world.token(cast.rs1, { grant_type: "client_credentials", resource: "https://api.example/" }),
    client: [400, "invalid_target", "resource names something that this authorization is not about"],
    owner: null,
    operator: REFUSED("invalid_target"),
  },
  "an organisation's token for details": {
    when: ({ cast }) => world.token(cast.rs1, { grant_type: "client_credentials", authorization_details: "[]" }),
    client: [400, "invalid_authorization_details", "an access token for this server itself knows no"],
    owner: null,
    operator: REFUSED("invalid_authorization_details"),
  },
  "an organisation's token for a client that nobody connected": {
    when: async () => {
      const client = await world.client({ grant_types: ["client_credentials"] });
      return world.token(client, { grant_type: "client_credentials" });
    },
    client: [400, "invalid_grant", "no such resource owner has connected this client"],
    owner: null,
    operator: REFUSED("invalid_grant"),
  },
};

/** An app that alice's administrator has let act for her, and the code that it got. */
async function connectedApp({ cast }: Scene, registration: Seen = {}) {
  const [ana, app] = [await Resident.settle(), await CodeApp.register(world, registration)];
  await ana.administer(cast.alice);
  const browser = await ana.browse(world.site);
  const allow = () => app.allow(browser, app.path({ prompt: "consent" }), { owner: cast.alice });
  return { app, code: await allow() };
}

const pushedWith = (changes: Readonly<Record<string, string>>) => async () =>
  (await CodeApp.register(world)).push(changes);

/** A client exchanges bob's ID Token, with this in its request. */
const exchanging = (more: Readonly<Record<string, string>>) => async (scene: Scene) => {
  const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
  const client = await world.client({ client_name: "Agent", grant_types: [grant], may_push_claims: true });
  const token = await world.idToken(scene.cast, { aud: client.id });
  const subject = { subject_token: token, subject_token_type: "urn:ietf:params:oauth:token-type:id_token" };
  const form = Object.entries({ grant_type: grant, resource: NOWHERE, ...subject, ...more });
  return world.token(client, Object.fromEntries(form.filter(([, value]) => value !== "")));
};
const NOWHERE = "https://nobody.example/mcp";
const DETAILS = JSON.stringify([{ type: "uma_resource", locations: [NOWHERE] }]);
const told = (error: string, description: string, reason = error): Omit<Refusal, "when"> => ({
  client: [400, error, description],
  owner: null,
  operator: REFUSED(error, reason),
});

const DOORS: Readonly<Record<string, Refusal>> = {
  "a request for what bears no name": {
    when: exchanging({}),
    ...told("invalid_target", "no resource by this name can be asked for here"),
  },
  "a request for what is no name": {
    when: pushedWith({ scope: "", resource: "mcp" }),
    ...told("invalid_target", "resource must be an https URI"),
  },
  "an exchange for an audience": {
    when: exchanging({ resource: "", authorization_details: DETAILS, audience: "rs1" }),
    ...told("invalid_target", "name what the token is for by resource"),
  },
  "a request for access and a connection at once": {
    when: pushedWith({ scope: "uma_protection", resource: NOWHERE }),
    ...told("invalid_target", "what is kept at a resource server is asked for without"),
  },
  "a request with a scope of nothing": {
    when: pushedWith({ scope: "view", authorization_details: DETAILS }),
    ...told("invalid_scope", "scope says what to do with a resource"),
  },
  "a request with other authorization_details": {
    when: pushedWith({ scope: "", authorization_details: "[{}]" }),
    ...told("invalid_authorization_details", "authorization_details must be a list of objects"),
  },
  "an exchange for another kind of token": {
    when: exchanging({ requested_token_type: "urn:ietf:params:oauth:token-type:id_token" }),
    ...told("invalid_request", "requested_token_type: "),
  },
  "an exchange for somebody who acts for another": {
    when: exchanging({ actor_token: "a.b.c" }),
    ...told("invalid_request", "actor_token: who acts is the client"),
  },
  "an exchange for nothing in particular": {
    when: exchanging({ resource: "" }),
    ...told("invalid_request", "resource or authorization_details is missing"),
  },
};

const AUTHORIZATION: Readonly<Record<string, Refusal>> = {
  "an authorization request of nobody": {
    when: () => world.send("GET", "/authorize?client_id=nobody"),
    client: [400, "invalid_request", "client_id is not that of a registered client"],
    owner: null,
    operator: REFUSED("invalid_request", "unknown_client"),
  },
  "a way back from signing out that is not registered": {
    when: () => world.send("GET", "/logout?client_id=nobody&post_logout_redirect_uri=https://photos.example/out"),
    client: [400, "invalid_request", "post_logout_redirect_uri is not one that this client has registered"],
    owner: null,
    operator: REFUSED("invalid_request", "unregistered_redirect"),
  },
  "signing out by what is no ID Token": {
    when: () => world.send("GET", "/logout?id_token_hint=a.b.c"),
    ...told("invalid_request", "id_token_hint is no ID Token of this server"),
  },
  "a redirect URI that is not registered": {
    when: pushedWith({ redirect_uri: "https://photos.example/other" }),
    client: [400, "invalid_request", "redirect_uri is not one that this client has registered"],
    owner: null,
    operator: REFUSED("invalid_request", "unregistered_redirect"),
  },
  "a hint that is no ID Token of the app": {
    when: pushedWith({ id_token_hint: "a.b.c" }),
    client: [400, "invalid_request", "id_token_hint is no ID Token that this server gave this client"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a request without a proof key": {
    when: pushedWith({ code_challenge: "" }),
    client: [400, "invalid_request", "code_challenge is missing"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a proof key in the clear": {
    when: pushedWith({ code_challenge_method: "plain" }),
    client: [400, "invalid_request", "code_challenge_method must be S256"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a request for what nobody can consent to": {
    when: pushedWith({ scope: "view" }),
    client: [400, "invalid_scope", "scopes of a resource need resource beside them"],
    owner: null,
    operator: REFUSED("invalid_scope"),
  },
  "a request for a token from the wrong endpoint": {
    when: pushedWith({ response_type: "token" }),
    client: [400, "unsupported_response_type", "response_type must be code"],
    owner: null,
    operator: REFUSED("unsupported_response_type"),
  },
  "a request object": {
    when: pushedWith({ request: "eyJ" }),
    client: [400, "request_not_supported", "is not read here"],
    owner: null,
    operator: REFUSED("request_not_supported"),
  },
  "a pushed request that came too late": {
    when: async () => {
      const path = await (await CodeApp.register(world)).pushedPath();
      later(90);
      return world.send("GET", path);
    },
    client: [400, "invalid_request_uri", "or has expired"],
    owner: null,
    operator: REFUSED("invalid_request_uri"),
  },
  "a code without its verifier": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      return app.redeem(code, { code_verifier: "" });
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_grant", "code_verifier"),
  },
  "a code with another redirect URI": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      return app.redeem(code, { redirect_uri: "https://photos.example/other" });
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_grant", "code_redirect_uri"),
  },
  "another client's code": {
    when: async (scene) => {
      const { code } = await connectedApp(scene);
      return (await CodeApp.register(world)).redeem(code);
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_grant", "code_foreign_client"),
  },
  "a code that nobody issued": {
    when: async () => (await CodeApp.register(world)).redeem("nonsense"),
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_grant", "code_unknown"),
  },
  "a code that came too late": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      later(60);
      return app.redeem(code);
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_grant", "code_expired"),
  },
  "a code a second time": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      await app.redeem(code);
      return app.redeem(code);
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: { kind: "code_replayed" },
    operator: { event: "code_replayed", client_id: expect.any(String), account_id: expect.any(String) },
  },
  "a code that tells who signed in a second time": {
    when: async () => {
      const app = await CodeApp.register(world);
      const browser = await (await Resident.settle()).browse(world.site);
      const code = await app.allow(browser, app.path({ scope: "openid" }));
      await app.redeem(code);
      return app.redeem(code);
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: { event: "sign_in_tokens_ended", client_id: expect.any(String), account_id: expect.any(String) },
  },
  "a code for a connection that has ended": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      await world.admin("DELETE", `/owners/${scene.cast.alice}/connections/${app.client.id}`);
      return app.redeem(code);
    },
    client: [400, "invalid_grant", "the code is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_grant", "code_not_connected"),
  },
  "the refresh of a connection that has ended": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      const { body } = await app.redeem(code);
      await world.admin("DELETE", `/owners/${scene.cast.alice}/connections/${app.client.id}`);
      return app.refresh(body.refresh_token);
    },
    client: [400, "invalid_grant", "send its owner here again"],
    owner: null,
    operator: REFUSED("invalid_grant"),
  },
  "the refresh of a connection with a token that had been replaced": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene, { token_endpoint_auth_method: "none" });
      const { body } = await app.redeem(code);
      await app.refresh(body.refresh_token);
      later(11);
      return app.refresh(body.refresh_token);
    },
    client: [400, "invalid_grant", "send its owner here again"],
    owner: { kind: "refresh_reused" },
    operator: { event: "refresh_reused", owner_id: expect.any(String), client_id: expect.any(String) },
  },
  "the refresh of a connection for more than was consented to": {
    when: async (scene) => {
      const { app, code } = await connectedApp(scene);
      const { body } = await app.redeem(code);
      return app.refresh(body.refresh_token, { scope: "uma_policy" });
    },
    client: [400, "invalid_scope", "that were consented to"],
    owner: null,
    operator: REFUSED("invalid_scope"),
  },
};

const POLICIES: Readonly<Record<string, Refusal>> = {
  "no policy at all, before anybody is known": {
    when: async (scene) => scene.redeem(await scene.ticket(await scene.resource())),
    client: [403, "request_denied", NO],
    owner: { ...DENIED(), party: null },
    operator: denied(),
  },
  "a policy for somebody else": {
    when: async (scene) => scene.redeem(await bobsPhoto(scene), { idToken: await scene.mallory() }),
    client: [403, "request_denied", NO],
    owner: { ...DENIED(), party: expect.any(String) },
    operator: {
      ...denied(),
      refused: [expect.objectContaining({ reasons: [expect.objectContaining({ path: "who", truth: "no" })] })],
    },
  },
  "a deny": {
    when: async (scene) => {
      const photo = await scene.sharedPhoto();
      await scene.deny(photo);
      return scene.redeem(await scene.ticket(photo), { idToken: await scene.bob() });
    },
    client: [403, "request_denied", NO],
    owner: DENIED(),
    operator: denied(),
  },
  "a policy that has expired": {
    when: async (scene) => scene.redeem(await photoFor(scene, ANYONE, { when: { expires: "2026-01-01T00:00:00Z" } })),
    client: [403, "request_denied", NO],
    owner: DENIED(),
    operator: denied(),
  },
  "a policy for another country": {
    when: async (scene) => scene.redeem(await photoFor(scene, ANYONE, { where: { countries: ["DE"] } })),
    client: [403, "request_denied", NO],
    owner: DENIED(),
    operator: denied(),
  },
  "uses that are spent": {
    when: async (scene) => {
      const photo = await scene.resource();
      await scene.permit(photo, ["view"], ANYONE, { terms: { uses: 1 } });
      await scene.redeem(await scene.ticket(photo));
      return scene.redeem(await scene.ticket(photo));
    },
    client: [403, "request_denied", NO],
    owner: DENIED(),
    operator: {
      ...denied(),
      refused: [expect.objectContaining({ reasons: [{ path: "terms.uses", truth: "no", why: "its uses are spent" }] })],
    },
  },
  "a resource that is gone": {
    when: async (scene) => {
      const photo = await scene.sharedPhoto();
      const ticket = await scene.ticket(photo);
      await world.send("DELETE", `/resources/${photo}`, { bearer: scene.pat });
      return scene.redeem(ticket);
    },
    client: [403, "request_denied", NO],
    owner: DENIED("resource_gone"),
    operator: denied("resource_gone"),
  },
  "a claim that nobody may speak for who is trusted": {
    when: async (scene) => {
      const only = await createOpenIdProvider(`https://nobody-trusts-${crypto.randomUUID()}.example`);
      return scene.redeem(await photoFor(scene, { claim: "role", equals: "doctor", issuer: only.issuer }));
    },
    client: [403, "request_denied", NO],
    owner: DENIED(),
    operator: {
      ...denied(),
      refused: [
        expect.objectContaining({
          reasons: [expect.objectContaining({ why: expect.stringContaining("nobody can be asked") })],
        }),
      ],
    },
  },
  "what somebody could do in a browser": {
    when: async (scene) => {
      const client = await world.client({ claims_redirect_uris: ["https://app.example/back"] });
      return scene.redeemAs(client, await bobsPhoto(scene));
    },
    client: [403, "need_info", "send them to redirect_user"],
    owner: null,
    operator: { event: "claims_asked", claims: [] },
  },
  "a text to agree to, of a client that can send nobody here": {
    when: async (scene) => {
      const terms = { agreement: { title: "Rules", text: "Be kind." } };
      const ticket = await photoFor(scene, { claim: "email", exists: true }, { terms });
      return scene.redeem(ticket, { idToken: await scene.bob() });
    },
    client: [403, "request_denied", "this client has no claims_redirect_uris"],
    owner: DENIED("client_may_not_redirect"),
    operator: denied("client_may_not_redirect"),
  },
  "a client that was made with defaults": {
    when: async (scene) => scene.redeemAs(await world.client({}), await bobsPhoto(scene)),
    client: [403, "request_denied", "this client is not registered to push claims (may_push_claims)"],
    owner: DENIED("client_may_not_push"),
    operator: denied("client_may_not_push"),
  },
  "a claim token of a client that was made with defaults": {
    when: async (scene) =>
      scene.redeemAs(await world.client({}), await bobsPhoto(scene), { idToken: await scene.bob() }),
    client: [403, "request_denied", "this client is not registered to push claims (may_push_claims)"],
    owner: { kind: "claim_token_refused", detail: { fault: "client" } },
    operator: { event: "claim_token_refused", fault: "client" },
  },
  "a claim that is missing": {
    when: async (scene) => scene.redeem(await bobsPhoto(scene)),
    client: [403, "need_info", ASKED],
    owner: null,
    operator: { event: "claims_asked", claims: ["email"] },
  },
  "an owner who must be asked": {
    when: async (scene) =>
      scene.redeem(await photoFor(scene, BOB, { terms: { approval: true } }), { idToken: await scene.bob() }),
    client: [403, "request_submitted", "the resource owner has to decide"],
    owner: { kind: "submitted" },
    operator: { event: "submitted" },
  },
  "an owner who was asked and said no": {
    when: async (scene) => {
      const asked = await photoFor(scene, BOB, { terms: { approval: true } });
      const submitted = await scene.redeem(asked, { idToken: await scene.bob() });
      await scene.decide({ decision: "refuse", word: "Spa\u0308ter gern." });
      return scene.redeem(text(submitted, "ticket"));
    },
    client: [
      403,
      "request_denied",
      "the resource owner was asked and does not allow this access; they say: Spater gern.",
    ],
    owner: DENIED("owner_refused"),
    operator: denied("owner_refused"),
  },
  "an owner who was asked too often": {
    when: async (scene) => {
      const scopes = Array.from({ length: 21 }, (_, index) => `s${index}`);
      const photo = await scene.resource(scopes);
      await scene.permit(photo, scopes, BOB, { terms: { approval: true } });
      const ask = async (scope: string) =>
        scene.redeem(await scene.ticket(photo, [scope]), { idToken: await scene.bob() });
      for (const scope of scopes.slice(1)) await ask(scope);
      return ask("s0");
    },
    client: [403, "request_denied", "too many requests wait for the resource owner's decision"],
    owner: DENIED("too_many_waiting"),
    operator: denied("too_many_waiting"),
  },
};

const CLAIM_TOKENS: Readonly<Record<string, Refusal>> = {
  "in a format that is not known": {
    when: async (scene) =>
      scene.redeem(await bobsPhoto(scene), { claim_token: await scene.bob(), claim_token_format: "urn:saml" }),
    ...inVain("format", "its claim_token_format is not known here"),
  },
  "that is no JWT": { when: pushing(async () => "garbage"), ...inVain("form", "it is not a signed JWT") },
  "of an issuer that nobody trusts": {
    when: pushing(async (scene) => {
      const stranger = await createOpenIdProvider("https://stranger.example");
      return stranger.idToken({ sub: "bob", email: "bob@example.com", aud: scene.cast.c1.id });
    }),
    ...inVain("issuer", "its issuer is not trusted here"),
  },
  "that another key signed": {
    when: pushing(async (scene) => {
      const forger = await createOpenIdProvider(scene.cast.provider.issuer);
      return forger.idToken({ sub: "bob", email: "bob@example.com", aud: scene.cast.c1.id });
    }),
    ...inVain("signature", "its signature does not verify"),
  },
  "that nobody signed": {
    when: pushing(async (scene) =>
      new UnsecuredJWT({ iss: scene.cast.provider.issuer, sub: "bob", aud: scene.cast.c1.id }).encode(),
    ),
    ...inVain("form", "it is not a signed JWT"),
  },
  "with a shared secret": {
    when: pushing(async (scene) =>
      new SignJWT({ iss: scene.cast.provider.issuer, sub: "bob" })
        .setProtectedHeader({ alg: "HS256" })
        .sign(new Uint8Array(32)),
    ),
    ...inVain("alg", "its header names no algorithm that is accepted"),
  },
  "meant for another client": {
    when: pushing((scene) => scene.bob({ aud: "another-app" })),
    ...inVain("aud", "its aud does not name this client or this server"),
  },
  "issued to another client": {
    when: pushing((scene) => scene.bob({ azp: "another-app" })),
    ...inVain("azp", "its azp is not this client"),
  },
  "that has expired": {
    when: pushing((scene) => scene.bob({ exp: Math.floor(Date.now() / 1_000) - 60 })),
    ...inVain("exp", "it has expired"),
  },
  "from the future": {
    when: pushing((scene) => scene.bob({ iat: Math.floor(Date.now() / 1_000) + 600 })),
    ...inVain("iat", "its iat is missing, or lies in the future"),
  },
  "that is older than its issuer's may be": {
    when: async (scene) => {
      const provider = await createOpenIdProvider(`https://slow-${crypto.randomUUID()}.example`);
      await world.trust(provider, { max_token_age: 60 });
      const iat = Math.floor(Date.now() / 1_000) - 200;
      const idToken = await provider.idToken({ sub: "bob", email: "bob@example.com", aud: scene.cast.c1.id, iat });
      return scene.redeem(await bobsPhoto(scene), { idToken });
    },
    ...inVain("age", "it was issued longer ago than is accepted"),
  },
  "that is an access token": {
    when: pushing((scene) => scene.bob({ scope: "openid", client_id: "x" })),
    ...inVain("kind", "it is another kind of token"),
  },
  "that names another ticket": {
    when: pushing((scene) => scene.bob({ ticket_hash: "another" })),
    ...inVain("ticket_hash", "its ticket_hash is not that of the ticket it came with"),
  },
  "that is several, about two people": {
    when: async (scene) => {
      const tokens = [await scene.bob(), await scene.mallory()];
      const listed = tokens.map((claim_token) => ({ claim_token, claim_token_format: ID_TOKEN_FORMAT }));
      const pushed = { claim_token: btoa(JSON.stringify(listed)), claim_token_format: "claim_tokens" };
      return scene.redeem(await bobsPhoto(scene), pushed);
    },
    ...inVain("parties", "it is several, and nobody says that they are about one person"),
  },
  "of another client that is an issuer": {
    when: async (scene) => {
      const issuer = `https://dashboard-${crypto.randomUUID()}.example`;
      const claim_tokens = [{ kind: "jwt", format: "letter" }];
      const entry = { issuer, client_id: scene.cast.rs1.id, claims: [], claim_tokens };
      await world.admin("POST", "/issuers", entry);
      const claim_token = await scene.bob({ iss: issuer });
      return scene.redeem(await bobsPhoto(scene), { claim_token, claim_token_format: "letter" });
    },
    ...inVain("issuer_client", "its issuer is another client"),
  },
  "about which its issuer cannot be asked": {
    when: async (scene) => {
      const issuer = await TokenIssuer.create();
      const claim_token_format = await issuer.trusted(world, []);
      vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Network connection lost"));
      return scene.redeem(await bobsPhoto(scene), { claim_token: "opaque", claim_token_format });
    },
    ...inVain("unasked", "its issuer cannot be asked about it at present"),
  },
  "without a subject": {
    when: pushing((scene) => scene.bob({ sub: "" })),
    ...inVain("sub", "its sub is missing"),
  },
  "whose address is not verified": {
    when: pushing((scene) => scene.bob({ email_verified: false })),
    client: [403, "need_info", "of the claim token email does not count: email_verified is not true"],
    owner: null,
    operator: { event: "claims_left_out", claims: [{ name: "email", fault: "unverified" }] },
  },
  "whose address is of a domain that its issuer may not speak for": {
    when: async (scene) => {
      const provider = await createOpenIdProvider(`https://narrow-${crypto.randomUUID()}.example`);
      await world.trust(provider, { claims: ["email"], email_domains: ["clinic.example"] });
      const idToken = await provider.idToken({ sub: "bob", email: "bob@example.com", aud: scene.cast.c1.id });
      return scene.redeem(await bobsPhoto(scene), { idToken });
    },
    client: [
      403,
      "need_info",
      "of the claim token email does not count: its issuer may not speak for addresses of this domain",
    ],
    owner: null,
    operator: { event: "claims_left_out", claims: [{ name: "email", fault: "domain" }] },
  },
  "with a claim that its issuer may not state": {
    when: async (scene) => {
      const provider = await createOpenIdProvider(`https://mute-${crypto.randomUUID()}.example`);
      await world.trust(provider, { claims: ["age"], email_domains: [] });
      const idToken = await provider.idToken({ sub: "bob", email: "bob@example.com", aud: scene.cast.c1.id });
      return scene.redeem(await bobsPhoto(scene), { idToken });
    },
    client: [403, "need_info", "of the claim token email does not count: its issuer may not speak for it here"],
    owner: null,
    operator: { event: "claims_left_out", claims: [{ name: "email", fault: "not_trusted_for" }] },
  },
  "where a PCT comes that was given to another client": {
    when: async (scene) => {
      const photo = await scene.resource();
      await scene.permit(photo, ["view"], { claim: "email", exists: true });
      const app = await world.client({ claims_redirect_uris: ["https://consult.example/back"] });
      const ana = await Visitor.arrive(world);
      const back = await ana.show(app, { ticket: await scene.ticket(photo) }, { remember: "yes" });
      const pct = text(await scene.redeemAs(app, back.get("ticket") ?? ""), "pct");
      return scene.redeem(await scene.ticket(photo), { pct });
    },
    client: [403, "need_info", ASKED],
    owner: { kind: "granted" },
    operator: { event: "pct_stolen", client_id: expect.any(String) },
  },
  "of a public client, whose name anybody may give": {
    when: async (scene) => {
      const app = await world.client({ token_endpoint_auth_method: "none", may_push_claims: true });
      return scene.redeemAs(app, await bobsPhoto(scene), { idToken: await scene.bob() });
    },
    client: [403, "need_info", ASKED],
    owner: { kind: "claim_token_refused", detail: { fault: "aud" } },
    operator: { event: "claim_token_refused", fault: "aud" },
  },
};

const RESOURCE_SERVERS: Readonly<Record<string, Refusal>> = {
  "a permission for what is not registered": {
    when: ({ pat }) =>
      world.send("POST", "/permission", { bearer: pat, json: { resource_id: "x", resource_scopes: [] } }),
    client: [400, "invalid_resource_id", "resource_id"],
    owner: null,
    operator: REFUSED("invalid_resource_id"),
  },
  "a permission for a scope that the resource does not have": {
    when: async (scene) => {
      const json = { resource_id: await scene.resource(), resource_scopes: ["fly"] };
      return world.send("POST", "/permission", { bearer: scene.pat, json });
    },
    client: [400, "invalid_scope", "scope"],
    owner: null,
    operator: REFUSED("invalid_scope"),
  },
  "a name that its resource server may not give": {
    when: ({ rs1 }) => rs1.create({ resource_scopes: ["view"], resource_identifiers: [NOWHERE] }),
    ...told("invalid_request", "resource_identifiers: https://nobody.example/mcp does not lie below an identifier"),
  },
  "a name that another resource has": {
    when: async () => {
      const { rs1 } = await Scene.open(world, { resource_identifiers: [NOWHERE] });
      const named = { resource_scopes: ["view"], resource_identifiers: [`${NOWHERE}/notes`] };
      await rs1.create(named);
      return rs1.create(named);
    },
    ...told("invalid_request", "resource_identifiers: another resource of this owner has https://nobody.example"),
  },
  "no PAT": {
    when: () => world.send("POST", "/permission", { json: {} }),
    client: [401, undefined, "Authorization: Bearer"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "a PAT that is none": {
    when: () => world.send("POST", "/permission", { bearer: "nonsense", json: {} }),
    client: [401, "invalid_token", "the access token is not valid here"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "a token of another scope": {
    when: ({ tool }) => world.send("POST", "/permission", { bearer: tool, json: {} }),
    client: [403, "insufficient_scope", "uma_protection"],
    owner: null,
    operator: REFUSED("insufficient_scope"),
  },
  "a PAT whose connection has ended": {
    when: async (scene) => {
      const photo = await scene.resource();
      await world.admin("DELETE", `/owners/${scene.cast.alice}/connections/${scene.cast.rs1.id}`);
      return world.send("GET", `/resources/${photo}`, { bearer: scene.pat });
    },
    client: [401, "invalid_token", "the connection that this access token was made under has ended"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "an introspection of what is no RPT": {
    when: ({ pat }) => world.send("POST", "/introspection", { bearer: pat, form: { token: "nonsense" } }),
    client: [200, undefined, ""],
    owner: null,
    operator: { event: "introspected", active: false, cause: "not_good" },
  },
  "an introspection of what the owner withdrew": {
    when: async (scene) => {
      const { body } = await scene.redeem(await photoFor(scene, ANYONE));
      await scene.ask("POST", "/withdrawals", { everyone: true });
      return world.send("POST", "/introspection", { bearer: scene.pat, form: { token: String(body.access_token) } });
    },
    client: [200, undefined, ""],
    owner: { kind: "cut" },
    operator: { event: "introspected", active: false, cause: "ended" },
  },
  "an introspection of another owner's": {
    when: async (scene) => {
      const other = await Scene.open(world);
      const { body } = await other.redeem(await photoFor(other, ANYONE));
      return world.send("POST", "/introspection", { bearer: scene.pat, form: { token: String(body.access_token) } });
    },
    client: [200, undefined, ""],
    owner: null,
    operator: { event: "introspected", active: false, cause: "elsewhere" },
  },
  "an introspection by a client that has to send a PAT": {
    when: (scene) => world.send("POST", "/introspection", { basic: scene.cast.rs1, form: { token: "x" } }),
    client: [401, "invalid_token", "this client has to introspect with an access token"],
    owner: null,
    operator: REFUSED("invalid_token", "not_an_introspector"),
  },
  "two tokens to introspect at once": {
    when: (scene) => {
      const form = [
        ["token", "x"],
        ["token", "y"],
      ] as const;
      return world.send("POST", "/introspection", { bearer: scene.pat, form });
    },
    client: [400, "invalid_request", "one token is introspected at a time"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a resource too many": {
    when: async (scene) => {
      await scene.resource();
      const small = configuredWorld({ RESOURCES_PER_CONNECTION: "1" });
      const answer = await small.send("POST", "/resources", { bearer: scene.pat, json: { resource_scopes: ["view"] } });
      // Another isolate, as it were: its stories are written when it is asked for one.
      await small.admin("GET", "/requests/any-request");
      return answer;
    },
    client: [403, "quota_exceeded", "as many or as much of these is kept as may be"],
    owner: null,
    operator: { event: "quota_reached" },
  },
  "a policy about nothing that there is": {
    when: (scene) =>
      scene.ask("POST", "/policies", { effect: "permit", target: { type: "nothing" }, scopes: "all", who: BOB }),
    client: [422, "has_warnings", "nothing was saved: look at the warnings"],
    owner: null,
    operator: REFUSED("has_warnings"),
  },
  "a body that is no JSON": {
    when: ({ pat }) => world.send("POST", "/resources", { bearer: pat, text: ["application/json", "{"] }),
    client: [400, "invalid_request", "the body is not valid JSON"],
    owner: null,
    operator: REFUSED("invalid_request"),
  },
  "a method that is not served": {
    when: () => world.send("DELETE", "/permission"),
    client: [405, "unsupported_method_type", "this endpoint takes POST"],
    owner: null,
    operator: {},
  },
  "a wrong secret of the operator's": {
    when: () => world.send("GET", "/admin/counts", { bearer: "wrong-wrong-wrong-wrong-wrong-wrong" }),
    client: [401, "invalid_token", "send the operator's secret"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
};

/** What the page says of it: the descriptions it quotes, by error. */
const quoted = [...refusalsPage.matchAll(/^\| `(\w+)` \| ([^|]+)\|/gm)].map(([, error = "", words = ""]) => ({
  error,
  words: words.trim(),
}));

async function storyOf(answer: Answer): Promise<readonly Seen[]> {
  const { body } = await world.admin("GET", `/requests/${answer.headers.get("x-request-id")}`);
  return (body.items ?? []).flatMap(({ events }) => events as readonly Seen[]);
}

/** Who lets a client in, and as what (RFC 7591, RFC 7592). */
const REGISTRATION: Readonly<Record<string, Refusal>> = {
  "a registration without the operator's word": {
    when: () => attempt(world, {}),
    client: [401, "invalid_token", "send an initial access token"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "a registration with a token that is used up": {
    when: async () => {
      const once = await initialAccessToken(world, { uses: 1 });
      await attempt(world, {}, once);
      return attempt(world, {}, once);
    },
    client: [401, "invalid_token", "the initial access token is not good here"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "a registration where there is none": {
    when: async () => {
      const closed = configuredWorld({ CLIENT_REGISTRATION: "closed" });
      const answer = await attempt(closed, {});
      await closed.admin("GET", "/requests/any-request");
      return answer;
    },
    client: [404, "not_found", "clients are registered by the operator of this server"],
    owner: null,
    operator: REFUSED("not_found"),
  },
  "a grant that is not for everybody": {
    when: async () => attempt(world, { grant_types: ["client_credentials"] }, await initialAccessToken(world)),
    client: [400, "invalid_client_metadata", "is not for clients that register like this"],
    owner: null,
    operator: REFUSED("invalid_client_metadata"),
  },
  "a software statement of nobody": {
    when: async () => {
      const software_statement = await new SignJWT({ iss: "https://nobody.example" })
        .setProtectedHeader({ alg: "HS256" })
        .sign(new Uint8Array(32));
      return attempt(world, { software_statement }, await initialAccessToken(world));
    },
    client: [400, "unapproved_software_statement", "its issuer may not vouch for software here"],
    owner: null,
    operator: REFUSED("unapproved_software_statement", "software_statement: issuer"),
  },
  "a software statement that is none": {
    when: async () => attempt(world, { software_statement: "x" }, await initialAccessToken(world)),
    client: [400, "invalid_software_statement", "it is no good statement for this server"],
    owner: null,
    operator: REFUSED("invalid_software_statement", "software_statement: form"),
  },
  "a registration of somebody else": {
    when: async () => (await SelfRegistered.register(world, {}, await initialAccessToken(world))).read("wrong"),
    client: [401, "invalid_token", "the registration access token is not good for this client"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "a registration, and no word of who asks": {
    when: () => world.send("GET", "/register/nobody"),
    client: [401, "invalid_token", "send the registration access token"],
    owner: null,
    operator: REFUSED("invalid_token"),
  },
  "asking people for what is for few": {
    when: async () => {
      const said = { redirect_uris: ["https://photos.example/cb"] };
      const { client } = await SelfRegistered.register(world, said, await initialAccessToken(world));
      return CodeApp.of(world, client, "https://photos.example/cb").push();
    },
    client: [400, "invalid_scope", "this client is not registered to ask for"],
    owner: null,
    operator: REFUSED("invalid_scope"),
  },
};

/** The owner's newest entry that is not about a change of their own. */
async function ownerSees(scene: Scene): Promise<unknown> {
  const { body } = await scene.ask("GET", "/activity?limit=200");
  return body.items?.find(({ kind }) => kind !== "changed") ?? null;
}

describe.each([
  ["at the token endpoint", TOKEN_ENDPOINT],
  ["for a proof of possession", PROOFS],
  ["when it registers", REGISTRATION],
  ["when a person is to be asked", AUTHORIZATION],
  ["when it asks by name", DOORS],
  ["by the owner's policies", POLICIES],
  ["for a claim token", CLAIM_TOKENS],
  ["as a resource server, or as the operator", RESOURCE_SERVERS],
])("whoever is refused %s finds out why:", (_where, refusals) => {
  it.each(Object.entries(refusals))("%s", async (_title, { when, client, owner, operator }) => {
    const scene = await Scene.open(world);
    const answer = await when(scene);
    vi.useRealTimers();
    const [status, error, description] = client;
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status, error: error ?? answer.body.error });
    expect(String(answer.body.error_description ?? "")).toContain(description);
    if (owner === null) expect((await ownerSees(scene)) as Seen | null).toSatisfy(isNoRefusal);
    else expect(await ownerSees(scene)).toMatchObject(owner);
    const events = await storyOf(answer);
    if (Object.keys(operator).length > 0) expect(events).toContainEqual(expect.objectContaining(operator));
    expect(JSON.stringify(events)).not.toMatch(/bob@example\.com|mallory@example\.com/);
  });
});

/** What concerns no owner leaves at most what went well before. */
function isNoRefusal(entry: Seen | null): boolean {
  return entry === null || entry.kind === "granted" || entry.kind === "authorized";
}

describe("docs/refusals.md", () => {
  const all = [
    TOKEN_ENDPOINT,
    PROOFS,
    REGISTRATION,
    AUTHORIZATION,
    DOORS,
    POLICIES,
    CLAIM_TOKENS,
    RESOURCE_SERVERS,
  ].flatMap((refusals) => Object.entries(refusals));

  it("tells of at least 40 ways to fail", () => {
    expect(all.length).toBeGreaterThanOrEqual(40);
  });

  it.each(all.filter(([, { client }]) => client[1] !== undefined && client[2] !== ""))(
    "says what to do: %s",
    (_title, { client: [, error, description] }) => {
      const row = quoted.find((one) => one.error === error && covers(one.words, description));
      expect(row, `${error}: ${description}`).toBeDefined();
    },
  );
});

/** Whether a quotation of the page, in which … stands for anything, is about this description. */
function covers(words: string, description: string): boolean {
  const said = words
    .replaceAll(/^"|"$/g, "")
    .split("…")
    .map((part) => part.trim());
  return said.some((part) => part !== "" && (description.includes(part) || part.includes(description)));
}
