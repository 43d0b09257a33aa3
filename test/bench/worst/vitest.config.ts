import { defineConfig } from "vitest/config";
import { inWorkerd, SET_UP } from "../../vitest.config.ts";

/** The measuring of worst cases runs inside workerd, as the tests do, but is none of them. */
export default defineConfig({
  plugins: [inWorkerd()],
  test: { include: ["test/bench/worst/measure.ts"], setupFiles: SET_UP },
});
