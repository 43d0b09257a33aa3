-- Doors: resources that clients ask for by name, without a permission ticket (RFC 8707).

-- Which resource of an owner bears which identifier. INVARIANT: only these triggers write here, and of two resources of one
-- owner the first keeps it. Several owners may have one: what a person asks for by the name of a whole server is their own.
CREATE TABLE resource_identifiers (
  identifier TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  PRIMARY KEY (identifier, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX resource_identifiers_by_resource ON resource_identifiers (resource_id);

CREATE TRIGGER resources_identified AFTER INSERT ON resources
WHEN json_type(NEW.description, '$.resource_identifiers') = 'array'
BEGIN
  INSERT INTO resource_identifiers (identifier, owner_id, resource_id)
  SELECT value, NEW.owner_id, NEW.id FROM json_each(NEW.description, '$.resource_identifiers')
  WHERE type = 'text' LIMIT 5
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER resources_reidentified AFTER UPDATE OF description ON resources
WHEN NEW.description -> '$.resource_identifiers' IS NOT OLD.description -> '$.resource_identifiers'
BEGIN
  DELETE FROM resource_identifiers WHERE resource_id = NEW.id;
  INSERT INTO resource_identifiers (identifier, owner_id, resource_id)
  SELECT value, NEW.owner_id, NEW.id FROM json_each(NEW.description, '$.resource_identifiers')
  WHERE json_type(NEW.description, '$.resource_identifiers') = 'array' AND type = 'text' LIMIT 5
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER resources_unidentified AFTER DELETE ON resources
BEGIN
  DELETE FROM resource_identifiers WHERE resource_id = OLD.id;
END;
