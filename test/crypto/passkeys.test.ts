import { describe, expect, it } from "vitest";
import { createPasskeys } from "../../src/crypto/passkeys.ts";
import type { Passkey } from "../../src/operations/ports/account.ts";
import { readChallenge } from "../../src/protocol/passkey.ts";
import { encodeBase64url } from "../../src/shared/base64url.ts";
import { Authenticator, type Falsehood } from "../support/pure/authenticator.ts";
import { somePasskey } from "../support/workerd/people.ts";

const ISSUER = "https://as.example/usher";
const ORIGIN = "https://as.example";
const CHALLENGE = "a.sealed-statement";
const ACCOUNT = "AAAAAAAAAAAAAAAAAAAAAA";
const passkeys = createPasskeys(ISSUER);
const encoded = (text: string) => encodeBase64url(new TextEncoder().encode(text));
const wireChallenge = encoded(CHALLENGE);

async function create(falsehood: Falsehood = {}, authenticator = new Authenticator(ORIGIN)) {
  const created = await authenticator.create({ challenge: wireChallenge, user: { id: ACCOUNT } }, falsehood);
  return { authenticator, created, verified: await passkeys.verifyCreation(created, CHALLENGE) };
}

/** A passkey that is known here, with its authenticator. */
async function known(): Promise<{ authenticator: Authenticator; passkey: Passkey }> {
  const { authenticator, verified } = await create();
  if (verified === null) throw new Error("the passkey was not verified");
  return { authenticator, passkey: somePasskey(verified) };
}

describe("what a browser is asked for", () => {
  it("makes a passkey that verifies its person and is found without a name", async () => {
    const request = {
      challenge: CHALLENGE,
      accountId: ACCOUNT,
      name: "Ana",
      known: [{ id: "AAAA", transports: ["usb"] }],
    };
    expect(await passkeys.creationOptions(request)).toMatchObject({
      rp: { id: "as.example" },
      user: { id: ACCOUNT, name: "Ana", displayName: "Ana" },
      challenge: wireChallenge,
      attestation: "none",
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: [{ id: "AAAA", transports: ["usb"] }],
    });
  });

  it("uses any passkey of its person, and tells nothing of those that there are", async () => {
    const options = await passkeys.requestOptions(CHALLENGE);
    expect(options).toMatchObject({ rpId: "as.example", challenge: wireChallenge, userVerification: "required" });
    expect(JSON.parse(JSON.stringify(options))).not.toHaveProperty("allowCredentials");
  });
});

describe("a passkey that was made", () => {
  it("is kept with its key, its counter and how it is reached", async () => {
    const { created, verified } = await create();
    expect(verified).toMatchObject({ id: created.id, signCount: 0, transports: ["internal"] });
  });

  it("counts whatever its maker attests, and no certificate is looked at", async () => {
    const attStmt = new Map([["x5c", new Uint8Array(10)]]);
    for (const fmt of ["packed", "tpm", "unheard-of"]) {
      expect((await create({ attestation: { fmt, attStmt } })).verified, fmt).not.toBeNull();
    }
  });

  it.each<[string, Falsehood]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another port", { origin: `${ORIGIN}:8443` }],
    ["another host's passkeys", { rpId: "evil.example" }],
    ["another challenge", { challenge: encoded("another") }],
    ["a use", { type: "webauthn.get" }],
    ["nobody verified", { isVerified: false }],
  ])("does not count from %s", async (_, falsehood) => {
    expect((await create(falsehood)).verified).toBeNull();
  });

  it("does not count if it is garbled", async () => {
    const { created } = await create();
    const { attestationObject, clientDataJSON } = created.response;
    for (const response of [
      { clientDataJSON, attestationObject: "" },
      { clientDataJSON, attestationObject: "%%%" },
      { clientDataJSON, attestationObject: attestationObject.slice(0, 100) },
      { clientDataJSON, attestationObject: "gYGB".repeat(8_000) },
      { clientDataJSON: "e30", attestationObject },
      { clientDataJSON: "", attestationObject },
    ]) {
      expect(await passkeys.verifyCreation({ ...created, response }, CHALLENGE)).toBeNull();
    }
    expect(await passkeys.verifyCreation({ ...created, rawId: "other" }, CHALLENGE)).toBeNull();
  });
});

describe("what an authenticator answers", () => {
  it("names the challenge that it answers, or none", async () => {
    const { created } = await create();
    const answering = (clientDataJSON: string) =>
      readChallenge({ ...created, response: { ...created.response, clientDataJSON } });
    expect(readChallenge(created)).toBe(CHALLENGE);
    for (const text of ["null", "{}", "{", '{"challenge":7}', '{"challenge":"%"}'])
      expect(answering(encoded(text)), text).toBeNull();
    for (const text of ["", "%", "e30=", "gICA"]) expect(answering(text), text).toBeNull();
  });
});

describe("the use of a passkey", () => {
  it("proves that its holder is there, and tells the counter", async () => {
    const { authenticator, passkey } = await known();
    for (const signCount of [1, 2]) {
      const used = await authenticator.use({ challenge: wireChallenge });
      expect(await passkeys.verifyUse(used, CHALLENGE, passkey)).toEqual({ signCount });
    }
  });

  it.each<[string, Falsehood]>([
    ["at another origin", { origin: "https://evil.example" }],
    ["of another host's passkeys", { rpId: "evil.example" }],
    ["for another challenge", { challenge: encoded("another") }],
    ["as a creation", { type: "webauthn.create" }],
    ["without its person", { isVerified: false }],
  ])("proves nothing %s", async (_, falsehood) => {
    const { authenticator, passkey } = await known();
    const used = await authenticator.use({ challenge: wireChallenge }, falsehood);
    expect(await passkeys.verifyUse(used, CHALLENGE, passkey)).toBeNull();
  });

  it("proves nothing with another key, for none, or garbled", async () => {
    const [{ authenticator, passkey }, other] = await Promise.all([known(), known()]);
    const used = await authenticator.use({ challenge: wireChallenge });
    expect(await passkeys.verifyUse(used, CHALLENGE, { ...passkey, publicKey: other.passkey.publicKey })).toBeNull();
    expect(await passkeys.verifyUse(used, CHALLENGE, { ...passkey, publicKey: "garbled" })).toBeNull();
    expect(await passkeys.verifyUse(used, CHALLENGE, null)).toBeNull();
    const signature = `${used.response.signature.slice(0, -4)}AAAA`;
    const garbled = { ...used, response: { ...used.response, signature } };
    expect(await passkeys.verifyUse(garbled, CHALLENGE, passkey)).toBeNull();
  });
});
