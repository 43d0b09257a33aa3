import { PermissionRequestBody } from "../../protocol/permission.ts";
import { DescriptionBody } from "../../protocol/resource.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import { SIGNED_INTROSPECTION_TYPE } from "../../protocol/wire/introspection.ts";
import {
  answer,
  type CallGroup,
  flag,
  form,
  listOf,
  named,
  PAGED,
  pending,
  REPEATABLE,
  sent,
  strict,
  text,
  time,
  VERSIONED,
} from "./call.ts";
import { CREDENTIALS } from "./client-calls.ts";
import { CONFIRMATION, PERMISSION } from "./parts.ts";

const RESOURCES = ENDPOINTS.resourceRegistration;
const PENDING = pending({ _id: text });
/** FedAuthz §3.2 */
const NAMED = { _id: text, user_access_policy_uri: text };
/** RFC 7396 takes any object for a patch. */
const PATCH = { type: "object" };

/** A description as it was registered, extension members and all. */
const RESOURCE = {
  type: "object",
  properties: { _id: text, resource_scopes: listOf(text) },
  required: ["_id", "resource_scopes"],
};

/** Of any token that is active (RFC 7662 §2.2). */
const ACTIVE = {
  active: { const: true },
  token_type: text,
  iss: text,
  aud: text,
  sub: text,
  client_id: text,
  iat: time,
  nbf: time,
  exp: time,
};

/** What resource servers call (FedAuthz). */
export const PROTECTION_CALLS: CallGroup = {
  title: "Resource servers",
  caller: "resourceServer",
  schemas: {
    ResourceDescription: sent(DescriptionBody),
    RegisteredResource: RESOURCE,
    Introspection: {
      anyOf: [
        strict({ active: { const: false } }),
        strict({ ...ACTIVE, permissions: listOf(PERMISSION) }, { cnf: CONFIRMATION }),
        strict({ ...ACTIVE, scope: text }, { cnf: CONFIRMATION }),
      ],
    },
  },
  calls: {
    [RESOURCES]: {
      get: {
        summary: "Lists the ids of what is registered; a page of them where a page is asked for.",
        query: { name: named, uri: named, collection: named, ...PAGED },
        answers: { 200: listOf(text) },
      },
      post: {
        summary: "Registers a resource (FedAuthz §3.2.1).",
        headers: REPEATABLE,
        body: answer("ResourceDescription"),
        answers: {
          200: strict(NAMED, { description_differs: flag }),
          201: strict(NAMED),
        },
      },
    },
    [`${RESOURCES}/{id}`]: {
      get: { summary: "Reads a resource description.", answers: { 200: answer("RegisteredResource") } },
      put: {
        summary: "Puts another description in its place.",
        headers: { ...VERSIONED, ...REPEATABLE },
        body: answer("ResourceDescription"),
        answers: { 200: strict(NAMED), 202: pending(NAMED) },
      },
      patch: {
        summary: "Changes some members of a description (RFC 7396).",
        headers: { ...VERSIONED, ...REPEATABLE },
        body: { contents: { "application/merge-patch+json": PATCH, "application/json": PATCH } },
        answers: { 200: answer("RegisteredResource"), 202: PENDING },
      },
      delete: {
        summary: "Deletes a resource, and with it all access to it.",
        headers: { ...VERSIONED, ...REPEATABLE },
        answers: { 204: null, 202: PENDING },
      },
    },
    [ENDPOINTS.permission]: {
      post: {
        summary: "Asks for permissions, and gets the ticket for whoever tried without (FedAuthz §4).",
        body: sent(PermissionRequestBody),
        answers: { 201: strict({ ticket: text }) },
      },
    },
    [ENDPOINTS.introspection]: {
      post: {
        summary: "Tells what a token is good for here and now (FedAuthz §5, RFC 7662).",
        body: form({ required: ["token"], optional: ["token_type_hint", ...CREDENTIALS] }),
        answers: {
          200: {
            contents: {
              "application/json": answer("Introspection"),
              [`application/${SIGNED_INTROSPECTION_TYPE}`]: text,
            },
          },
        },
      },
    },
  },
};
