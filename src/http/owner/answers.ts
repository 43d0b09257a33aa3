import { REQUEST_STATUSES } from "../../ledger/pending-requests.ts";
import type { JsonSchema } from "../../shared/json-schema.ts";
import {
  answer,
  count,
  flag,
  listOf,
  pending,
  strict,
  text,
  textOrNull,
  time,
  timeOrNull,
  WARNINGS,
} from "../api/call.ts";
import { PERMISSION_MEMBERS, REQUIRED_CLAIM } from "../api/parts.ts";

/** What the owner's API answers, as JSON Schemas with the names under which they are published (owner/calls.ts). */

/** What owners write, as `policySchema` describes it. */
export const POLICY_DOCUMENT = answer("PolicyDocument");
export const GROUP_DOCUMENT = answer("group");

const PERMISSION = strict(PERMISSION_MEMBERS);
const PERSON = {
  person: strict({
    id: text,
    name: textOrNull,
    name_said_by: textOrNull,
    addresses: listOf(text),
    issuer: text,
    subject: text,
  }),
};
const POLICY = { policy_id: text, version: count, sentence: text, policy: POLICY_DOCUMENT };
const GROUP = { group_id: text, version: count, group: GROUP_DOCUMENT };
/** By id. */
const NAMES = { type: "object", additionalProperties: text };
const OUTCOME = { enum: ["permit", "deny", "unknown", "submitted"] };
const CONSIDERED = strict({
  policy_id: text,
  effect: { enum: ["permit", "deny"] },
  outcome: { enum: ["yes", "no", "unknown", "submitted"] },
  reasons: listOf(strict({ path: text, truth: { enum: ["no", "unknown", "error"] }, why: text })),
});

const EFFECT = strict({
  counted: flag,
  partial: flag,
  newcomers: count,
  gainers: count,
  losers: count,
  unchanged: count,
  kept_out: count,
  allowed_by: listOf(text),
  denied_by: listOf(text),
});

export const ANSWERS: Readonly<Record<string, JsonSchema>> = {
  Pending: pending({ policy_id: text, group_id: text, request_id: text, version: count, policy_ids: listOf(text) }),
  Policy: strict(POLICY, WARNINGS),
  Group: strict(GROUP, WARNINGS),
  Preview: strict(
    {
      sentence: text,
      effect: { anyOf: [EFFECT, { type: "null" }] },
    },
    WARNINGS,
  ),
  Resource: strict(
    {
      resource_id: text,
      resource_scopes: listOf(text),
      resource_server: strict({ client_id: text, client_name: textOrNull }),
    },
    { name: text, description: text, icon_uri: text, type: text, collections: listOf(text) },
  ),
  App: strict(
    { client_id: text, client_name: text, scopes: listOf(text), connected_at: timeOrNull, resources: count },
    { client_uri: text },
  ),
  Grant: strict(
    {
      grant_id: text,
      client_id: text,
      resource_server_id: text,
      party: textOrNull,
      party_known: flag,
      permissions: listOf(PERMISSION),
      granted_at: time,
      last_used_at: timeOrNull,
      ends_at: timeOrNull,
      refreshable: flag,
      names: NAMES,
    },
    PERSON,
  ),
  Activity: strict(
    {
      id: count,
      at: time,
      last_at: time,
      count,
      kind: text,
      client_id: textOrNull,
      party: textOrNull,
      detail: { type: "object" },
      names: NAMES,
    },
    PERSON,
  ),
  Request: strict(
    {
      request_id: text,
      version: count,
      status: { enum: REQUEST_STATUSES },
      client_id: text,
      resource_server_id: text,
      party: text,
      permissions: listOf(PERMISSION),
      asked_at: time,
      last_asked_at: time,
      times_asked: count,
      names: NAMES,
    },
    {
      ...PERSON,
      expires_at: time,
      told: flag,
      decision: strict(
        { at: time, permissions: listOf(PERMISSION), policy_ids: listOf(text) },
        { client_id: text, account_id: text, until: time, word: text },
      ),
    },
  ),
  Decided: strict({ request_id: text, version: count, policy_ids: listOf(text) }),
  Access: strict(
    {
      resource_id: text,
      policies: listOf(
        strict({ policy_id: text, version: count, effect: { enum: ["permit", "deny"] }, sentence: text }),
      ),
      nobody_named_yet: listOf(
        strict({ scope: textOrNull, outcome: OUTCOME, required_claims: listOf(REQUIRED_CLAIM) }),
      ),
    },
    { policies_left_out: count, scopes_left_out: count },
  ),
  Explanation: strict(
    {
      resource_id: text,
      scopes: listOf(
        strict(
          {
            scope: textOrNull,
            outcome: OUTCOME,
            sentence: text,
            policies: listOf(CONSIDERED),
            required_claims: listOf(REQUIRED_CLAIM),
          },
          { policies_left_out: count },
        ),
      ),
    },
    { obstacle: strict({ cause: text, message: text }), scopes_left_out: count, ...WARNINGS },
  ),
};
