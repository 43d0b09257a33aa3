import { gzipSync } from "node:zlib";
import type { Dice } from "./dice.ts";
import { encodeBody, type Shot, type ShotBody } from "./shot.ts";
import type { Stock } from "./stock.ts";

/** Texts over which parsers trip. */
const ODD_TEXTS = [
  "",
  " ",
  "null",
  "undefined",
  "true",
  "0",
  "-1",
  "1e999",
  "9007199254740993",
  "__proto__",
  "constructor",
  "toString",
  "..",
  "../../admin",
  "%",
  "%00",
  "%zz",
  "%ED%A0%80",
  "\u0000",
  "\ud800",
  "\ufeff",
  "\u202e",
  "e\u0301",
  "😀",
  "İ",
  "a\r\nSet-Cookie: x=y",
  "a\nb",
  "' OR 1=1 --",
  "'); DROP TABLE clients; --",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "*",
  '"',
  "\\",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "http://127.0.0.1:1/",
  "https://[::1]/",
  "https://169.254.169.254/latest/meta-data",
  "//evil.example",
  "eyJhbGciOiJub25lIn0.e30.",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA",
  "a.b.c",
  "a.b.c.d.e",
  "urn:ietf:params:oauth:request_uri:",
  "[]",
  "{}",
  "x".repeat(300),
  "x".repeat(9_000),
  "é".repeat(3_000),
];

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  [],
  {},
  [[[[]]]],
  [null],
  { "": "" },
  { toJSON: 1, constructor: { prototype: 1 } },
  "",
];

const ODD_NAMES = [
  "__proto__",
  "constructor",
  "",
  "a".repeat(300),
  "toString",
  "é",
  "a.b",
  "a[b]",
  "\u0000",
  "name#fr",
];

const MEDIA_TYPES = [
  "",
  "application/json",
  "application/x-www-form-urlencoded",
  "application/json; charset=utf-16",
  "APPLICATION/JSON",
  "text/plain",
  "text/json",
  "multipart/form-data; boundary=x",
  "application/merge-patch+json",
  "application/xml",
  "a",
  ";",
];

/** Those that the runtime knows: it answers others itself. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "TRACE", "SEARCH", "PURGE"];

/** Headers that mean something somewhere. */
const HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ["If-Match", ["*", '"1"', '"0"', "1", 'W/"1", "2"', '"x"', ""]],
  ["If-None-Match", ["*", '"1"', "nonsense"]],
  ["Idempotency-Key", ["k", "é", "a b", "x".repeat(300)]],
  ["X-Request-ID", ["short", "x".repeat(128), "a b c d e f g h", "\u0000"]],
  ["DPoP", ["", "x", "a.b.c", "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.AAAA"]],
  ["Origin", ["https://evil.example", "null", ""]],
  ["Accept", ["text/html", "application/json", "application/jwt", "*/*;q=x", "application/token-introspection+jwt"]],
  ["Accept-Language", ["de", "xx;q=9", "a".repeat(2_000)]],
  ["CF-Connecting-IP", ["", "::1", "x", "999.1.1.1"]],
  ["CF-IPCountry", ["DE", "XX", "", "?"]],
  ["Cookie", ["__Host-session=x", "__Host-visit=%", "a", "=;;;", `__Host-session=${"x".repeat(3_000)}`]],
  ["Content-Encoding", ["gzip", "br", "identity"]],
  ["Expect", ["x"]],
  ["Range", ["bytes=0-1"]],
  ["X-Forwarded-Host", ["evil.example"]],
  ["X-HTTP-Method-Override", ["DELETE"]],
  ["Sec-Fetch-Dest", ["image", "iframe"]],
  ["Sec-Fetch-Site", ["cross-site"]],
  ["Upgrade", ["websocket"]],
  ["X-Client-Cert", ["x"]],
];

type Mutation = (shot: Shot, dice: Dice, stock: Stock) => void;

