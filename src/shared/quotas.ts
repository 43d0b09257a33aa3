/**
 * How much of the shared database one tool or one resource server may fill. An operator may change each (docs/operations.md,
 * "Settings"). Bytes are those of the documents as they are kept, in UTF-8; rows and indexes come on top.
 */
export interface Quotas {
  /** Resources that one resource server registers for one owner. */
  readonly resourcesPerConnection: number;
  readonly resourceBytesPerConnection: number;
  readonly policiesPerOwner: number;
  readonly groupsPerOwner: number;
  /** Of an owner's policies and groups together. */
  readonly policyBytesPerOwner: number;
}

export const DEFAULT_QUOTAS: Quotas = {
  resourcesPerConnection: 100_000,
  resourceBytesPerConnection: 100_000_000,
  policiesPerOwner: 10_000,
  groupsPerOwner: 1_000,
  policyBytesPerOwner: 50_000_000,
};
