// Which code may touch the network, a store or a clock is told here by folders, and folders only tell the truth while
// imports flow one way: index -> app -> http -> (pages | operations) -> ledger -> events -> policy -> protocol -> shared. A rule that learns
// about HTTP, or an operation that reaches for D1 itself, would make the pure core untestable and the edge unreadable
// one small import at a time, which no reviewer notices. So this check reads every import of src/, of values and of
// types, and prints the arrows that climb.
//
// Also held: http hands the services on to operations whole and touches no port; keys, crypto and storage know the operations' ports by type only; protocol/wire imports nothing at run time;
// Cloudflare, Hono and jose stay at home; no cycles, of types neither; no barrels.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Rooms with floors of their own; every other folder is one floor. */
const SPLIT_ROOMS = ["policy", "protocol"];

const CORE = [
  "events",
  "policy/share",
  "policy/speech",
  "policy/review",
  "policy/evaluation",
  "policy/language",
  "protocol",
  "protocol/wire",
  "shared",
];

/** What each floor may import; its own floor is always allowed. */
const MAY_IMPORT = {
  index: ["app", "http", "services", "keys", "ledger", "storage"],
  app: ["http", ...CORE],
  services: ["config", "crypto", "keys", "ledger", "storage", ...CORE],
  config: ["keys", "protocol", "protocol/wire", "shared"],
  http: ["pages", "operations", "ledger", ...CORE],
  // Plain props in, markup out: a page that knew a policy or an operation could not be looked at without one.
  pages: ["shared"],
  operations: ["ledger", ...CORE],
  ledger: CORE,
  // D1 keeps what the ledger changes, and asks the policy language what a policy mentions; neither decides.
  storage: ["ledger", ...CORE],
  crypto: ["keys", "protocol", "protocol/wire", "shared"],
  keys: ["protocol", "protocol/wire", "shared"],
  events: ["policy/evaluation", "policy/language", "protocol", "protocol/wire", "shared"],
  "policy/share": [
    "policy/speech",
    "policy/review",
    "policy/evaluation",
    "policy/language",
    "protocol",
    "protocol/wire",
    "shared",
  ],
  "policy/speech": ["policy/evaluation", "policy/language", "protocol", "protocol/wire", "shared"],
  "policy/review": ["policy/evaluation", "policy/language", "protocol", "protocol/wire", "shared"],
  "policy/evaluation": ["policy/language", "protocol", "protocol/wire", "shared"],
  "policy/language": ["protocol", "protocol/wire", "shared"],
  protocol: ["protocol/wire", "shared"],
  "protocol/wire": [],
  shared: [],
};

/** What each floor may import with `import type` beyond that. */
const MAY_IMPORT_TYPES = {
  app: ["operations"],
  index: ["operations"],
  http: ["keys"],
  services: ["operations"],
  storage: ["operations"],
  crypto: ["operations"],
  operations: ["config", "keys"],
};

/** What HTTP renders, told beside the port that gives it; of the other ports it does not even know the types. */
const RENDERED_PORTS = [
  "operations/ports/connected-app.ts",
  "operations/ports/deletion.ts",
  "operations/ports/administrator.ts",
  "operations/ports/event.ts",
  "operations/ports/invitation.ts",
  "operations/ports/owned-resource.ts",
  "operations/ports/owner.ts",
  "operations/ports/page.ts",
  "operations/ports/registration.ts",
  "operations/ports/webhook.ts",
];

