/**
 * How much is taken of whatever is sent. Every bound on input stands here, with its unit in its name, so that bounds
 * which depend on each other are seen together. Lengths of text are counted in UTF-16 code units, as JavaScript does.
 */

// Bodies. JSON and forms come from strangers, so their size, nesting and number of parts are bounded before anything
// is made of them.

export const MAX_FORM_BODY_BYTES = 65_536;
/** What becomes a part of a URL, which has to pass whatever lies between a browser and this server. */
export const MAX_FORM_AS_QUERY_BYTES = 8_192;
/** What a script of our pages sends: at most the answer of an authenticator, with its attestation. */
export const MAX_JSON_FORM_BODY_BYTES = 65_536;
export const MAX_PERMISSION_BODY_BYTES = 65_536;
export const MAX_RESOURCE_BODY_BYTES = 16_384;
export const MAX_ADMIN_BODY_BYTES = 65_536;
/** Twice the largest document (MAX_GROUP_BYTES), for white space. */
export const MAX_DOCUMENT_BODY_BYTES = 262_144;
/** A question may bring several policies (MAX_ADDED_POLICIES). */
export const MAX_QUESTION_BODY_BYTES = 131_072;
export const MAX_WITHDRAWAL_BODY_BYTES = 16_384;
/** A decision may name all that a ticket can stand for. */
export const MAX_DECISION_BODY_BYTES = 131_072;
/** Of a body that is refused: so much is read all the same, so that its sender is there to hear why. */
export const MAX_DRAINED_BYTES = 67_108_864;
/** And so long: whoever sends byte by byte holds no request open for it. */
export const MAX_DRAINED_SECONDS = 10;
export const MAX_BODY_LEVELS = 32;
export const MAX_BODY_PARTS = 2_000;

// Forms.

export const MAX_FORM_PARAMETERS = 50;
/** Of a form of our own pages, on which everything that is asked for can be chosen (MAX_REQUESTED_SCOPES). */
export const MAX_TYPED_FORM_PARAMETERS = 350;
export const MAX_PARAMETER_NAME_CHARACTERS = 64;
export const MAX_PARAMETER_CHARACTERS = 4_096;
/** Sealed and signed values are longer than anything else a form carries. */
export const MAX_SEALED_PARAMETER_CHARACTERS = 8_192;
/**
 * What the pages of a flow carry along: a ticket, a state and a redirect URI, sealed, and sealed once more on the way to
 * sign in. A URL must hold it, and has 16 KB at most.
 */
export const MAX_FLOW_CHARACTERS = 14_336;
/** 16 KB of an ID Token, and a third more where the token was encoded once again (Grant §3.3.1). */
export const MAX_CLAIM_TOKEN_CHARACTERS = 22_528;

// Authorization requests. What one says travels on in URLs of ours while its person signs in, sealed twice.

export const MAX_STATE_CHARACTERS = 1_024;
/** It comes back in the ID Token (OpenID Connect Core §2). */
export const MAX_NONCE_CHARACTERS = 512;
/** As much as an e-mail address has. */
export const MAX_LOGIN_HINT_CHARACTERS = 320;
export const MAX_UI_LOCALES_CHARACTERS = 100;
/** Of a resource identifier (RFC 8707). */
export const MAX_RESOURCE_IDENTIFIER_CHARACTERS = 512;
/** That one request, one resource or one resource server names. */
export const MAX_RESOURCE_IDENTIFIERS = 5;
/** Entries of `authorization_details` (RFC 9396). */
export const MAX_AUTHORIZATION_DETAILS = 10;
/** All that a request names of resources and what to do with them, as JSON. */
export const MAX_REQUESTED_ACCESS_CHARACTERS = 2_048;

// Tokens and tickets, however they come.

/** A JWT that we read: an ID Token, an assertion, an access token. */
export const MAX_JWT_CHARACTERS = 16_384;
/** A DPoP proof: two parts of a few hundred characters, beside a key and a signature of RSA at most. */
export const MAX_DPOP_PROOF_CHARACTERS = 8_192;
/** A ticket travels in headers and URLs (docs/design.md, decision 1). */
export const MAX_TICKET_CHARACTERS = 3_072;
/** Whatever we sealed; the largest are the kept claims of an ID Token (MAX_JWT_CHARACTERS). */
export const MAX_SEALED_CHARACTERS = 32_768;
/** OpenID Connect Core §2, sub. */
export const MAX_SUBJECT_CHARACTERS = 255;
/** Of a client assertion. */
export const MAX_JTI_CHARACTERS = 256;

// Documents of others, such as key sets.

