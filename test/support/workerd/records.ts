import { env } from "cloudflare:workers";
import type { Owner } from "../../../src/operations/ports/owner.ts";
import type { NewResource } from "../../../src/operations/ports/resource.ts";
import { type Client, DEFAULT_DETAILS } from "../../../src/protocol/client.ts";
import type { ConnectedCaller } from "../../../src/protocol/connection.ts";
import type { IdentityProvider } from "../../../src/protocol/identity-provider.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../../src/protocol/trusted-issuer.ts";
import { UMA_TICKET_GRANT } from "../../../src/protocol/wire/client.ts";
import { POLICY_SCOPE, PROTECTION_SCOPE } from "../../../src/protocol/wire/connection.ts";
import type { ResourceDescriptionBody } from "../../../src/protocol/wire/resource.ts";
import { D1ClientStore } from "../../../src/storage/d1/clients.ts";
import { D1OwnerStore } from "../../../src/storage/d1/owners.ts";

/** Records for the tests of stores; every test makes its own, so that none depends on another. */

let made = 0;

/** An id of this test alone; later ones sort after earlier ones. */
export function freshId(kind: string): string {
  made += 1;
  return `${kind}-${String(made).padStart(6, "0")}`;
}

export function someClient(changes: Partial<Client> = {}): Client {
  return {
    id: freshId("client"),
    name: "Photo Printer",
    authenticationMethod: "client_secret_basic",
    secretHash: "hash",
    jwks: null,
    jwksUri: null,
    grantTypes: [UMA_TICKET_GRANT],
    scopes: ["view", "print"],
    redirectUris: [],
    requiresPushedRequests: false,
    clientUri: null,
    claimsRedirectUris: ["https://printer.example/back"],
    redirectsErrors: false,
    mayPushClaims: true,
    issuerClientIds: { "https://idp.example": "printer" },
    rptFormat: "jwt",
    createdAt: 1_700_000_000,
    ...DEFAULT_DETAILS,
    ...changes,
  };
}

export function someIssuer(changes: Partial<TrustedIssuer> = {}): TrustedIssuer {
  return {
    id: freshId("issuer"),
    issuer: `https://${freshId("idp")}.example`,
    jwks: { keys: [{ kty: "EC" }] },
    jwksUri: null,
    audiences: ["family"],
    claims: ["email"],
    emailDomains: "all",
    maxTokenAge: 600,
    ...DEFAULT_ISSUER_DETAILS,
    ...changes,
  };
}

export function someProvider(changes: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    id: freshId("provider"),
    issuer: `https://${freshId("op")}.example`,
    name: "Lakeside ID",
    clientId: "usher",
    authenticationMethod: "client_secret_basic",
    signingAlgorithm: "ES256",
    assertionAudience: "issuer",
    signsRequests: false,
    scopes: ["openid"],
    acrValues: [],
    acceptedLevels: "all",
    prompt: null,
    claims: ["email"],
    emailDomains: ["example.com"],
    maxClaimsAge: null,
    enabled: true,
    publicKeys: [],
    sealedCredentials: "sealed",
    ...changes,
  };
}

export async function givenOwner(changes: Partial<Owner> = {}): Promise<Owner> {
  const id = freshId("owner");
  const owner: Owner = { id, kind: "organization", name: "Alice", ledger: id, createdAt: 1_700_000_000, ...changes };
  await new D1OwnerStore(env.DB).insert(owner);
  return owner;
}

async function givenClient(): Promise<Client> {
  const client = someClient();
  await new D1ClientStore(env.DB).insert(client);
  return client;
}

/** An owner and a client with a standing connection for both scopes, and whoever calls under it. */
export async function givenCaller(changes: Partial<ConnectedCaller> = {}): Promise<ConnectedCaller> {
  const ownerId = changes.ownerId ?? (await givenOwner()).id;
  const clientId = changes.clientId ?? (await givenClient()).id;
  const scopes = [PROTECTION_SCOPE, POLICY_SCOPE];
  const caller = { ownerId, clientId, generation: 1, tokenId: freshId("token"), scopes, ...changes };
  await putConnection(caller);
  return caller;
}

export async function putConnection(caller: ConnectedCaller, active = true): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO connections (owner_id, client_id, scopes, generation, active) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (owner_id, client_id) DO UPDATE SET scopes = ?3, generation = ?4, active = ?5`,
  )
    .bind(caller.ownerId, caller.clientId, JSON.stringify(caller.scopes), caller.generation, active ? 1 : 0)
    .run();
}

/** A resource as its resource server registers it, without a name of its own. */
export function newResource(id: string, description: ResourceDescriptionBody): NewResource {
  return { id, description, externalId: null, operationId: null };
}
