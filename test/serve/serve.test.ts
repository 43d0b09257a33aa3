import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text as read } from "node:stream/consumers";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { readVariables } from "../../examples/serve/variables.mjs";
import { DAY } from "../../src/shared/time.ts";
import { readPage } from "../docs/pages.ts";
import { permission } from "../support/server/protection-api.ts";
import { INVALID_GRANT, REQUEST_DENIED, Scene } from "../support/server/scene.ts";
import { freePort } from "../support/server/start-server.ts";
import { expectStatus, text, World } from "../support/server/world.ts";
import { ADMIN_SECRET, Served, throughProxy } from "./served.ts";

// Each start builds the Worker, and there may be little of the machine to do it with.
vi.setConfig({ testTimeout: 120_000 });

const scratch = mkdtempSync(join(tmpdir(), "usher-served-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const running: Served[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((served) => served.stop("SIGKILL")));
});

async function start(environment: Readonly<Record<string, string>>): Promise<Served> {
  const served = await Served.start(environment);
  running.push(served);
  return served;
}

/** A folder of its own and a port of its own. */
async function place(name: string) {
  return { PORT: String(await freePort()), USHER_STATE: join(scratch, name) };
}

const worldAt = (issuer: string, fetch: (request: Request) => Promise<Response> = globalThis.fetch) =>
  new World({ fetch, issuer, adminSecret: ADMIN_SECRET });

/** Nothing of the server is left: not what was started, nor what that started. */
async function expectGone(port: string): Promise<void> {
  await expect.poll(() => fetch(`http://127.0.0.1:${port}/`).catch(() => "gone")).toBe("gone");
}

it("serves a flow, ends when it is told to or killed, and has it all again when it is started anew", async () => {
  const here = await place("flow");
  const first = await start(here);
  const issuer = `http://localhost:${here.PORT}`;
  expect(first.output.trim().split("\n")).toEqual([
    expect.stringContaining(`${issuer}/development/mailbox`),
    expect.stringMatching(`^Usher .* answers at ${issuer},`),
  ]);
  expect((statSync(here.USHER_STATE).mode & 0o077).toString(8)).toBe("0");

  const page = await fetch(issuer, { headers: { Accept: "text/html" } }).then((answer) => answer.text());
  const [, style = ""] = page.match(/<link rel="stylesheet" href="([^"]+)"/) ?? [];
  expect(await fetch(issuer + style).then((answer) => answer.text())).toContain("--ink");

  const scene = await Scene.open(worldAt(issuer));
  const photo = await scene.sharedPhoto();
  const ticket = await scene.ticket(photo);
  const idToken = await scene.bob();
  const rpt = text(expectStatus(await scene.redeem(ticket, { idToken }), 200), "access_token");
  const waiting = await scene.ticket(photo);

  expect(await first.stop("SIGTERM")).toBe(0);
  await expectGone(here.PORT);
  const second = await start(here);
  expect(await scene.introspect(rpt)).toMatchObject({ active: true });
  expect(await scene.redeem(ticket, { idToken })).toMatchObject(INVALID_GRANT);
  expectStatus(await scene.redeem(waiting, { idToken }), 200);

  await second.stop("SIGKILL");
  await expectGone(here.PORT);
  await start(here);
  expect(await scene.redeem(waiting, { idToken })).toMatchObject(INVALID_GRANT);
  expectStatus(
    await scene.world.send("POST", "/permission", { bearer: scene.pat, json: permission(photo, "view") }),
    201,
  );
});

it("gets other secrets, and its former state back, by the commands of its page", async () => {
  const folder = join(scratch, "page/usher");
  const { PORT, USHER_STATE } = await place("page/usher/.usher");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ".dev.vars"), `ADMIN_SECRET=${ADMIN_SECRET}\nKEY_ENCRYPTION_KEY=${"k".repeat(40)}\n`);
  const variables = () => readVariables(join(folder, ".dev.vars"));
  const startHere = () => start({ PORT, USHER_STATE, ...variables() });
  const keys = async (adminSecret = "") => {
    const headers = { Authorization: `Bearer ${adminSecret}` };
    const response = await fetch(`http://localhost:${PORT}/admin/keys`, { headers });
    return { status: response.status, text: await response.text() };
  };

  await (await startHere()).stop("SIGTERM");
  runFrom("docs/self-hosting.md", "mkdir -m 700 ../usher-backup", folder);
  runFrom("docs/self-hosting.md", "KEY_ENCRYPTION_KEY_PREVIOUS", folder);
  const both = await startHere();
  const { ADMIN_SECRET: changed } = variables();
  expect(await keys(ADMIN_SECRET)).toMatchObject({ status: 200 });
  const sealed = {
    status: 200,
    text: expect.stringContaining('"sealed_under":["KEY_ENCRYPTION_KEY_PREVIOUS","KEY_ENCRYPTION_KEY"]'),
  };
  expect(await keys(changed)).toEqual(sealed);

  await both.stop("SIGTERM");
  runFrom("docs/self-hosting.md", "rm -r .usher", folder);
  await startHere();
  expect(await keys(changed)).toMatchObject({ status: 401 });
  expect(await keys(ADMIN_SECRET)).toMatchObject({
    status: 200,
    text: expect.stringContaining('"sealed_under":["KEY_ENCRYPTION_KEY"]'),
  });

  appendFileSync(join(folder, ".dev.vars"), "RPT_LIFETIME=60\n");
  runFrom("docs/self-hosting.md", "KEY_ENCRYPTION_KEY_PREVIOUS", folder);
  expect(variables()).toMatchObject({ ADMIN_SECRET_PREVIOUS: ADMIN_SECRET, RPT_LIFETIME: "60" });
});

