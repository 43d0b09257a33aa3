import { type PartyClaims, type PartyStatement, parsePartyClaims } from "../../protocol/claims.ts";
import type { Client } from "../../protocol/client.ts";
import { PCT_LIFETIME_SECONDS } from "../../protocol/lifetimes.ts";
import { readName } from "../account/create-account.ts";
import { identityIdOf } from "../identity-id.ts";
import type { Account } from "../ports/account.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { PctStore, PresentedPct } from "../ports/pct.ts";
import type { Sealer } from "../ports/seal.ts";
import type { Secrets } from "../ports/secret.ts";

export interface PctServices {
  readonly pcts: PctStore;
  readonly accountSeals: AccountSeals;
  readonly sealer: Sealer;
  readonly secrets: Pick<Secrets, "random" | "hash">;
}

/** 32 bytes in base64url. */
const PCT = /^[\w-]{43}$/;

/** Whether a text can be a PCT at all: storage is asked about nothing else. */
export function looksLikePct(text: string): boolean {
  return PCT.test(text);
}

/** What somebody lets a client be known by next time. */
interface Remembered {
  readonly client: Client;
  readonly account: Account;
  readonly claims: PartyClaims;
}

/** Whom a PCT stands for. */
interface RememberedParty {
  readonly claims: PartyClaims;
  /** What the person calls themselves; empty: nothing. */
  readonly name: string;
  /** What is the person's own. */
  readonly ownerId: string;
}

/** A PCT that was made: how it is found, and itself, sealed for whoever hands it out with the RPT. */
interface KeptPct {
  readonly hash: string;
  readonly sealed: string;
}

/**
 * Makes a PCT (Grant §3.3.5): 32 random bytes, of which only the hash is kept, beside the claims, sealed under the
 * account's own key.
 */
export async function keepPct(services: PctServices, remembered: Remembered, now: number): Promise<KeptPct> {
  const { client, account, claims } = remembered;
  const secret = services.secrets.random();
  const [hash, sealedClaims, sealed] = await Promise.all([
    services.secrets.hash(secret),
    services.accountSeals.seal(account.wrappedKey, "pct", claims),
    services.sealer.seal("pct", secret),
  ]);
  const expiresAt = now + PCT_LIFETIME_SECONDS;
  await services.pcts.insert(
    { clientId: client.id, accountId: account.id, sealedClaims, createdAt: now, expiresAt },
    hash,
  );
  return { hash, sealed };
}

/** @returns null when the key that sealed it has gone; then it is not handed out. */
export async function openSealedPct({ sealer }: Pick<PctServices, "sealer">, sealed: string): Promise<string | null> {
  const secret = await sealer.open("pct", sealed);
  return typeof secret === "string" ? secret : null;
}

/**
 * What a PCT stands for, as far as the account is still that. One round trip. In the hands of another client it has been
 * stolen, so it ends (Grant §5.2).
 *
 * @returns "stolen" for one of another client, null for what is none (any more): then it is as if none had been sent.
 */
export async function findRemembered(
  services: Pick<PctServices, "pcts" | "accountSeals" | "secrets">,
  client: Client,
  pct: string,
  now: number,
): Promise<RememberedParty | "stolen" | null> {
  if (!looksLikePct(pct)) return null;
  const presented = await services.pcts.use(await services.secrets.hash(pct), client.id, now);
  if (presented === null || presented === "stolen") return presented;
  const { wrappedKey, sealedClaims, sealedName } = presented;
  const [statement, name] = await Promise.all([
    services.accountSeals.open(wrappedKey, "pct", sealedClaims),
    readName(services, { wrappedKey, sealedName }),
  ]);
  const claims = parsePartyClaims(statement);
  return claims && { claims: await stillTrue(claims, presented), name, ownerId: presented.ownerId };
}

/** INVARIANT: an address that was removed and an identity that was unlinked count no more, whatever was remembered. */
async function stillTrue(claims: PartyClaims, { addresses, identityIds }: PresentedPct): Promise<PartyClaims> {
  const { email, ...others } = claims.claims;
  const kept = [email ?? []].flat().filter((address) => typeof address === "string" && addresses.includes(address));
  const { linked = [] } = claims;
  const ids = await Promise.all(linked.map((statement: PartyStatement) => identityIdOf(statement)));
  return {
    ...claims,
    claims: kept.length === 0 ? others : { ...others, email: kept },
    linked: linked.filter((_, index) => identityIds.includes(ids[index] ?? "")),
  };
}
