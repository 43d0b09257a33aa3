import { defineProject } from "vitest/config";

/** Rules on plain values: what they need of a runtime, Node has too. */
export const RULES = [
  "test/{protocol,policy}/**/*.test.ts",
  "test/operations/administer/server-review.test.ts",
  "test/keys/key.test.ts",
  "test/ledger/{assess,held-permission,surrender,withdrawal-edges,withdrawal-rules}.test.ts",
];

/** All that the mutation test runs; tests of tools and pages read the sources as text, which are other ones there. */
export default defineProject({ test: { name: "unit", include: RULES } });
