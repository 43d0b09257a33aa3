-- Whether an owner has a resource of the type that a policy names, without walking over all of them.
CREATE INDEX resources_by_type ON resources (owner_id, type) WHERE type IS NOT NULL;
