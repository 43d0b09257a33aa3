-- Where an operator has events sent, for the server as a whole or for one resource server; the secret is sealed under the
-- ring's vault key.
CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY,
  -- The resource server that is told what concerns it; null: the operator is told everything.
  client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  events TEXT NOT NULL CHECK (json_valid(events)),
  sealed_secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_endpoints_by_age ON webhook_endpoints (created_at, id);
CREATE INDEX webhook_endpoints_by_client ON webhook_endpoints (client_id);

-- Which letters a person wants, where they have said so.
CREATE TABLE notice_settings (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;

-- Which letters an address of nobody here is not to get, by its hash.
CREATE TABLE notice_stops (
  address_hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (address_hash, kind)
) STRICT, WITHOUT ROWID;

-- The language in which a person last signed in, for what is written to them.
ALTER TABLE accounts ADD COLUMN language TEXT;
