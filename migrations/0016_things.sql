-- Things: what somebody owns, in the order of its names and narrowed by app, kind or collection, a page at a time.

-- The name as lists are ordered and searched by it; what has none comes last.
ALTER TABLE resources ADD COLUMN sort_name TEXT
AS (lower(substr(coalesce(description ->> '$.name', char(1114111)), 1, 200))) VIRTUAL;
CREATE INDEX resources_by_sort_name ON resources (owner_id, sort_name, id);
CREATE INDEX resources_of_server_by_sort_name ON resources (owner_id, resource_server_id, sort_name, id);
-- In the place of `resources_by_type`, which asks for the same and knows no order.
CREATE INDEX resources_of_type_by_sort_name ON resources (owner_id, type, sort_name, id) WHERE type IS NOT NULL;
DROP INDEX resources_by_type;

-- What is in a collection, in the same order.
ALTER TABLE collection_members ADD COLUMN sort_name TEXT NOT NULL DEFAULT '';
UPDATE collection_members
SET sort_name = coalesce((SELECT sort_name FROM resources WHERE resources.id = collection_members.member_id), '');
CREATE INDEX collection_members_by_sort_name ON collection_members (collection_id, sort_name, member_id);

DROP TRIGGER resources_collected;
CREATE TRIGGER resources_collected AFTER INSERT ON resources
WHEN json_type(NEW.description, '$.collections') = 'array'
BEGIN
  INSERT INTO collection_members (member_id, collection_id, sort_name)
  SELECT NEW.id, id, NEW.sort_name FROM resources
  WHERE id IN (SELECT value FROM json_each(NEW.description, '$.collections') LIMIT 5)
    AND +owner_id = NEW.owner_id AND +resource_server_id = NEW.resource_server_id;
END;

DROP TRIGGER resources_recollected;
CREATE TRIGGER resources_recollected AFTER UPDATE OF description ON resources
WHEN NEW.description -> '$.collections' IS NOT OLD.description -> '$.collections' OR NEW.sort_name <> OLD.sort_name
BEGIN
  DELETE FROM collection_members WHERE member_id = NEW.id;
  INSERT INTO collection_members (member_id, collection_id, sort_name)
  SELECT NEW.id, id, NEW.sort_name FROM resources
  WHERE json_type(NEW.description, '$.collections') = 'array'
    AND id IN (SELECT value FROM json_each(NEW.description, '$.collections') LIMIT 5)
    AND +owner_id = NEW.owner_id AND +resource_server_id = NEW.resource_server_id;
END;
