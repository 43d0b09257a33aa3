import { version } from "../../../package.json";
import { policySchema } from "../../policy/language/schema.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { ENDPOINTS } from "../../protocol/wire/endpoints.ts";
import type { JsonSchema } from "../../shared/json-schema.ts";
import { ANSWERS, answer } from "./answers.ts";
import { CALLS, type DescribedCall, type Method } from "./calls.ts";

/**
 * The owner's API as OpenAPI 3.1 describes it, for tools and for those who make them. What is sent is described by the
 * very schemas that take it.
 * @param issuer this server's issuer identifier.
 */
export function describeOwnerApi(issuer: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Usher, owner API",
      version,
      description: "What owners share, with whom, and what happened: everything that can be clicked can be called.",
    },
    servers: [{ url: issuer }],
    security: [{ owner: [POLICY_SCOPE] }],
    paths: Object.fromEntries(Object.entries(CALLS).map(([path, methods]) => [path, describePath(path, methods)])),
    components: {
      schemas: { ...ANSWERS, ...documentSchemas(issuer) },
      securitySchemes: { owner: securityScheme(issuer) },
      responses: { Refused: json("Refused; error says how, error_description why.", answer("Refusal")) },
    },
  };
}

/** The published schema in parts, as many tools follow no reference but into the document at hand. */
function documentSchemas(issuer: string): object {
  const text = JSON.stringify(policySchema(issuer)).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema, $id, $defs, ...PolicyDocument } = JSON.parse(text);
  return { PolicyDocument, ...$defs };
}

function securityScheme(issuer: string): object {
  const scopes = { [POLICY_SCOPE]: "Share what an owner has, and see who gets it." };
  const tokenUrl = issuer + ENDPOINTS.token;
  return {
    type: "oauth2",
    flows: {
      clientCredentials: { tokenUrl, scopes },
      authorizationCode: { authorizationUrl: issuer + ENDPOINTS.authorization, tokenUrl, scopes },
    },
  };
}

function describePath(path: string, methods: Readonly<Partial<Record<Method, DescribedCall>>>): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const parameters = names.map((name) => parameter("path", name, { type: "string" }, { required: true }));
  const calls = Object.entries(methods).map(([method, call]) => [method, describeCall(call)]);
  return { ...(parameters.length === 0 ? {} : { parameters }), ...Object.fromEntries(calls) };
}

function describeCall({ summary, query = {}, headers = {}, body, answers }: DescribedCall): object {
  const parameters = [
    ...Object.entries(query).map(([name, schema]) => parameter("query", name, schema)),
    ...Object.entries(headers).map(([name, description]) =>
      parameter("header", name, { type: "string" }, { description }),
    ),
  ];
  return {
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [status, json(MEANINGS[status] ?? "Done.", schema)]),
      ),
      default: { $ref: "#/components/responses/Refused" },
    },
  };
}

const MEANINGS: Readonly<Record<string, string>> = {
  201: "Made.",
  202: "In force for whatever it takes away, and still being recorded.",
  204: "Ended.",
};

function parameter(place: "path" | "query" | "header", name: string, schema: JsonSchema, more: object = {}): object {
  return { name, in: place, schema, ...more };
}

function json(description: string, schema: JsonSchema | null): object {
  return { description, ...(schema === null ? {} : { content: contentOf(schema) }) };
}

function contentOf(schema: JsonSchema): object {
  return { "application/json": { schema } };
}
