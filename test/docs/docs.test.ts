import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSettings } from "../../examples/start/settings.mjs";
import { whatToTry } from "../../examples/start/what-to-try.mjs";
import { readConfig } from "../../src/config.ts";
import { type Event, levelOf } from "../../src/events/event.ts";
import { en } from "../../src/pages/words/en.ts";
import * as lifetimes from "../../src/protocol/lifetimes.ts";
import * as limits from "../../src/shared/limits.ts";
import { DAY, HOUR, MINUTE } from "../../src/shared/time.ts";
import {
  anchorsOf,
  exists,
  linksOf,
  listPages,
  pathsOf,
  ROOT,
  readPage,
  readText,
  resolveLink,
  tableUnder,
} from "./pages.ts";
import { readersPath } from "./terminal.ts";

const pages = listPages();
const scratch = mkdtempSync(join(tmpdir(), "usher-docs-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const number = (text: string) => Number(text.replaceAll(",", ""));

const code = readdirSync(join(ROOT, "src"), { recursive: true })
  .filter((name) => String(name).endsWith(".ts"))
  .map((name) => readText(`src/${name}`))
  .join("\n");

/** A number that one file of src/ names, wherever that is: `64 * 1024` or `2_000`. */
function constantOf(name: string): number {
  const found = [...code.matchAll(new RegExp(`^(?:export )?const ${name} = ([\\d_* ]+);$`, "gm"))];
  if (found.length !== 1) throw new Error(`src/ names ${name} ${found.length} times`);
  const factors = (found[0]?.[1] ?? "").replaceAll("_", "").split("*");
  return factors.reduce((product, factor) => product * Number(factor), 1);
}

const { scripts } = JSON.parse(readText("package.json"));

/** Blocks that are run from end to end by what checks this repository, and where one sees it. */
const RUN_BY_CHECKS: Readonly<Record<string, () => boolean>> = {
  "npm install && npm test\n": () => readText(".ci/run").endsWith("\nnpm install && npm test\n"),
  "npm install && npm start\n": () =>
    scripts.start === "node --import ./examples/serve/check-node.mjs examples/start.mjs" &&
    readText(".ci/test.mjs").includes('["node", "examples/start.mjs", "--once"]'),
};

function runAsReader(script: string) {
  const environment = { ...process.env, PATH: readersPath(), HOME: scratch, TMPDIR: scratch };
  return spawnSync("bash", ["-e", "-c", script], { cwd: ROOT, env: environment, encoding: "utf8", timeout: 60_000 });
}

describe.each(pages)("$path", (page) => {
  it("links to files that exist and to headings that they have", () => {
    const broken = linksOf(page).filter((target) => {
      const { path, anchor } = resolveLink(page.path, target);
      return !exists(path) || (anchor !== undefined && !anchorsOf(readPage(path)).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  it("names paths that exist", () => {
    const near = posix.dirname(page.path);
    expect(pathsOf(page).filter((path) => !exists(path) && !exists(posix.join(near, path)))).toEqual([]);
  });

  it("names npm scripts that exist", () => {
    const named = [...page.text.matchAll(/\bnpm (?:run ([\w-]+)|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short,
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ""))).toEqual([]);
  });

  it("shows no call in its text but those that npm start shows and tries", () => {
    const tried = whatToTry(readSettings({})).map(({ command }) => command);
    const called = [...page.prose.matchAll(/`(curl [^`]+)`/g)].map(([, call = ""]) => call);
    expect(called.filter((call) => !tried.includes(call))).toEqual([]);
  });

  it("closes every block, and says of each what is in it", () => {
    expect(page.prose).not.toContain("```");
    for (const { info } of page.fences)
      expect(["", "sh", "sh runnable", "sh tutorial", "json", "http", "text", "ts"]).toContain(info);
  });

  it("shows JSON that is JSON", () => {
    for (const { info, content } of page.fences) if (info === "json") JSON.parse(content);
  });
});

describe("shell blocks", () => {
  const blocks = pages.flatMap(({ path, fences }) => fences.map((fence) => ({ path, ...fence })));
  const shell = blocks.filter(({ info }) => info.startsWith("sh"));
  const runnable = shell.filter(({ info }) => info === "sh runnable");

  const others = shell.filter(({ info }) => info === "sh");

  it("marked as runnable are there", () => expect(runnable.length).toBeGreaterThan(0));

  it.each(others)("of $path are run, or the line above says why they are not: $content", ({ content, above }) => {
    const isRun = RUN_BY_CHECKS[content]?.() ?? false;
    if (!isRun) expect(above).toMatch(/^\*Not run by the tests: .+\.\*$/);
  });

  it.each(shell)("of $path can be read by a shell: $content", ({ content }) => {
    expect(spawnSync("bash", ["-n", "-c", content], { encoding: "utf8" }).stderr).toBe("");
  });

  it.each(runnable)("of $path run with the reader's own Node.js: $content", { timeout: 70_000 }, ({ content }) => {
    const { status, stderr, stdout } = runAsReader(content);
    expect(status, stderr + stdout).toBe(0);
    expect(stdout).not.toBe("");
  });
});

describe("README.md", () => {
  const readme = readPage("README.md");

  it("has at most 150 lines", () => expect(readme.text.trimEnd().split("\n").length).toBeLessThanOrEqual(150));

  it("tells the state of the requirements as .ci/coverage.mjs counts it", () => {
    const summary = execFileSync("node", [".ci/coverage.mjs", "--summary"], { cwd: ROOT, encoding: "utf8" });
    const counts = summary.match(
      /^together: (\d+) covered \((\d+) of (\d+) .*\), (\d+) not yet, (\d+) not applicable$/m,
    );
    const [covered = 0, must, musts, open = 0, setAside = 0] = counts?.slice(1).map(Number) ?? [];
    const state = readme.text.split("\n").find((line) => line.startsWith("Of the ")) ?? "";
    const told = [...state.matchAll(/\d+/g)].map(([digits]) => Number(digits));
    expect(told).toEqual([covered + open + setAside, covered, setAside, musts, must]);
  });

  it("leads to every page, over other pages if need be", () => {
    const reached = new Set(["README.md"]);
    for (const path of reached) {
      const page = pages.find((one) => one.path === path);
      for (const target of page ? linksOf(page) : []) reached.add(resolveLink(path, target).path);
    }
    expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe("the events in docs/events.md", () => {
  const page = readPage("docs/events.md");
  const rows = ["What an owner is told", "What else the operator is told"]
    .flatMap((heading) => tableUnder(page, heading))
    .map(([name = "", level = ""]) => ({ kind: name.replaceAll("`", ""), level }))
    .filter(({ level }) => ["info", "warn", "error", "story only"].includes(level));
  const source = readText("src/events/event.ts");
  const kinds = new Set([...source.matchAll(/kind: "(\w+)"/g)].map(([, kind]) => kind));

  it("are those of src/events/event.ts, with their levels", () => {
    expect(kinds.size).toBeGreaterThan(10);
    expect(rows.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
    for (const { kind, level } of rows) {
      expect([kind, levelOf({ kind } as Event)]).toEqual([kind, level === "story only" ? "detail" : level]);
    }
  });

  it.each([
    ["cause", "src/events/event.ts", /DenialCause =([^;]*);/],
    ["fault", "src/protocol/claim-token-fault.ts", /(type HeaderFault.*?)\n\/\*\* Why/s],
    ["fault of a sign-in at a provider", "src/protocol/upstream-fault.ts", /UpstreamFault =([^;]*);/],
  ])("name every %s", (_what, path, union) => {
    const [, members = ""] = readText(path).match(union) ?? [];
    const names = [...members.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(page.text).toContain(`\`${name}\``);
  });
});

describe("the settings in docs/operations.md", () => {
  const rows = tableUnder(readPage("docs/operations.md"), "Settings").map(([name = "", byDefault = "", says = ""]) => ({
    name: name.replaceAll("`", "").replace(" (secret)", ""),
    byDefault: byDefault.replaceAll("`", ""),
    says,
  }));
  const issuer = { ISSUER: "https://usher.example" };
  const member = (name: string) => name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

  it("are those of src/config.ts", () => {
    const known = [...readText("src/config.ts").matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
    expect(known).not.toHaveLength(0);
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it("that are numbers have the default and the bounds that are told", () => {
    const numbers = rows.filter(({ byDefault }) => /^\d+$/.test(byDefault));
    expect(numbers).toHaveLength(12);
    for (const { name, byDefault, says } of numbers) {
      const [, least = "", most = ""] = says.match(/([\d,]+) to ([\d,]+)/) ?? [];
      const read = (value: number) => () => readConfig({ ...issuer, [name]: String(value) });
      expect(readConfig(issuer)).toMatchObject({ [member(name)]: number(byDefault) });
      expect(read(number(least))()).toMatchObject({ [member(name)]: number(least) });
      expect(read(number(most))()).toMatchObject({ [member(name)]: number(most) });
      expect(read(number(least) - 1)).toThrow(name);
      expect(read(number(most) + 1)).toThrow(name);
    }
  });

  it("that are words have the default that is told", () => {
    const words = rows.filter(({ byDefault }) => /^[A-Za-z0-9_]*[a-z][A-Za-z0-9]*$|^[A-Z]+\d+$/.test(byDefault));
    expect(words.map(({ name }) => name)).toEqual([
      "SIGNING_ALGORITHM",
      "PROFILE",
      "SENDER_CONSTRAINED_TOKENS",
      "DPOP_NONCES",
      "PUSHED_REQUESTS",
      "CLIENT_AUTHENTICATION",
      "ASSERTION_AUDIENCE",
      "INTROSPECTION_CALLERS",
      "OPENID_SCOPE",
      "CLAIM_TOKENS",
      "BEARER_NAME",
      "CLIENT_CERTIFICATES",
      "PARTIAL_GRANTS",
      "REPLAY_WITHDRAWS",
      "LOG_LEVEL",
      "CLIENT_REGISTRATION",
      "CLIENT_METADATA_DOCUMENTS",
    ]);
    for (const { name, byDefault } of words) {
      expect(readConfig({ ...issuer, [name]: byDefault })).toEqual(readConfig(issuer));
    }
  });
});

it("docs/operations.md alerts on events that there are", () => {
  const cells = tableUnder(readPage("docs/operations.md"), "Watching it").map(([when = ""]) => when);
  const events = cells.flatMap((cell) => [...cell.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name = ""]) => name));
  expect(events.length).toBeGreaterThan(4);
  expect(events.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});

describe("the limits in docs/policies.md", () => {
  const rows = new Map(
    tableUnder(readPage("docs/policies.md"), "Limits").map(([what = "", most = ""]) => [what, most]),
  );
  const {
    MAX_POLICY_BYTES,
    MAX_GROUP_BYTES,
    MAX_CONDITIONS,
    MAX_CONDITION_LEVELS,
    MIN_USES,
    MAX_USES,
    MIN_TOKEN_LIFETIME_SECONDS,
    MAX_TOKEN_LIFETIME_SECONDS,
    MIN_SIGN_IN_AGE_SECONDS,
    MAX_SIGN_IN_AGE_SECONDS,
  } = limits;

  it.each([
    { what: "document", told: [MAX_POLICY_BYTES, MAX_GROUP_BYTES] },
    { what: "conditions", told: [MAX_CONDITIONS, MAX_CONDITION_LEVELS] },
    { what: "resources in a target", told: [limits.MAX_TARGET_RESOURCES] },
    { what: "scopes", told: [limits.MAX_SCOPES_PER_POLICY] },
    { what: "values of `one_of`", told: [limits.MAX_ONE_OF_VALUES] },
    { what: "issuers of a claim test", told: [limits.MAX_CLAIM_ISSUERS] },
    { what: "clients of a condition", told: [limits.MAX_CLIENTS] },
    { what: "networks", told: [limits.MAX_NETWORKS] },
    { what: "countries", told: [limits.MAX_COUNTRIES] },
    { what: "windows of `hours`", told: [limits.MAX_HOURS_WINDOWS] },
    { what: "members of a group", told: [limits.MAX_GROUP_MEMBERS] },
    { what: "name", told: [limits.MAX_NAME_CHARACTERS] },
    { what: "claim, value, scope, type, id", told: [limits.MAX_WORD_CHARACTERS] },
    { what: "issuer, client id", told: [limits.MAX_IDENTIFIER_CHARACTERS] },
    { what: "text of an agreement", told: [limits.MAX_AGREEMENT_CHARACTERS] },
    { what: "`uses`", told: [MIN_USES, MAX_USES] },
    { what: "`token_lifetime`", told: [MIN_TOKEN_LIFETIME_SECONDS, MAX_TOKEN_LIFETIME_SECONDS] },
    { what: "`signed_in_within`", told: [MIN_SIGN_IN_AGE_SECONDS, MAX_SIGN_IN_AGE_SECONDS] },
  ])("tell that of $what", ({ what, told: expected }) => {
    const told = [...(rows.get(what) ?? "").matchAll(/\d[\d,]*/g)].map(([digits]) => number(digits));
    expect(told).toEqual(expected);
  });
});

describe("numbers of the code", () => {
  const days = (seconds: number) => seconds / DAY;
  const numbersIn = (page: string, sentence: RegExp) =>
    readText(page).replaceAll("\n", " ").match(sentence)?.slice(1).map(number);

  it.each([
    {
      page: "docs/api.md",
      sentence: /dies after (\d+) idle days, a grant after (\d+) days/,
      told: [days(lifetimes.REFRESH_IDLE_SECONDS), days(lifetimes.GRANT_LIFETIME_SECONDS)],
    },
    { page: "docs/api.md", sentence: /later than (\d+) seconds after/, told: [lifetimes.REPLAY_GRACE_SECONDS] },
    { page: "docs/api.md", sentence: /\((\d+) s of skew\)/, told: [lifetimes.CLOCK_SKEW_SECONDS] },
    { page: "docs/api.md", sentence: /are cached for (\d+) seconds/, told: [lifetimes.LEASE_SECONDS] },
    {
      page: "docs/api.md",
      sentence: /good once, for (\d+) minutes/,
      told: [lifetimes.ASSERTION_LIFETIME_MAX_SECONDS / MINUTE],
    },
    {
      page: "docs/api.md",
      sentence: /next ticket: (\d+) hours after its last round, and they count for (\d+) days/,
      told: [lifetimes.PROCESS_LIFETIME_SECONDS / HOUR, days(lifetimes.GATHERED_CLAIMS_LIFETIME_SECONDS)],
    },
    {
      page: "docs/operations.md",
      sentence: /rotates them every (\d+) days, publishing each new key (\d+) minutes/,
      told: [days(lifetimes.KEY_ACTIVE_SECONDS), lifetimes.KEY_PUBLISH_AHEAD_SECONDS / MINUTE],
    },
    {
      page: "docs/operations.md",
      sentence: /kept in the owner's book for (\d+) days/,
      told: [days(lifetimes.BOOK_KEPT_SECONDS)],
    },
    {
      page: "docs/api.md",
      sentence: /\| JSON \| (\d+) levels deep, ([\d,]+) parts/,
      told: [constantOf("MAX_BODY_LEVELS"), constantOf("MAX_BODY_PARTS")],
    },
    { page: "docs/api.md", sentence: /\| form \| (\d+) parameters/, told: [constantOf("MAX_FORM_PARAMETERS")] },
    {
      page: "docs/api.md",
      sentence: /\| permission request \| (\d+) resources .* a ticket of (\d+) KB/,
      told: [constantOf("MAX_PERMISSIONS"), constantOf("MAX_TICKET_CHARACTERS") / 1024],
    },
    {
      page: "docs/api.md",
      sentence: /\| revoked PATs of one connection that have not expired \| ([\d,]+)/,
      told: [limits.MAX_REVOKED_TOKENS],
    },
    {
      page: "docs/api.md",
      sentence: /of its claims (\d+) are counted, with names of (\d+) characters, values of (\d+), lists of ([\d,]+)/,
      told: ["MAX_CLAIMS_PER_TOKEN", "MAX_WORD_CHARACTERS", "MAX_CLAIM_CHARACTERS", "MAX_CLAIM_VALUES"].map(constantOf),
    },
    {
      page: "docs/api.md",
      sentence: /\| failed presentations per owner, by an authenticated client or from one network \| (\d+) a minute/,
      told: [constantOf("REFUSALS_PER_MINUTE")],
    },
    {
      page: "docs/api.md",
      sentence: /\| activity log \| ([\d,]+) entries of each client a month, .*; (\d+) months/,
      told: ["MERGED_ENTRIES_PER_CLIENT", "MONTHS_KEPT"].map(constantOf),
    },
    {
      page: "docs/api.md",
      sentence: /\| page of a list \| (\d+), and (\d+) unless/,
      told: [constantOf("MAX_PAGE_ENTRIES"), constantOf("DEFAULT_LIMIT")],
    },
    {
      page: "docs/api.md",
      sentence:
        /a search looks at ([\d,]+) resources a call, and the list of grants at ([\d,]+) of which it tells (\d+)/,
      told: ["SEARCHED_AT_ONCE", "SEEN_AT_ONCE", "JUDGED_AT_ONCE"].map(constantOf),
    },
    {
      page: "docs/policies.md",
      sentence:
        /with `warnings`, the first (\d+), .* the first (\d+) resources are looked at for scopes, and of trusted issuers the first (\d+)/,
      told: ["MAX_WARNINGS", "MAX_RESOURCES_SEEN", "MAX_ISSUERS_SEEN"].map(constantOf),
    },
    { page: "docs/api.md", sentence: /; (\d+) policies may target/, told: [constantOf("POLICIES_PER_TARGET")] },
    { page: "docs/api.md", sentence: /weigh ([\d,]+) steps together/, told: [constantOf("MAX_TARGET_STEPS")] },
    {
      page: "docs/api.md",
      sentence: /, ([\d,]+) scopes in all .*, policies of ([\d,]+) steps about them/,
      told: [constantOf("MAX_REQUESTED_SCOPES"), constantOf("MAX_DECISION_STEPS")],
    },
    {
      page: "docs/api.md",
      sentence: /\| scopes of an RPT, .*? \| (\d+);/,
      told: [constantOf("MAX_REQUESTED_SCOPES")],
    },
    {
      page: "docs/policies.md",
      sentence: /\| policies that target .*? \| (\d+) \|/,
      told: [constantOf("POLICIES_PER_TARGET")],
    },
  ])("are told as they are: $page, $sentence", ({ page, sentence, told }) => {
    expect(numbersIn(page, sentence)).toEqual(told);
  });
});

it("docs/refusals.md has a place for every error, to which its error_uri leads", () => {
  const errors = [...readText("src/shared/error.ts").matchAll(/^ {2}(\w+): \d{3},/gm)].map(([, name = ""]) => name);
  const named = [...readText("docs/refusals.md").matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
  expect(errors.length).toBeGreaterThan(25);
  expect(errors.filter((name) => !named.includes(name))).toEqual([]);
});

it("docs/glossary.md names what the code names", () => {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true }).map((name) => `src/${name}`);
  const code = sources
    .filter((path) => path.endsWith(".ts"))
    .map(readText)
    .join("\n");
  const names = [...readText("docs/glossary.md").matchAll(/\| ([^|]*) \|$/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
});

it("the page at / names pages that exist", () => {
  const named = Object.keys(en.front.documents).map((name) => `docs/${name}.md`);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((path) => !exists(path))).toEqual([]);
});
