// Which requirement is held by which test. test/conformance/requirements.tsv lists what a conforming server must do;
// a test claims a requirement by starting its title with the id: `it("G-5.5-single-use two at once give one RPT")`, or
// with several ids separated by spaces or commas. A claim that nobody can check is worse than none, so an id that the
// list does not know fails the run, and so does one that two files claim: each has one home, where a reader finds all
// that holds it. What has no test is "not yet", computed and never written down by hand.
//
//   node .ci/coverage.mjs             everything, by file
//   node .ci/coverage.mjs --summary   four lines
//   node .ci/coverage.mjs --markdown  everything, as tables in Markdown
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const REQUIREMENTS = "test/conformance/requirements.tsv";
const NOT_APPLICABLE = "test/conformance/not-applicable.tsv";

/** The list's three parts: UMA Grant, Federated Authorization, and the OAuth documents they stand on. */
const PARTS = { G: "UMA 2.0 Grant", F: "UMA 2.0 Federated Authorization", O: "OAuth 2.0, JWT and OpenID Connect" };

/** Ids at the start of any text literal: a title, or the first cell of an `it.each` row. */
const TITLE = /["'`]((?:[GFO]-[A-Za-z0-9.]+(?:-[A-Za-z0-9.]+)+[\s,]*)+)/g;
const ID = /[GFO]-[A-Za-z0-9.]+(?:-[A-Za-z0-9.]+)+/g;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/**
 * @typedef {{ id: string, source: string, level: string, actor: string, requirement: string }} Requirement
 * @typedef {{ id: string, file: string }} Claim
 * @typedef {{ requirement: Requirement, files: string[], reason: string | null }} Line
 */

/** @param {string} text @returns {Record<string, string>[]} rows of a table with a header line and tabs */
export function parseTable(text) {
  const [header = "", ...rows] = text.trimEnd().split("\n");
  const names = header.split("\t");
  return rows.map((row) => Object.fromEntries(row.split("\t").map((cell, index) => [names[index], cell])));
}

/** @param {string} file @param {string} text @returns {Claim[]} */
export function claimsOf(file, text) {
  const titles = [...text.replace(COMMENTS, "").matchAll(TITLE)].map(([, ids = ""]) => ids);
  const ids = titles.flatMap((title) => [...title.matchAll(ID)].map(([id]) => id));
  return [...new Set(ids)].map((id) => ({ id, file }));
}

/**
 * @param {Requirement[]} requirements
 * @param {{ id: string, reason: string }[]} notApplicable
 * @param {Claim[]} claims
 * @returns {{ lines: Line[], problems: string[] }}
 */
export function compare(requirements, notApplicable, claims) {
  const known = new Set(requirements.map(({ id }) => id));
  const claimed = groupById(claims);
  const reasons = new Map(notApplicable.map(({ id, reason }) => [id, reason]));
  const problems = [
    ...claims.filter(({ id }) => !known.has(id)).map(({ id, file }) => `${file}: no requirement is called ${id}`),
    ...claimedTwice(claimed),
    ...[...reasons.keys()].filter((id) => !known.has(id)).map((id) => `${NOT_APPLICABLE}: no requirement called ${id}`),
    ...[...reasons].filter(([, reason]) => !reason).map(([id]) => `${NOT_APPLICABLE}: ${id} gives no reason`),
    ...[...reasons.keys()]
      .filter((id) => claimed.has(id))
      .map((id) => `${NOT_APPLICABLE}: ${id} has a test; drop the row`),
  ];
  const lines = requirements.map((requirement) => ({
    requirement,
    files: (claimed.get(requirement.id) ?? []).map(({ file }) => file),
    reason: reasons.get(requirement.id) ?? null,
  }));
  return { lines, problems };
}

/** @param {Map<string, Claim[]>} claimed @returns {string[]} a problem for each id without one home */
function claimedTwice(claimed) {
  const homes = [...claimed].map(([id, claims]) => ({ id, files: [...new Set(claims.map(({ file }) => file))] }));
  const homeless = homes.filter(({ files }) => files.length > 1);
  return homeless.map(({ id, files }) => `${id} is claimed in ${files.join(" and ")}; one of them is its home`);
}

/** @param {Claim[]} claims @returns {Map<string, Claim[]>} */
function groupById(claims) {
  const groups = new Map(claims.map(({ id }) => [id, []]));
  for (const claim of claims) groups.get(claim.id)?.push(claim);
  return groups;
}

const isCovered = (line) => line.files.length > 0;
const isSetAside = (line) => line.reason !== null && !isCovered(line);
const isOpen = (line) => !isCovered(line) && line.reason === null;

/** @param {Line[]} lines */
function countsOf(lines) {
  const applicable = lines.filter((line) => !isSetAside(line));
  const must = applicable.filter((line) => line.requirement.level.startsWith("MUST"));
  return {
    covered: lines.filter(isCovered).length,
    open: lines.filter(isOpen).length,
    setAside: lines.filter(isSetAside).length,
    must: must.filter(isCovered).length,
    mustTotal: must.length,
  };
}

/** @param {Line[]} lines */
function partsOf(lines) {
  return Object.entries(PARTS).map(([letter, title]) => ({
    title,
    lines: lines.filter(({ requirement }) => requirement.id.startsWith(`${letter}-`)),
  }));
}

/** @param {Line[]} lines */
function printSummary(lines) {
  for (const part of [...partsOf(lines), { title: "together", lines }]) {
    const { covered, open, setAside, must, mustTotal } = countsOf(part.lines);
    const musts = `${must} of ${mustTotal} MUST and MUST NOT`;
    console.log(`${part.title}: ${covered} covered (${musts}), ${open} not yet, ${setAside} not applicable`);
  }
}

/** @param {Line[]} lines */
function printAll(lines) {
  const files = [...new Set(lines.flatMap((line) => line.files))].sort();
  for (const file of files) {
    console.log(`\n${file}`);
    for (const line of lines.filter((each) => each.files.includes(file))) console.log(`  ${line.requirement.id}`);
  }
  console.log("\nnot yet");
  for (const { requirement } of lines.filter(isOpen)) {
    console.log(`  ${requirement.id} (${requirement.level}): ${requirement.requirement}`);
  }
  console.log("\nnot applicable");
  for (const { requirement, reason } of lines.filter(isSetAside)) console.log(`  ${requirement.id}: ${reason}`);
  console.log("");
  printSummary(lines);
}

/** @param {Line} line */
function statusOf(line) {
  if (isCovered(line)) return line.files.map((file) => `\`${file}\``).join(", ");
  return isSetAside(line) ? "not applicable" : "not yet";
}

/** @param {Line[]} lines */
function printMarkdown(lines) {
  console.log("| | covered | of these MUST and MUST NOT | not yet | not applicable |\n|---|---|---|---|---|");
  for (const part of [...partsOf(lines), { title: "**together**", lines }]) {
    const { covered, open, setAside, must, mustTotal } = countsOf(part.lines);
    console.log(`| ${part.title} | ${covered} | ${must} of ${mustTotal} | ${open} | ${setAside} |`);
  }
  for (const part of partsOf(lines)) {
    console.log(`\n<details><summary>${part.title}</summary>\n`);
    console.log("| Requirement | Source | Level | Test |\n|---|---|---|---|");
    for (const line of part.lines) {
      const { id, source, level } = line.requirement;
      console.log(`| ${id} | ${source} | ${level} | ${statusOf(line)} |`);
    }
    console.log("\n</details>");
  }
}

/** @param {string} root @returns {Claim[]} */
function readClaims(root) {
  const paths = readdirSync(root, { recursive: true }).map((path) => join(root, String(path)).split(sep).join("/"));
  // The check's own test is full of ids that are made up.
  const tests = paths.filter((path) => path.endsWith(".test.ts") && !path.startsWith("test/ci/")).sort();
  return tests.flatMap((path) => claimsOf(path, readFileSync(path, "utf8")));
}

// `import.meta.main` is not there on every Node.js that README.md promises.
if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const notApplicable = existsSync(NOT_APPLICABLE) ? parseTable(readFileSync(NOT_APPLICABLE, "utf8")) : [];
  const requirements = parseTable(readFileSync(REQUIREMENTS, "utf8"));
  const { lines, problems } = compare(requirements, notApplicable, readClaims("test"));
  if (process.argv.includes("--markdown")) printMarkdown(lines);
  else if (process.argv.includes("--summary")) printSummary(lines);
  else printAll(lines);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
