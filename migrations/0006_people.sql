-- People: accounts, how they sign in, their sessions, and for whom they act. Names, devices and whatever others say about
-- a person are sealed under the account's own key; verified addresses are what they are found by.

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES owners (id),
  wrapped_key TEXT NOT NULL,
  sealed_name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  public_key TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  transports TEXT NOT NULL CHECK (json_valid(transports)),
  sealed_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_by_account ON passkeys (account_id);

CREATE TABLE account_addresses (
  address TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  verified_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_addresses_by_account ON account_addresses (account_id);

-- An account at an identity provider that signs its person in here.
CREATE TABLE identities (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  provider_id TEXT NOT NULL,
  sealed_statement TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_account ON identities (account_id);

CREATE TABLE recovery_codes (
  hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  authenticated_at INTEGER NOT NULL,
  methods TEXT NOT NULL CHECK (json_valid(methods)),
  sealed_place TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Who acts for an owner, from when until when. Everybody acts for what is their own.
CREATE TABLE administrators (
  owner_id TEXT NOT NULL REFERENCES owners (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  role TEXT NOT NULL,
  begins_at INTEGER NOT NULL,
  ends_at INTEGER,
  PRIMARY KEY (owner_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX administrators_by_account ON administrators (account_id, owner_id);

CREATE TABLE invitations (
  hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner_id TEXT NOT NULL REFERENCES owners (id),
  role TEXT NOT NULL,
  ends_at INTEGER,
  invited_by TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_owner ON invitations (owner_id, created_at);