export const MAX_FETCHED_DOCUMENT_BYTES = 262_144;

// Failures (wrong secrets, forged tickets, tokens that are not ours) within FAILURE_WINDOW_SECONDS.

/** Of the id that a client presents, which may be a URL. Ours are shorter, and each isolate remembers thousands that failed. */
export const MAX_PRESENTED_ID_CHARACTERS = 256;
/** Of one client from one source; then that source waits. */
export const MAX_FAILURES_PER_SOURCE = 60;
/** Of one client from everywhere; then each source waits that has failed once. */
export const MAX_FAILURES = 600;

/** Whoever is asked for a claim is looked up among all of them, and by each of thousands of conditions. */
export const MAX_TRUSTED_ISSUERS = 1_000;

// Identity providers, as an operator registers them, and what they answer.

/** People choose among them on one page, and one look of the operator asks them all. */
export const MAX_IDENTITY_PROVIDERS = 20;
/** Of authentication, asked for or accepted. */
export const MAX_LEVELS = 20;
/** What a provider said of a person, as JSON: it is sealed with what is carried along (MAX_SEALED_CHARACTERS), and kept. */
export const MAX_IDENTITY_BYTES = 8_192;
/** Of one list in a discovery document; the first are looked at. */
export const MAX_METADATA_ENTRIES = 100;

// Webhooks. Each message that is told is looked up among all of the operator's endpoints.

export const MAX_WEBHOOKS_OF_OPERATOR = 20;
export const MAX_WEBHOOKS_OF_CLIENT = 5;
/** Of one endpoint. A message has a KB at most; what comes beyond is logged and left out. */
export const MAX_WAITING_MESSAGES = 100_000;
/** Of one endpoint; the oldest go first. */
export const MAX_DEAD_LETTERS = 10_000;

// Lists.

export const MAX_PAGE_ENTRIES = 200;

// People.

/** Passkeys of one account, its addresses, its identities at providers: of each so many. */
export const MAX_PROOFS_OF_A_KIND = 20;
/** Of one account; another one ends the oldest, so that nobody fills the storage by signing in. */
export const MAX_SESSIONS = 100;
/** Pages about one owner that are told at once when something happens there. */
export const MAX_OPEN_PAGES = 500;
/** Owners that one account acts for. */
export const MAX_ADMINISTERED_OWNERS = 200;
/** Administrators of one owner. */
export const MAX_ADMINISTRATORS = 200;
/** That one account has sent. */
export const MAX_INVITATION_LETTERS_PER_HOUR = 20;
/** Of one owner, that nobody has answered yet. */
export const MAX_INVITATIONS = 100;
/** What people call themselves or a passkey. */
export const MAX_PERSON_NAME_CHARACTERS = 100;

/** What an authenticator answers, in base64url. Credential ids have 1,023 bytes at most (WebAuthn §4). */
export const MAX_CREDENTIAL_ID_CHARACTERS = 1_364;
/** It holds the challenge, which is a sealed statement. */
export const MAX_CLIENT_DATA_CHARACTERS = 8_192;
/** With an attestation and its certificates, though none is asked for. */
export const MAX_AUTHENTICATOR_DATA_CHARACTERS = 32_768;
/** A COSE key; RSA with 4,096 bits has half as many. */
export const MAX_PUBLIC_KEY_BYTES = 1_024;
/** Ways to reach an authenticator: there are six. */
export const MAX_TRANSPORTS = 12;
export const MAX_TRANSPORT_CHARACTERS = 32;
// Mail, and the codes in it.

/** RFC 5321 §4.5.3.1.3: what fits between the brackets of a path. */
export const MAX_EMAIL_CHARACTERS = 254;
export const EMAIL_CODE_DIGITS = 8;
/** Of one code; then it is worth nothing. */
export const MAX_CODE_TRIES = 5;
/**
 * Codes that go to one letter box within an hour: to browsers that proved before that it is theirs, and to all others.
 * A stranger who asks for many leaves the first alone, and floods nobody's box.
 *
 * INVARIANT: a guess hits one of 10^8 codes. What is guessed within a day belongs to letters of at most 25 hours, so to
 * 25 * (2 + 5) = 175 of them; that is 875 guesses, and a chance of 8.75 * 10^-6 a day, however many sources guess.
 */
