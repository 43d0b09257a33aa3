/** What the test configuration adds to the bindings of wrangler.toml. */
declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
  }
}

/** What the test runner's bundler gives a module. */
interface ImportMeta {
  /** The files that a pattern names, as texts. */
  glob(
    pattern: string,
    options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
  ): Readonly<Record<string, string>>;
  /** Settings of a test run: variables of the environment that begin with VITE_. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
