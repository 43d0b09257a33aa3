import { CLAIM_OPERATORS, issuersOf } from "../language/claim-operators.ts";
import { askCondition } from "../language/kinds.ts";
import type { ClaimTest, Condition } from "../language/policy.ts";

/** Whom something is shared with, each in the terms in which an owner would name them. */
export type Audience =
  | { readonly kind: "everybody" }
  /** Whoever proves this e-mail address; `vouchers`: only these issuers count; null: whoever may speak for it. */
  | { readonly kind: "address"; readonly address: string; readonly vouchers: readonly string[] | null }
  /** Whoever proves an address of this domain. */
  | { readonly kind: "domain"; readonly domain: string; readonly vouchers: readonly string[] | null }
  /** Somebody whom one issuer knows by this subject. */
  | { readonly kind: "person"; readonly issuer: string; readonly subject: string }
  | { readonly kind: "group"; readonly groupId: string }
  /** Whoever uses this app. */
  | { readonly kind: "app"; readonly clientId: string };

/** Those whom a condition names: each of them meets it. */
export interface Audiences {
  readonly whom: readonly Audience[];
  /** Only by way of one of these apps; null: by any. */
  readonly through: readonly string[] | null;
}

/**
 * Reads a condition as a list of those it lets in.
 * @returns null for one that says more than such a list can.
 */
export function readAudiences(who: Condition): Audiences | null {
  const whom = readWhom(who);
  if (whom !== null) return { whom, through: null };
  return readThrough(who);
}

const readWhom: (condition: Condition) => readonly Audience[] | null = askCondition<[], readonly Audience[] | null>(
  {
    anyone: () => [{ kind: "everybody" }],
    all: ({ all: [only, ...others] }) => (only === undefined || others.length > 0 ? null : readWhom(only)),
    any: ({ any }) => joinAll(any.map(readWhom)),
    not: () => null,
    group: ({ group }) => [{ kind: "group", groupId: group }],
    client: ({ client }) => [client].flat().map((clientId) => ({ kind: "app", clientId })),
    claim: readClaim,
  },
  () => null,
);

/** People by way of an app, such as an approval lets in. */
function readThrough(who: Condition): Audiences | null {
  if (!("all" in who) || who.all.length !== 2) return null;
  const app = who.all.find((part) => "client" in part);
  const whom = joinAll(who.all.filter((part) => part !== app).map(readWhom));
  if (app === undefined || whom === null || whom.some(({ kind }) => kind === "app")) return null;
  return { whom, through: [app.client].flat() };
}

function joinAll(parts: readonly (readonly Audience[] | null)[]): readonly Audience[] | null {
  const read = parts.filter((part) => part !== null);
  return read.length < parts.length ? null : read.flat();
}

function readClaim(test: ClaimTest): readonly Audience[] | null {
  const operators = CLAIM_OPERATORS.filter((operator) => Object.hasOwn(test, operator));
  if (operators.length !== 1) return null;
  if (test.claim === "email") return readEmail(test);
  return test.claim === "sub" ? readSubject(test) : null;
}

function readEmail(test: ClaimTest): readonly Audience[] | null {
  const vouchers = issuersOf(test);
  if (test.domain !== undefined) return [{ kind: "domain", domain: test.domain, vouchers }];
  return valuesOf(test)?.map((value) => ({ kind: "address", address: String(value), vouchers })) ?? null;
}

/** A subject is somebody only together with one issuer (OIDC Core §5.7). */
function readSubject(test: ClaimTest): readonly Audience[] | null {
  const [issuer, ...others] = issuersOf(test) ?? [];
  if (issuer === undefined || others.length > 0) return null;
  return valuesOf(test)?.map((value) => ({ kind: "person", issuer, subject: String(value) })) ?? null;
}

function valuesOf({ equals, one_of }: ClaimTest): ClaimTest["one_of"] {
  return equals === undefined ? one_of : [equals];
}
