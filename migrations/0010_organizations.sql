-- Rights stand by role, so that a wider one for a time and a narrower one for longer stand beside each other; and each
-- says who let somebody in. Invitations are listed by age and dropped by their end.

CREATE TABLE former_administrators AS SELECT * FROM administrators;
DROP TABLE administrators;
CREATE TABLE administrators (
  owner_id TEXT NOT NULL REFERENCES owners (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  role TEXT NOT NULL,
  begins_at INTEGER NOT NULL,
  ends_at INTEGER,
  -- The account that invited; null: the operator did, or it is the person's own.
  invited_by TEXT,
  PRIMARY KEY (owner_id, account_id, role)
) STRICT, WITHOUT ROWID;
INSERT INTO administrators (owner_id, account_id, role, begins_at, ends_at)
  SELECT owner_id, account_id, role, begins_at, ends_at FROM former_administrators;
DROP TABLE former_administrators;
CREATE INDEX administrators_by_account ON administrators (account_id, owner_id);
CREATE INDEX administrators_by_end ON administrators (ends_at) WHERE ends_at IS NOT NULL;

-- Whom it was sent to, sealed under the key of the account that invites; null: nobody in particular.
ALTER TABLE invitations ADD COLUMN sealed_address TEXT;
DROP INDEX invitations_by_owner;
CREATE INDEX invitations_by_owner ON invitations (owner_id, created_at, id);
CREATE INDEX invitations_by_end ON invitations (expires_at);
