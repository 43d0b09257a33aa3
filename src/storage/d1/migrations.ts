/** The files of `migrations/` that this version counts on, in order; wrangler keeps which were applied. */
export const MIGRATIONS: readonly string[] = [
  "0001_foundation.sql",
  "0002_bounds.sql",
  "0003_resources.sql",
  "0004_owner_api.sql",
  "0005_review.sql",
  "0006_people.sql",
  "0007_identity_providers.sql",
  "0008_authorization.sql",
  "0009_claims.sql",
  "0010_organizations.sql",
  "0011_collections.sql",
  "0012_deletion.sql",
  "0013_notices.sql",
  "0014_shared_with_me.sql",
  "0015_console.sql",
  "0016_things.sql",
  "0017_client_details.sql",
  "0018_registration.sql",
  "0019_openid.sql",
  "0020_claims.sql",
  "0021_doors.sql",
];

const HAS_LIST = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'd1_migrations'";
const LIST = "SELECT name FROM d1_migrations ORDER BY id";

/** @returns null where nobody keeps a list: not even the first migration was applied, or by other means. */
export async function listAppliedMigrations(db: D1Database): Promise<readonly string[] | null> {
  if ((await db.prepare(HAS_LIST).first()) === null) return null;
  const { results } = await db.prepare(LIST).all<{ name: string }>();
  return results.map(({ name }) => name);
}
