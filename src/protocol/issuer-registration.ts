import * as v from "valibot";
import { invalidRequest } from "../shared/error.ts";
import {
  MAX_AUDIENCES,
  MAX_CLAIM_TOKEN_AGE_SECONDS,
  MAX_CLAIMS_PER_ISSUER,
  MAX_FORMATS_PER_ISSUER,
  MAX_IDENTIFIER_CHARACTERS,
  MAX_WORD_CHARACTERS,
} from "../shared/limits.ts";
import {
  allOr,
  boundedText,
  integer,
  line,
  listOf,
  oneOf,
  parseBody,
  sentObject,
  setOf,
  trueOrFalse,
} from "../shared/parse.ts";
import { isPublicUrl } from "../shared/public-host.ts";
import { isFetchable } from "../shared/uri.ts";
import { CLAIM_TOKEN_KINDS, type ClaimTokenFormat, type ClaimTokenKind, usualFormatOf } from "./claim-token-format.ts";
import { RegisteredKeySet } from "./key-set.ts";
import { readSpeech, SPEECH_MEMBERS } from "./speech-registration.ts";
import {
  ASSERTION_KINDS,
  type AssertionTrust,
  DEFAULT_ISSUER_DETAILS,
  type Introspection,
  type TrustedIssuer,
} from "./trusted-issuer.ts";
import { SEVERAL_FORMAT } from "./wire/claims.ts";
import { CONNECTION_SCOPES } from "./wire/connection.ts";

/** What an operator says about an issuer whose word shall count. */
export interface IssuerRegistration extends Omit<TrustedIssuer, "id" | "introspection"> {
  readonly introspection: IntrospectionRegistration | null;
}

interface IntrospectionRegistration extends Omit<Introspection, "sealedSecret"> {
  /** Null: the one that is kept. */
  readonly secret: string | null;
}

/** A trusted issuer as the operator reads and writes it. */
interface TrustedIssuerBody {
  readonly id: string;
  readonly issuer: string;
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwks_uri?: string;
  readonly audiences: readonly string[];
  readonly claims: readonly string[] | "all";
  readonly email_domains: readonly string[] | "all";
  /** Seconds. */
  readonly max_token_age?: number;
  readonly claim_tokens: readonly ClaimTokenFormatBody[];
  readonly client_id?: string;
  /** Without the secret, which is never read again. */
  readonly introspection?: { readonly endpoint: string; readonly client_id: string };
  readonly assertions?: AssertionTrust;
  readonly software_statements?: boolean;
}

interface ClaimTokenFormatBody {
  readonly kind: ClaimTokenKind;
  readonly format: string;
  readonly typ?: string;
  readonly claims: readonly string[] | "all";
}