/** Runs the one block of a page that has these words, in a folder. */
function runFrom(page: string, words: string, cwd: string): void {
  const { content = "exit 1" } =
    readPage(page).fences.find(({ info, content }) => info === "sh" && content.includes(words)) ?? {};
  execFileSync("bash", ["-ec", content], { cwd });
}

it("calls the scheduled handler, so that keys which have served their time get successors", async () => {
  const here = await place("keys");
  const countSigningKeys = async () => {
    const { body } = await worldAt(`http://localhost:${here.PORT}`).admin("GET", "/keys");
    return body.items?.filter(({ use }) => use === "sign").length;
  };
  const first = await start(here);
  expect(await countSigningKeys()).toBe(1);
  await first.stop("SIGTERM");
  const ring = join(here.USHER_STATE, "v3/do/usher-KeyRingObject");
  changeDatabase(ring, `UPDATE keys SET use_from = use_from - ${30 * DAY}`);
  await start(here);
  expect(await countSigningKeys()).toBe(2);
});

/** Writes, past a server that is not running, into the one database of a folder. */
function changeDatabase(folder: string, statement: string): void {
  const [file = ""] = readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  const database = new DatabaseSync(join(folder, file));
  database.exec(statement);
  database.close();
}

describe("whose failures are counted", () => {
  /** More wrong secrets than one source has in a minute (docs/api.md, "Limits"). */
  const GUESSES = 61;
  const guessAs = (address: string) => (world: World) =>
    world.send("GET", "/admin/counts", {
      bearer: "x".repeat(40),
      headers: { "X-Forwarded-For": address, "CF-Connecting-IP": address },
    });
  const guessOften = async (world: World, address: (index: number) => string) => {
    for (let index = 0; index < GUESSES; index += 1) await guessAs(address(index))(world);
  };

  it("is not for the caller to say", async () => {
    const here = await place("direct");
    await start(here);
    const world = worldAt(`http://localhost:${here.PORT}`);
    await guessOften(world, (index) => `192.0.2.${index}`);
    expect((await guessAs("198.51.100.1")(world)).status).toBe(429);
  });

  it("is for a proxy to say, and with it the scheme, where the issuer is https", async () => {
    const here = await place("proxied");
    const issuer = "https://as.example";
    await start({ ...here, ISSUER: issuer });
    const port = Number(here.PORT);
    const from = (address: string) => {
      const seen = { "X-Forwarded-Proto": "https", "X-Forwarded-For": `203.0.113.9, ${address}` };
      return worldAt(issuer, throughProxy(port, seen));
    };
    await guessOften(from("192.0.2.1"), (index) => `198.51.100.${index}`);
    expect((await from("192.0.2.1").admin("GET", "/counts")).status).toBe(429);
    expect((await from("192.0.2.2").admin("GET", "/counts")).status).toBe(200);
    const plain = await worldAt(issuer, throughProxy(port)).send("GET", "/jwks");
    expect(plain).toMatchObject({ status: 421, body: { error: "misdirected_request" } });
  });
});

it("refuses a body that is none, or breaks off, as it refuses a whole one", async () => {
  const here = await place("broken");
  const served = await start(here);
  const post = (path: string, rest: string) =>
    exchange(Number(here.PORT), `POST ${path} HTTP/1.1\r\nHost: localhost:${here.PORT}\r\n${rest}`);
  expect(await post("/nothing", "Transfer-Encoding: chunked\r\n\r\nZZ\r\n")).toMatch(/^HTTP\/1.1 404 /);
  expect(await post("/resources", "Transfer-Encoding: chunked\r\n\r\n1\r\nxZZ\r\n")).toMatch(/^HTTP\/1.1 401 /);
  expect(await post("/healthz", "Content-Length: 9\r\n\r\nx")).toMatch(/^HTTP\/1.1 405 /);
  expect(served.output).not.toContain("error");
});

