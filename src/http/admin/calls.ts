import { ADMINISTRATOR_ROLES } from "../../protocol/administrator-role.ts";
import { PROVENANCES } from "../../protocol/client.ts";
import { ClientRegistrationBody } from "../../protocol/client-registration.ts";
import { ProviderRegistrationBody } from "../../protocol/identity-provider-registration.ts";
import { IssuerRegistrationBody } from "../../protocol/issuer-registration.ts";
import { WEBHOOK_TYPES } from "../../protocol/webhook.ts";
import { WebhookRegistrationBody } from "../../protocol/webhook-registration.ts";
import type { JsonSchema } from "../../shared/json-schema.ts";
import {
  answer,
  type CallGroup,
  type Calls,
  count,
  kept,
  listOf,
  named,
  PAGED,
  pageOf,
  pending,
  sent,
  strict,
  text,
  textOrNull,
  time,
  timeOrNull,
  VERSIONED,
  WARNINGS,
} from "../api/call.ts";
import { KEY_SET, TAGGED_NAMES } from "../api/parts.ts";
import { NewInitialAccessTokenBody } from "./initial-access-tokens.ts";
import { NewInvitation } from "./invitations.ts";
import { NamedOwner, NewConnection, NewOwner } from "./owner-body.ts";

const CLIENT = { ...sent(ClientRegistrationBody), ...TAGGED_NAMES };
const INITIAL_ACCESS_TOKEN = sent(NewInitialAccessTokenBody);
const ISSUER = sent(IssuerRegistrationBody);
const PROVIDER = sent(ProviderRegistrationBody);
const WEBHOOK = sent(WebhookRegistrationBody);
const ROLE = { enum: ADMINISTRATOR_ROLES };
const USED = strict({ used: count, limit: count });
const SECRET = { secret: text };
const SHOWN_ONCE = { client_secret: text };
const INVITATION = {
  invitation_id: text,
  role: ROLE,
  ends_at: timeOrNull,
  invited_by: textOrNull,
  created_at: time,
  expires_at: time,
};
const STATUS = { enum: ["ok", "warning", "error"] };
const RESENT = strict({ resent: count });
const FORGOTTEN = strict({ forgotten: count });

/** What the operator's API answers, by name. */
const ANSWERS: Readonly<Record<string, JsonSchema>> = {
  Client: {
    ...kept(
      CLIENT,
      { client_id: text, client_name: text, client_id_issued_at: time, provenance: { enum: PROVENANCES } },
      { ...SHOWN_ONCE, ...WARNINGS },
    ),
    ...TAGGED_NAMES,
  },
  InitialAccessToken: kept(
    INITIAL_ACCESS_TOKEN,
    { id: text, name: text, uses_left: count, expires_at: time, created_at: time },
    { token: text },
    ["uses", "expires_in"],
  ),
  TrustedIssuer: kept(
    ISSUER,
    { id: text, issuer: text },
    { introspection: strict({ endpoint: text, client_id: text }), ...WARNINGS },
  ),
  IdentityProvider: kept(
    PROVIDER,
    { id: text, issuer: text, redirect_uri: text },
    { client_jwks: KEY_SET, client_jwks_uri: text, ...WARNINGS },
    ["client_secret"],
  ),
  Webhook: kept(WEBHOOK, { id: text, url: text }, { ...SECRET, waiting: count, dead_letters: count }),
  DeadLetter: strict({
    id: text,
    event: { enum: WEBHOOK_TYPES },
    queued_at: time,
    given_up_at: time,
    attempts: count,
    failure: text,
    message: { type: "object" },
  }),
  Owner: strict({ owner_id: text, kind: { enum: ["organization", "person"] }, name: textOrNull, created_at: time }),
  OwnerCounts: strict({
    grants: count,
    processes: count,
    pending_changes: count,
    bytes: count,
    policies: USED,
    groups: USED,
    policy_bytes: USED,
    connections: listOf(strict({ client_id: text, resources: USED, resource_bytes: USED })),
  }),
  Deletion: strict({
    owner_id: text,
    requested_by: { enum: ["operator", "person"] },
    requested_at: time,
    closed_at: timeOrNull,
    erased_at: timeOrNull,
  }),
  Connection: strict({ client_id: text, scopes: listOf(text), generation: count }, WARNINGS),
  PendingConnection: pending({ client_id: text }),
  Withdrawn: pending({}),
  Keys: strict({
    items: listOf(
      strict({
        kid: text,
        use: text,
        alg: text,
        use_from: time,
        retire_at: timeOrNull,
        expires_at: timeOrNull,
        sealed_under: { type: ["array", "null"], items: text },
      }),
    ),
  }),
};