export const MAX_LETTERS_TO_KNOWN_PER_HOUR = 2;
export const MAX_LETTERS_TO_STRANGERS_PER_HOUR = 5;
/** Of these, so many may one source ask for: no single one keeps others from the box. */
export const MAX_LETTERS_PER_SOURCE_AND_BOX = 3;
/** One source, to all letter boxes, within any hour: half of them at once, so that a whole office may sign in. */
export const MAX_LETTERS_PER_SOURCE_PER_HOUR = 60;
/**
 * Of all letters that go to known browsers (MAILS_PER_HOUR), those that one source has: whoever proved hundreds of letter
 * boxes of their own is known in each, and must not have them all. A part, so that who has many people behind one address
 * and raises the setting raises this as well.
 */
export const KNOWN_SHARE_OF_SOURCE = 0.1;
/** Letters of one kind about what others did, to one reader: half of them at once. What is not written stands on a page. */
export const NOTICES_PER_HOUR = 10;
/** What was sent last, as the development mailbox shows it. */
export const MAX_DEVELOPMENT_MAILS = 50;

// What is remembered of people for apps (PCTs).

/** Of one person for one app: an app may serve its user on several devices, each of which keeps its own. */
export const MAX_PCTS_PER_CLIENT = 5;
/** Shown to a person; those beyond end with their time, or with the account. */
export const MAX_REMEMBERED_APPS = 200;

// Requests that wait for an owner. Whoever asks must be known, and still has no say in how much an owner has to read.

export const MAX_WAITING_PER_PARTY = 20;
export const MAX_WAITING_PER_CLIENT = 100;
export const MAX_WAITING_REQUESTS = 1_000;
/** What an owner says to whoever asked: with the answer before it as much as an error_description carries (shared/wire-text.ts). */
export const MAX_OWNERS_WORD_CHARACTERS = 200;

// Words that occur everywhere.

/** What people call a client, an owner, a policy, a group. */
export const MAX_NAME_CHARACTERS = 200;
/** Claims and their values, scopes, resource types and ids, groups. */
export const MAX_WORD_CHARACTERS = 256;
/** Issuers, client ids and audiences, which may be URLs; and URLs themselves. */
export const MAX_IDENTIFIER_CHARACTERS = 2_048;

/** A domain in letters of its own may be longer than its A-labels, which have 253, but not without end. */
export const MAX_DOMAIN_CHARACTERS = 1_024;

// Clients and trusted issuers, as an operator registers them.

/** Access tokens of one connection that were revoked and have not expired yet: each is remembered until then. */
export const MAX_REVOKED_TOKENS = 1_000;
/** A secret of the operator's own is kept as a plain hash, so it must be as hard to guess as one that is made here. */
export const MIN_CLIENT_SECRET_CHARACTERS = 32;
export const MAX_CLIENT_SECRET_CHARACTERS = 256;
export const MAX_REDIRECT_URIS = 20;
/** Of one client, beside the one without a language. */
export const MAX_LOCALIZED_NAMES = 20;
/** Of a client that registers itself: whatever a program says of itself, and a software statement. */
export const MAX_REGISTRATION_BODY_BYTES = 32_768;
/** Of a document that a client is described by. */
export const MAX_CLIENT_DOCUMENT_CHARACTERS = 16_384;
/** Of such documents that an isolate fetches for the first time: strangers name them. */
export const MAX_NEW_DOCUMENTS_PER_MINUTE = 120;
/** New clients that such documents describe, which one account lets do something: each is written down. */
export const MAX_CLIENTS_LET_IN_PER_HOUR = 40;
/** That one token is good for. */
export const MAX_INITIAL_ACCESS_TOKEN_USES = 1_000_000;
/** By whoever needs no token for it. */
export const MAX_REGISTRATIONS_PER_SOURCE_PER_HOUR = 20;
export const MAX_ISSUER_CLIENT_IDS = 20;
/** Of a set that is fetched, the first keys are looked at; more is nothing that an issuer needs. */
export const MAX_KEYS_PER_SET = 100;
/** For one signature: what it costs to refuse a token is bounded by this. */
export const MAX_KEYS_TRIED = 10;
export const MAX_AUDIENCES = 50;
export const MAX_CLAIMS_PER_ISSUER = 100;
export const MAX_FORMATS_PER_ISSUER = 5;
export const MAX_EMAIL_DOMAINS = 1_000;
/** 30 days. */
export const MAX_CLAIM_TOKEN_AGE_SECONDS = 2_592_000;

// Claims that are pushed. A token of 16 KB holds no longer list of anything, so its bounds drop no honest one.

/** In one request: keys may have to be fetched for each, or its issuer asked. */
export const MAX_CLAIM_TOKENS = 4;
export const MAX_CLAIMS_PER_TOKEN = 200;
/** Of one claim that is a list. */
export const MAX_CLAIM_VALUES = 1_000;
/** What other issuers say about a person: each test of a claim looks at all of it (ledger/README.md, rule 11). */
export const MAX_LINKED_STATEMENTS = 4;
/** Of one value; policies name no longer ones (MAX_WORD_CHARACTERS), but tests of a domain or of being there work. */
export const MAX_CLAIM_CHARACTERS = 512;

