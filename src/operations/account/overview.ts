import { type Device, readDevice } from "../../protocol/device.ts";
import type { Account, AccountAddress, Identity, Passkey } from "../ports/account.ts";
import type { AccountOverviewStore } from "../ports/account-overview.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { Secrets } from "../ports/secret.ts";
import type { Session, SessionStore, SignedIn } from "../ports/session.ts";
import { readName } from "./create-account.ts";
import { noteSeen, readPlace } from "./sessions.ts";

interface OverviewServices {
  readonly accountOverviews: AccountOverviewStore;
  readonly accountSeals: AccountSeals;
  readonly sessions: Pick<SessionStore, "touch">;
  readonly secrets: Pick<Secrets, "hash">;
}

/** An account as its person sees it. Times are epoch seconds. */
export interface AccountOverview {
  readonly signedIn: SignedIn;
  /** Empty: none was given. */
  readonly name: string;
  readonly passkeys: readonly NamedPasskey[];
  readonly addresses: readonly AccountAddress[];
  readonly identities: readonly Identity[];
  readonly recoveryCodes: number;
  /** The one that is used now first, then the newest. */
  readonly sessions: readonly PlacedSession[];
  /** Names of the owners that the person acts for beside themself. */
  readonly organisations: readonly string[];
  readonly connections: number;
  readonly remembered: number;
}

export type NamedPasskey = Pick<Passkey, "id" | "createdAt" | "lastUsedAt"> & { readonly name: string };

export interface PlacedSession extends Pick<Session, "id" | "createdAt" | "lastSeenAt"> {
  readonly device: Device;
  readonly country: string | null;
  readonly isCurrent: boolean;
}

/**
 * Everything that somebody's own pages tell, for whoever is signed in where a browser holds this secret. One round trip, and
 * once an hour another that notes it.
 * @returns null when nobody is.
 */
export async function findOverview(
  services: OverviewServices,
  secret: string,
  now: number,
): Promise<AccountOverview | null> {
  const hash = await services.secrets.hash(secret);
  const stored = await services.accountOverviews.find(hash, now);
  if (stored === null) return null;
  const { signedIn, proofs, administered, connections, remembered } = stored;
  const { account, session } = signedIn;
  await noteSeen(services.sessions, hash, session, now);
  const [name, passkeys, sessions] = await Promise.all([
    readName(services, account),
    Promise.all(proofs.passkeys.map((passkey) => namedPasskey(services, account, passkey))),
    Promise.all(stored.sessions.map((one) => placedSession(services, account, one, session.id))),
  ]);
  return {
    signedIn,
    name,
    passkeys: passkeys.toSorted((one, other) => one.createdAt - other.createdAt),
    addresses: proofs.addresses.toSorted((one, other) => one.verifiedAt - other.verifiedAt),
    identities: proofs.identities,
    recoveryCodes: proofs.recoveryCodes,
    sessions: sessions.toSorted((one, other) => Number(other.isCurrent) - Number(one.isCurrent)),
    organisations: administered.map(({ ownerName }) => ownerName).filter((owner) => owner !== null),
    connections,
    remembered,
  };
}

async function namedPasskey(
  { accountSeals }: Pick<OverviewServices, "accountSeals">,
  { wrappedKey }: Account,
  { id, sealedName, createdAt, lastUsedAt }: Passkey,
): Promise<NamedPasskey> {
  const name = await accountSeals.open(wrappedKey, "passkey_name", sealedName);
  return { id, name: typeof name === "string" ? name : "", createdAt, lastUsedAt };
}

async function placedSession(
  services: Pick<OverviewServices, "accountSeals">,
  account: Account,
  session: Session,
  currentId: string,
): Promise<PlacedSession> {
  const { device, country } = await readPlace(services, account, session);
  const { id, createdAt, lastSeenAt } = session;
  return { id, createdAt, lastSeenAt, device: readDevice(device), country, isCurrent: id === currentId };
}
