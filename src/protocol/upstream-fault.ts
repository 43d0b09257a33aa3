/** What keeps a sign-in at an identity provider from counting, as the operator is told it (docs/events.md). */
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