/** Sends these bytes and no more. @returns what comes. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  return read(socket);
}

describe("where a caller is", () => {
  const claiming = (cf: string) => (request: Request) => {
    request.headers.set("MF-CF-Blob", cf);
    return fetch(request);
  };

  it("is not for the caller to say", async () => {
    const here = await place("country");
    await start(here);
    const issuer = `http://localhost:${here.PORT}`;
    const scene = await Scene.open(worldAt(issuer, claiming('{"country":"DE"}')));
    const photo = await scene.resource();
    await scene.permit(photo, ["view"], { anyone: true }, { where: { countries: ["DE"] } });
    expect(await scene.redeem(await scene.ticket(photo))).toMatchObject(REQUEST_DENIED);
    expect((await worldAt(issuer, claiming("Germany")).send("GET", "/jwks")).status).toBe(200);
  });
});

describe("what is wrong is said in a line, and nothing is left running", () => {
  const expectStop = async (environment: Readonly<Record<string, string>>, words: string | RegExp) => {
    const served = await start(environment);
    expect(served.output).toMatch(words);
    expect(await served.ended).toBe(1);
  };

  it("a setting that cannot work", async () => {
    const here = await place("settings");
    await expectStop(
      { ...here, ISSUER: "https://as.example/" },
      /^Stopped: configuration: ISSUER: must be an https URL/m,
    );
    await expectStop({ ...here, RPT_LIFETIME: "1h" }, /^Stopped: configuration: RPT_LIFETIME: /m);
    await expectStop(
      { ...here, ADMIN_SECRET: "short" },
      /^Stopped: configuration: ADMIN_SECRET: must have at least 32/m,
    );
    await expectStop({ ...here, PORT: "http" }, "PORT must be from 1 to 65535");
    await expectGone(here.PORT);
  });

  it("a port that is taken, and a state that another server has", async () => {
    const here = await place("taken");
    const other = createServer().listen(Number(here.PORT), "127.0.0.1");
    await expectStop(here, `port ${here.PORT} is taken`);
    other.close();
    await start(here);
    const elsewhere = { ...here, PORT: String(await freePort()) };
    const inUse = `is in use by the server at port ${here.PORT}`;
    await expectStop(elsewhere, inUse);
    // Who was turned away has let go of nothing that is another's.
    await expectStop(elsewhere, inUse);
  });

  it("a state that a killed server may have left a workerd on", async () => {
    const here = await place("left");
    const left = { pid: 1, host: "127.0.0.1", port: await freePort() };
    mkdirSync(here.USHER_STATE);
    writeFileSync(join(here.USHER_STATE, "served-by.json"), JSON.stringify(left));
    const workerd = createServer().listen(left.port, left.host);
    await expectStop(here, `was served at port ${left.port} until that server was killed`);
    workerd.close();
    await start(here);
  });

  it("a state that another server is about to have", async () => {
    const state = await place("raced");
    const places = await Promise.all([1, 2, 3].map(async () => ({ ...state, PORT: String(await freePort()) })));
    const started = await Promise.all(places.map(start));
    const outputs = started.map(({ output }) => output);
    expect(outputs.filter((output) => output.includes("answers at"))).toHaveLength(1);
    expect(outputs.filter((output) => output.includes("is in use by"))).toHaveLength(2);
  });

  it("a key that does not open the state, and a state that a newer version has made", async () => {
    const here = await place("kept");
    await (await start(here)).stop("SIGTERM");
    await expectStop(
      { ...here, KEY_ENCRYPTION_KEY: "y".repeat(40) },
      /was made with another KEY_ENCRYPTION_KEY .*\n.* as KEY_ENCRYPTION_KEY_PREVIOUS beside the new one/,
    );
    const d1 = join(here.USHER_STATE, "v3/d1/miniflare-D1DatabaseObject");
    changeDatabase(d1, "INSERT INTO d1_migrations (name) VALUES ('9999_later.sql')");
    await expectStop(here, "made by a newer version of Usher: it has 9999_later.sql");
  });

  it("a folder that cannot be one", async () => {
    mkdirSync(join(scratch, "file"), { recursive: true });
    writeFileSync(join(scratch, "file/state"), "");
    await expectStop({ ...(await place("file/state")) }, /^Stopped: .*file\/state/m);
  });
});
