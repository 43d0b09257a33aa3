import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** How one method of one path is described (OpenAPI 3.1). */
export interface DescribedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: { readonly content: DescribedContent };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

export interface DescribedParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema: object;
}

interface DescribedResponse {
  readonly content?: DescribedContent;
  readonly $ref?: string;
}

type DescribedContent = Readonly<Record<string, { readonly schema: object }>>;

export interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** One call that is described. */
export interface DescribedCall {
  readonly method: string;
  readonly path: string;
  readonly operation: DescribedOperation;
}

/** What of an answer is described. */
export interface SeenAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

const SELF = "https://described.example/openapi.json";

/** A published description, and whether what is sent and answered is as it says. */
export class ApiDescription {
  readonly description: Description;
  readonly calls: readonly DescribedCall[];
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #patterns: readonly (readonly [pattern: RegExp, path: string])[];

  constructor(description: Description) {
    this.description = description;
    this.#ajv.addSchema({ ...description, $id: SELF });
    this.calls = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        method === "parameters" ? [] : [{ method: method.toUpperCase(), path, operation }],
      ),
    );
    // What is named outright goes before what fits a parameter.
    const paths = Object.keys(description.paths).toSorted((one, other) => parametersIn(one) - parametersIn(other));
    this.#patterns = paths.map((path) => [patternOf(path), path]);
  }

  /** @param pathname below the issuer. @returns null: it is not described. */
  find(method: string, pathname: string): DescribedCall | null {
    const path = this.#patterns.find(([pattern]) => pattern.test(pathname))?.[1];
    return this.calls.find((call) => call.method === method && call.path === path) ?? null;
  }

  /** What is wrong with an answer by its description; null: nothing. */
  faultOf({ method, path, operation }: DescribedCall, { status, mediaType, text }: SeenAnswer): string | null {
    const described = operation.responses[status];
    if (described === undefined && status < 400) return `the status ${status} is not described`;
    const { steps, content } =
      described === undefined
        ? this.#refusal(operation)
        : { steps: ["paths", path, method.toLowerCase(), "responses", String(status)], content: described.content };
    if (content === undefined) return text === "" ? null : "it has a body";
    if (content[mediaType] === undefined) return `the media type ${mediaType || "(none)"} is not described`;
    if (!/[/+]json$/.test(mediaType)) return null;
    const validate = this.validator(...steps, "content", mediaType, "schema");
    const body = parsed(text);
    if (body === undefined) return "it is no JSON";
    return validate(body) ? null : this.#ajv.errorsText(validate.errors);
  }

  /** What takes what stands at this place of the description. @throws Error where nothing stands there. */
  validator(...steps: readonly string[]): ValidateFunction {
    const escaped = steps.map((step) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1")));
    const validate = this.#ajv.getSchema(`${SELF}#/${escaped.join("/")}`);
    if (validate === undefined) throw new Error(`there is no schema at ${steps.join(" / ")}`);
    return validate;
  }

  #refusal({ responses }: DescribedOperation) {
    const steps = (responses.default?.$ref ?? "").replace("#/", "").split("/");
    const [, , name = ""] = steps;
    const { responses: refusals } = this.description.components as unknown as {
      responses: Readonly<Record<string, DescribedResponse>>;
    };
    return { steps, content: refusals[name]?.content };
  }
}

function parametersIn(path: string): number {
  return path.split("{").length - 1;
}

function patternOf(path: string): RegExp {
  const parts = path.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]+")}/?$`);
}

/** Undefined: it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
