import { version } from "../../../package.json";
import type { JsonSchema } from "../../shared/json-schema.ts";
import {
  answer,
  type Caller,
  type CallGroup,
  type Contents,
  type Described,
  type DescribedCall,
  type Method,
  strict,
  text,
  WARNINGS,
} from "./call.ts";
import { schemesOf, securityOf } from "./callers.ts";

/** What an API is called, and what it is for. */
export interface ApiTitle {
  readonly title: string;
  readonly description: string;
}

/** What whoever is refused is told (http/respond.ts). */
const REFUSAL = strict({ error: text, error_description: text }, { error_uri: text, ...WARNINGS });

/** What whoever is refused by a page is told who reads no HTML (http/browser/answer-error.ts). */
const PAGE_REFUSAL = strict({ error: text, error_description: text }, { error_uri: text, message: text });

/**
 * Calls as OpenAPI 3.1 describes them, for tools and for those who make them.
 * @param issuer this server's issuer identifier.
 * @param documents further schemas that calls point to, by name.
 */
export function describeApi(
  { title, description }: ApiTitle,
  groups: readonly CallGroup[],
  issuer: string,
  documents: object = {},
): object {
  return {
    openapi: "3.1.0",
    info: { title, version, description },
    servers: [{ url: issuer }],
    tags: groups.map(({ title }) => ({ name: title })),
    paths: describePaths(groups),
    components: {
      schemas: {
        Refusal: REFUSAL,
        PageRefusal: PAGE_REFUSAL,
        ...Object.assign({}, ...groups.map(({ schemas }) => schemas)),
        ...documents,
      },
      securitySchemes: schemesOf(
        groups.map(({ caller }) => caller),
        issuer,
      ),
      responses: {
        Refused: response("Refused; error says how, error_description why.", answer("Refusal")),
        RefusedOnPage: response("Refused; a page says why, and to a program what programs are told.", {
          contents: { "text/html": text, "application/json": answer("PageRefusal") },
        }),
      },
    },
  };
}

/** A path may be called in different ways by different callers. */
function describePaths(groups: readonly CallGroup[]): object {
  const paths: Record<string, object> = {};
  for (const { title, caller, calls } of groups) {
    for (const [path, methods] of Object.entries(calls)) {
      paths[path] = { ...paths[path], ...describePath(path, methods, title, caller) };
    }
  }
  return paths;
}

function describePath(
  path: string,
  methods: Readonly<Partial<Record<Method, DescribedCall>>>,
  tag: string,
  caller: Caller,
): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const parameters = names.map((name) => parameter("path", name, { type: "string" }, { required: true }));
  const calls = Object.entries(methods).map(([method, call]) => [
    method,
    { operationId: operationId(method, path), tags: [tag], ...describeCall(call, caller) },
  ]);
  return { ...(parameters.length === 0 ? {} : { parameters }), ...Object.fromEntries(calls) };
}

/** Such as `put_owner_policies_id`: what generators of clients name a function after. */
function operationId(method: string, path: string): string {
  return [method, ...(path.match(/\w+/g) ?? [])].join("_");
}

function describeCall({ summary, query = {}, headers = {}, body, answers }: DescribedCall, caller: Caller): object {
  const parameters = [
    ...Object.entries(query).map(([name, schema]) => parameter("query", name, schema)),
    ...Object.entries(headers).map(([name, description]) =>
      parameter("header", name, { type: "string" }, { description }),
    ),
  ];
  return {
    summary,
    security: securityOf(caller),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, described]) => [
          status,
          response(MEANINGS[status] ?? "Done.", described),
        ]),
      ),
      default: { $ref: `#/components/responses/${caller === "browser" ? "RefusedOnPage" : "Refused"}` },
    },
  };
}

const MEANINGS: Readonly<Record<string, string>> = {
  201: "Made.",
  202: "In force for whatever it takes away, and still being recorded.",
  204: "Ended.",
  303: "See what Location names.",
};

function parameter(place: "path" | "query" | "header", name: string, schema: JsonSchema, more: object = {}): object {
  return { name, in: place, schema, ...more };
}

function response(description: string, described: Described): object {
  return { description, ...(described === null ? {} : { content: contentOf(described) }) };
}

function contentOf(described: JsonSchema | Contents): object {
  const contents = isContents(described) ? described.contents : { "application/json": described };
  return Object.fromEntries(Object.entries(contents).map(([type, schema]) => [type, { schema }]));
}

/** No JSON Schema has a keyword of that name. */
function isContents(described: JsonSchema | Contents): described is Contents {
  return "contents" in described;
}
