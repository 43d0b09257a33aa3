/**
 * What whoever presents a token has to prove beside it, as it stands in `cnf` (RFC 7800 §3.1): that they hold a key
 * (RFC 9449 §6), by its thumbprint, or the key of a certificate (RFC 8705 §3.1). A token without any is a bearer token,
 * and null stands for that.
 */
export type Confirmation = { readonly jkt: string } | { readonly "x5t#S256": string };
