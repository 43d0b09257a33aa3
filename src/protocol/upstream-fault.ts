/** What keeps a sign-in at an identity provider from counting: names, and the words for them. */

export type UpstreamFault =
  | "unreachable"
  | "metadata"
  | "answer"
  | "declined"
  | "refused"
  | "exchange"
  | "id_token"
  | "stale"
  | "level"
  | "userinfo";

/** For the operator, who reads them with a detail of what happened. */
const WORDS: Readonly<Record<UpstreamFault, string>> = {
  unreachable: "the provider cannot be reached, or does not answer in time or in measure",
  metadata: "the provider's discovery document has no endpoint for this",
  answer: "what the browser brought back is no answer of this provider to this sign-in",
  declined: "the person, or the provider, declined",
  refused: "the provider refused the request",
  exchange: "the provider did not redeem its code: look at client id, authentication and redirect URI there",
  id_token: "the ID Token does not count",
  stale: "the person signed in there longer ago than was asked for, or the provider does not say when (auth_time)",
  level: "the ID Token names no level of authentication that is accepted (accepted_acr_values)",
  userinfo: "the UserInfo endpoint gave no answer that counts",
};

export function describeUpstreamFault(fault: UpstreamFault): string {
  return WORDS[fault];
}
