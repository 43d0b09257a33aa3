import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The measuring of worst cases runs inside workerd, as the tests do, but is none of them. */
export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations("./migrations"),
          ISSUER: "http://localhost:8787",
          ADMIN_SECRET: "test-admin-secret-0123456789abcdef",
          KEY_ENCRYPTION_KEY: "dGVzdC1rZXktZW5jcnlwdGlvbi1rZXktMDEyMzQ1Njc",
        },
      },
    })),
  ],
  test: { include: ["test/bench/worst/measure.ts"], setupFiles: ["test/support/workerd/apply-migrations.ts"] },
});
