-- Whom permits and groups name, so that people find what is shared with them. Addresses stand as they are compared,
-- people of an issuer as ["issuer","subject"].

CREATE TABLE policy_people (
  policy_id TEXT NOT NULL REFERENCES policies (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (policy_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_people_by_person ON policy_people (person, policy_id);

CREATE TABLE group_people (
  group_id TEXT NOT NULL REFERENCES owner_groups (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (group_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_people_by_person ON group_people (person, group_id);

CREATE INDEX policy_groups_by_group ON policy_groups (group_id, policy_id);

-- What was written before: of groups everybody, of permits whoever is named by address or by an issuer's subject.
INSERT OR IGNORE INTO group_people (group_id, person)
  SELECT owner_groups.id, coalesce(lower(member.value ->> '$.email'),
    json_array(member.value ->> '$.issuer', member.value ->> '$.subject'))
  FROM owner_groups, json_each(owner_groups.document, '$.members') AS member;
INSERT OR IGNORE INTO policy_people (policy_id, person)
  SELECT policies.id, lower(named.value)
  FROM policies, json_tree(policies.document, '$.who') AS test,
    json_each(coalesce(test.value -> '$.one_of', json_array(test.value ->> '$.equals'))) AS named
  WHERE policies.document ->> '$.effect' = 'permit' AND test.type = 'object'
    AND test.value ->> '$.claim' = 'email' AND named.type = 'text';
INSERT OR IGNORE INTO policy_people (policy_id, person)
  SELECT policies.id, json_array(issuer.value, named.value)
  FROM policies, json_tree(policies.document, '$.who') AS test,
    json_each(coalesce(test.value -> '$.one_of', json_array(test.value ->> '$.equals'))) AS named,
    json_each(iif(json_type(test.value, '$.issuer') = 'array', test.value -> '$.issuer',
      json_array(test.value ->> '$.issuer'))) AS issuer
  WHERE policies.document ->> '$.effect' = 'permit' AND test.type = 'object'
    AND test.value ->> '$.claim' = 'sub' AND named.type = 'text' AND issuer.type = 'text';
