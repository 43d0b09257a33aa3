-- Collections: a resource can be in others, and what is shared of these is shared of it.

-- Which resources say that they are in which. INVARIANT: only these triggers write here, and only what is of the same
-- owner at the same resource server. A row outlives its collection, whose id is never used again: whoever reads looks
-- whether the collection is there, so that one with many members ends as fast as any other resource.
CREATE TABLE collection_members (
  member_id TEXT NOT NULL,
  collection_id TEXT NOT NULL,
  PRIMARY KEY (member_id, collection_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_members_by_collection ON collection_members (collection_id, member_id);

CREATE TRIGGER resources_collected AFTER INSERT ON resources
WHEN json_type(NEW.description, '$.collections') = 'array'
BEGIN
  INSERT INTO collection_members (member_id, collection_id)
  SELECT NEW.id, id FROM resources
  WHERE id IN (SELECT value FROM json_each(NEW.description, '$.collections') LIMIT 5)
    AND +owner_id = NEW.owner_id AND +resource_server_id = NEW.resource_server_id;
END;

CREATE TRIGGER resources_recollected AFTER UPDATE OF description ON resources
WHEN NEW.description -> '$.collections' IS NOT OLD.description -> '$.collections'
BEGIN
  DELETE FROM collection_members WHERE member_id = NEW.id;
  INSERT INTO collection_members (member_id, collection_id)
  SELECT NEW.id, id FROM resources
  WHERE json_type(NEW.description, '$.collections') = 'array'
    AND id IN (SELECT value FROM json_each(NEW.description, '$.collections') LIMIT 5)
    AND +owner_id = NEW.owner_id AND +resource_server_id = NEW.resource_server_id;
END;

CREATE TRIGGER resources_uncollected AFTER DELETE ON resources
BEGIN
  DELETE FROM collection_members WHERE member_id = OLD.id;
END;
