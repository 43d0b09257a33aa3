import { ClientRegistrationBody, withoutOperatorsMembers } from "../../protocol/client-registration.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import type { JsonSchema } from "../../shared/json-schema.ts";
import { answer, type CallGroup, count, sent, strict, text, time } from "./call.ts";
import { TAGGED_NAMES } from "./parts.ts";

const taken = withoutOperatorsMembers(sent(ClientRegistrationBody).properties as object);
/** What stands for a member that is left out follows from the others (protocol/client-metadata.ts). */
const SAID = Object.fromEntries(Object.entries(taken).map(([name, schema]) => [name, withoutDefault(schema)]));

function withoutDefault(schema: unknown): JsonSchema {
  const { default: _, ...rest } = schema as JsonSchema;
  return rest;
}

/** Members that are not known are ignored (RFC 7591 §2). */
const METADATA = { type: "object", properties: { ...SAID, software_statement: text }, ...TAGGED_NAMES };

const NAMED = { client_id: text, client_secret: text };

/** What clients call that register themselves. */
export const REGISTRATION_CALLS: CallGroup = {
  title: "Clients that register themselves",
  caller: "registrant",
  schemas: {
    Registration: {
      ...strict(
        { client_id: text, client_id_issued_at: time, registration_client_uri: text, registration_access_token: text },
        { ...SAID, client_secret: text, client_secret_expires_at: count, software_statement: text },
      ),
      ...TAGGED_NAMES,
    },
  },
  calls: {
    [ENDPOINTS.registration]: {
      post: {
        summary: "Registers a client (RFC 7591); its secret is told this once.",
        body: METADATA,
        answers: { 201: answer("Registration") },
      },
    },
    [`${ENDPOINTS.registration}/{id}`]: {
      get: { summary: "Reads a registration (RFC 7592).", answers: { 200: answer("Registration") } },
      put: {
        summary: "Replaces all that a client says about itself.",
        body: { ...METADATA, properties: { ...METADATA.properties, ...NAMED }, required: ["client_id"] },
        answers: { 200: answer("Registration") },
      },
      delete: { summary: "Ends a registration, and all that was given to its client.", answers: { 204: null } },
    },
  },
};
