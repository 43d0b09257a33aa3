import { describe, expect, it } from "vitest";
import { isCounterOfCopy, parseCreatedPasskey, parseUsedPasskey } from "../../src/protocol/passkey.ts";
import { parsePasskeyChallenge } from "../../src/protocol/passkey-challenge.ts";

const NOW = 1_900_000_000;
const used = (response: object = {}) => ({
  id: "AAAA",
  rawId: "AAAA",
  type: "public-key",
  response: { clientDataJSON: "e30", authenticatorData: "AAAA", signature: "AAAA", ...response },
});

describe("what an authenticator answers", () => {
  it("is taken with whatever a browser adds", () => {
    const more = { authenticatorAttachment: "platform", clientExtensionResults: { credProps: { rk: true } } };
    expect(parseUsedPasskey({ ...used({ userHandle: "BBBB" }), ...more })).toEqual(used({ userHandle: "BBBB" }));
    const response = { clientDataJSON: "e30", attestationObject: "AAAA", transports: ["usb"], publicKey: "AAAA" };
    const { publicKey: _, ...kept } = response;
    expect(parseCreatedPasskey({ ...used(), response }).response).toEqual(kept);
  });

  it.each([
    null,
    "text",
    [],
    {},
    { ...used(), id: 7 },
    { ...used(), type: "password" },
    { ...used(), response: null },
    used({ signature: { r: 1 } }),
    used({ clientDataJSON: "A".repeat(8_193) }),
    used({ authenticatorData: "A".repeat(32_769) }),
    used({ userHandle: "A".repeat(257) }),
    { ...used(), id: "A".repeat(1_365) },
  ])("is refused in any other form: %#", (body) => {
    expect(() => parseUsedPasskey(body)).toThrow(/must|missing/);
  });
});

describe("a challenge", () => {
  const challenge = { kind: "add", accountId: "ana", visit: "here", expiresAt: NOW + 1 } as const;

  it("counts in the browser it was made for, until it expires", () => {
    expect(parsePasskeyChallenge(challenge, "here", NOW)).toEqual(challenge);
    expect(parsePasskeyChallenge(challenge, "there", NOW)).toBeNull();
    expect(parsePasskeyChallenge(challenge, "here", NOW + 1)).toBeNull();
  });

  it.each([null, "text", { ...challenge, kind: "other" }, { ...challenge, accountId: undefined }])(
    "is not %j",
    (other) => {
      expect(parsePasskeyChallenge(other, "here", NOW)).toBeNull();
    },
  );
});

describe("the counter of a passkey", () => {
  it.each([
    [0, 0, false],
    [0, 1, false],
    [5, 6, false],
    [5, 5, true],
    [5, 4, true],
    [5, 0, true],
  ])("at %i, that tells %i, is one of a copy: %s", (known, told, isCopy) => {
    expect(isCounterOfCopy(known, told)).toBe(isCopy);
  });
});
