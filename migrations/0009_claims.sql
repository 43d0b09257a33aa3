-- What an app may show this server of its people, and what people let this server remember for an app.

-- Whether what goes wrong on a visit of a requesting party is told the app without asking the person (RFC 9700 §4.11.2).
ALTER TABLE clients ADD COLUMN redirects_errors INTEGER NOT NULL DEFAULT 0;

-- A persisted claims token (Grant §3.3.5). What it stands for is sealed under the account's own key.
CREATE TABLE pcts (
  hash TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  sealed_claims TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pcts_by_account ON pcts (account_id, client_id, created_at);
CREATE INDEX pcts_by_client ON pcts (client_id);
CREATE INDEX pcts_by_end ON pcts (expires_at);
