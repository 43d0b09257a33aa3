/** What each of the three Workers around Usher is told: where the others are, and who it is to them. */

export function identityProviderVariables({ usher, identityProvider, consult }) {
  return { ISSUER: identityProvider.origin, REDIRECT_URI: `${consult.origin}/callback`, USHER: usher.origin };
}

/** @param world what World.setUp has made */
export function recordsVariables({ usher, records, consult }, world) {
  return {
    ORIGIN: records.origin,
    USHER: usher.origin,
    CONSULT: consult.origin,
    CLIENT_ID: world.records.id,
    CLIENT_SECRET: world.records.secret,
    CLINIC_OWNER: world.owner.id,
  };
}

/** @param world what World.setUp has made */
export function consultVariables({ usher, records, identityProvider, consult }, world) {
  return {
    ORIGIN: consult.origin,
    RECORDS: records.origin,
    USHER: usher.origin,
    IDENTITY_PROVIDER: identityProvider.origin,
    IDENTITY_CLIENT_ID: "consult",
    CLIENT_ID: world.consult.id,
    CLIENT_SECRET: world.consult.secret,
  };
}
