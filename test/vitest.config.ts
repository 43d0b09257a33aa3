import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { RULES } from "./vitest.unit.config.ts";

const PURE = [...RULES, "test/{ci,docs,pages,serve,start}/**/*.test.ts"];

/** Files that need a runtime to themselves; starting one costs more than most of them take. */
const APART = [
  // Its settings must reach the Durable Objects too, and those read them once.
  "test/conformance/grant-settings.test.ts",
  // They make keys that stay: other files count on a ring as it is made at first, and so does the first of these.
  "test/conformance/rfc7517-jwk-set.test.ts",
  "test/conformance/rfc9068-signing-algorithm.test.ts",
  "test/http/scheduled.test.ts",
  // Loads the Worker's module anew under other settings, and the objects made meanwhile take it for theirs.
  "test/http/settings-warnings.test.ts",
  // Both walk lists from end to end, so nobody else's records may stand in them.
  "test/http/admin-check.test.ts",
  "test/storage/d1/d1-stores.test.ts",
  // Look at whatever is kept anywhere, and others keep much, and what no server would.
  "test/conformance/grant-6-privacy.test.ts",
  "test/stories/nothing-in-the-clear.test.ts",
  "test/storage/what-is-kept.test.ts",
];

/** Stories in a real browser. */
const BROWSER = ["test/browser/**/*.test.ts"];

/** The runtime with the project's bindings, and secrets that are nobody's. */
export const inWorkerd = () =>
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
  }));

export const SET_UP = ["test/support/workerd/apply-migrations.ts"];

/**
 * Four projects: `unit` runs the pure core in Node; `workerd` runs everything that touches the platform inside the
 * real runtime, with real D1, KV and Durable Objects and the real migrations, all files in one, so that each makes the
 * records it needs and leaves others alone; `apart` gives a runtime to each file that cannot live like that; `browser` plays stories in a browser against a server of their own.
 */
export default defineConfig({
  test: {
    // Refusals are logged on purpose; only a test that fails needs to show what was.
    silent: "passed-only",
    projects: [
      { test: { name: "unit", include: PURE } },
      {
        plugins: [inWorkerd()],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: [...PURE, ...APART, ...BROWSER],
          setupFiles: SET_UP,
          // Some look at everything that all the others stored; on a busy machine that takes a while.
          testTimeout: 20_000,
          isolate: false,
        },
      },
      { plugins: [inWorkerd()], test: { name: "apart", include: APART, setupFiles: SET_UP } },
      {
        test: {
          name: "browser",
          include: BROWSER,
          globalSetup: ["test/support/browser/global-setup.ts"],
          // A story has many pages, and there may be little of the machine to show them with.
          testTimeout: 60_000,
          isolate: false,
        },
      },
    ],
  },
});
