-- Clients that register themselves (RFC 7591), and what lets them.

-- The tokens that an operator hands out (RFC 7591 §3): each is good so often, for so long, and for what it allows.
CREATE TABLE initial_access_tokens (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  allowance TEXT NOT NULL CHECK (json_valid(allowance)),
  -- Registrations that it is still good for. The last one fails where two come at once.
  uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX initial_access_tokens_by_age ON initial_access_tokens (created_at, id);
CREATE INDEX initial_access_tokens_by_end ON initial_access_tokens (expires_at);

-- What a client that registered itself manages its registration by (RFC 7592). It outlives its client until all that the
-- client left behind is gone, so that a removal that broke off can go on.
CREATE TABLE client_registrations (
  client_id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL,
  -- What it may be registered for when it says anew what it is.
  allowance TEXT NOT NULL CHECK (json_valid(allowance)),
  -- As it was sent; null: nobody but the client says what it is.
  software_statement TEXT,
  -- When it is removed unless it is used before; null: it stays.
  ends_at INTEGER
) STRICT;
CREATE INDEX client_registrations_by_end ON client_registrations (ends_at) WHERE ends_at IS NOT NULL;
