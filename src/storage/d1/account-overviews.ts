import type { AccountOverviewStore, StoredOverview } from "../../operations/ports/account-overview.ts";
import { MAX_SESSIONS } from "../../shared/limits.ts";
import { type AccountRow, accountFromRow, proofsFromResults } from "./accounts.ts";
import { type AdministeredRow, administeredFromRow, listAdministered } from "./administrators.ts";
import { type SessionRow, sessionFromRow } from "./sessions.ts";

/** Whose session it is: every statement finds that out by itself, so that all go in one batch. */
const ACCOUNT_ID = "(SELECT account_id FROM sessions WHERE hash = ?1 AND expires_at > ?2)";
const STATEMENTS = [
  "SELECT * FROM sessions WHERE hash = ?1 AND expires_at > ?2",
  `SELECT * FROM accounts WHERE id = ${ACCOUNT_ID}`,
  `SELECT * FROM sessions WHERE account_id = ${ACCOUNT_ID} AND expires_at > ?2
   ORDER BY created_at DESC LIMIT ${MAX_SESSIONS}`,
  listAdministered(ACCOUNT_ID, "?2"),
  `SELECT count(*) AS n FROM connections
   WHERE active = 1 AND ?2 > 0 AND owner_id = (SELECT owner_id FROM accounts WHERE id = ${ACCOUNT_ID})`,
  `SELECT count(DISTINCT client_id) AS n FROM pcts WHERE account_id = ${ACCOUNT_ID} AND expires_at > ?2`,
  // In the order in which `proofsFromResults` reads them.
  `SELECT * FROM passkeys WHERE account_id = ${ACCOUNT_ID}`,
  `SELECT * FROM account_addresses WHERE account_id = ${ACCOUNT_ID}`,
  `SELECT * FROM identities WHERE account_id = ${ACCOUNT_ID}`,
  `SELECT count(*) AS n FROM recovery_codes WHERE account_id = ${ACCOUNT_ID}`,
];

export class D1AccountOverviewStore implements AccountOverviewStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async find(hash: string, now: number): Promise<StoredOverview | null> {
    const statements = STATEMENTS.map((statement) => this.#db.prepare(statement).bind(hash, now));
    const [found, accounts, sessions, administered, connections, remembered, ...proofs] =
      await this.#db.batch(statements);
    const [session] = (found?.results ?? []) as SessionRow[];
    const [account] = (accounts?.results ?? []) as AccountRow[];
    if (session === undefined || account === undefined) return null;
    return {
      signedIn: { session: sessionFromRow(session), account: accountFromRow(account) },
      proofs: proofsFromResults(proofs),
      sessions: ((sessions?.results ?? []) as SessionRow[]).map(sessionFromRow),
      administered: ((administered?.results ?? []) as AdministeredRow[]).map(administeredFromRow),
      connections: countOf(connections),
      remembered: countOf(remembered),
    };
  }
}

function countOf(counted: D1Result | undefined): number {
  return ((counted?.results ?? []) as { readonly n: number }[])[0]?.n ?? 0;
}
