/** Who may register clients: the operator, programs that the operator gave a token, or anybody (RFC 7591 §1.1, §3). */
export const CLIENT_REGISTRATIONS = ["closed", "initial_access_token", "open"] as const;
export type ClientRegistrationMode = (typeof CLIENT_REGISTRATIONS)[number];
