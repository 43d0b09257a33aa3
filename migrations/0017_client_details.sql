-- What else is registered of a client, by member: nothing is looked for by it, so no column stands for each.

ALTER TABLE clients ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
