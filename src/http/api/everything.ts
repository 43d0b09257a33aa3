import { ADMIN_CALLS } from "../admin/calls.ts";
import { documentSchemas } from "../owner/api-description.ts";
import { OWNER_CALLS } from "../owner/calls.ts";
import type { CallGroup } from "./call.ts";
import { BROWSER_CALLS, CLIENT_CALLS } from "./client-calls.ts";
import { describeApi } from "./describe.ts";
import { PERSON_CALLS } from "./person-calls.ts";
import { PROTECTION_CALLS } from "./protection-calls.ts";
import { MAIL_CALLS, PUBLIC_CALLS } from "./public-calls.ts";
import { REGISTRATION_CALLS } from "./registration-calls.ts";

const TITLE = {
  title: "Usher",
  description: "Everything that programs call here, and where they send browsers. Pages for people are none of it.",
};

/** Every call, by who makes it. A room that has new ones adds a group of its own. */
const GROUPS: readonly CallGroup[] = [
  PUBLIC_CALLS,
  CLIENT_CALLS,
  BROWSER_CALLS,
  REGISTRATION_CALLS,
  PERSON_CALLS,
  PROTECTION_CALLS,
  OWNER_CALLS,
  ADMIN_CALLS,
  MAIL_CALLS,
];

/**
 * The whole server as OpenAPI 3.1 describes it: what is sent is described by the very schemas that take it, and every
 * answer is held against this in the tests.
 * @param issuer this server's issuer identifier.
 */
export function describeEverything(issuer: string): object {
  return describeApi(TITLE, GROUPS, issuer, documentSchemas(issuer));
}
