-- Resources: edited without losing an edit, and found again by the resource server that registered them.

-- Versions: an edit counts only on the version that it was made from. The epoch is that of the last change, as of policies.
ALTER TABLE resources ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE resources ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

-- Code from before this file writes no version, for some minutes after a deploy.
CREATE TRIGGER resources_revised AFTER UPDATE OF description ON resources
WHEN NEW.version = OLD.version
BEGIN
  UPDATE resources SET version = version + 1 WHERE id = NEW.id;
END;

-- A resource server's own name for a resource, and the registration that made it where that may be sent again.
ALTER TABLE resources ADD COLUMN external_id TEXT;
ALTER TABLE resources ADD COLUMN operation_id TEXT;
CREATE UNIQUE INDEX resources_by_external_id ON resources (owner_id, resource_server_id, external_id)
WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX resources_by_operation ON resources (operation_id) WHERE operation_id IS NOT NULL;

-- What a list can be narrowed by. An extension may hold anything, and only a text can be asked for.
ALTER TABLE resources ADD COLUMN name TEXT AS (description ->> '$.name') VIRTUAL;
ALTER TABLE resources ADD COLUMN uri TEXT
AS (iif(json_type(description, '$.uri') = 'text', description ->> '$.uri', NULL)) VIRTUAL;
CREATE INDEX resources_by_name ON resources (owner_id, resource_server_id, name, id) WHERE name IS NOT NULL;
CREATE INDEX resources_by_uri ON resources (owner_id, resource_server_id, uri, id) WHERE uri IS NOT NULL;