/** Floors that hand the services on to operations; for rendering they read the issuer and ask what an outage is. */
const HANDS_ON = ["app", "http"];
const REACHES_IN = [
  /\bservices\s*\??\.\s*(?!(?:config\.issuer|isOutage)\b)[\w#]+/,
  /\bservices\s*(?:\?\.)?\[/,
  /=\s*(?:[\w.]+\.)?services\b(?!\s*\??[.[])/,
  /\{[^{}]*\}\s*:\s*(?:Services\b|Pick<\s*Services\b)/,
  /\bservices\s*:\s*\{/,
];

/** The few files of the ledger that name the platform; its rules and its table classes see `LedgerStorage`. */
const LEDGER_PLATFORM_FILES = ["ledger/object.ts", "ledger/storage.ts"];
const PLATFORM_FLOORS = ["index", "services", "keys", "storage"];

const isPlatformHome = (path) => PLATFORM_FLOORS.includes(floorOf(path)) || LEDGER_PLATFORM_FILES.includes(path);
const isOn =
  (...floors) =>
  (path) =>
    floors.includes(floorOf(path));

/** Packages that have one home. */
const PACKAGE_HOMES = [
  { packages: /^cloudflare:/, isHome: isPlatformHome, home: "the platform's files" },
  { packages: /^hono\/jsx/, isHome: isOn("pages"), home: "pages" },
  { packages: /^hono($|\/)/, isHome: isOn("app", "http"), home: "app, http" },
  { packages: /^jose($|\/)/, isHome: isOn("crypto"), home: "crypto" },
  { packages: /^oauth4webapi($|\/)/, isHome: isOn("storage"), home: "storage" },
  {
    packages: /^@simplewebauthn\/server($|\/)/,
    isHome: (path) => path === "crypto/passkeys.ts",
    home: "crypto/passkeys.ts",
  },
];

/** Type names that only the platform gives; a mention outside their home is an arrow as good as an import. */
const PLATFORM_TYPES =
  /\b(D1Database|D1PreparedStatement|D1Result|KVNamespace|DurableObjectNamespace|DurableObjectStub|DurableObjectState|DurableObjectStorage|DurableObjectId|SqlStorage|SqlStorageValue|RateLimit|ExecutionContext|ScheduledController|Cloudflare\.Env|IncomingRequestCfProperties)\b/;

const STATEMENT = /^(import|export)\s+(?:(type\s+)?([^;"'`=()]*?)\s*from\s*)?["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/**
 * @typedef {{ from: string, to: string, typeOnly: boolean, reExport: boolean }} Import
 * @typedef {Record<string, string>} Tree path below src (posix), and its text
 */

/** @param {string} path @returns {string} */
export function floorOf(path) {
  const [first = "", second = "", third] = path.split("/");
  const name = first.replace(/\.tsx?$/, "");
  const split = SPLIT_ROOMS.includes(name) && third !== undefined;
  return split ? `${name}/${second}` : name;
}

/** @param {string} text @returns {string} the text with comments blanked: they may well say "import" */
function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/** @param {string} from @param {string} specifier @returns {string} a path below src, or the package's name */
function targetOf(from, specifier) {
  return specifier.startsWith(".") ? posix.normalize(posix.join(posix.dirname(from), specifier)) : specifier;
}

/** @param {string} from @param {string} text @returns {Import[]} */
export function importsOf(from, text) {
  const code = withoutComments(text);
  const statements = [...code.matchAll(STATEMENT)].map(([, keyword, type, names, specifier]) => ({
    from,
    to: targetOf(from, specifier),
    typeOnly: type !== undefined || onlyTypes(names),
    reExport: keyword === "export",
  }));
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, specifier]) => ({
    from,
    to: targetOf(from, specifier),
    typeOnly: false,
    reExport: false,
  }));
  return [...statements, ...dynamic];
}

/** `import { type A, type B }` imports nothing at run time either. */
function onlyTypes(names) {
  const inner = names?.match(/^\{([\s\S]*)\}$/)?.[1];
  const parts = inner?.split(",").map((part) => part.trim());
  return parts?.every((part) => part === "" || part.startsWith("type ")) ?? false;
}

/** @param {Import} arrow @returns {string | null} */
function climbs({ from, to, typeOnly }) {
  const [floor, target] = [floorOf(from), floorOf(to)];
  if (floor === target || MAY_IMPORT[floor]?.includes(target)) return null;
  if (MAY_IMPORT_TYPES[floor]?.includes(target)) {
    return typeOnly ? null : `${from} -> ${to}: ${floor} may know ${target} by \`import type\` only`;
  }
  return `${from} -> ${to}: ${floor} may not import ${target}`;
}

/** @param {Import} arrow @returns {string | null} */
function leavesHome({ from, to }) {
  const home = PACKAGE_HOMES.find(({ packages }) => packages.test(to));
  if (home === undefined || home.isHome(from)) return null;
  return `${from} -> ${to}: only ${home.home} may import it`;
}

/** @param {string} path @param {string} text @returns {string | null} */
function namesPlatform(path, text) {
  const name = isPlatformHome(path) ? null : withoutComments(text).match(PLATFORM_TYPES)?.[0];
  const homes = [...PLATFORM_FLOORS, ...LEDGER_PLATFORM_FILES].join(", ");
  return name ? `${path}: names the platform's ${name}; only ${homes} may` : null;
}

/** @param {Import} arrow @returns {string | null} */
function touchesPort({ from, to, typeOnly }) {
  if (!HANDS_ON.includes(floorOf(from)) || !to.startsWith("operations/ports/")) return null;
  if (typeOnly && RENDERED_PORTS.includes(to)) return null;
  return `${from} -> ${to}: ports are for operations; http may import the types of ${RENDERED_PORTS.join(", ")}`;
}

/** @param {string} path @param {string} text @returns {string | null} */
function reachesIntoServices(path, text) {
  if (!HANDS_ON.includes(floorOf(path))) return null;
  const code = withoutComments(text).replace(STATEMENT, "");
  const reach = REACHES_IN.map((pattern) => code.match(pattern)?.[0]).find((match) => match !== undefined);
  return reach ? `${path}: reaches into the services with \`${reach}\`; hand them on to an operation` : null;
}

/** Clients and resource servers may use these files too, so they bring no code along. @param {Import} arrow */
function loadsForWire({ from, to, typeOnly }) {
  return floorOf(from) === "protocol/wire" && !typeOnly ? `${from} -> ${to}: protocol/wire imports types only` : null;
}

/** @param {string} path @param {string} text @param {Import[]} imports @returns {string | null} */
function isBarrel(path, text, imports) {
  if (floorOf(path) === "index" || !imports.some((entry) => entry.reExport)) return null;
  const rest = withoutComments(text).replace(STATEMENT, "").replace(/[;\s]/g, "");
  return rest === "" ? `${path}: only re-exports; import the files themselves` : null;
}

/** @param {Map<string, string[]>} graph @returns {string[]} one line for each cycle found */
function cyclesIn(graph) {
  const found = [];
  const done = new Set();
  const walk = (path, trail) => {
    const at = trail.indexOf(path);
    if (at !== -1) found.push(`cycle: ${[...trail.slice(at), path].join(" -> ")}`);
    if (at !== -1 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

/** @param {Tree} tree @returns {string[]} what is wrong, one line each; empty when every arrow points down */
export function findClimbing(tree) {
  const problems = [];
  const graph = new Map();
  for (const [path, text] of Object.entries(tree)) {
    const imports = importsOf(path, text);
    const own = imports.filter(({ to }) => to in tree);
    const missing = imports.filter(({ to }) => /\.tsx?$/.test(to) && !(to in tree));
    problems.push(...missing.map(({ to }) => `${path} -> ${to}: no such file below src`));
    problems.push(...own.map(climbs), ...imports.map(leavesHome), ...imports.map(loadsForWire));
    problems.push(...own.map(touchesPort));
    problems.push(namesPlatform(path, text), isBarrel(path, text, imports), reachesIntoServices(path, text));
    if (!(floorOf(path) in MAY_IMPORT)) problems.push(`${path}: ${floorOf(path)} is not a floor of this house`);
    graph.set(
      path,
      own.map(({ to }) => to),
    );
  }
  return [...problems.filter((problem) => problem !== null), ...cyclesIn(graph)];
}

/** @param {string} root @returns {Tree} */
function readTree(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => /\.tsx?$/.test(path));
  return Object.fromEntries(
    paths.map((path) => [relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}

// `import.meta.main` is not there on every Node.js that README.md promises.
if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const tree = readTree("src");
  const problems = findClimbing(tree);
  for (const problem of problems) console.error(problem);
  console.log(`${Object.keys(tree).length} files, ${problems.length} arrows that climb`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
