-- Owners who are going, or gone: what is known of them until D1 can no longer travel back to a time when they were there.
CREATE TABLE deletions (
  owner_id TEXT PRIMARY KEY,
  by_operator INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  -- Since when nobody acts for the owner, and the account of the person is gone.
  closed_at INTEGER,
  -- Since when nothing of the owner is here but this.
  erased_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX deletions_by_age ON deletions (requested_at, owner_id);
CREATE INDEX deletions_unfinished ON deletions (requested_at) WHERE erased_at IS NULL;

-- An owner and an account are deleted without a walk over what is not theirs.
CREATE UNIQUE INDEX accounts_by_owner ON accounts (owner_id);
CREATE INDEX invitations_by_inviter ON invitations (invited_by) WHERE invited_by IS NOT NULL;
