/** Where each endpoint is, below the issuer. Read by app.ts and by the metadata, so that neither can be wrong alone. */
export const ENDPOINTS = {
  authorization: "/authorize",
  pushedAuthorization: "/par",
  token: "/token",
  introspection: "/introspection",
  userInfo: "/userinfo",
  endSession: "/logout",
  revocation: "/revocation",
  registration: "/register",
  jwks: "/jwks",
  claims: "/claims",
  permission: "/permission",
  resourceRegistration: "/resources",
} as const;

/** The page that tells what this server chooses where the specifications leave it open (docs/profile.md). */
export const PROFILE_PATH = "/profile";

/** The page that tells what each refusal means, and who can mend it (docs/refusals.md). */
export const REFUSALS_PATH = "/refusals";
