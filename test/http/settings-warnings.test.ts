import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  vi.resetModules();
  warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  warn.mockRestore();
});

/** An isolate of its own: the Worker's module as it is loaded anew. */
async function isolate(settings: Readonly<Record<string, string | undefined>>) {
  const { default: worker } = await import("../../src/index.ts");
  return (url: string) => worker.fetch(new Request(url), { ...env, ...settings }, createExecutionContext());
}

const GOOD = { ISSUER: "https://as.example" };

describe("an isolate that is reached from elsewhere", () => {
  it("logs once what its operator has to set, all in one line", async () => {
    const fetch = await isolate({ ...GOOD, ADMIN_SECRET: undefined, KEY_ENCRYPTION_KEY: undefined });
    for (let turn = 0; turn < 3; turn += 1) expect((await fetch("https://as.example/healthz")).status).toBe(200);
    expect(warn.mock.calls).toEqual([
      [
        {
          event: "settings_doubtful",
          warnings: [
            expect.stringMatching(/^ADMIN_SECRET is not set/),
            expect.stringMatching(/^KEY_ENCRYPTION_KEY is not set/),
          ],
        },
      ],
    ]);
  });

  it("logs, and answers, that its issuer is still on this machine", async () => {
    const fetch = await isolate({ ISSUER: "http://localhost:8787" });
    const answer = await fetch("https://as.example/healthz");
    expect(answer.status).toBe(421);
    expect(await answer.json()).toMatchObject({
      error_description: "this server answers at http://localhost:8787 only; ISSUER says so",
    });
    expect(warn.mock.calls).toEqual([
      [{ event: "settings_doubtful", warnings: [expect.stringMatching(/^ISSUER is on loopback/)] }],
    ]);
  });

  it("logs nothing where all is well", async () => {
    await (await isolate(GOOD))("https://as.example/healthz");
    expect(warn).not.toHaveBeenCalled();
  });
});

it("is silent where somebody is only trying", async () => {
  const fetch = await isolate({ ISSUER: "http://localhost:8787", KEY_ENCRYPTION_KEY: undefined });
  await fetch("http://localhost:8787/healthz");
  expect(warn).not.toHaveBeenCalled();
});