// Scopes, resources and permissions.

export const MAX_SCOPE_PARAMETER_CHARACTERS = 4_096;
export const MAX_SCOPES_PER_PARAMETER = 50;
export const MAX_SCOPES_PER_RESOURCE = 100;
export const MAX_SCOPES_PER_PERMISSION = 50;
/** That one resource is in; what is about them is read with it. */
export const MAX_COLLECTIONS = 5;
/** Of a collection, where people are told how many are in it; more are many. */
export const MAX_MEMBERS_COUNTED = 100;
/** Of one request: a ticket has to carry them all. */
export const MAX_PERMISSIONS = 30;
/** The members that FedAuthz §3.1 names. */
export const MAX_RESOURCE_NAME_CHARACTERS = 512;
export const MAX_RESOURCE_DESCRIPTION_CHARACTERS = 4_096;

/** Scopes of one permission request in all, of the assessment that follows with the `scope` parameter in it, and of an RPT. */
export const MAX_REQUESTED_SCOPES = 300;

// Policies and groups. A document within these can be evaluated and read aloud in one breath.

export const MAX_POLICY_BYTES = 16_384;
/** 500 members with long identifiers do not fit into a policy's size. */
export const MAX_GROUP_BYTES = 131_072;
/** Objects and lists inside each other; a condition at its full depth needs fewer. Guards every walk over the input. */
export const MAX_DOCUMENT_LEVELS = 24;
export const MAX_CONDITION_LEVELS = 8;
export const MAX_CONDITIONS = 64;
export const MAX_TARGET_RESOURCES = 100;
export const MAX_SCOPES_PER_POLICY = 100;
export const MAX_ONE_OF_VALUES = 50;
export const MAX_CLAIM_ISSUERS = 20;
export const MAX_CLIENTS = 50;
export const MAX_NETWORKS = 20;
export const MAX_COUNTRIES = 50;
export const MAX_HOURS_WINDOWS = 14;
export const MAX_GROUP_MEMBERS = 500;
export const MAX_AGREEMENT_CHARACTERS = 8_192;
export const MIN_USES = 1;
export const MAX_USES = 1_000_000;
export const MIN_TOKEN_LIFETIME_SECONDS = 10;
export const MAX_TOKEN_LIFETIME_SECONDS = 900;
/** Below half a minute no sign-in would ever be fresh enough; above 30 days it says nothing. */
export const MIN_SIGN_IN_AGE_SECONDS = 30;
export const MAX_SIGN_IN_AGE_SECONDS = 2_592_000;

/** Things that somebody shares at once on a page; tools name as many as a target takes. */
export const MAX_THINGS_SHARED_AT_ONCE = 20;
/** Letters to people with whom something is shared: that one account has sent, and that go to one letter box. */
export const MAX_SHARE_LETTERS_PER_HOUR = 20;
export const MAX_SHARE_LETTERS_TO_BOX_PER_HOUR = 6;

// Questions of an owner: "what would happen if …?".

export const MAX_QUESTION_WORDS = 100;
/** The end of the year 9999; no calendar knows what is much later. */
export const MAX_TIME_SECONDS = 253_402_300_799;
export const MAX_ADDED_POLICIES = 5;
/** Groups that only supposed policies name: as many as one policy can, since each may have MAX_GROUP_BYTES. */
export const MAX_ADDED_GROUPS = 64;

// Work, in steps (policy/language/weight.ts). A decision that takes more is refused before it begins.

export const MAX_DECISION_STEPS = 4_500;
/**
 * A resource in no collection has three targets at most: itself, its type, and everything. So it can always be asked for
 * by itself.
 */
export const MAX_TARGET_STEPS = 1_500;

// What explains to an owner. The rest can be had by asking for less at once.

export const MAX_EXPLAINED_POLICIES = 20;
export const MAX_EXPLAINED_REASONS = 5;
export const MAX_EXPLANATION_CHARACTERS = 262_144;
/** Of one document; whoever has looked at these again is told of the others. */
export const MAX_WARNINGS = 20;

// Answers. What a need_info answer asks for (Grant §3.3.6) is kept with the ticket that it answers.

export const MAX_NEEDS = 20;
export const MAX_NEED_ISSUERS = 10;
export const MAX_NEED_FORMATS = 5;
export const MAX_NEEDS_CHARACTERS = 16_384;