/** A text that is almost this one, or quite another. */
export function oddText(text: string, dice: Dice, stock: Stock): string {
  const at = dice.below(text.length + 1);
  switch (dice.below(9)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + dice.pick([..."aZ0-_.~%é "]) + text.slice(at + 1);
    case 2:
      return text + dice.pick([...".=a \n"]);
    case 3:
      return text.toUpperCase();
    case 4:
      return text + text;
    case 5:
      return [...text].reverse().join("");
    case 6:
      return stock.takeAny(dice);
    default:
      return dice.pick(ODD_TEXTS);
  }
}

const onPath: Mutation = (shot, dice, stock) => {
  const segments = shot.path.split("/");
  const at = 1 + dice.below(Math.max(1, segments.length - 1));
  switch (dice.below(6)) {
    case 0:
      segments[at] = safely(oddText(decoded(segments[at] ?? ""), dice, stock));
      break;
    case 1:
      segments.push("");
      break;
    case 2:
      segments.splice(at, 0, "");
      break;
    case 3:
      segments.push(safely(dice.pick(ODD_TEXTS)));
      break;
    case 4:
      segments[at] = dice.pick(["%00", "%2e%2e", "%FF", "%ED%A0%80", "a%2Fb", ";x=y", ":id", "*", "%", "."]);
      break;
    default:
      segments[at] = (segments[at] ?? "").toUpperCase();
  }
  shot.path = segments.join("/") || "/";
};

const onQuery: Mutation = (shot, dice, stock) => {
  const [name, value] = dice.pick<[string, string]>([...shot.query, ["limit", "1"], ["cursor", "x"], ["x", "y"]]);
  shot.query.push(
    dice.chance(0.3)
      ? [oddText(name, dice, stock), value]
      : [name, dice.chance(0.3) ? value : oddText(value, dice, stock)],
  );
};

const onHeaders: Mutation = (shot, dice, stock) => {
  const [name, values] = dice.pick(HEADERS);
  const value = dice.chance(0.8) ? dice.pick(values) : oddText(dice.pick(values), dice, stock);
  shot.headers.push([name, value]);
};

const onCredentials: Mutation = (shot, dice, stock) => {
  const at = shot.headers.findIndex(([name]) => name === "Authorization");
  const [, value = "Bearer x"] = shot.headers[at] ?? [];
  const [scheme = "", credentials = ""] = value.split(" ");
  const made = dice.pick([
    () => `${scheme} ${oddText(credentials, dice, stock)}`,
    () => `${dice.pick(["Bearer", "Basic", "DPoP", "bearer", "Digest", ""])} ${credentials}`,
    () => `Bearer ${stock.takeAny(dice)}`,
    () => `Basic ${Buffer.from(`${stock.takeAny(dice)}:${stock.takeAny(dice)}`).toString("base64")}`,
    () => oddText(value, dice, stock),
  ])();
  if (at === -1 || dice.chance(0.1)) shot.headers.push(["Authorization", made]);
  else shot.headers[at] = ["Authorization", made];
};

const onMethod: Mutation = (shot, dice) => {
  shot.method = dice.pick(METHODS);
};

const onType: Mutation = (shot, dice) => {
  const { bytes } = encodeBody(shot.body) ?? { bytes: Buffer.from("x") };
  shot.body = { kind: "raw", type: dice.pick(MEDIA_TYPES), bytes };
};

const onBytes: Mutation = (shot, dice) => {
  const { type, bytes } = encodeBody(shot.body) ?? { type: "application/json", bytes: Buffer.from("{}") };
  const at = dice.below(bytes.length + 1);
  const made = dice.pick([
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.from([dice.below(256)]), bytes.subarray(at)]),
    () => Buffer.concat([Buffer.from("\ufeff"), bytes]),
    () => Buffer.concat([bytes, bytes]),
    () => gzipSync(bytes),
    () => Buffer.from(bytes.toString("utf8"), "utf16le"),
    () => Buffer.alloc(70_000, "x"),
    () => Buffer.from("[".repeat(5_000)),
    () => Buffer.from(`{"a":${"[".repeat(300)}1${"]".repeat(300)}}`),
    () => Buffer.from(`${"&".repeat(2_000)}a=b`),
    () => Buffer.alloc(dice.chance(0.05) ? 3_000_000 : 200_000, "a=b&"),
    () => Buffer.alloc(0),
  ])();
  shot.body = { kind: "raw", type, bytes: made };
};

