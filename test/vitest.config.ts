import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/**
 * Two projects: `unit` runs the pure core in Node, `workerd` runs everything that touches the platform inside the real
 * runtime, with real D1, KV and Durable Objects and the real migrations.
 */
export default defineConfig({
  test: {
    // Refusals are logged on purpose; only a test that fails needs to show what was.
    silent: "passed-only",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/{protocol,policy,ci}/**/*.test.ts"],
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("./migrations"),
                ADMIN_SECRET: "test-admin-secret-0123456789abcdef",
                KEY_ENCRYPTION_KEY: "dGVzdC1rZXktZW5jcnlwdGlvbi1rZXktMDEyMzQ1Njc",
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          include: ["test/{platform,crypto,storage,operations,http,conformance,stories}/**/*.test.ts"],
          setupFiles: ["test/support/apply-migrations.ts"],
        },
      },
    ],
  },
});
