-- OpenID Providers at which people sign in. What proves there who we are is sealed under the ring's vault key.
CREATE TABLE identity_providers (
  id TEXT PRIMARY KEY,
  issuer TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  authentication_method TEXT NOT NULL,
  signing_algorithm TEXT NOT NULL,
  assertion_audience TEXT NOT NULL,
  signs_requests INTEGER NOT NULL,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  acr_values TEXT NOT NULL CHECK (json_valid(acr_values)),
  accepted_levels TEXT NOT NULL CHECK (json_valid(accepted_levels)),
  prompt TEXT,
  claims TEXT NOT NULL CHECK (json_valid(claims)),
  email_domains TEXT NOT NULL CHECK (json_valid(email_domains)),
  max_claims_age INTEGER,
  enabled INTEGER NOT NULL,
  public_keys TEXT NOT NULL CHECK (json_valid(public_keys)),
  sealed_credentials TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_providers_by_age ON identity_providers (created_at, id);
