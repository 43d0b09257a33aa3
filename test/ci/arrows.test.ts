import { describe, expect, it } from "vitest";
import { findClimbing } from "../../.ci/arrows.mjs";

/** A small house that is in order; each case adds one fault, so that the check is known to be able to fail. */
const sound = {
  "index.ts": 'import { app } from "./app.ts";\nexport { Ledger } from "./storage/ledger.ts";\nexport default app;',
  "app.ts":
    'import { Hono } from "hono";\nimport { redeem } from "./operations/redeem.ts";\nexport const app = redeem(new Hono());',
  "operations/redeem.ts":
    'import type { Store } from "./ports.ts";\nimport { decide } from "../policy/decide.ts";\nexport const redeem = decide;',
  "operations/ports.ts": "export interface Store {}",
  "policy/decide.ts": 'import { denied } from "../protocol/error.ts";\nexport const decide = denied;',
  "protocol/error.ts": "export const denied = 1;",
  "storage/ledger.ts":
    'import { DurableObject } from "cloudflare:workers";\nimport type { Store } from "../operations/ports.ts";\nexport class Ledger extends DurableObject implements Store {}',
};

const faults: [string, Record<string, string>, RegExp][] = [
  [
    "a rule that imports an operation",
    { "protocol/ticket.ts": 'import { redeem } from "../operations/redeem.ts";\nexport const t = redeem;' },
    /protocol may not import operations/,
  ],
  [
    "a rule that imports an operation's type",
    { "policy/facts.ts": 'import type { Store } from "../operations/ports.ts";\nexport type T = Store;' },
    /policy may not import operations/,
  ],
  [
    "storage that takes an operation by value",
    { "storage/rows.ts": 'import { redeem } from "../operations/redeem.ts";\nexport const r = redeem;' },
    /`import type` only/,
  ],
  [
    "an import over several lines",
    { "http/token.ts": 'import {\n  Ledger,\n} from "../storage/ledger.ts";\nexport const l = Ledger;' },
    /http may not import storage/,
  ],
  [
    "a dynamic import",
    { "policy/late.ts": 'export const late = () => import("../operations/ports.ts");' },
    /policy may not import operations/,
  ],
  [
    "an import for its effect",
    { "protocol/effect.ts": 'import "../operations/redeem.ts";\nexport const e = 1;' },
    /protocol may not import operations/,
  ],
  [
    "Hono outside http",
    { "operations/route.ts": 'import type { Context } from "hono";\nexport type C = Context;' },
    /hono: only app, http/,
  ],
  [
    "jose outside crypto",
    { "http/jwt.ts": 'import { jwtVerify } from "jose";\nexport const v = jwtVerify;' },
    /only crypto/,
  ],
  [
    "a platform module in the core",
    { "operations/env.ts": 'import { env } from "cloudflare:workers";\nexport const e = env;' },
    /cloudflare:workers/,
  ],
  ["a platform type in the core", { "operations/d1.ts": "export type Database = D1Database;" }, /D1Database/],
  [
    "a cycle of values",
    {
      "policy/a.ts": 'import { b } from "./b.ts";\nexport const a = b;',
      "policy/b.ts": 'import { a } from "./a.ts";\nexport const b = a;',
    },
    /cycle: policy\/a\.ts -> policy\/b\.ts -> policy\/a\.ts/,
  ],
  [
    "a barrel",
    { "policy/all.ts": 'export * from "./decide.ts";\nexport type { T } from "./decide.ts";' },
    /only re-exports/,
  ],
  ["a new floor", { "helpers/strings.ts": "export const s = 1;" }, /helpers is not a floor/],
  [
    "an import from outside src",
    { "http/x.ts": 'import { y } from "../../test/y.ts";\nexport const x = y;' },
    /below src/,
  ],
];

describe("import arrows", () => {
  it("finds nothing in a house that is in order", () => {
    expect(findClimbing(sound)).toEqual([]);
  });

  it.each(faults)("prints %s", (_title, files, message) => {
    const problems = findClimbing({ ...sound, ...files });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it("lets types go round in a circle, and comments say what they like", () => {
    const files = {
      "policy/a.ts": 'import type { B } from "./b.ts";\nexport type A = B[];',
      "policy/b.ts":
        '// import { redeem } from "../operations/redeem.ts";\nimport { type A } from "./a.ts";\nexport type B = A;',
    };
    expect(findClimbing({ ...sound, ...files })).toEqual([]);
  });
});
