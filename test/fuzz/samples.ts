import { CALLBACK, CHALLENGE, VERIFIER } from "../support/server/code-app.ts";
import { ID_TOKEN_FORMAT } from "../support/server/world.ts";
import type { Dice } from "./dice.ts";
import type { Stock } from "./stock.ts";

/** What good values are drawn from. */
export interface Supplies {
  readonly dice: Dice;
  readonly stock: Stock;
  /** Epoch seconds. */
  readonly now: number;
}

export const CLAIMS_CALLBACK = "https://app.example/claims";

const SCOPES = ["view", "print"];
const WHO = [
  { anyone: true },
  { claim: "email", equals: "bob@example.com" },
  {
    any: [
      { claim: "email", exists: true },
      { claim: "role", one_of: ["nurse", "physician"] },
    ],
  },
  {
    all: [
      { claim: "email", domain: "example.com" },
      { not: { claim: "sub", equals: "x", issuer: "https://x.example" } },
    ],
  },
];
const TERMS = [{}, { terms: { approval: true } }, { terms: { uses: 3 } }, { terms: { token_lifetime: 60 } }];

type Make = (supplies: Supplies) => unknown;

const from =
  (...kinds: readonly string[]): Make =>
  ({ stock, dice }) =>
    stock.take(dice.pick(kinds), dice);
const fresh =
  (kind: string): Make =>
  ({ stock, dice }) =>
    stock.takeFresh(kind, dice);
const oneOf =
  (...values: readonly unknown[]): Make =>
  ({ dice }) =>
    dice.pick(values);
const page: Make = ({ dice }) => `https://pages.example/${dice.word()}`;
const later: Make = ({ dice, now }) => now + 3_600 + dice.below(1_000_000);

/**
 * A good value for a member or parameter of this name, wherever it stands; null: there is none just now. What has no entry
 * is drawn from its schema.
 */
export const BY_NAME: Readonly<Record<string, Make>> = {
  actor_token: from("id_token", "access_token"),
  assertion: from("id_token", "access_token"),
  authorization_details: (supplies) =>
    JSON.stringify([
      { type: "uma_resource", locations: [BY_NAME.resource?.(supplies) ?? "https://api.example/"], actions: ["view"] },
    ]),
  claim_token: from("id_token"),
  claim_token_format: oneOf(ID_TOKEN_FORMAT),
  claims: oneOf("all", ["email"]),
  client_id: from("app", "app", "connected", "client"),
  client_name: ({ dice }) => `app ${dice.word()}`,
  client_uri: page,
  code: fresh("code"),
  code_challenge: oneOf(CHALLENGE),
  code_challenge_method: oneOf("S256"),
  code_verifier: oneOf(VERIFIER),
  collection: from("resource"),
  collections: ({ stock, dice }) => [stock.take("resource", dice)].filter((id) => id !== null),
  cursor: from("next", "resource", "policy", "client"),
  description: ({ dice }) => `a thing ${dice.word()}`,
  email: oneOf("bob@example.com"),
  email_domains: oneOf("all", ["example.com"]),
  ends_at: later,
  events: oneOf(["owner.gone"], ["grant.withdrawn", "resource.dropped"]),
  external_id: ({ dice }) => dice.word(12),
  icon_uri: page,
  issuer: ({ dice }) => `https://op-${dice.word()}.example`,
  issuer_client_ids: oneOf({}),
  jwks: oneOf({
    keys: [
      {
        kty: "EC",
        crv: "P-256",
        x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      },
    ],
  }),
  party: from("party"),
  pct: from("pct"),
  policy_uri: page,
  post_logout_redirect_uri: oneOf(CALLBACK),
  prompt: oneOf("consent", "login"),
  redirect_uri: oneOf(CALLBACK),
  redirect_uris: oneOf([CALLBACK]),
  claims_redirect_uri: oneOf(CLAIMS_CALLBACK),
  claims_redirect_uris: oneOf([CLAIMS_CALLBACK], []),
  refresh_token: fresh("refresh_token"),
  replaces: from("policy"),
  request_uri: fresh("request_uri"),
  resource: from("resource_identifier"),
  resource_id: from("resource"),
  resource_identifiers: ({ dice }) => [`https://api-${dice.word()}.example/things`],
  resource_owner: from("resource_owner"),
  resource_scopes: ({ dice }) => dice.pick([SCOPES, ["view"], []]),
  resources: ({ stock, dice }) => [stock.take("resource", dice)].filter((id) => id !== null),
  response_mode: oneOf("query"),
  response_type: oneOf("code"),
  rpt: from("rpt"),
  subject_token: from("id_token", "access_token"),
  subject_token_type: oneOf("urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:jwt"),
  id_token_hint: from("id_token"),
  scope: oneOf("view", "uma_protection", "uma_policy", "openid", "openid email", "uma_protection uma_policy"),
  scope_names: oneOf({ view: "look at it" }),
  scopes: ({ dice }) => dice.pick([["view"], ["uma_protection"], ["uma_policy"], ["uma_protection", "uma_policy"]]),
  state: ({ dice }) => dice.word(),
  t: from("stop"),
  ticket: fresh("ticket"),
  token: from("rpt", "access_token", "refresh_token"),
  tos_uri: page,
  type: oneOf("photo", "record"),
  until: later,
  url: ({ dice }) => `https://hooks.example/${dice.word()}`,
  ui_locales: oneOf("de", "en"),
  login_hint: oneOf("ana@example.com"),
  max_age: oneOf("100"),
  version: oneOf(1, 1, 2),
};

