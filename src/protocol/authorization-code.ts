import * as v from "valibot";
import { CONNECTION_SCOPES, type ConnectionScope } from "./wire/connection.ts";

/** What an authorization code says once its seal is opened; the owner's ledger spends it (RFC 6749 §4.1.2). */
export interface AuthorizationCode {
  readonly id: string;
  /** Also the name of the ledger at home. */
  readonly ownerId: string;
  readonly clientId: string;
  /** Who consented. */
  readonly accountId: string;
  /** The generation of the connection that was consented to; the code ends with it. */
  readonly connectionGeneration: number;
  readonly scopes: readonly ConnectionScope[];
  readonly redirectUri: string;
  /** Whether the authorization request named it, so that the token request must (RFC 6749 §4.1.3). */
  readonly isUriSent: boolean;
  readonly codeChallenge: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** It travels in a URL, so its members stand by place. */
const Statement = v.tuple([
  v.string(),
  v.string(),
  v.string(),
  v.string(),
  v.number(),
  v.array(v.picklist(CONNECTION_SCOPES)),
  v.string(),
  v.boolean(),
  v.string(),
  v.number(),
]);

export function codeStatement(code: AuthorizationCode): v.InferOutput<typeof Statement> {
  const { id, ownerId, clientId, accountId, connectionGeneration, scopes } = code;
  const redirect = [code.redirectUri, code.isUriSent] as const;
  return [
    id,
    ownerId,
    clientId,
    accountId,
    connectionGeneration,
    [...scopes],
    ...redirect,
    code.codeChallenge,
    code.expiresAt,
  ];
}

/** @param statement what the seal gave, null when it did not open */
export function parseAuthorizationCode(statement: unknown): AuthorizationCode | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success) return null;
  const [id, ownerId, clientId, accountId, connectionGeneration, scopes, ...rest] = parsed.output;
  const [redirectUri, isUriSent, codeChallenge, expiresAt] = rest;
  return {
    id,
    ownerId,
    clientId,
    accountId,
    connectionGeneration,
    scopes,
    redirectUri,
    isUriSent,
    codeChallenge,
    expiresAt,
  };
}