/** RFC 7515 §4.1.9: compared without case, and `application/` may be left out. */
const TYPE = /^(?:application\/)?([a-z0-9!#$&^_.+-]+)$/;

const Type = v.pipe(
  line(MAX_WORD_CHARACTERS),
  v.transform((text) => TYPE.exec(text.toLowerCase())?.[1] ?? null),
  v.string("must be a media type such as rqp+jwt"),
);

const FormatRow = sentObject({
  kind: oneOf(CLAIM_TOKEN_KINDS),
  format: v.exactOptional(line(MAX_WORD_CHARACTERS)),
  typ: v.exactOptional(Type),
  claims: v.optional(allOr(setOf(line(MAX_WORD_CHARACTERS), MAX_CLAIMS_PER_ISSUER)), "all"),
});

/** Whoever lets assertions be traded says which, and for what. */
const Assertions = v.pipe(
  sentObject({
    kinds: v.pipe(setOf(oneOf(ASSERTION_KINDS), ASSERTION_KINDS.length), v.minLength(1, "must not be empty")),
    scopes: v.optional(setOf(oneOf(CONNECTION_SCOPES), CONNECTION_SCOPES.length), []),
    access: v.optional(trueOrFalse, false),
  }),
  v.check(({ scopes, access }) => access || scopes.length > 0, "must be good for something: scopes, or access"),
);

/** What is taken of whoever says it. */
export const IssuerRegistrationBody = sentObject({
  issuer: boundedText(MAX_IDENTIFIER_CHARACTERS),
  jwks: v.exactOptional(RegisteredKeySet),
  jwks_uri: v.exactOptional(boundedText(MAX_IDENTIFIER_CHARACTERS)),
  audiences: v.optional(setOf(line(MAX_IDENTIFIER_CHARACTERS), MAX_AUDIENCES), []),
  ...SPEECH_MEMBERS,
  max_token_age: v.exactOptional(integer(1, MAX_CLAIM_TOKEN_AGE_SECONDS)),
  claim_tokens: v.exactOptional(listOf(FormatRow, MAX_FORMATS_PER_ISSUER)),
  client_id: v.exactOptional(line(MAX_IDENTIFIER_CHARACTERS)),
  introspection: v.exactOptional(
    sentObject({
      endpoint: line(MAX_IDENTIFIER_CHARACTERS),
      client_id: line(MAX_IDENTIFIER_CHARACTERS),
      client_secret: v.exactOptional(line(MAX_WORD_CHARACTERS)),
    }),
  ),
  assertions: v.exactOptional(Assertions),
  software_statements: v.optional(trueOrFalse, false),
});

type Body = v.InferOutput<typeof IssuerRegistrationBody>;

/**
 * Reads what an operator says about a trusted issuer. For which claims and domains it may speak is never assumed.
 * @param ownIssuer ours, which tells whether plain http on loopback is in order.
 * @throws ProtocolError invalid_request that names the member and says what is wrong.
 */
export function parseIssuerRegistration(input: unknown, ownIssuer: string): IssuerRegistration {
  const body = parseBody(IssuerRegistrationBody, input);
  const formats = readFormats(body);
  checkUris(body, ownIssuer);
  checkIssuerClient(body);
  checkIntrospection(body, formats, ownIssuer);
  const { introspection } = body;
  return {
    issuer: body.issuer,
    jwks: body.jwks ?? null,
    jwksUri: body.jwks_uri ?? null,
    audiences: body.audiences,
    ...readSpeech(body),
    maxTokenAge: body.max_token_age ?? null,
    formats,
    clientId: body.client_id ?? null,
    attestsSoftware: body.software_statements,
    introspection: introspection
      ? {
          endpoint: introspection.endpoint,
          clientId: introspection.client_id,
          secret: introspection.client_secret ?? null,
        }
      : null,
    assertions: body.assertions ?? null,
  };
}

function readFormats({ claim_tokens: rows }: Body): readonly ClaimTokenFormat[] {
  if (rows === undefined) return DEFAULT_ISSUER_DETAILS.formats;
  const formats = rows.map(({ kind, format = usualFormatOf(kind), typ = null, claims }) => {
    if (format === SEVERAL_FORMAT)
      throw invalidRequest(`claim_tokens: ${SEVERAL_FORMAT} is the format of several together`);
    return { kind, format, typ, claims };
  });
  if (new Set(formats.map(({ format }) => format)).size === formats.length) return formats;
  throw invalidRequest("claim_tokens: must not give two kinds the same format");
}

/** What a client signs itself it signs with the keys by which it is known here. */
function checkIssuerClient({
  client_id: clientId,
  jwks,
  jwks_uri: jwksUri,
  claim_tokens: rows = [],
  assertions,
}: Body): void {
  if (clientId === undefined) return;
  if (assertions !== undefined)
    throw invalidRequest("client_id: a client trades no assertions of its own; leave out assertions");
  if (jwks !== undefined || jwksUri !== undefined) {
    throw invalidRequest(
      "client_id: the keys are those that this client is registered with; leave out jwks and jwks_uri",
    );
  }
  if (rows.length > 0 && rows.every(({ kind }) => kind === "jwt")) return;
  throw invalidRequest("client_id: what a client vouches for comes in claim_tokens of the kind jwt");
}

function checkIntrospection({ introspection }: Body, formats: readonly ClaimTokenFormat[], ownIssuer: string): void {
  const isAsked = formats.some(({ kind }) => kind === "access_token");
  if (introspection === undefined) {
    if (isAsked)
      throw invalidRequest("introspection: say where its access tokens can be asked about, and who we are there");
    return;
  }
  if (!isAsked) throw invalidRequest("introspection: is for claim_tokens of the kind access_token, and there are none");
  if (isPublicUrl(introspection.endpoint, ownIssuer)) return;
  throw invalidRequest("introspection.endpoint: must be an https URL at a public host, without a fragment");
}

function checkUris(body: Body, ownIssuer: string): void {
  if (body.issuer === ownIssuer) {
    throw invalidRequest(
      "issuer: is this server itself, whose ID Tokens count for the clients that they were issued to",
    );
  }
  // OpenID Connect Core §2, iss: no query and no fragment.
  if (!isFetchable(body.issuer, ownIssuer) || body.issuer.includes("?")) {
    throw invalidRequest("issuer: must be an https URL without query or fragment, exactly as its tokens name it");
  }
  if (body.jwks !== undefined && body.jwks_uri !== undefined) throw invalidRequest("send jwks or jwks_uri, not both");
  if (body.jwks_uri !== undefined && !isPublicUrl(body.jwks_uri, ownIssuer)) {
    throw invalidRequest("jwks_uri: must be an https URL at a public host, as RFC 3986 writes it, without a fragment");
  }
  // An issuer whose keys come from elsewhere is a name that nobody is asked at.
  const { jwks, jwks_uri: jwksUri, client_id: clientId } = body;
  const isAsked = jwks === undefined && jwksUri === undefined && clientId === undefined;
  if (isAsked && !isPublicUrl(body.issuer, ownIssuer)) {
    throw invalidRequest("issuer: must be at a public host, or come with jwks or jwks_uri");
  }
}

export function renderIssuer(trusted: TrustedIssuer): TrustedIssuerBody {
  return {
    id: trusted.id,
    issuer: trusted.issuer,
    ...(trusted.jwks === null ? {} : { jwks: trusted.jwks }),
    ...(trusted.jwksUri === null ? {} : { jwks_uri: trusted.jwksUri }),
    audiences: trusted.audiences,
    claims: trusted.claims,
    email_domains: trusted.emailDomains,
    ...(trusted.maxTokenAge === null ? {} : { max_token_age: trusted.maxTokenAge }),
    claim_tokens: trusted.formats.map(renderFormat),
    ...(trusted.clientId === null ? {} : { client_id: trusted.clientId }),
    ...renderIntrospection(trusted),
    ...(trusted.assertions === null ? {} : { assertions: trusted.assertions }),
    ...(trusted.attestsSoftware ? { software_statements: true } : {}),
  };
}

function renderFormat({ kind, format, typ, claims }: ClaimTokenFormat): ClaimTokenFormatBody {
  return { kind, format, ...(typ === null ? {} : { typ }), claims };
}

function renderIntrospection({ introspection }: TrustedIssuer): Pick<TrustedIssuerBody, "introspection"> {
  if (introspection === null) return {};
  return { introspection: { endpoint: introspection.endpoint, client_id: introspection.clientId } };
}
