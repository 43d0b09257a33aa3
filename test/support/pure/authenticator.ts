import type { CreatedPasskeyBody, UsedPasskeyBody } from "../../../src/protocol/wire/passkey.ts";
import { decodeBase64url, encodeBase64url } from "../../../src/shared/base64url.ts";
import { cbor } from "./cbor.ts";

/** What an authenticator keeps of a passkey. */
interface Credential {
  readonly id: string;
  readonly userHandle: string;
  readonly keys: CryptoKeyPair;
  signCount: number;
}

interface CreationOptions {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

interface RequestOptions {
  readonly challenge: string;
}

/** How an answer differs from an honest one. */
export interface Falsehood {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly isVerified?: boolean;
  readonly signCount?: number;
  readonly userHandle?: string | null;
  /** A passkey that was made before, as if it were new. */
  readonly credential?: Credential;
  readonly attestation?: { readonly fmt: string; readonly attStmt: Parameters<typeof cbor>[0] };
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** A browser with an authenticator, in software: it keeps P-256 keys and answers as WebAuthn §5.1.3 and §5.1.4 say. */
export class Authenticator {
  readonly #origin: string;
  readonly #counts: boolean;
  readonly credentials: Credential[] = [];

  /** @param counts whether it counts how often it signs, as those do whose passkeys never leave them. */
  constructor(origin: string, counts = true) {
    this.#origin = origin;
    this.#counts = counts;
  }

  /** Makes a passkey, and answers as `navigator.credentials.create` does. */
  async create(options: CreationOptions, falsehood: Falsehood = {}): Promise<CreatedPasskeyBody> {
    if (options.excludeCredentials?.some(({ id }) => this.credentials.some((one) => one.id === id)) === true) {
      throw new Error("InvalidStateError: this authenticator has a passkey of the account already");
    }
    const credential = falsehood.credential ?? (await this.#newCredential(options));
    const authData = concat(
      await this.#authenticatorData(credential, HAS_CREDENTIAL, falsehood),
      await attestedCredential(credential),
    );
    const { fmt, attStmt } = falsehood.attestation ?? { fmt: "none", attStmt: new Map() };
    const attestation = new Map<string, Parameters<typeof cbor>[0]>(Object.entries({ fmt, attStmt, authData }));
    return {
      id: credential.id,
      rawId: credential.id,
      type: "public-key",
      response: {
        clientDataJSON: this.#clientData("webauthn.create", options.challenge, falsehood),
        attestationObject: encodeBase64url(cbor(attestation)),
        transports: ["internal"],
      },
    };
  }

  async #newCredential(options: CreationOptions): Promise<Credential> {
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    if (!("privateKey" in keys)) throw new Error("a key of its own is no pair");
    const id = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
    const credential: Credential = { id, userHandle: options.user.id, keys, signCount: 0 };
    this.credentials.push(credential);
    return credential;
  }

  /** Uses a passkey, and answers as `navigator.credentials.get` does. */
  async use(options: RequestOptions, falsehood: Falsehood = {}, credential = this.#newest()): Promise<UsedPasskeyBody> {
    if (this.#counts) credential.signCount += 1;
    const clientDataJSON = this.#clientData("webauthn.get", options.challenge, falsehood);
    const authenticatorData = await this.#authenticatorData(credential, 0, falsehood);
    const signed = concat(authenticatorData, await sha256(bytesOf(clientDataJSON)));
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, credential.keys.privateKey, signed);
    return {
      id: credential.id,
      rawId: credential.id,
      type: "public-key",
      response: {
        clientDataJSON,
        authenticatorData: encodeBase64url(authenticatorData),
        signature: encodeBase64url(derOf(new Uint8Array(signature))),
        userHandle: falsehood.userHandle === undefined ? credential.userHandle : falsehood.userHandle,
      },
    };
  }

  #newest(): Credential {
    const newest = this.credentials.at(-1);
    if (newest === undefined) throw new Error("this authenticator has no passkey");
    return newest;
  }

  #clientData(type: string, challenge: string, falsehood: Falsehood): string {
    const clientData = { type, challenge, origin: this.#origin, crossOrigin: false, ...defined(falsehood) };
    return encodeBase64url(new TextEncoder().encode(JSON.stringify(clientData)));
  }

  /** WebAuthn §6.1. */
  async #authenticatorData(credential: Credential, flags: number, falsehood: Falsehood): Promise<Uint8Array> {
    const { rpId = new URL(this.#origin).hostname, isVerified = true, signCount = credential.signCount } = falsehood;
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, signCount);
    const all = flags | PRESENT | (isVerified ? VERIFIED : 0);
    return concat(await sha256(Uint8Array.from(new TextEncoder().encode(rpId))), Uint8Array.of(all), counter);
  }
}

function defined({ origin, type, challenge }: Falsehood) {
  return Object.fromEntries(Object.entries({ origin, type, challenge }).filter(([, value]) => value !== undefined));
}

/** WebAuthn §6.5.1: no make, the length of the id and the id, and the key (COSE, RFC 9053 §7.1.1). */
async function attestedCredential({ id, keys }: Credential): Promise<Uint8Array> {
  const exported = await crypto.subtle.exportKey("jwk", keys.publicKey);
  const { x = "", y = "" } = exported as JsonWebKey;
  const key = new Map<number, Parameters<typeof cbor>[0]>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytesOf(x)],
    [-3, bytesOf(y)],
  ]);
  const bytes = bytesOf(id);
  return concat(new Uint8Array(16), Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes, cbor(key));
}

/** ECDSA signatures of WebCrypto are r and s side by side; authenticators write them in DER (WebAuthn §6.5.5). */
function derOf(signature: Uint8Array): Uint8Array {
  const [r, s] = [signature.slice(0, 32), signature.slice(32)].map(derIntegerOf);
  const both = concat(r ?? new Uint8Array(), s ?? new Uint8Array());
  return concat(Uint8Array.of(0x30, both.length), both);
}

function derIntegerOf(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.slice(start === -1 ? -1 : start);
  const signed = (digits[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), digits) : digits;
  return concat(Uint8Array.of(0x02, signed.length), signed);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64url(base64url);
  if (bytes === null) throw new Error("no base64url");
  return bytes;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
