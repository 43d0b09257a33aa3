/** How large a policy or a group may be. A document within these can be evaluated and read aloud in one breath. */

export const MAX_DOCUMENT_BYTES = 16_384;
/** Objects and lists inside each other; a condition at its full depth needs fewer. Guards every walk over the input. */
export const MAX_JSON_DEPTH = 24;

export const MAX_CONDITION_DEPTH = 8;
export const MAX_CONDITIONS = 64;

export const MAX_TARGET_RESOURCES = 100;
export const MAX_SCOPES = 100;
export const MAX_ONE_OF_VALUES = 50;
export const MAX_CLAIM_ISSUERS = 20;
export const MAX_CLIENTS = 50;
export const MAX_NETWORKS = 20;
export const MAX_COUNTRIES = 50;
export const MAX_HOURS_WINDOWS = 14;
export const MAX_GROUP_MEMBERS = 500;
/** 500 members with long identifiers do not fit into a policy's size. */
export const MAX_GROUP_BYTES = 131_072;

export const MAX_NAME_CHARACTERS = 200;
/** Claims and their values, scopes, resource types and ids, groups. */
export const MAX_WORD_CHARACTERS = 256;
/** Issuers and client ids, which may be URLs. */
export const MAX_IDENTIFIER_CHARACTERS = 2_048;
export const MAX_AGREEMENT_CHARACTERS = 8_192;

export const MIN_USES = 1;
export const MAX_USES = 1_000_000;
export const MIN_TOKEN_LIFETIME_SECONDS = 10;
export const MAX_TOKEN_LIFETIME_SECONDS = 900;
/** Below half a minute no sign-in would ever be fresh enough; above 30 days it says nothing. */
export const MIN_SIGN_IN_AGE_SECONDS = 30;
export const MAX_SIGN_IN_AGE_SECONDS = 2_592_000;
