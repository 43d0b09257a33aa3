import { describe, expect, it } from "vitest";
import { certificateOf } from "../../src/http/authenticate/certificate.ts";

const VERIFIED = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certFingerprintSHA256: "00ff".repeat(16),
  certSubjectDNRFC2253: "CN=app,O=Example",
};

/** Of a connection of which the platform says this. */
const read = (tlsClientAuth: unknown) =>
  certificateOf(new Request("https://as.example", { cf: { tlsClientAuth } } as RequestInit));

describe("the certificate of a connection", () => {
  it("is known by its thumbprint and its subject", () => {
    const thumbprint = "AP8A_wD_AP8A_wD_AP8A_wD_AP8A_wD_AP8A_wD_AP8";
    expect(read({ ...VERIFIED, certSerial: "1" })).toEqual({
      thumbprint,
      subject: "CN=app,O=Example",
    });
    expect(read({ ...VERIFIED, certFingerprintSHA256: "00FF".repeat(16) })?.thumbprint).toBe(thumbprint);
  });

  it.each([
    ["there is none", { certPresented: "0" }],
    ["nobody signed it whom the edge knows", { certVerified: "FAILED:self signed certificate" }],
    ["nobody looked at it", { certVerified: "NONE" }],
    ["it was revoked", { certRevoked: "1" }],
    ["it has no fingerprint", { certFingerprintSHA256: "" }],
    ["its fingerprint is none", { certFingerprintSHA256: "zz".repeat(32) }],
    ["it names nobody", { certSubjectDNRFC2253: "" }],
  ])("does not count where %s", (_, change) => {
    expect(read({ ...VERIFIED, ...change })).toBeNull();
  });

  it("is none where the platform says nothing", () => {
    expect(certificateOf(new Request("https://as.example"))).toBeNull();
  });

  it.each([undefined, null, {}, "SUCCESS", [VERIFIED]])("is none where the platform says %j", (connection) => {
    expect(read(connection)).toBeNull();
  });
});
