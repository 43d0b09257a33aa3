import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_SECRET, freePort, type Server, startServer, USHER } from "../support/server/start-server.ts";
import { expectAnswer } from "./answers.ts";
import { type Fence, listPages, readPage } from "./pages.ts";
import { type Printed, play } from "./terminal.ts";

/** Where Usher, the identity provider and the resource server are in the tutorial. */
const PLACES = ["http://localhost:8787", "http://localhost:8792", "http://localhost:8793"] as const;

/** The pages whose calls go on in the terminal of the tutorial. */
const LATER_PAGES = ["docs/resource-servers.md", "docs/clients.md", "docs/owner-tools.md"];

interface Step {
  readonly page: string;
  readonly commands: string;
  /** What the page shows below the commands. */
  readonly answer: Fence | null;
}

function stepsOf(page: string): readonly Step[] {
  const { fences } = readPage(page);
  return fences.flatMap(({ info, content }, index) => {
    const next = fences[index + 1];
    const answer = next === undefined || next.info.startsWith("sh") ? null : next;
    return info === "sh tutorial" ? [{ page, commands: content, answer }] : [];
  });
}

const tutorial = stepsOf("docs/tutorial.md");
/** The tutorial ends with ending its servers, so that comes last. */
const steps = [...tutorial.slice(0, -1), ...LATER_PAGES.flatMap(stepsOf), ...tutorial.slice(-1)];

const scratch = mkdtempSync(join(tmpdir(), "usher-tutorial-"));
let server: Server;
let printed: readonly Printed[] = [];
let here: (text: string) => string;

/** The folder in which `npm run dev` was started, as far as the tutorial looks into it. */
function makeUshersFolder(): string {
  const folder = join(scratch, "usher");
  mkdirSync(folder);
  writeFileSync(join(folder, ".dev.vars"), `ADMIN_SECRET="${ADMIN_SECRET}"\n`);
  return folder;
}

/** Puts the places that this run has into the text of the page. */
function relocate(origins: readonly string[]): (text: string) => string {
  return (text) => PLACES.reduce((moved, place, index) => moved.replaceAll(place, origins[index] ?? place), text);
}

beforeAll(async () => {
  server = await startServer(USHER);
  const localhost = async () => `http://localhost:${await freePort()}`;
  here = relocate([server.origin, await localhost(), await localhost()]);
  symlinkSync(resolve("node_modules"), join(scratch, "node_modules")); // the libraries that the pages say to install
  const notes = join(scratch, "notes");
  mkdirSync(notes);
  printed = await play(
    steps.map(({ commands }) => here(commands)),
    makeUshersFolder(),
    notes,
  );
}, 150_000);

afterAll(async () => {
  await server.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

describe("the tutorial and the pages after it", () => {
  it("are all that have such blocks", () => {
    const played = new Set(steps.map(({ page }) => page));
    const having = listPages().filter(({ fences }) => fences.some(({ info }) => info === "sh tutorial"));
    expect(having.map(({ path }) => path).sort()).toEqual([...played].sort());
  });

  it("say once, in the first block, where everything is", () => {
    const [first = "", ...others] = steps.map(({ commands }) => commands);
    for (const place of PLACES) expect(first).toContain(place);
    expect(others.filter((commands) => /localhost:|\.dev\.vars/.test(commands))).toEqual([]);
  });

  it.each(steps.map((step, index) => ({ ...step, index })))(
    "run as they are printed: $page, $commands",
    ({ index, answer }) => {
      const { succeeded, output, complaints } = printed[index] ?? { succeeded: false, output: "", complaints: "" };
      expect(succeeded, output + complaints).toBe(true);
      if (answer !== null) expectAnswer(output, { ...answer, content: here(answer.content) });
    },
  );
});
