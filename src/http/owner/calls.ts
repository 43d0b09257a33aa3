import { REQUEST_STATUSES } from "../../ledger/pending-requests.ts";
import type { JsonSchema } from "../../shared/json-schema.ts";
import { answer, type CallGroup, type Calls, named, PAGED, pageOf, REPEATABLE, sent, VERSIONED } from "../api/call.ts";
import { Withdrawal } from "./activity.ts";
import { ANSWERS, GROUP_DOCUMENT, POLICY_DOCUMENT } from "./answers.ts";
import { Question } from "./question.ts";
import { Decision } from "./requests.ts";

/** Epoch seconds, as a query writes them. */
const TIME = { type: "string", pattern: "^\\d{1,12}$" };
const ACCEPT = { accept: { const: "warnings" } };
const REMOVED = { 204: null, 202: answer("Pending") };

/** Reading, writing and removing one kind of document. */
function documents(plural: "policies" | "groups", one: string, body: JsonSchema): Calls {
  const kept = answer(one);
  const name = one.toLowerCase();
  return {
    [`/owner/${plural}`]: {
      get: { summary: `Lists the owner's ${plural}.`, query: PAGED, answers: { 200: pageOf(kept) } },
      post: {
        summary: `Makes a ${name}.`,
        query: ACCEPT,
        headers: REPEATABLE,
        body,
        answers: { 201: kept, 202: answer("Pending") },
      },
    },
    [`/owner/${plural}/{id}`]: {
      get: { summary: `Reads a ${name}.`, answers: { 200: kept } },
      put: {
        summary: `Puts another document in the place of a ${name}'s.`,
        query: ACCEPT,
        headers: { ...VERSIONED, ...REPEATABLE },
        body,
        answers: { 200: kept, 202: answer("Pending") },
      },
      delete: {
        summary: `Removes a ${name}, and with it what stands on it.`,
        headers: { ...VERSIONED, ...REPEATABLE },
        answers: REMOVED,
      },
    },
  };
}

const CALLS: Calls = {
  ...documents("policies", "Policy", POLICY_DOCUMENT),
  "/owner/preview": {
    post: {
      summary: "Tells what would follow from a policy if it were saved; nothing is.",
      query: { replaces: named },
      body: POLICY_DOCUMENT,
      answers: { 200: answer("Preview") },
    },
  },
  ...documents("groups", "Group", GROUP_DOCUMENT),
  "/owner/resources": {
    get: {
      summary: "Lists what there is to share, at whichever resource server.",
      query: { q: named, client_id: named, type: named, collection: named, ...PAGED },
      answers: { 200: pageOf(answer("Resource")) },
    },
  },
  "/owner/resources/{id}": { get: { summary: "Reads one thing.", answers: { 200: answer("Resource") } } },
  "/owner/resources/{id}/access": {
    get: { summary: "Tells who can see a thing, policy by policy.", answers: { 200: answer("Access") } },
  },
  "/owner/apps": {
    get: {
      summary: "Lists what is connected to the owner, which only its people end.",
      query: PAGED,
      answers: { 200: pageOf(answer("App")) },
    },
  },
  "/owner/explain": {
    post: {
      summary: "Tells what would happen if somebody asked for a thing.",
      body: sent(Question),
      answers: { 200: answer("Explanation") },
    },
  },
  "/owner/grants": {
    get: {
      summary: "Lists what is granted at present.",
      query: { client_id: named, party: named, resource_id: named, ...PAGED },
      answers: { 200: pageOf(answer("Grant")) },
    },
  },
  "/owner/grants/{id}": { delete: { summary: "Ends one grant.", answers: REMOVED } },
  "/owner/requests": {
    get: {
      summary: "Lists what waits for the owner, and what was decided.",
      query: { status: { enum: REQUEST_STATUSES }, ...PAGED },
      answers: { 200: pageOf(answer("Request")) },
    },
  },
  "/owner/requests/{id}": { get: { summary: "Reads one request.", answers: { 200: answer("Request") } } },
  "/owner/requests/{id}/decision": {
    post: {
      summary: "Allows what was asked for, or less, or for a time, or refuses it.",
      headers: REPEATABLE,
      body: sent(Decision),
      answers: { 200: answer("Decided"), 202: answer("Pending") },
    },
  },
  "/owner/activity": {
    get: {
      summary: "Lists what happened, the latest first.",
      query: {
        before: { type: "string", pattern: "^\\d{1,15}$" },
        limit: PAGED.limit,
        from: TIME,
        until: TIME,
        q: named,
      },
      answers: { 200: pageOf(answer("Activity"), { type: "integer" }) },
    },
  },
  "/owner/withdrawals": {
    post: {
      summary: "Ends what was granted to a client, to a party, for a resource, or to everyone: exactly one of these.",
      body: sent(Withdrawal),
      answers: REMOVED,
    },
  },
};

/** Every call of the owner's API. */
export const OWNER_CALLS: CallGroup = {
  title: "What owners share",
  caller: "ownersTool",
  calls: CALLS,
  schemas: ANSWERS,
};
