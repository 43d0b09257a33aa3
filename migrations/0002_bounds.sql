-- Bounds: what keeps one tool, one resource server or one operator's slip from harming the rest.

-- Quotas. What an owner's tools and a resource server have written is counted as it is written, so that a quota costs one
-- row to check. INVARIANT: only these triggers write the counters.
CREATE TABLE resource_usage (
  owner_id TEXT NOT NULL,
  resource_server_id TEXT NOT NULL,
  resources INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (owner_id, resource_server_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_usage (
  owner_id TEXT PRIMARY KEY,
  policies INTEGER NOT NULL,
  groups INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO resource_usage (owner_id, resource_server_id, resources, bytes)
SELECT owner_id, resource_server_id, count(*), sum(length(CAST(description AS BLOB))) FROM resources
GROUP BY owner_id, resource_server_id;

INSERT INTO policy_usage (owner_id, policies, groups, bytes)
SELECT owner_id, sum(kind = 'policy'), sum(kind = 'group'), sum(bytes) FROM (
  SELECT owner_id, 'policy' AS kind, length(CAST(document AS BLOB)) AS bytes FROM policies
  UNION ALL
  SELECT owner_id, 'group', length(CAST(document AS BLOB)) FROM owner_groups
) GROUP BY owner_id;

CREATE TRIGGER resources_counted AFTER INSERT ON resources
BEGIN
  INSERT INTO resource_usage (owner_id, resource_server_id, resources, bytes)
  VALUES (NEW.owner_id, NEW.resource_server_id, 1, length(CAST(NEW.description AS BLOB)))
  ON CONFLICT (owner_id, resource_server_id) DO UPDATE SET
    resources = resources + 1, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER resources_recounted AFTER UPDATE OF description ON resources
BEGIN
  UPDATE resource_usage
  SET bytes = bytes + length(CAST(NEW.description AS BLOB)) - length(CAST(OLD.description AS BLOB))
  WHERE owner_id = NEW.owner_id AND resource_server_id = NEW.resource_server_id;
END;

CREATE TRIGGER resources_discounted AFTER DELETE ON resources
BEGIN
  UPDATE resource_usage SET resources = resources - 1, bytes = bytes - length(CAST(OLD.description AS BLOB))
  WHERE owner_id = OLD.owner_id AND resource_server_id = OLD.resource_server_id;
END;

CREATE TRIGGER policies_counted AFTER INSERT ON policies
BEGIN
  INSERT INTO policy_usage (owner_id, policies, groups, bytes)
  VALUES (NEW.owner_id, 1, 0, length(CAST(NEW.document AS BLOB)))
  ON CONFLICT (owner_id) DO UPDATE SET policies = policies + 1, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER policies_recounted AFTER UPDATE OF document ON policies
BEGIN
  UPDATE policy_usage SET bytes = bytes + length(CAST(NEW.document AS BLOB)) - length(CAST(OLD.document AS BLOB))
  WHERE owner_id = NEW.owner_id;
END;

CREATE TRIGGER policies_discounted AFTER DELETE ON policies
BEGIN
  UPDATE policy_usage SET policies = policies - 1, bytes = bytes - length(CAST(OLD.document AS BLOB))
  WHERE owner_id = OLD.owner_id;
END;

CREATE TRIGGER owner_groups_counted AFTER INSERT ON owner_groups
BEGIN
  INSERT INTO policy_usage (owner_id, policies, groups, bytes)
  VALUES (NEW.owner_id, 0, 1, length(CAST(NEW.document AS BLOB)))
  ON CONFLICT (owner_id) DO UPDATE SET groups = groups + 1, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER owner_groups_recounted AFTER UPDATE OF document ON owner_groups
BEGIN
  UPDATE policy_usage SET bytes = bytes + length(CAST(NEW.document AS BLOB)) - length(CAST(OLD.document AS BLOB))
  WHERE owner_id = NEW.owner_id;
END;

CREATE TRIGGER owner_groups_discounted AFTER DELETE ON owner_groups
BEGIN
  UPDATE policy_usage SET groups = groups - 1, bytes = bytes - length(CAST(OLD.document AS BLOB))
  WHERE owner_id = OLD.owner_id;
END;

-- Access tokens that were revoked before they expired; every check of a connection looks here.
CREATE TABLE revoked_tokens (
  owner_id TEXT NOT NULL REFERENCES owners (id),
  token_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, token_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_tokens_by_end ON revoked_tokens (owner_id, expires_at);

-- What policies cost: the work of each for an assessment, in steps (docs/policies.md, "Limits"), so that a policy is
-- refused when those on one target would take too long together.
ALTER TABLE policy_targets ADD COLUMN weight INTEGER NOT NULL DEFAULT 10;

-- Versions: an edit of a client or issuer counts only on the version that it was made from.
ALTER TABLE clients ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE trusted_issuers ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