/** What makes a request bad unless other things stand beside it; a few samples have them. */
export const RARE = new Set([
  "authorization_details",
  "client_assertion",
  "client_assertion_type",
  "client_secret",
  "dpop_jkt",
  "introspection",
  "jwks",
  "jwks_uri",
  "grant_types",
  "request_uri",
  "resource",
  "response_types",
  "token_endpoint_auth_method",
]);

const policy: Make = ({ stock, dice }) => {
  const resource = stock.take("resource", dice);
  const targets = [{ all: true }, { type: "photo" }, ...(resource === null ? [] : [{ resources: [resource] }])];
  const usual = {
    effect: "permit",
    target: dice.pick(targets),
    scopes: dice.pick(["all", ["view"]]),
    who: dice.pick(WHO),
  };
  return { ...usual, ...dice.pick(TERMS) };
};

const group: Make = ({ dice }) => ({
  name: `group ${dice.word()}`,
  members: [{ email: `${dice.word()}@example.com` }],
});

/** Whole documents, by the schema that describes them. */
export const BY_SCHEMA: Readonly<Record<string, Make>> = { PolicyDocument: policy, group };

const CLIENTS: readonly object[] = [
  {},
  { grant_types: ["client_credentials"] },
  { grant_types: ["authorization_code", "refresh_token"], redirect_uris: [CALLBACK], scope: "view" },
  { token_endpoint_auth_method: "none", claims_redirect_uris: [CLAIMS_CALLBACK] },
];

const client: Make = ({ dice }) => ({ client_name: `app ${dice.word()}`, ...dice.pick(CLIENTS) });
const issuer: Make = (supplies) => ({
  issuer: BY_NAME.issuer?.(supplies),
  jwks: BY_NAME.jwks?.(supplies),
  claims: "all",
  email_domains: "all",
});
const provider: Make = (supplies) => ({
  issuer: BY_NAME.issuer?.(supplies),
  name: "Lakeside ID",
  client_id: "usher",
  client_secret: "a-secret-that-nobody-reads-again",
  claims: [],
});
const decision: Make = ({ dice }) => ({ version: 1, decision: dice.pick(["approve", "refuse"]), word: "so be it" });
const withdrawal: Make = (supplies) =>
  supplies.dice.pick([
    { resource_id: BY_NAME.resource_id?.(supplies) },
    { party: BY_NAME.party?.(supplies) ?? "nobody" },
    { client_id: BY_NAME.client_id?.(supplies) },
  ]);

/** Bodies of calls for which a schema says less than the rules that follow it. */
export const BY_CALL: Readonly<Record<string, Make>> = {
  "POST /admin/clients": client,
  "PUT /admin/clients/{id}": client,
  "POST /register": ({ dice }) => ({ client_name: `app ${dice.word()}`, claims_redirect_uris: [CLAIMS_CALLBACK] }),
  "POST /admin/issuers": issuer,
  "PUT /admin/issuers/{id}": issuer,
  "POST /admin/providers": provider,
  "PUT /admin/providers/{id}": provider,
  "POST /owner/requests/{id}/decision": decision,
  "POST /owner/withdrawals": withdrawal,
  "PATCH /resources/{id}": ({ dice }) => ({ name: `thing ${dice.word()}` }),
};
