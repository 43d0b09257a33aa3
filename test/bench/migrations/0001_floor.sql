CREATE TABLE floor_resources (id TEXT PRIMARY KEY, owner_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE floor_connections (owner_id TEXT, client_id TEXT, generation INTEGER, PRIMARY KEY (owner_id, client_id)) STRICT, WITHOUT ROWID;
INSERT INTO floor_resources VALUES ('known', 'owner');
INSERT INTO floor_connections VALUES ('owner', 'client', 1);
