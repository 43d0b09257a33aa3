import { reach, UsherUnreachable } from "./usher.ts";

/** Where an access token comes from with which we act for one resource owner. */
export interface OwnerTokens {
  /** @returns null where the owner lets us act for them no longer, or never did. */
  current(): Promise<string | null>;
  /** @param stale the one that was refused */
  renewed(stale: string): Promise<string | null>;
}

/** Sends a request for a resource owner, and once more where the token had expired or its connection was made anew. */
export async function asOwner(tokens: OwnerTokens, method: string, url: string, body?: object): Promise<Response> {
  const token = given(await tokens.current());
  const response = await send(method, url, token, body);
  return response.status === 401 ? send(method, url, given(await tokens.renewed(token)), body) : response;
}

function given(token: string | null): string {
  if (token === null) throw new UsherUnreachable("whose this is does not let us act for them");
  return token;
}

function send(method: string, url: string, token: string, body?: object): Promise<Response> {
  const headers = new Headers({ Authorization: `Bearer ${token}` });
  if (body instanceof URLSearchParams) return reach(fetch(url, { method, headers, body }));
  if (body === undefined) return reach(fetch(url, { method, headers }));
  headers.set("Content-Type", "application/json");
  return reach(fetch(url, { method, headers, body: JSON.stringify(body) }));
}
