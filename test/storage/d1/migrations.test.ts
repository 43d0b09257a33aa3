import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listAppliedMigrations, MIGRATIONS } from "../../../src/storage/d1/migrations.ts";

it("the code counts on every migration of the folder, and on no other", () => {
  expect(MIGRATIONS).toEqual(env.TEST_MIGRATIONS.map(({ name }) => name));
});

it("what was applied is read where it is noted", async () => {
  expect(await listAppliedMigrations(env.DB)).toEqual(MIGRATIONS);
});
