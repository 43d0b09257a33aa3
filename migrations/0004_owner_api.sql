-- An owner can be renamed, and an edit counts only on the version that it was made from.
ALTER TABLE owners ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
