import type { Change, Cut } from "../../../src/ledger/change.ts";
import { describeParty } from "../../../src/protocol/party-card.ts";
import { asking, permit, pushed, RS } from "../ledger-stage.ts";

/** What can happen to a ledger; numbers pick among what there is at that moment. */
export type Act =
  | { readonly do: "redeem"; readonly client: string; readonly party: string | null; readonly ask: number }
  /** A ticket that comes with an RPT of before, from whoever got that or from somebody else. */
  | {
      readonly do: "upgrade";
      readonly rpt: number;
      readonly ask: number;
      readonly scopes: readonly string[] | null;
      readonly by: { readonly client: string; readonly party: string | null } | "the same";
    }
  | { readonly do: "present"; readonly ticket: number; readonly client: string; readonly party: string | null }
  | { readonly do: "repeat"; readonly attempt: number }
  /** An administrator decides about a request that waits, in the version that it has then; or sends that again. */
  | { readonly do: "decide"; readonly request: number; readonly yes: boolean }
  | { readonly do: "decideAgain"; readonly decision: number }
  /** A party that comes so often that its oldest grants have to go. */
  | { readonly do: "crowd"; readonly client: string; readonly party: string }
  | { readonly do: "introspect" | "refresh" | "revoke" | "endGrant"; readonly ticket: number }
  /** The owner asks what is granted at present. */
  | { readonly do: "list" }
  /** A refresh of a public client, with its newest generation or one that is so many back. */
  | { readonly do: "rotate"; readonly ticket: number; readonly back: number }
  /** An introspection with a token that was used before, or the end of that token. */
  | { readonly do: "inspect"; readonly ticket: number; readonly token: number }
  | { readonly do: "revokeToken"; readonly token: number }
  | { readonly do: "change"; readonly change: Change }
  /** The resource server asks, under its own connection, for what it may change and what it may not. */
  | { readonly do: "meddle"; readonly change: Change }
  /** The operator removes a client: from the record at once, then from the ledger. */
  | { readonly do: "removeClient"; readonly client: string }
  | { readonly do: "changeAgain"; readonly operation: number }
  | { readonly do: "cut"; readonly cut: Cut }
  | { readonly do: "alarm" | "crash" | "settle" }
  | { readonly do: "down"; readonly down: boolean }
  | { readonly do: "full"; readonly full: boolean }
  | { readonly do: "lose" | "deliverLate"; readonly pick: number }
  | { readonly do: "pass"; readonly seconds: number };

export interface Step {
  readonly act: Act;
  /** What arrives after it, in this order; null: everything, until all is quiet. */
  readonly arrivals: readonly number[] | null;
}

export const CLIENTS = ["c1", "c2"] as const;
export const PARTIES = {
  bob: carded(pushed("bob", { sub: "bob", email: "bob@example.com" })),
  carol: carded(pushed("carol", { sub: "carol", email: "carol@other.example" })),
} as const;

function carded(party: ReturnType<typeof pushed>) {
  const { claims, partyReference } = party;
  return { ...party, card: describeParty(claims, partyReference, null) };
}

export const ASKS = [
  [asking("r1", "view")],
  [asking("r1", "view", "edit")],
  [asking("r2", "view")],
  [asking("r1", "view"), asking("r2", "view")],
];

export const RESOURCES = {
  r1: { id: "r1", resourceServerId: RS, type: "picture", collections: [], scopes: ["view", "edit"] },
  r2: { id: "r2", resourceServerId: RS, type: null, collections: ["album"], scopes: ["view"] },
  album: { id: "album", resourceServerId: RS, type: null, collections: [], scopes: ["view"] },
  r3: { id: "r3", resourceServerId: RS, type: null, collections: [], scopes: ["view"] },
};

/** What stands before anything happens. */
export const PROLOGUE: readonly Change[] = [
  { kind: "put_connection", clientId: RS, scopes: [] },
  { kind: "put_connection", clientId: "c1", scopes: [] },
  { kind: "put_group", id: "g", document: { name: "g", members: [{ email: "bob@example.com" }] }, expected: "absent" },
  { kind: "put_policy", id: "p1", document: permit(), expected: "absent" },
];
