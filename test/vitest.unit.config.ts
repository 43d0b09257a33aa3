import { defineProject } from "vitest/config";

/** Rules on plain values: what they need of a runtime, Node has too. */
export const PURE = [
  "test/{protocol,policy,ci,docs}/**/*.test.ts",
  "test/keys/key.test.ts",
  "test/ledger/{assess,held-permission,withdrawal-edges,withdrawal-rules}.test.ts",
];

/** The pure core in Node: a project of the test run, and all that the mutation test runs. */
export default defineProject({ test: { name: "unit", include: PURE } });