/** Reading, writing and removing one kind of entry. @param made what a new entry is answered with. */
function entries(
  path: string,
  one: string,
  body: JsonSchema,
  name: string,
  removed: { 204: null; 202?: JsonSchema },
): Calls {
  return {
    [`/admin/${path}`]: {
      get: { summary: `Lists every ${one}.`, query: PAGED, answers: { 200: pageOf(answer(name)) } },
      post: { summary: `Adds a ${one}.`, body, answers: { 201: answer(name) } },
    },
    [`/admin/${path}/{id}`]: {
      get: { summary: `Reads a ${one}.`, answers: { 200: answer(name) } },
      put: {
        summary: `Puts another ${one} in the place of this one.`,
        headers: VERSIONED,
        body,
        answers: { 200: answer(name) },
      },
      delete: { summary: `Removes a ${one}.`, headers: VERSIONED, answers: removed },
    },
  };
}

const REMOVED = { 204: null };

const OWNERS: Calls = {
  "/admin/owners": {
    get: { summary: "Lists every owner.", query: PAGED, answers: { 200: pageOf(answer("Owner")) } },
    post: { summary: "Adds an organisation.", body: sent(NewOwner), answers: { 201: answer("Owner") } },
  },
  "/admin/owners/{id}": {
    get: { summary: "Reads an owner.", answers: { 200: answer("Owner") } },
    put: {
      summary: "Gives an organisation another name.",
      headers: VERSIONED,
      body: sent(NamedOwner),
      answers: { 200: answer("Owner") },
    },
    delete: {
      summary: "Ends an owner, and the account of the person whose owner it is.",
      answers: { 202: answer("Deletion") },
    },
  },
  "/admin/owners/{id}/deletion": {
    get: { summary: "Tells how far the end of an owner has come.", answers: { 200: answer("Deletion") } },
  },
  "/admin/owners/{id}/counts": {
    get: { summary: "Tells what is used of each quota.", answers: { 200: answer("OwnerCounts") } },
  },
  "/admin/owners/{id}/connections": {
    get: {
      summary: "Lists what is connected to an owner.",
      answers: { 200: strict({ items: listOf(answer("Connection")) }) },
    },
  },
  "/admin/owners/{id}/connections/{clientId}": {
    put: {
      summary: "Connects a client to an owner, with these scopes.",
      body: sent(NewConnection),
      answers: { 200: answer("Connection"), 202: answer("PendingConnection") },
    },
    delete: { summary: "Ends a connection.", answers: { 204: null, 202: answer("Withdrawn") } },
  },
  "/admin/owners/{id}/invitations": {
    get: { summary: "Lists invitations that stand open.", query: PAGED, answers: { 200: pageOf(strict(INVITATION)) } },
    post: {
      summary: "Invites somebody to act for an organisation; the link is told this once.",
      body: sent(NewInvitation),
      answers: { 201: strict({ ...INVITATION, link: text }) },
    },
  },
  "/admin/owners/{id}/invitations/{invitationId}": {
    delete: { summary: "Takes an invitation back.", answers: REMOVED },
  },
  "/admin/owners/{id}/administrators": {
    get: {
      summary: "Lists who acts for an owner.",
      answers: {
        200: strict({
          items: listOf(
            strict({ account_id: text, role: ROLE, begins_at: time, ends_at: timeOrNull, invited_by: textOrNull }),
          ),
        }),
      },
    },
  },
  "/admin/owners/{id}/administrators/{accountId}": {
    delete: { summary: "Ends what somebody may do for an owner.", answers: REMOVED },
  },
};

