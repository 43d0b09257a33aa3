/**
 * Looks at what this server stands on. They leave nothing behind that lasts, and throw whatever the platform throws where
 * it does not answer.
 */
export interface Probes {
  /** By binding, as wrangler.toml names it. */
  readonly bindings: Readonly<Record<string, () => Promise<unknown>>>;
  /** The migrations that this version counts on, by file name, in order. */
  readonly neededMigrations: readonly string[];
  /** Those that D1 says it has taken; null where it keeps no list. */
  appliedMigrations(): Promise<readonly string[] | null>;
  /** D1's clock, epoch seconds. */
  recordClock(): Promise<number>;
}
