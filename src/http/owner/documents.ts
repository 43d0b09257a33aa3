import { Hono } from "hono";
import type { VersionExpectation } from "../../ledger/change.ts";
import type { Created, Editor, EditServices } from "../../operations/own/edit-policy.ts";
import type { UnderConnection } from "../../operations/ports/connection.ts";
import type { Page } from "../../operations/ports/page.ts";
import { type Receipt, requireStanding } from "../../operations/under-connection.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parsePaging, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { pendingAnswer, renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { authenticateEditor, authenticateTool, parseExpectedVersion, versionTag } from "./tool.ts";

const MAX_BYTES = 256 * 1024;

interface Kept<Document> {
  readonly id: string;
  readonly version: number;
  readonly document: Document;
}

/** How one kind of document is read, written and shown. Policies and groups differ in nothing else. */
export interface DocumentKind<Document> {
  readonly path: "policies" | "groups";
  readonly parse: (input: unknown) => Document;
  readonly render: (kept: Kept<Document>) => object;
  /** The member that names a document. */
  readonly identify: (id: string) => object;
  readonly create: (services: EditServices, editor: Editor, document: Document) => Promise<Created>;
  readonly replace: (services: EditServices, editor: Editor, change: Replacement<Document>) => Promise<Receipt>;
  readonly remove: (services: EditServices, editor: Editor, change: Removal) => Promise<Receipt>;
  readonly read: (services: EditServices, caller: ConnectedCaller, id: string) => Promise<Kept<Document>>;
  readonly list: (
    services: EditServices,
    caller: ConnectedCaller,
    cursor: string | null,
    limit: number,
  ) => Promise<UnderConnection<Page<Kept<Document>>>>;
}

interface Removal {
  readonly id: string;
  readonly expected: VersionExpectation;
}

interface Replacement<Document> extends Removal {
  readonly document: Document;
}

/** The routes of one kind of document of the owner's. */
export function documentRoutes<Document>(kind: DocumentKind<Document>): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", async (c) => {
      const editor = await authenticateEditor(c);
      const document = kind.parse(await readJson(c.req.raw, MAX_BYTES));
      const { id, receipt } = await kind.create(c.var.services, editor, document);
      if (!receipt.recorded) return pendingAnswer(kind.identify(id));
      const location = `${c.var.services.config.issuer}/owner/${kind.path}/${id}`;
      return renderVersion(kind, { id, version: receipt.version, document }, 201, { Location: location });
    })
    .get("/", async (c) => {
      const caller = await authenticateTool(c);
      const { cursor, limit } = parsePaging(c.req.raw);
      const page = requireStanding(await kind.list(c.var.services, caller, cursor, limit));
      return privateJson(renderPage(page, kind.render));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", async (c) => {
      const caller = await authenticateTool(c);
      return renderVersion(kind, await kind.read(c.var.services, caller, idOf(c)));
    })
    .put("/:id", async (c) => {
      const editor = await authenticateEditor(c);
      const id = idOf(c);
      const document = kind.parse(await readJson(c.req.raw, MAX_BYTES));
      const change = { id, document, expected: parseExpectedVersion(c) };
      const receipt = await kind.replace(c.var.services, editor, change);
      if (!receipt.recorded) return pendingAnswer(kind.identify(id));
      return renderVersion(kind, { id, version: receipt.version, document });
    })
    .delete("/:id", async (c) => {
      const editor = await authenticateEditor(c);
      const change = { id: idOf(c), expected: parseExpectedVersion(c) };
      return renderRemoved(await kind.remove(c.var.services, editor, change));
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}

function renderVersion<Document>(
  kind: DocumentKind<Document>,
  kept: Kept<Document>,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return privateJson(kind.render(kept), status, { ...versionTag(kept.version), ...headers });
}
