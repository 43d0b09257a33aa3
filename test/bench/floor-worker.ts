/**
 * What the platform itself costs. Under `/hops` each route makes the hops that its counterpart in Usher cannot do without,
 * with statements of the same shape, and nothing else. Under `/floor` it also does the least work that there is: it reads
 * the request, authenticates, opens, seals and signs (floor-work.ts), but decides nothing. Usher's rates are read as a
 * share of these, because absolute rates say more about the machine than about the server.
 */
import { DurableObject } from "cloudflare:workers";
import { authenticateClient, isKnownToken, open, readForm, seal, sign } from "./floor-work.ts";

interface FloorEnv {
  readonly DB: D1Database;
  readonly LEDGER: DurableObjectNamespace<FloorLedgerObject>;
}

/** The ledger's own tables for a redemption, column by column: src/ledger/. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS spent (
    ticket_id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL, client_id TEXT NOT NULL, at INTEGER NOT NULL,
    reply TEXT NOT NULL, replays INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY, client_id TEXT NOT NULL, resource_server_id TEXT NOT NULL, rpt_format TEXT NOT NULL,
    party_reference TEXT NOT NULL, permissions TEXT NOT NULL, judged INTEGER NOT NULL, sealed_claims TEXT,
    token_lifetime INTEGER NOT NULL, created_at INTEGER NOT NULL, refresh_generation INTEGER, refresh_attempt TEXT,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS grants_by_end ON grants (expires_at);
  CREATE TABLE IF NOT EXISTS activity (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, client_id TEXT, party_reference TEXT,
    detail TEXT NOT NULL
  ) STRICT`;

const SPEND = "INSERT INTO spent VALUES (?, ?, 'client', ?, ?, 0)";
const GRANT = "INSERT INTO grants VALUES (?, 'client', 'rs', 'jwt', 'party', ?, 0, NULL, 300, ?, NULL, NULL, ?)";
const LOG = "INSERT INTO activity (at, kind, client_id, party_reference, detail) VALUES (?, 'granted', 'client', ?, ?)";

/** About what one permission takes in the reply, the grant and the log. */
const PERMISSIONS = JSON.stringify([{ resource_id: "r".repeat(22), resource_scopes: ["view"], exp: 1_800_000_000 }]);
const REPLY = JSON.stringify({ outcome: "granted", rpt: { grantId: "g".repeat(22), permissions: PERMISSIONS } });

export class FloorLedgerObject extends DurableObject<FloorEnv> {
  constructor(state: DurableObjectState, env: FloorEnv) {
    super(state, env);
    this.ctx.storage.sql.exec(TABLES);
  }

  /** A redemption: the ticket is spent, a grant and a line of the activity log are written. */
  redeem(id: string): void {
    const now = Math.floor(Date.now() / 1_000);
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      sql.exec(SPEND, id, id, now, REPLY);
      sql.exec(GRANT, id, PERMISSIONS, now, now + 300);
      sql.exec(LOG, now, "party", PERMISSIONS);
    });
  }

  /** An introspection: the grant is read by its key. */
  introspect(id: string): number {
    return this.ctx.storage.sql.exec("SELECT * FROM grants WHERE id = ?", id).toArray().length;
  }
}

const hops: Readonly<Record<string, (env: FloorEnv) => Promise<unknown>>> = {
  "/hello": async () => "hello",
  "/hops/permission": async ({ DB }) => {
    const ids = DB.prepare("SELECT id, owner_id FROM floor_resources WHERE id IN (SELECT value FROM json_each(?))");
    const standing = DB.prepare("SELECT generation FROM floor_connections WHERE owner_id = ? AND client_id = ?");
    const answers = await DB.batch([ids.bind('["known"]'), standing.bind("owner", "client")]);
    return answers.length;
  },
  "/hops/redemption": ({ LEDGER }) => LEDGER.getByName("owner").redeem(crypto.randomUUID()),
  "/hops/introspection": ({ LEDGER }) => LEDGER.getByName("owner").introspect("known"),
};

const TICKET = [
  "t".repeat(22),
  "p".repeat(22),
  "owner",
  "rs",
  "c".repeat(22),
  [["r".repeat(22), "view"]],
  1_800_000_000,
];
const LOCATOR = ["owner", "g".repeat(22), "c".repeat(22), 1_800_000_000, 1_800_000_300];

const floors: Readonly<Record<string, (env: FloorEnv, request: Request) => Promise<unknown>>> = {
  "/floor/permission": async (_env, request) => {
    const asked = await request.json();
    return (await isKnownToken(request)) && asked !== null ? { ticket: await seal(TICKET) } : null;
  },
  "/floor/redemption": async ({ LEDGER }, request) => {
    const form = await readForm(request);
    if (!(await authenticateClient(request))) return null;
    await open(form.get("ticket") ?? "");
    await LEDGER.getByName("owner").redeem(crypto.randomUUID());
    const claims = { iss: "floor", sub: "party", aud: "rs", iat: 1_800_000_000, permissions: PERMISSIONS };
    return { access_token: await sign({ ...claims, jti: await seal(LOCATOR) }), token_type: "Bearer", expires_in: 300 };
  },
  "/floor/introspection": async ({ LEDGER }, request) => {
    const form = await readForm(request);
    if (!(await isKnownToken(request))) return null;
    await open(form.get("token") ?? "");
    const found = await LEDGER.getByName("owner").introspect("known");
    return { active: found > 0, permissions: PERMISSIONS };
  },
  /** Something that opens. */
  "/sealed": () => seal(TICKET),
};

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = floors[pathname] ?? hops[pathname];
    const answer = route === undefined ? null : await route(env, request);
    return answer === null ? new Response(null, { status: 404 }) : Response.json({ answer });
  },
} satisfies ExportedHandler<FloorEnv>;
