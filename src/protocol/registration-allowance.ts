import { type GrantType, UMA_TICKET_GRANT } from "./wire/client.ts";
import type { ConnectionScope } from "./wire/connection.ts";

/** What a client that registers itself may be registered for. */
export interface RegistrationAllowance {
  readonly grantTypes: readonly GrantType[];
  /** For which of these it may ask people. */
  readonly connectionScopes: readonly ConnectionScope[];
  /** Whether claim tokens that it pushes count (Grant §5.7). */
  readonly mayPushClaims: boolean;
}

/** What is left of an allowance where an operator wrote what a client is: what they took away, it may not register for again. */
export function limitAllowance(
  allowance: RegistrationAllowance,
  written: RegistrationAllowance,
): RegistrationAllowance {
  return {
    grantTypes: allowance.grantTypes.filter((grant) => written.grantTypes.includes(grant)),
    connectionScopes: allowance.connectionScopes.filter((scope) => written.connectionScopes.includes(scope)),
    mayPushClaims: allowance.mayPushClaims && written.mayPushClaims,
  };
}

/**
 * What anybody may register for: to ask, and to go on with what was given. Acting for owners is for those whom somebody
 * has looked at: an app that protects or shares what is theirs could do so to its own ends.
 */
export const OPEN_ALLOWANCE: RegistrationAllowance = {
  grantTypes: [UMA_TICKET_GRANT, "authorization_code", "refresh_token"],
  connectionScopes: [],
  mayPushClaims: false,
};
