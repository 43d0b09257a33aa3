/** What is used of the quotas (shared/quotas.ts). Counters: a look costs one row for each connection, however much there is. */
export interface OwnerUsage {
  readonly policies: number;
  readonly groups: number;
  /** Of policies and groups together. */
  readonly policyBytes: number;
  /** Of every client that registered resources for this owner. */
  readonly connections: readonly ConnectionUsage[];
}

export interface ConnectionUsage {
  readonly clientId: string;
  readonly resources: number;
  readonly bytes: number;
}

export interface UsageStore {
  ofOwner(ownerId: string): Promise<OwnerUsage>;
}
