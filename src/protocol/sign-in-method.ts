/** How somebody can prove who they are. */
export const SIGN_IN_METHODS = ["passkey", "email_code", "recovery_code", "provider"] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];
