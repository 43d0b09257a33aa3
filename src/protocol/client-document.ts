import { ProtocolError } from "../shared/error.ts";
import { MAX_CLIENT_DOCUMENT_CHARACTERS, MAX_PRESENTED_ID_CHARACTERS } from "../shared/limits.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import type { Client } from "./client.ts";
import { type MetadataTerms, parseClientMetadata } from "./client-metadata.ts";
import { type ClientRegistration, usesSecret } from "./client-registration.ts";
import type { DocumentReader } from "./public-document.ts";
import { OPEN_ALLOWANCE } from "./registration-allowance.ts";

/** Clients that nobody registered: their id is the URL of a document that says what they are (Client ID Metadata Document). */

type Members = Readonly<Record<string, unknown>>;

/**
 * Whether an id is such a URL (section 3 of the draft): https at a public host, with a path, and nothing in it that is read
 * in several ways.
 * @param issuer ours, which tells whether plain http on loopback is in order.
 */
export function isClientUrl(id: string, issuer: string): boolean {
  if (!id.includes("/") || id.length > MAX_PRESENTED_ID_CHARACTERS || !isPublicUrl(id, issuer)) return false;
  const { pathname, search } = new URL(id);
  return pathname !== "/" && search === "";
}

/** Where such a client is at home, which is all that anybody knows of it for sure. @returns null for an id of another kind */
export function hostOfClientUrl(id: string): string | null {
  return id.includes("/") ? (URL.parse(id)?.host ?? null) : null;
}

/**
 * A client that nobody registered, and that nobody who is signed in let do anything, has no name that was written down: its
 * host says who it is.
 * @param names of those of these ids that have one
 */
export function withHosts(names: ReadonlyMap<string, string>, ids: readonly string[]): ReadonlyMap<string, string> {
  const hosts = ids.flatMap((id) => {
    const host = names.has(id) ? null : hostOfClientUrl(id);
    return host === null ? [] : [[id, host] as const];
  });
  return new Map([...names, ...hosts]);
}

type DocumentConfig = MetadataTerms["config"];

/** Reads the document at a URL, which has to say that it is about this very URL (section 4.1 of the draft). */
export function clientDocumentReader(url: string, config: DocumentConfig): DocumentReader<Members> {
  return (body) => {
    if (typeof body !== "object" || body === null) return null;
    if (JSON.stringify(body).length > MAX_CLIENT_DOCUMENT_CHARACTERS) return null;
    const members = { ...body };
    return clientOfDocument(members, url, config) === null ? null : members;
  };
}

/**
 * The client that a document describes, as of nobody's word but its own. A secret that anybody can read is none, so it has
 * keys or nothing (section 4.1 of the draft).
 * @returns null for a document that describes no client of this URL, or none that may be here
 */
export function clientOfDocument(document: Members, url: string, config: DocumentConfig): Client | null {
  if (document.client_id !== url || "client_secret" in document || "client_secret_expires_at" in document) return null;
  const registration = registrationOf(document, url, config);
  if (registration === null || usesSecret(registration.authenticationMethod)) return null;
  const { clientSecret: _, name, clientUri, ...others } = registration;
  const { host, origin } = new URL(url);
  // Where it has no name, its host is shorter than its URL and says as much.
  const shown = { name: name === url ? host : name, clientUri: clientUri ?? `${origin}/` };
  return { ...others, ...shown, id: url, secretHash: null, provenance: "document", createdAt: 0 };
}

function registrationOf(document: Members, url: string, config: DocumentConfig): ClientRegistration | null {
  try {
    const said = { token_endpoint_auth_method: "none", ...document };
    return parseClientMetadata(said, { clientId: url, home: url, allowance: OPEN_ALLOWANCE, config });
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
