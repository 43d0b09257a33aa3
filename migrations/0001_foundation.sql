-- The system of record (docs/design.md, decision 3). README.md beside this file tells each table's lifetime and reason.

CREATE TABLE owners (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  ledger TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX owners_by_age ON owners (created_at, id);

-- Where each owner's record stands: the number of the last change, and which operation took it.
CREATE TABLE owner_epochs (
  owner_id TEXT PRIMARY KEY REFERENCES owners (id),
  epoch INTEGER NOT NULL,
  operation_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- INVARIANT: D1 takes only the next epoch (ledger/README.md, rule 2).
-- A gap, a repeat or a latecomer fails its whole batch.
CREATE TRIGGER owner_epochs_in_turn
BEFORE UPDATE ON owner_epochs
WHEN NEW.epoch <> OLD.epoch + 1
BEGIN
  SELECT RAISE(ABORT, 'epoch out of turn');
END;

CREATE TABLE clients (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  authentication_method TEXT NOT NULL,
  secret_hash TEXT,
  jwks TEXT CHECK (jwks IS NULL OR json_valid(jwks)),
  jwks_uri TEXT,
  grant_types TEXT NOT NULL CHECK (json_valid(grant_types)),
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  claims_redirect_uris TEXT NOT NULL CHECK (json_valid(claims_redirect_uris)),
  may_push_claims INTEGER NOT NULL,
  issuer_client_ids TEXT NOT NULL CHECK (json_valid(issuer_client_ids)),
  rpt_format TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX clients_by_age ON clients (created_at, id);

CREATE TABLE connections (
  owner_id TEXT NOT NULL REFERENCES owners (id),
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  generation INTEGER NOT NULL,
  active INTEGER NOT NULL,
  PRIMARY KEY (owner_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX connections_by_client ON connections (client_id, owner_id);

CREATE TABLE resources (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES owners (id),
  resource_server_id TEXT NOT NULL,
  type TEXT,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  description TEXT NOT NULL CHECK (json_valid(description)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX resources_by_owner ON resources (owner_id, resource_server_id, id);

CREATE TABLE policies (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES owners (id),
  version INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document))
) STRICT, WITHOUT ROWID;
CREATE INDEX policies_by_owner ON policies (owner_id, id);

-- What each policy is about, so that an assessment reads just the policies that can matter to it.
-- kind: resource (value: its id), type (value: the type), all (value empty).
CREATE TABLE policy_targets (
  owner_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  policy_id TEXT NOT NULL REFERENCES policies (id) ON DELETE CASCADE,
  PRIMARY KEY (owner_id, kind, value, policy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_targets_by_policy ON policy_targets (policy_id);

CREATE TABLE policy_groups (
  policy_id TEXT NOT NULL REFERENCES policies (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL,
  PRIMARY KEY (policy_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE owner_groups (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES owners (id),
  version INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document))
) STRICT, WITHOUT ROWID;
CREATE INDEX owner_groups_by_owner ON owner_groups (owner_id, id);

CREATE TABLE trusted_issuers (
  id TEXT PRIMARY KEY,
  issuer TEXT NOT NULL UNIQUE,
  jwks TEXT CHECK (jwks IS NULL OR json_valid(jwks)),
  jwks_uri TEXT,
  audiences TEXT NOT NULL CHECK (json_valid(audiences)),
  claims TEXT NOT NULL CHECK (json_valid(claims)),
  email_domains TEXT NOT NULL CHECK (json_valid(email_domains)),
  max_token_age INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX trusted_issuers_by_age ON trusted_issuers (created_at, id);
