import * as v from "valibot";
import { decodeBase64url } from "../shared/base64url.ts";
import {
  MAX_AUTHENTICATOR_DATA_CHARACTERS,
  MAX_CLIENT_DATA_CHARACTERS,
  MAX_CREDENTIAL_ID_CHARACTERS,
  MAX_TRANSPORT_CHARACTERS,
  MAX_TRANSPORTS,
  MAX_WORD_CHARACTERS,
} from "../shared/limits.ts";
import { boundedString, listOf, parseBody } from "../shared/parse.ts";
import type { CreatedPasskeyBody, UsedPasskeyBody } from "./wire/passkey.ts";

/** Browsers add members of their own, which say nothing to us. */
const credential = <Response extends v.ObjectEntries>(response: Response) =>
  v.object({
    id: boundedString(MAX_CREDENTIAL_ID_CHARACTERS),
    rawId: boundedString(MAX_CREDENTIAL_ID_CHARACTERS),
    type: v.literal("public-key", "must be public-key"),
    response: v.object(response),
  });

const Created: v.GenericSchema<unknown, CreatedPasskeyBody> = credential({
  clientDataJSON: boundedString(MAX_CLIENT_DATA_CHARACTERS),
  attestationObject: boundedString(MAX_AUTHENTICATOR_DATA_CHARACTERS),
  transports: v.exactOptional(listOf(boundedString(MAX_TRANSPORT_CHARACTERS), MAX_TRANSPORTS)),
});

const Used: v.GenericSchema<unknown, UsedPasskeyBody> = credential({
  clientDataJSON: boundedString(MAX_CLIENT_DATA_CHARACTERS),
  authenticatorData: boundedString(MAX_AUTHENTICATOR_DATA_CHARACTERS),
  signature: boundedString(MAX_AUTHENTICATOR_DATA_CHARACTERS),
  userHandle: v.exactOptional(v.nullable(boundedString(MAX_WORD_CHARACTERS))),
});

/** @throws ProtocolError invalid_request. */
export function parseCreatedPasskey(body: unknown): CreatedPasskeyBody {
  return parseBody(Created, body);
}

/** @throws ProtocolError invalid_request. */
export function parseUsedPasskey(body: unknown): UsedPasskeyBody {
  return parseBody(Used, body);
}

/**
 * The challenge that an answer is to, as text; it was sealed here, so it says by itself what it was for.
 * @returns null for client data that names none.
 */
export function readChallenge({ response }: CreatedPasskeyBody | UsedPasskeyBody): string | null {
  const clientData = parseJson(textOf(response.clientDataJSON));
  const parsed = v.safeParse(v.object({ challenge: v.string() }), clientData);
  return parsed.success ? textOf(parsed.output.challenge) : null;
}

function textOf(base64url: string): string | null {
  const bytes = decodeBase64url(base64url);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/**
 * Whether a counter shows that somebody made a copy of the authenticator (WebAuthn §6.1.1). Passkeys that are kept on
 * several devices do not count: theirs stays zero.
 */
export function isCounterOfCopy(known: number, told: number): boolean {
  return (known > 0 || told > 0) && told <= known;
}
