import type { ActingAdministrator } from "../../protocol/actor.ts";
import { notActing } from "../account/administrators.ts";
import { readName } from "../account/create-account.ts";
import { noteSeen } from "../account/sessions.ts";
import type { AccountSeals } from "../ports/account-seal.ts";
import type { ActingViewStore } from "../ports/acting-view.ts";
import type { Administered } from "../ports/administrator.ts";
import type { Secrets } from "../ports/secret.ts";
import type { SessionStore, SignedIn } from "../ports/session.ts";

interface ActServices {
  readonly actingViews: Pick<ActingViewStore, "ofPerson">;
  readonly accountSeals: AccountSeals;
  readonly sessions: Pick<SessionStore, "touch">;
  readonly secrets: Pick<Secrets, "hash">;
}

/** A person who acts for an owner in a browser. */
export interface Acting {
  readonly signedIn: SignedIn;
  /** What the person is called; null: they gave no name. */
  readonly name: string | null;
  /** Verified here; null: none. */
  readonly address: string | null;
  /** What hands on to operations and storage who acts for whom. */
  readonly actor: ActingAdministrator;
  /** The right to act for the owner; `ownerName` is null for what is the person's own. */
  readonly right: Administered;
  /** Every owner that the person acts for: what is their own first, then organisations by name. */
  readonly owners: readonly Administered[];
}

/**
 * Who acts for an owner where a browser holds this secret. One round trip, and once an hour another that notes it. The
 * right is looked at again by whatever is asked with it (`actor`).
 * @returns null when nobody is signed in.
 * @throws ProtocolError not_found for an owner that the person does not act for, whether there is one or not.
 */
export async function findActing(
  services: ActServices,
  secret: string,
  ownerId: string,
  now: number,
): Promise<Acting | null> {
  const hash = await services.secrets.hash(secret);
  const stored = await services.actingViews.ofPerson(hash, now);
  if (stored === null) return null;
  const { signedIn, address, administered } = stored;
  const { session, account } = signedIn;
  const right = administered.find((one) => one.ownerId === ownerId);
  if (right === undefined) throw notActing();
  await noteSeen(services.sessions, hash, session, now);
  const name = await readName(services, account);
  return {
    signedIn,
    name: name === "" ? null : name,
    address,
    actor: { ownerId, accountId: account.id, now },
    right,
    owners: administered,
  };
}