const LETTERS: Calls = {
  "/admin/webhooks/{id}/secret": {
    post: { summary: "Makes another secret; the one before holds for a day.", answers: { 200: answer("Webhook") } },
  },
  "/admin/webhooks/{id}/dead-letters": {
    get: {
      summary: "Lists messages that were given up.",
      query: PAGED,
      answers: { 200: pageOf(answer("DeadLetter")) },
    },
    post: { summary: "Sends all of them anew.", answers: { 202: RESENT } },
  },
  "/admin/webhooks/{id}/dead-letters/{letterId}": {
    post: { summary: "Sends one of them anew.", answers: { 202: RESENT } },
    delete: { summary: "Forgets one of them.", answers: REMOVED },
  },
};

const SERVER: Calls = {
  "/admin/check": {
    get: {
      summary: "Tells whether all is well.",
      query: { cursor: named },
      answers: {
        200: strict(
          {
            status: STATUS,
            items: listOf(strict({ check: text, status: STATUS, message: text }, { subject: text })),
          },
          { next: text },
        ),
      },
    },
  },
  "/admin/keys": { get: { summary: "Lists the keys of the server.", answers: { 200: answer("Keys") } } },
  "/admin/keys/rotate": { post: { summary: "Publishes the next keys.", answers: { 200: answer("Keys") } } },
  "/admin/counts": {
    get: {
      summary: "Tells how much there is.",
      answers: {
        200: strict({ owners: count, clients: count, issuers: count, resources: count, policies: count }),
      },
    },
  },
  "/admin/requests/{id}": {
    get: {
      summary: "Tells what happened in a request of the last hour, by its X-Request-ID.",
      answers: {
        200: strict({
          request_id: text,
          items: listOf(
            strict({
              at: time,
              method: text,
              path: text,
              status: count,
              events: listOf({ type: "object", properties: { event: text }, required: ["event"] }),
            }),
          ),
        }),
      },
    },
  },
  "/admin/deletions": {
    get: { summary: "Lists owners that go, or are gone.", query: PAGED, answers: { 200: pageOf(answer("Deletion")) } },
  },
  "/admin/pcts/clients/{id}": {
    delete: { summary: "Forgets what is remembered of people for a client.", answers: { 200: FORGOTTEN } },
  },
  "/admin/pcts/accounts/{id}": {
    delete: { summary: "Forgets what is remembered of a person for every client.", answers: { 200: FORGOTTEN } },
  },
};

/** Every call of the operator's API. */
export const ADMIN_CALLS: CallGroup = {
  title: "The operator",
  caller: "operator",
  schemas: ANSWERS,
  calls: {
    ...entries("clients", "client", CLIENT, "Client", { 204: null, 202: answer("Withdrawn") }),
    "/admin/clients/{id}/secret": {
      post: {
        summary: "Makes another secret, told this once.",
        headers: VERSIONED,
        answers: { 200: answer("Client") },
      },
    },
    "/admin/initial-access-tokens": {
      get: {
        summary: "Lists the tokens by which programs may register clients.",
        query: PAGED,
        answers: { 200: pageOf(answer("InitialAccessToken")) },
      },
      post: {
        summary: "Makes one, told this once.",
        body: INITIAL_ACCESS_TOKEN,
        answers: { 201: answer("InitialAccessToken") },
      },
    },
    "/admin/initial-access-tokens/{id}": { delete: { summary: "Ends one.", answers: REMOVED } },
    ...entries("issuers", "trusted issuer", ISSUER, "TrustedIssuer", REMOVED),
    ...entries("providers", "identity provider", PROVIDER, "IdentityProvider", REMOVED),
    "/admin/providers/{id}/key": {
      post: {
        summary: "Publishes the next key of ours; called again, signs with it.",
        headers: VERSIONED,
        answers: { 200: answer("IdentityProvider") },
      },
    },
    ...entries("webhooks", "webhook", WEBHOOK, "Webhook", REMOVED),
    ...LETTERS,
    ...OWNERS,
    ...SERVER,
  },
};
