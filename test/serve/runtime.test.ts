import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { build } from "../../examples/serve/build.mjs";
import { Runtime } from "../../examples/serve/launch.mjs";
import { ROOT } from "../../examples/serve/root.mjs";
import { freePort } from "../support/server/start-server.ts";

/** The build takes most of it. */
const LIMIT_MS = 120_000;

it("leaves no workerd behind when the process around it is killed alone", { timeout: LIMIT_MS }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "usher-runtime-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(ROOT, "wrangler.toml");
  const bundle = await build(config, join(folder, "build"));
  const port = await freePort();
  const place = { state: join(folder, "state"), host: "127.0.0.1", port };
  const runtime = new Runtime("ignore");
  onTestFinished(() => runtime.killNow());
  await runtime.ask("start", { config, bundle, front: true, ...place, bindings: {}, migrations: null });
  expect(await answers(port)).toBe(true);

  process.kill(Number(runtime.pid), "SIGKILL");
  await runtime.ended;
  await expect.poll(() => answers(port)).toBe(false);
});

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
