import { describeEverything } from "../../../src/http/api/everything.ts";
import { ApiDescription, type Description } from "../server/api-description.ts";

let api: ApiDescription | null = null;

/** Of the server under test. What it says of an answer is the same whatever the settings are. */
export function describedApi(): ApiDescription {
  api ??= new ApiDescription(JSON.parse(JSON.stringify(describeEverything("http://localhost:8787"))) as Description);
  return api;
}

/**
 * Holds an answer against what is published of its call (`src/http/api`), whichever test it was asked for by.
 * @param issuer of the server that answered.
 * @throws Error that says what is not as described.
 */
export async function checkDescribed(issuer: string, request: Request, response: Response): Promise<void> {
  if (!request.url.startsWith(`${issuer}/`)) return;
  const { pathname } = new URL(request.url.replace(issuer, "http://localhost:8787"));
  const described = describedApi();
  const call = described.find(request.method, pathname);
  if (call === null) return;
  const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
  const answer = { status: response.status, mediaType, text: await response.clone().text() };
  const fault = described.faultOf(call, answer);
  if (fault === null) return;
  throw new Error(`${request.method} ${pathname} is not answered as src/http/api says: ${fault}\n${answer.text}`);
}
