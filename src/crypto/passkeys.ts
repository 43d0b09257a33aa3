import type { Passkey } from "../operations/ports/account.ts";
import type { CreatedPasskey, PasskeyCreation, Passkeys } from "../operations/ports/passkey.ts";
import type { CreatedPasskeyBody, UsedPasskeyBody } from "../protocol/wire/passkey.ts";
import { decodeBase64url, encodeBase64url } from "../shared/base64url.ts";
import { MAX_CREDENTIAL_ID_CHARACTERS, MAX_PUBLIC_KEY_BYTES } from "../shared/limits.ts";
import { MINUTE } from "../shared/time.ts";

/** Loaded where a passkey is first seen: to start it takes longer than all the rest (docs/measurements.md). */
const loadLibrary = loadedOnce(() => import("@simplewebauthn/server"));
const loadHelpers = loadedOnce(() => import("@simplewebauthn/server/helpers"));

/**
 * Only what was loaded is kept between requests, never the loading: in Workers one request must not wait for the I/O of
 * another, and where modules are fetched as they are needed (as tests do), each `import()` is I/O, loaded or not.
 */
function loadedOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loaded: Module | null = null;
  return async () => {
    loaded ??= await load();
    return loaded;
  };
}

/** EdDSA, ES256 and RS256 (RFC 9053 §2, RFC 8812 §2): every authenticator has one of these. */
const ALGORITHMS = [-8, -7, -257];
/** Milliseconds: time to find a key in a drawer. */
const TIMEOUT = 5 * MINUTE * 1_000;

/** A good P-256 key (COSE, RFC 9053 §7.1.1) whose private half nobody kept. */
const NOBODYS_KEY =
  "pQECAyYgASFYIHvhQV_w-d3TewBSugFEgq6Yg_ulsQ0o0eRuda2A0x0GIlggi7iHsrtPoPF4-3rqKTarCpHgvPU4dey6K6eTNQaqIWg";

/** The relying party that this server is: its host is what passkeys are made for, its origin where they are used. */
interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

export function createPasskeys(issuer: string): Passkeys {
  const { hostname: id, origin } = new URL(issuer);
  const party: RelyingParty = { id, origin };
  return {
    creationOptions: (request) => creationOptions(party, request),
    requestOptions: async (challenge) => {
      const { generateAuthenticationOptions } = await loadLibrary();
      return generateAuthenticationOptions({ rpID: id, challenge, userVerification: "required", timeout: TIMEOUT });
    },
    verifyCreation: (created, challenge) => verifyCreation(party, created, challenge).catch(() => null),
    verifyUse: (used, challenge, passkey) => verifyUse(party, used, challenge, passkey).catch(() => null),
  };
}

async function creationOptions({ id }: RelyingParty, request: PasskeyCreation): Promise<object> {
  const { generateRegistrationOptions } = await loadLibrary();
  const { challenge, accountId, name, known } = request;
  const userID = decodeBase64url(accountId);
  if (userID === null) throw new Error("an account id is no base64url");
  return generateRegistrationOptions({
    rpID: id,
    rpName: id,
    userID,
    // Some devices make no passkey for somebody without a name.
    userName: name || id,
    userDisplayName: name || id,
    challenge,
    attestationType: "none",
    excludeCredentials: known.map((passkey) => ({ id: passkey.id, transports: [...passkey.transports] })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
    timeout: TIMEOUT,
  });
}

/** WebAuthn §7.1. The library throws for whatever is not as it should be. */
async function verifyCreation(
  { id, origin }: RelyingParty,
  created: CreatedPasskeyBody,
  challenge: string,
): Promise<CreatedPasskey | null> {
  const { verifyRegistrationResponse } = await loadLibrary();
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      id: created.id,
      rawId: created.rawId,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: created.response.clientDataJSON,
        attestationObject: await withoutAttestation(created.response.attestationObject),
      },
    },
    expectedChallenge: encodeBase64url(new TextEncoder().encode(challenge)),
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  });
  if (!verified) return null;
  const { credential } = registrationInfo;
  const isTooLong =
    credential.id.length > MAX_CREDENTIAL_ID_CHARACTERS || credential.publicKey.length > MAX_PUBLIC_KEY_BYTES;
  if (isTooLong) return null;
  return {
    id: credential.id,
    publicKey: encodeBase64url(credential.publicKey),
    signCount: credential.counter,
    transports: created.response.transports ?? [],
  };
}

/**
 * We ask for no attestation and trust no maker, so what an authenticator says of its make all the same is not looked at:
 * its certificates would have us fetch lists from wherever they name.
 */
async function withoutAttestation(attestationObject: string): Promise<string> {
  const { isoBase64URL, isoCBOR, decodeAttestationObject } = await loadHelpers();
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get("authData");
  const none = new Map<string, string | Uint8Array | Map<string, never>>([
    ["fmt", "none"],
    ["attStmt", new Map<string, never>()],
    ["authData", authData],
  ]);
  return isoBase64URL.fromBuffer(isoCBOR.encode(none));
}

/** WebAuthn §7.2, but for its counter, which says something only once all else is right. */
async function verifyUse(
  { id, origin }: RelyingParty,
  { id: credentialId, rawId, response }: UsedPasskeyBody,
  challenge: string,
  passkey: Passkey | null,
): Promise<{ signCount: number } | null> {
  const { verifyAuthenticationResponse } = await loadLibrary();
  const { clientDataJSON, authenticatorData, signature } = response;
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: {
      id: credentialId,
      rawId,
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON, authenticatorData, signature },
    },
    expectedChallenge: encodeBase64url(new TextEncoder().encode(challenge)),
    expectedOrigin: origin,
    expectedRPID: id,
    requireUserVerification: true,
    credential: {
      id: passkey?.id ?? credentialId,
      publicKey: decodeBase64url(passkey?.publicKey ?? NOBODYS_KEY) ?? new Uint8Array(),
      counter: 0,
    },
  });
  return verified && passkey !== null ? { signCount: authenticationInfo.newCounter } : null;
}
