-- What people let apps learn about them when they sign in there (OpenID Connect Core §3.1.2.4).

-- One for each person and app. Given anew after it was taken back it has another id, so what stood on it stays ended.
CREATE TABLE identity_consents (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  consented_at INTEGER NOT NULL,
  -- Access tokens that were made up to then count no more.
  tokens_ended_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX identity_consents_by_account ON identity_consents (account_id, client_id);
CREATE INDEX identity_consents_by_client ON identity_consents (client_id);
