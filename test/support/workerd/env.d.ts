/** What the test configuration adds to the bindings of wrangler.toml. */
declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
  }
}

/** Settings of a test run: variables of the environment that begin with VITE_. */
interface ImportMeta {
  readonly env: Readonly<Record<string, string | undefined>>;
}
