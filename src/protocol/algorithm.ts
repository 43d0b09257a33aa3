/**
 * JWS algorithms accepted in what others sign (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). All asymmetric: with an HMAC
 * a public key could pass for a shared secret (RFC 8725 §2.1).
 */
export const ACCEPTED_ALGORITHMS = ["ES256", "ES384", "ES512", "EdDSA", "Ed25519", "PS256", "RS256"] as const;
