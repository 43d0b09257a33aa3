/** Who a requesting party is to one resource server: stable there, meaningless elsewhere (RFC 9068 §6). */
export interface PairwiseSubjects {
  subject(resourceServerId: string, party: string): Promise<string>;
  /** Who it is to one owner, whichever resource server they meet at. */
  person(ownerId: string, party: string): Promise<string>;
  /** Who an account is to one client that signs it in (OpenID Connect Core §8.1): each client is a sector of its own. */
  account(clientId: string, accountId: string): Promise<string>;
}
