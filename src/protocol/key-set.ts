import * as v from "valibot";

const MAX_KEYS = 20;
const KEY_TYPES = ["RSA", "EC", "OKP"] as const;
/** Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4): nobody should send us those. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const PublicKey = v.pipe(
  v.looseObject({ kty: v.picklist(KEY_TYPES, `must be one of ${KEY_TYPES.join(", ")}`) }, "must be a JWK with kty"),
  v.check((key) => !PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)), "must be a public key"),
);

/** A JWK Set of public keys (RFC 7517 §5), as somebody else publishes it. */
export const PublicKeySet = v.strictObject(
  {
    keys: v.pipe(
      v.array(PublicKey, "must be a list of keys"),
      v.minLength(1, "must not be empty"),
      v.maxLength(MAX_KEYS, `must not have more than ${MAX_KEYS} keys`),
    ),
  },
  "must be a JWK Set: an object with keys alone",
);
