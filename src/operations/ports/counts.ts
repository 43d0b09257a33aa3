/** How much the system of record holds, for the operator. */
export interface RecordCounts {
  readonly owners: number;
  readonly clients: number;
  readonly issuers: number;
  readonly resources: number;
  readonly policies: number;
}

export interface Counts {
  all(): Promise<RecordCounts>;
}