const onBody: Mutation = (shot, dice, stock) => {
  const { body } = shot;
  if (body === null) shot.body = { kind: "json", type: "application/json", value: dice.pick(ODD_VALUES) };
  else if (body.kind === "json") body.value = mutateValue(body.value, dice, stock);
  else if (body.kind === "form") mutateForm(body, dice, stock);
};

function mutateForm(form: Extract<ShotBody, { kind: "form" }>, dice: Dice, stock: Stock): void {
  const at = dice.below(Math.max(1, form.pairs.length));
  const [name, value] = form.pairs[at] ?? ["grant_type", ""];
  switch (dice.below(6)) {
    case 0:
      form.pairs.splice(at, 1);
      break;
    case 1:
      form.pairs.push([name, value]);
      break;
    case 2:
      form.pairs.push([dice.pick(ODD_NAMES), dice.pick(ODD_TEXTS)]);
      break;
    case 3:
      form.pairs[at] = [name, stock.takeAny(dice)];
      break;
    default:
      form.pairs[at] = [name, oddText(value, dice, stock)];
  }
}

/** The same value with something changed in it, somewhere. */
function mutateValue(value: unknown, dice: Dice, stock: Stock): unknown {
  if (typeof value === "string" && dice.chance(0.7)) return oddText(value, dice, stock);
  if (typeof value !== "object" || value === null || dice.chance(0.15)) return dice.pick(ODD_VALUES);
  if (Array.isArray(value)) {
    const list = [...value];
    const at = dice.below(list.length + 1);
    if (dice.chance(0.1)) return Array.from({ length: 600 }, () => list[0] ?? "x");
    if (at === list.length || dice.chance(0.2)) list.push(dice.pick(ODD_VALUES));
    else list[at] = mutateValue(list[at], dice, stock);
    return list;
  }
  return mutateObject(Object.entries(value), dice, stock);
}

function mutateObject(members: [string, unknown][], dice: Dice, stock: Stock): object {
  const at = dice.below(Math.max(1, members.length));
  const [name, value] = members[at] ?? ["x", "y"];
  switch (dice.below(6)) {
    case 0:
      members.splice(at, 1);
      break;
    case 1:
      members.push([dice.pick(ODD_NAMES), dice.pick(ODD_VALUES)]);
      break;
    case 2:
      members[at] = [oddText(name, dice, stock), value];
      break;
    default:
      members[at] = [name, mutateValue(value, dice, stock)];
  }
  return Object.fromEntries(members);
}

/** By how often they are drawn: what gets furthest is what is almost right. */
const MUTATIONS: readonly Mutation[] = [
  onBody,
  onBody,
  onBody,
  onBody,
  onPath,
  onPath,
  onQuery,
  onHeaders,
  onHeaders,
  onCredentials,
  onMethod,
  onType,
  onBytes,
];

/** Makes a request wrong in one way, or in a few. */
export function mutate(shot: Shot, dice: Dice, stock: Stock): void {
  const times = dice.chance(0.7) ? 1 : 2 + dice.below(3);
  for (let time = 0; time < times; time += 1) dice.pick(MUTATIONS)(shot, dice, stock);
}

/** Whoever calls is nobody, or somebody whom nobody knows. */
export function makeStrange(shot: Shot, dice: Dice, stock: Stock): void {
  shot.headers = shot.headers.filter(([name]) => name !== "Authorization" && name !== "Cookie");
  if (dice.chance(0.3)) return;
  const credentials = oddText(dice.word(43), dice, stock);
  shot.headers.push(["Authorization", dice.chance(0.5) ? `Bearer ${credentials}` : `Basic ${credentials}`]);
}

/** A path segment that Node agrees to send. */
function safely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
