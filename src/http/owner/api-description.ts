import { policySchema } from "../../policy/language/schema.ts";
import { describeApi } from "../api/describe.ts";
import { OWNER_CALLS } from "./calls.ts";

const TITLE = {
  title: "Usher, owner API",
  description: "What owners share, with whom, and what happened: everything that can be clicked can be called.",
};

/**
 * The owner's API as OpenAPI 3.1 describes it, for tools and for those who make them. What is sent is described by the
 * very schemas that take it.
 * @param issuer this server's issuer identifier.
 */
export function describeOwnerApi(issuer: string): object {
  return describeApi(TITLE, [OWNER_CALLS], issuer, documentSchemas(issuer));
}

/** The published schema in parts, as many tools follow no reference but into the document at hand. */
export function documentSchemas(issuer: string): object {
  const text = JSON.stringify(policySchema(issuer)).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema, $id, $defs, ...PolicyDocument } = JSON.parse(text);
  return { PolicyDocument, ...$defs };
}
