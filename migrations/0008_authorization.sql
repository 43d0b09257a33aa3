-- What a client says of the authorization code flow, and since when it is connected to whom.
ALTER TABLE clients ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(redirect_uris));
ALTER TABLE clients ADD COLUMN requires_pushed_requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN client_uri TEXT;

-- Null for what was connected before there was this column.
ALTER TABLE connections ADD COLUMN connected_at INTEGER;
