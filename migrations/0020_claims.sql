-- In which forms an issuer's word counts, and how it is verified (src/protocol/trusted-issuer.ts).
ALTER TABLE trusted_issuers ADD COLUMN details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details));
