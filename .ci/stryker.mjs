// `npm run mutate`: breaks the pure rules one small change at a time and looks whether the unit tests notice. Minutes
// on a quiet machine, so it is no part of `npm test`. A folder by itself: `npm run mutate -- --mutate 'src/protocol/**'`.
// docs/mutation.md explains what survives.

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  packageManager: "npm",
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: "test/vitest.unit.config.ts", related: false },
  mutate: [
    "src/policy/**/*.ts",
    "src/protocol/**/*.ts",
    "src/ledger/**/{assess,withdrawal,held-permission,change,renewal,surrender}.ts",
  ],
  // Stryker would rewrite it with TypeScript's own interface, which the native compiler does not have.
  tsconfigFile: "none",
  ignorePatterns: [".wrangler", ".usher", "coverage", "dist"],
  coverageAnalysis: "perTest",
  concurrency: 1,
  tempDirName: ".wrangler/stryker",
  reporters: ["clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: "coverage/mutation.json" },
  thresholds: { high: 95, low: 92, break: 92 },
};
