/**
 * Everything that operations ask of the world, on one page. Stores are named after what they keep; storage/ and crypto/
 * satisfy these interfaces, app.ts joins them. All times are epoch seconds.
 */
import type { Change } from "../policy/change.ts";
import type { Group, Policy } from "../policy/policy.ts";
import type { PartyClaims, TrustedIssuer } from "../protocol/claims.ts";
import type { Client } from "../protocol/client.ts";
import type { ConnectedCaller, Connection, ConnectionScope } from "../protocol/connection.ts";
import type { PermissionBody } from "../protocol/permission.ts";
import type { Resource, ResourceDescriptionBody, ResourceFacts } from "../protocol/resource.ts";
import type { OwnerLedger } from "./owner-ledger.ts";

/** A page of a list. `next` is an opaque cursor, null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Registered clients. `find` may be up to one lease old; a removal is answered only when every lease has run out. */
export interface ClientStore {
  find(id: string): Promise<Client | null>;
  list(cursor: string | null, limit: number): Promise<Page<Client>>;
  insert(client: Client): Promise<void>;
  /** @returns false when there is no such client. */
  replace(client: Client): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

export interface TrustedIssuerStore {
  /** By issuer identifier, compared exactly; leased like clients. */
  findByIssuer(issuer: string): Promise<TrustedIssuer | null>;
  find(id: string): Promise<TrustedIssuer | null>;
  list(cursor: string | null, limit: number): Promise<Page<TrustedIssuer>>;
  /** @returns false when that issuer identifier is already trusted. */
  insert(issuer: TrustedIssuer): Promise<boolean>;
  replace(issuer: TrustedIssuer): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

/** A resource owner's account: a person or an organisation (Grant §1.2). */
export interface Owner {
  readonly id: string;
  readonly kind: "organization";
  readonly name: string;
  /** The name of the ledger that new tickets are spent in. */
  readonly ledger: string;
  readonly createdAt: number;
}

export interface OwnerStore {
  find(id: string): Promise<Owner | null>;
  list(cursor: string | null, limit: number): Promise<Page<Owner>>;
  insert(owner: Owner): Promise<void>;
}

/** How much the system of record holds, for the operator. */
export interface RecordCounts {
  readonly owners: number;
  readonly clients: number;
  readonly issuers: number;
  readonly resources: number;
  readonly policies: number;
}

export interface Counts {
  all(): Promise<RecordCounts>;
}

export interface ConnectionStore {
  /** Standing connections only, like the lists. */
  find(ownerId: string, clientId: string): Promise<Connection | null>;
  /** @param limit at most so many; null: all, which may be as many as there are owners. */
  listByClient(clientId: string, limit: number | null): Promise<readonly Connection[]>;
  listByOwner(ownerId: string): Promise<readonly Connection[]>;
  /** Whether the caller's connection stands for this scope, for work that checks it nowhere else. */
  stands(caller: ConnectedCaller, scope: ConnectionScope): Promise<boolean>;
}

/** Outcome of something asked under a connection: null when the connection no longer stands. */
export type UnderConnection<T> = { readonly standing: false } | { readonly standing: true; readonly value: T };

/**
 * Registered resources, read and made under a connection: each call checks in the same D1 batch that the connection
 * still stands, and sees only resources of that owner at that resource server.
 */
export interface ResourceStore {
  find(caller: ConnectedCaller, id: string): Promise<UnderConnection<Resource | null>>;
  list(caller: ConnectedCaller): Promise<UnderConnection<readonly string[]>>;
  insert(
    caller: ConnectedCaller,
    id: string,
    description: ResourceDescriptionBody,
    now: number,
  ): Promise<UnderConnection<void>>;
  /** What a permission request needs: the named resources that exist, and the owner's ledger. */
  loadForPermission(caller: ConnectedCaller, ids: readonly string[]): Promise<UnderConnection<RequestableResources>>;
}

export interface RequestableResources {
  readonly ledger: string;
  readonly resources: readonly ResourceFacts[];
}

/** An owner's policies and groups, for lists and reading; changes go through the owner's ledger. */
export interface PolicyStore {
  find(caller: ConnectedCaller, id: string): Promise<UnderConnection<Policy | null>>;
  list(caller: ConnectedCaller, cursor: string | null, limit: number): Promise<UnderConnection<Page<Policy>>>;
  findGroup(caller: ConnectedCaller, id: string): Promise<UnderConnection<Group | null>>;
  listGroups(caller: ConnectedCaller, cursor: string | null, limit: number): Promise<UnderConnection<Page<Group>>>;
}

/** What an assessment looks at, read from D1 in one batch together with the epoch it is true for. */
export interface AssessmentFacts {
  /** The owner's epoch in D1; null when D1 does not know the owner. */
  readonly epoch: number | null;
  readonly resources: readonly ResourceFacts[];
  /** Every policy that targets one of these resources, its type, or all. */
  readonly policies: readonly Policy[];
  /** Every group that one of these policies names. */
  readonly groups: readonly Group[];
}

/** What became of a change in D1. */
export type ChangeResult =
  | { readonly outcome: "done"; readonly version: number }
  | { readonly outcome: "not_found" }
  | { readonly outcome: "version_mismatch"; readonly version: number }
  /** A limit on how many policies may target the same thing, or how many there may be. */
  | { readonly outcome: "limit_reached" };

export interface NumberedChange {
  readonly epoch: number;
  readonly operationId: string;
  readonly change: Change;
  /** When it was booked, epoch seconds. */
  readonly at: number;
}

/**
 * D1 as the ledger sees it. `apply` writes numbered changes in order, in one transaction, and takes only the next epoch:
 * a gap or a repeat fails whole. It throws ChangeRefused for a change that it will never take; any other error means that
 * nobody knows whether the changes were written.
 */
export interface SystemOfRecord {
  load(ownerId: string, resourceIds: readonly string[]): Promise<AssessmentFacts>;
  apply(ownerId: string, changes: readonly NumberedChange[]): Promise<readonly ChangeResult[]>;
  /** Where D1 stands: its epoch and the operation that took it; null when D1 does not know the owner. */
  position(ownerId: string): Promise<{ readonly epoch: number; readonly operationId: string } | null>;
  /** For a change that D1 is known to have taken but whose answer was lost: the answer it must have been. */
  recall(ownerId: string, change: NumberedChange): Promise<ChangeResult>;
  /** Takes an epoch with nothing in it, for a change that D1 refuses for good. */
  applyVoid(ownerId: string, epoch: number, operationId: string): Promise<void>;
}

/** Parts of the world that an object can be created in: Cloudflare's location hints. */
export const LOCATION_HINTS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
export type LocationHint = (typeof LOCATION_HINTS)[number];

/** Finds the ledger that a ticket, a token or an owner record names. */
export interface LedgerDirectory {
  /** @param location where to create it, if it does not exist yet: it never moves again. */
  ledger(name: string, location?: LocationHint): OwnerLedger;
}

/** What a sealed statement is for; a statement sealed for one purpose opens for no other. */
export type SealPurpose = "ticket" | "locator" | "handle" | "refresh" | "claims";

/** Authenticated encryption under the key ring's sealing key (AES-256-GCM), bound to purpose and issuer. */
export interface Sealer {
  /** @returns url-safe text of A-Z a-z 0-9 - . _ ~ */
  seal(purpose: SealPurpose, statement: unknown): Promise<string>;
  /** @returns null for anything that was not sealed here for this purpose. Never throws for bad input. */
  open(purpose: SealPurpose, sealed: string): Promise<unknown>;
}

/** Claims of a JWT access token (RFC 9068). */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly scope?: string;
  /** For a token made under a connection. */
  readonly connection_generation?: number;
  /** For an RPT. */
  readonly permissions?: readonly PermissionBody[];
}

export interface AccessTokenSigner {
  sign(claims: AccessTokenClaims): Promise<string>;
  /** @returns the claims of a token signed by any unexpired key of ours, of type at+jwt and not expired; else null. */
  verify(token: string, now: number): Promise<AccessTokenClaims | null>;
}

/** Why a claim token does not count; for logs only. */
export type ClaimTokenVerdict =
  | { readonly accepted: true; readonly party: PartyClaims }
  | { readonly accepted: false; readonly reason: string };

export interface ClaimTokenVerifier {
  /** Verifies an ID Token that a client pushed (OIDC Core §3.1.3.7, Grant §5.7). Never throws for bad input. */
  verify(claimToken: string, client: Client, now: number): Promise<ClaimTokenVerdict>;
}

/** Who a requesting party is to one resource server: stable there, meaningless elsewhere (RFC 9068 §6). */
export interface PairwiseSubjects {
  subject(resourceServerId: string, party: string): Promise<string>;
}

/** Random identifiers and secrets, at least 128 bits each. */
export interface Randomness {
  /** 16 random bytes in base64url. */
  id(): string;
}

/** Remembers used jti values until they expire (RFC 7523 §3). */
export interface ReplayGuard {
  /** @returns true the first time, false for a repeat. */
  claim(audience: string, jti: string, expiresAt: number): Promise<boolean>;
}

/** Counts failures of one kind; only failures are counted, so a caller who gets it right is never held up. */
export interface FailureLimiter {
  /** @returns false when this key failed too often of late. */
  record(key: string): Promise<boolean>;
}

/** Secrets of clients and operators; only their hashes are kept. */
export interface Secrets {
  /** 32 random bytes in base64url. */
  random(): string;
  hash(secret: string): Promise<string>;
  /** Takes the same time wherever the two differ. */
  matches(secret: string, hash: string): Promise<boolean>;
}

/** Signed client assertions (RFC 7523 §3, private_key_jwt). */
export interface ClientAssertions {
  /** The client that an assertion names, before anything is verified; null when it cannot be read. */
  subject(assertion: string): string | null;
  /** @throws ProtocolError invalid_client when it does not prove that this client sent it. */
  verify(assertion: string, client: Client, audiences: readonly string[], now: number): Promise<void>;
}
