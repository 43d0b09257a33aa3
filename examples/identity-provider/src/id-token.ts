import type { JWTPayload } from "jose";
import type { Person } from "./people.ts";
import type { CodeGrant } from "./provider-object.ts";
import type { Settings } from "./settings.ts";

/** Long enough to look around in the sample world without signing in again. */
const ID_TOKEN_LIFETIME_SECONDS = 3_600;

/** The claims of an ID Token (OIDC Core §2 and §5.1). The audience is the client: Usher accepts it as pushed by that app. */
export function idTokenClaims(person: Person, grant: CodeGrant, settings: Settings, now: number): JWTPayload {
  return {
    iss: settings.ISSUER,
    sub: person.subject,
    aud: grant.clientId,
    iat: now,
    exp: now + ID_TOKEN_LIFETIME_SECONDS,
    auth_time: grant.authenticatedAt,
    acr: grant.level,
    nonce: grant.nonce,
    name: person.name,
    email: person.email,
    email_verified: true,
  };
}
