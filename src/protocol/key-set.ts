import * as v from "valibot";
import { MAX_KEYS_PER_SET } from "../shared/limits.ts";
import { nonEmptyListOf, oneOf } from "../shared/parse.ts";

const KEY_TYPES = ["RSA", "EC", "OKP"] as const;
/** Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4): nobody should send us those. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const PublicKey = v.pipe(
  v.looseObject({ kty: oneOf(KEY_TYPES) }),
  v.check((key) => !PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)), "must be a public key"),
);

/** A JWK Set of public keys (RFC 7517 §5), as somebody else publishes it. */
export const PublicKeySet = v.strictObject({ keys: nonEmptyListOf(PublicKey, MAX_KEYS_PER_SET) });
