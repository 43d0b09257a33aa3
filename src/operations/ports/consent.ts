import type { Connection } from "../../protocol/connection.ts";
import type { IdentityConsent } from "./identity-consent.ts";
import type { AddressedPerson } from "./session.ts";

/** An owner whom an account acts for, and what stands between that owner and one client. */
export interface ConsentingOwner {
  readonly ownerId: string;
  /** Null: what is the person's own. */
  readonly name: string | null;
  /** Null: there is no standing connection. */
  readonly connection: Connection | null;
}

/** Somebody who is signed in, and those for whom they can say what one client may. */
export interface Consenter extends AddressedPerson {
  /** The person's own first, then organisations by name. */
  readonly owners: readonly ConsentingOwner[];
  /** What the person lets this client learn about them; null: nothing yet. */
  readonly identityConsent: IdentityConsent | null;
}

/** What people can say of connections. */
export interface ConsentStore {
  /** One round trip. @returns null where nobody is signed in by this session. */
  findConsenter(sessionHash: string, clientId: string, now: number): Promise<Consenter | null>;
}
