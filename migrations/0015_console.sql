-- Since when something is shared; null: since before anybody noted it.
ALTER TABLE policies ADD COLUMN created_at INTEGER;

-- When an account last looked at what it administers, and when before that: what happened in between is told.
CREATE TABLE console_visits (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  owner_id TEXT NOT NULL REFERENCES owners (id),
  seen_at INTEGER NOT NULL,
  -- The end of the visit before this one; null: this is the first.
  former_at INTEGER,
  PRIMARY KEY (account_id, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX console_visits_by_owner ON console_visits (owner_id);
