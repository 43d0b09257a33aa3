// `npm test`: every check of this repository, cheap ones first and side by side, and one line at the end that counts
// vitest's tests and the other checks together. `npm test -- --only types,vitest` runs a few steps by name.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { runCommand, stopAll } from "./run-command.mjs";

const scratch = mkdtempSync(join(tmpdir(), "usher-test-"));

/** Two cores are what the smallest CI machine has; more lanes only make every step slower there. */
const CHEAP_LANES = 2;

/**
 * `needs` is a file without which the step has nothing to look at: it is then counted as skipped, never as passed.
 * `report` is where vitest writes what became of its tests, which are counted one by one.
 * @typedef {{ name: string, title: string, command: string[], needs?: string, report?: string, live?: boolean, env?: Record<string, string>, timeoutSeconds?: number }} Step
 */

/** @type {Step[]} */
const cheap = [
  { name: "style", title: "format and lint", command: ["biome", "check", "--config-path", ".ci", "."] },
  {
    name: "types",
    title: "worker-configuration.d.ts is current",
    // The empty file keeps a developer's .dev.vars out of the comparison.
    command: ["wrangler", "types", "--include-runtime=false", "--check", "--env-file", "/dev/null"],
  },
  { name: "types", title: "types of src", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "types", title: "types of test", command: ["tsc", "-p", "test/tsconfig.json"], needs: "test/tsconfig.json" },
  {
    name: "types",
    title: "types of examples",
    command: ["tsc", "-p", "examples/tsconfig.json"],
    needs: "examples/tsconfig.json",
  },
  { name: "arrows", title: "import arrows", command: ["node", ".ci/arrows.mjs"] },
  { name: "coverage", title: "requirements and their tests", command: ["node", ".ci/coverage.mjs", "--summary"] },
  { name: "bundle", title: "bundle size and start-up", command: ["node", ".ci/bundle.mjs"] },
];

/** @type {Step[]} */
const costly = [
  { name: "vitest", title: "vitest", ...vitest("rest.json", "--project=!browser"), timeoutSeconds: 2_700 },
  {
    name: "browser",
    title: "stories in a browser",
    // Most of a story is waiting for the browser and the server.
    ...vitest("browser.json", "--project=browser", "--maxWorkers=2"),
    timeoutSeconds: 1_200,
  },
  {
    name: "soak",
    title: "single use under concurrency (short)",
    command: ["node", "test/soak/single-use.ts", "--short"],
    needs: "test/soak/single-use.ts",
    timeoutSeconds: 300,
  },
  {
    name: "soak",
    title: "kill -9 under load (short)",
    command: ["node", "test/soak/kill.ts", "--short"],
    needs: "test/soak/kill.ts",
    timeoutSeconds: 300,
  },
  {
    name: "soak",
    title: "kill -9 while an owner is deleted (short)",
    command: ["node", "test/soak/deletion.ts", "--short"],
    needs: "test/soak/deletion.ts",
    timeoutSeconds: 300,
  },
  {
    name: "fuzz",
    title: "5,000 requests that are almost right",
    command: ["node", "test/fuzz/main.ts", "--short"],
    needs: "test/fuzz/main.ts",
    timeoutSeconds: 1_200,
  },
  {
    name: "start",
    title: "npm start, once",
    command: ["node", "examples/start.mjs", "--once"],
    needs: "examples/start.mjs",
    env: { USHER_STATE: join(scratch, "state"), USHER_PORT: "18787" },
    timeoutSeconds: 180,
  },
];

/** @returns {Pick<Step, "command" | "report" | "live">} a run of vitest, whose progress is seen */
function vitest(reportName, ...options) {
  const report = join(scratch, reportName);
  const run = ["vitest", "run", "--config", "test/vitest.config.ts", "--root", ".", ...options];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return { command: [...run, ...reporters], report, live: true };
}

const total = { passed: 0, skipped: 0 };

/** What failed, told once more at the end: of a long run, the end is what people read first, or all they are shown. */
const failures = [];
const LINES_OF_A_FAILURE = 4;

/** @param {Step} step */
async function runStep(step) {
  if (step.needs !== undefined && !existsSync(step.needs)) {
    total.skipped += 1;
    console.log(`- ${step.title}: skipped, there is no ${step.needs}`);
    return;
  }
  if (step.live) console.log(`> ${step.title}`);
  const started = performance.now();
  const { code, output } = await runCommand(step.command, { timeoutSeconds: 120, ...step });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (step.report !== undefined) countVitest(step, code);
  else if (code === 0) total.passed += 1;
  else failures.push(`${step.title}: ended with ${code}`);
  console.log(`${code === 0 ? "✓" : "✗"} ${step.title} (${seconds} s)${indented(step, code, output)}`);
}

/** Passing steps may say a few things worth reading (sizes, rates); failing ones say everything. */
function indented(step, code, output) {
  const lines = output.trim().split("\n");
  const worthReading = code !== 0 || lines.length <= 12;
  if (step.live || lines[0] === "" || !worthReading || (code === 0 && step.command[0] !== "node")) return "";
  return `\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

/** A run that fails though no test did, and every file loaded (a crash), still counts as one failure. */
function countVitest({ title, report: path }, code) {
  const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const told = (report.testResults ?? []).flatMap(failuresOf);
  if (code !== 0 && told.length === 0) told.push(`${title}: ended with ${code}, and no test failed`);
  failures.push(...told);
  total.passed += report.numPassedTests ?? 0;
  total.skipped += (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
}

/** What failed in one file of vitest's report, each with the first lines of why; or why the file did not load. */
function failuresOf({ name, status, message, assertionResults }) {
  const path = relative(".", name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length === 0) return status === "failed" ? [`${path}\n${firstLines(message)}`] : [];
  return failed.map(({ fullName, failureMessages }) => `${path}: ${fullName}\n${firstLines(failureMessages[0])}`);
}

const firstLines = (text = "") =>
  text
    .split("\n", LINES_OF_A_FAILURE)
    .map((line) => `      ${line}`)
    .join("\n");

/** @param {Step[]} steps */
async function runInLanes(steps, lanes) {
  const waiting = [...steps];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await runStep(step);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** @returns {(step: Step) => boolean} */
function selection(args) {
  const at = args.indexOf("--only");
  if (at === -1) return () => true;
  const names = (args[at + 1] ?? "").split(",");
  const known = new Set([...cheap, ...costly].map((step) => step.name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(", ")}; there are ${[...known].join(", ")}`);
  return (step) => names.includes(step.name);
}

process.on("exit", () => {
  stopAll();
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const selected = selection(process.argv.slice(2));
await runInLanes(cheap.filter(selected), CHEAP_LANES);
await runInLanes(costly.filter(selected), 1);
if (failures.length > 0) console.log(`\nWhat failed:\n${failures.map((failure) => `  ✗ ${failure}`).join("\n")}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${failures.length} failed${skipped}`);
process.exitCode = failures.length > 0 ? 1 : 0;
