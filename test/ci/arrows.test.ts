import { describe, expect, it } from "vitest";
import { findClimbing } from "../../.ci/arrows.mjs";

/** A small house that is in order; each case adds one fault, so that the check is known to be able to fail. */
const sound = {
  "index.ts": 'import { app } from "./app.ts";\nexport { Ledger } from "./storage/ledger.ts";\nexport default app;',
  "app.ts":
    'import { Hono } from "hono";\nimport { routes } from "./http/routes.ts";\nexport const app = routes(new Hono());',
  "http/routes.ts": 'import { redeem } from "../operations/redeem.ts";\nexport const routes = redeem;',
  "operations/redeem.ts":
    'import type { Store } from "./ports.ts";\nimport { decide } from "../policy/evaluation/decide.ts";\nexport const redeem = decide;',
  "operations/ports.ts": "export interface Store {}",
  "policy/evaluation/decide.ts": 'import { denied } from "../../shared/error.ts";\nexport const decide = denied;',
  "protocol/ticket.ts": 'import type { TicketBody } from "./wire/ticket.ts";\nexport type T = TicketBody;',
  "protocol/wire/ticket.ts": "export interface TicketBody {}",
  "shared/error.ts": "export const denied = 1;",
  "storage/ledger.ts":
    'import { DurableObject } from "cloudflare:workers";\nimport type { Store } from "../operations/ports.ts";\nexport class Ledger extends DurableObject implements Store {}',
};

const faults: [string, Record<string, string>, RegExp][] = [
  [
    "a rule that imports an operation",
    { "protocol/late.ts": 'import { redeem } from "../operations/redeem.ts";\nexport const t = redeem;' },
    /protocol may not import operations/,
  ],
  [
    "a rule that imports an operation's type",
    { "policy/language/facts.ts": 'import type { Store } from "../../operations/ports.ts";\nexport type T = Store;' },
    /policy\/language may not import operations/,
  ],
  [
    "the language that knows its evaluation",
    { "policy/language/words.ts": 'import { decide } from "../evaluation/decide.ts";\nexport const w = decide;' },
    /policy\/language may not import policy\/evaluation/,
  ],
  [
    "a wire type that brings code along",
    { "protocol/wire/token.ts": 'import { T } from "./ticket.ts";\nexport const t = T;' },
    /imports types only/,
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
    { "policy/speech/late.ts": 'export const late = () => import("../../operations/ports.ts");' },
    /policy\/speech may not import operations/,
  ],
  [
    "an import for its effect",
    { "protocol/effect.ts": 'import "../operations/redeem.ts";\nexport const e = 1;' },
    /protocol may not import operations/,
  ],
  [
    "a page that knows an operation's type",
    {
      "pages/home.tsx":
        'import type { Store } from "../operations/ports.ts";\nexport const Home = (store: Store) => <p>{store}</p>;',
    },
    /pages may not import operations/,
  ],
  ["markup outside pages", { "http/hello.ts": 'import { jsx } from "hono/jsx";\nexport const h = jsx;' }, /only pages/],
  [
    "a page that is not there",
    { "http/home.ts": 'import { Home } from "../pages/home.tsx";\nexport const h = Home;' },
    /no such file/,
  ],
  [
    "Hono outside http",
    { "operations/route.ts": 'import type { Context } from "hono";\nexport type C = Context;' },
    /hono: only app, http may/,
  ],
  [
    "jose outside crypto",
    { "http/jwt.ts": 'import { jwtVerify } from "jose";\nexport const v = jwtVerify;' },
    /only crypto/,
  ],
  [
    "the library of passkeys outside their file",
    { "crypto/other.ts": 'import { verifyRegistrationResponse } from "@simplewebauthn/server";\nexport const v = 1;' },
    /only crypto\/passkeys.ts/,
  ],
  [
    "the library of passkeys loaded later",
    { "operations/other.ts": 'export const load = () => import("@simplewebauthn/server/helpers");' },
    /only crypto\/passkeys.ts/,
  ],
  [
    "HTTP that asks a port itself",
    { "http/clients.ts": "export const list = (c) => c.var.services.clients.list(null, 50);" },
    /reaches into the services with `services\.clients`/,
  ],
  [
    "HTTP that takes a port out of the services",
    { "http/clients.ts": "export const find = (c) => {\n  const { clients } = c.var.services;\n  return clients;\n};" },
    /reaches into the services/,
  ],
  [
    "HTTP that calls the services by another name",
    { "http/clients.ts": "export const list = (c) => {\n  const all = c.var.services;\n  return all.clients;\n};" },
    /reaches into the services/,
  ],
  [
    "HTTP that is handed the services in parts",
    { "http/clients.ts": "export const find = ({ clients }: Services) => clients.find();" },
    /reaches into the services/,
  ],
  [
    "HTTP that knows a port by type",
    {
      "operations/ports/client.ts": "export interface ClientStore {}",
      "http/clients.ts":
        'import type { ClientStore } from "../operations/ports/client.ts";\nexport type C = ClientStore;',
    },
    /ports are for operations/,
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
      "shared/a.ts": 'import { b } from "./b.ts";\nexport const a = b;',
      "shared/b.ts": 'import { a } from "./a.ts";\nexport const b = a;',
    },
    /cycle: shared\/a\.ts -> shared\/b\.ts -> shared\/a\.ts/,
  ],
  [
    "a cycle of types",
    {
      "shared/a.ts": 'import type { B } from "./b.ts";\nexport type A = B[];',
      "shared/b.ts": 'import { type A } from "./a.ts";\nexport type B = A;',
    },
    /cycle: shared\/a\.ts -> shared\/b\.ts -> shared\/a\.ts/,
  ],
  [
    "a barrel",
    { "policy/evaluation/all.ts": 'export * from "./decide.ts";\nexport type { T } from "./decide.ts";' },
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

  it("lets HTTP render what a port gives, hand the services on and read the issuer", () => {
    const files = {
      "operations/ports/page.ts": "export interface Page {}",
      "http/list.ts":
        'import type { Page } from "../operations/ports/page.ts";\nexport const list = ({ services, now }): Page => redeem(services, now, services.config.issuer, services.isOutage);',
    };
    expect(findClimbing({ ...sound, ...files })).toEqual([]);
  });

  it("lets comments say what they like", () => {
    const files = { "shared/a.ts": '// import { redeem } from "../operations/redeem.ts";\nexport type A = 1;' };
    expect(findClimbing({ ...sound, ...files })).toEqual([]);
  });
});
