import * as v from "valibot";
import { type Door, DoorStatement, doorStatement, toDoor } from "./door.ts";
import { type GrantedIdentity, GrantedStatement, grantedStatement, toGranted } from "./identity.ts";
import { type PermissionTicket, parseTicket, ticketStatement } from "./ticket.ts";
import { CONNECTION_SCOPES, type ConnectionScope } from "./wire/connection.ts";

/** What an authorization code says once its seal is opened (RFC 6749 §4.1.2). */
export interface AuthorizationCode {
  readonly id: string;
  readonly clientId: string;
  /** Who consented. */
  readonly accountId: string;
  readonly gift: CodeGift;
  /** The thumbprint of the key that has to be shown with it (RFC 9449 §10); null: any may be, or none. */
  readonly dpopJkt: string | null;
  readonly redirectUri: string;
  /** Whether the authorization request named it, so that the token request must (RFC 6749 §4.1.3). */
  readonly isUriSent: boolean;
  readonly codeChallenge: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** What a code is redeemed for; each kind is spent in a place of its own. */
export type CodeGift = ConnectionGift | AccessGift | IdentityGift;

/** Tokens of a connection. Spent in the owner's ledger. */
export interface ConnectionGift {
  readonly kind: "connection";
  /** Also the name of the ledger at home. */
  readonly ownerId: string;
  /** The generation of the connection that was consented to; the code ends with it. */
  readonly connectionGeneration: number;
  readonly scopes: readonly ConnectionScope[];
  /** What the client learns beside it about who consented; null: nothing. */
  readonly identity: GrantedIdentity | null;
}

/** An RPT. Its ticket is spent in the ledger of whose things it is for. */
export interface AccessGift {
  readonly kind: "access";
  /** The one that a visit ended with (Grant §3.3.3). */
  readonly ticket: PermissionTicket;
  readonly door: Door;
  /** What the client learns beside it about whose visit it was; null: nothing. */
  readonly identity: GrantedIdentity | null;
}

/** Who it was, and no more. Spent in the replay guard. */
export interface IdentityGift {
  readonly kind: "identity";
  readonly identity: GrantedIdentity;
}

const Connection = v.tuple([
  v.literal("connection"),
  v.string(),
  v.number(),
  v.array(v.picklist(CONNECTION_SCOPES)),
  v.nullable(GrantedStatement),
]);
const Identity = v.tuple([v.literal("identity"), GrantedStatement]);

const Ticket = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const ticket = parseTicket(dataset.value);
    if (ticket !== null) return ticket;
    addIssue();
    return NEVER;
  }),
);
const Access = v.tuple([v.literal("access"), Ticket, DoorStatement, v.nullable(GrantedStatement)]);
const Gift = v.union([Connection, Access, Identity]);

/** It travels in a URL, so its members stand by place. */
const Statement = v.tuple([
  v.string(),
  v.string(),
  v.string(),
  Gift,
  v.nullable(v.string()),
  v.string(),
  v.boolean(),
  v.string(),
  v.number(),
]);

export function codeStatement(code: AuthorizationCode): v.InferInput<typeof Statement> {
  const { id, clientId, accountId, gift, dpopJkt, redirectUri, isUriSent, codeChallenge, expiresAt } = code;
  return [id, clientId, accountId, giftStatement(gift), dpopJkt, redirectUri, isUriSent, codeChallenge, expiresAt];
}

/** @param statement what the seal gave, null when it did not open */
export function parseAuthorizationCode(statement: unknown): AuthorizationCode | null {
  const parsed = v.safeParse(Statement, statement);
  if (!parsed.success) return null;
  const [id, clientId, accountId, gift, dpopJkt, redirectUri, isUriSent, codeChallenge, expiresAt] = parsed.output;
  return { id, clientId, accountId, gift: toGift(gift), dpopJkt, redirectUri, isUriSent, codeChallenge, expiresAt };
}

function giftStatement(gift: CodeGift): v.InferInput<typeof Gift> {
  switch (gift.kind) {
    case "connection": {
      const { kind, ownerId, connectionGeneration, scopes, identity } = gift;
      return [kind, ownerId, connectionGeneration, [...scopes], identity && grantedStatement(identity)];
    }
    case "access":
      return [
        gift.kind,
        ticketStatement(gift.ticket),
        doorStatement(gift.door),
        gift.identity && grantedStatement(gift.identity),
      ];
    case "identity":
      return [gift.kind, grantedStatement(gift.identity)];
  }
}

function toGift(statement: v.InferOutput<typeof Gift>): CodeGift {
  switch (statement[0]) {
    case "connection": {
      const [kind, ownerId, connectionGeneration, scopes, identity] = statement;
      return { kind, ownerId, connectionGeneration, scopes, identity: identity && toGranted(identity) };
    }
    case "access": {
      const [kind, ticket, door, identity] = statement;
      return { kind, ticket, door: toDoor(door), identity: identity && toGranted(identity) };
    }
    case "identity":
      return { kind: statement[0], identity: toGranted(statement[1]) };
  }
}
