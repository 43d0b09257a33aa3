import { type Context, Hono } from "hono";
import type { VersionExpectation } from "../../ledger/change.ts";
import type { Created, Editor } from "../../operations/own/edit-policy.ts";
import { type Reviewed, writeUnlessWarned } from "../../operations/own/write-unless-warned.ts";
import type { Page } from "../../operations/ports/page.ts";
import type { Services } from "../../operations/services.ts";
import { notFound, type Receipt } from "../../operations/under-connection.ts";
import type { ConnectedCaller } from "../../protocol/connection.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { invalidRequest } from "../../shared/error.ts";
import { MAX_DOCUMENT_BODY_BYTES } from "../../shared/limits.ts";
import type { Warning } from "../../shared/warning.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { ConnectedEnv, UsherEnv, UsherHono } from "../context.ts";
import { editorOf } from "../edit.ts";
import { parsePaging, parseQuery, renderPage } from "../paging.ts";
import { idOf } from "../path-id.ts";
import { expectedVersion, versionTag } from "../preconditions.ts";
import { pendingAnswer, renderRemoved } from "../receipt.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";

interface Kept<Document> {
  readonly id: string;
  readonly version: number;
  readonly document: Document;
}

/** How one kind of document is read, written and shown. Policies and groups differ in nothing else. */
interface DocumentKind<Document> {
  readonly path: "policies" | "groups";
  readonly parse: (input: unknown) => Document;
  readonly render: (kept: Kept<Document>) => object;
  /** The member that names a document. */
  readonly identify: (id: string) => object;
  readonly create: (services: Services, editor: Editor, document: Document) => Promise<Created>;
  readonly replace: (services: Services, editor: Editor, change: Replacement<Document>) => Promise<Receipt>;
  readonly remove: (services: Services, editor: Editor, change: Removal) => Promise<Receipt>;
  readonly read: (services: Services, caller: ConnectedCaller, id: string) => Promise<Kept<Document>>;
  /** What its author should look at again. @param now epoch seconds. */
  readonly review: (
    services: Services,
    ownerId: string,
    document: Document,
    now: number,
  ) => Promise<readonly Warning[]>;
  readonly list: (
    services: Services,
    caller: ConnectedCaller,
    cursor: string | null,
    limit: number,
  ) => Promise<Page<Kept<Document>>>;
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
  const ownersTool = protectedBy(POLICY_SCOPE);
  return new Hono<UsherEnv>()
    .post("/", ownersTool, async (c) => {
      const editor = editorOf(c);
      const document = kind.parse(await readJson(c.req.raw, MAX_DOCUMENT_BODY_BYTES));
      const { written, warnings } = await writeReviewed(kind, c, document, () =>
        kind.create(c.var.services, editor, document),
      );
      const { id, receipt } = written;
      if (!receipt.recorded) return pendingAnswer(withWarnings(kind.identify(id), warnings));
      const location = `${c.var.services.config.issuer}/owner/${kind.path}/${id}`;
      return renderVersion(kind, { id, version: receipt.version, document }, warnings, 201, { Location: location });
    })
    .get("/", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const { cursor, limit } = parsePaging(c.req.raw);
      return privateJson(renderPage(await kind.list(services, caller, cursor, limit), kind.render));
    })
    .all("/", onlyMethods("GET", "POST"))
    .get("/:id", ownersTool, async (c) => {
      const { services, caller } = c.var;
      const kept = await kind.read(services, caller, idOf(c.req, notFound));
      return renderVersion(kind, kept, await reviewKept(kind, c, kept.document));
    })
    .put("/:id", ownersTool, async (c) => {
      const editor = editorOf(c);
      const id = idOf(c.req, notFound);
      const document = kind.parse(await readJson(c.req.raw, MAX_DOCUMENT_BODY_BYTES));
      const change = { id, document, expected: await expectedVersion(c.req, versionReader(kind, c, id)) };
      const { written: receipt, warnings } = await writeReviewed(kind, c, document, () =>
        kind.replace(c.var.services, editor, change),
      );
      if (!receipt.recorded) return pendingAnswer(withWarnings(kind.identify(id), warnings));
      return renderVersion(kind, { id, version: receipt.version, document }, warnings);
    })
    .delete("/:id", ownersTool, async (c) => {
      const editor = editorOf(c);
      const id = idOf(c.req, notFound);
      const change = { id, expected: await expectedVersion(c.req, versionReader(kind, c, id)) };
      return renderRemoved(await kind.remove(c.var.services, editor, change));
    })
    .all("/:id", onlyMethods("GET", "PUT", "DELETE"));
}

function versionReader<Document>(
  kind: DocumentKind<Document>,
  { var: { services, caller } }: Context<ConnectedEnv>,
  id: string,
) {
  return async () => (await kind.read(services, caller, id)).version;
}

/** Writes a document as `writeUnlessWarned` does; `?accept=warnings` accepts whatever there is to say of it. */
function writeReviewed<Document, Written>(
  kind: DocumentKind<Document>,
  c: Context<ConnectedEnv>,
  document: Document,
  write: () => Promise<Written>,
): Promise<Reviewed<Written>> {
  const { services, caller } = c.var;
  const accepts = acceptsWarnings(c.req.raw);
  return writeUnlessWarned(services, caller, { accepts, review: () => review(kind, c, document), write });
}

/** @throws ProtocolError invalid_request for any other query. */
function acceptsWarnings(request: Request): boolean {
  const { accept } = parseQuery(request, "accept");
  if (accept === null || accept === "warnings") return accept !== null;
  throw invalidRequest("accept: must be warnings, or left out");
}

function review<Document>(
  kind: DocumentKind<Document>,
  { var: { services, caller, now } }: Context<ConnectedEnv>,
  document: Document,
) {
  return kind.review(services, caller.ownerId, document, now);
}

/** What was right may be so no longer. Of a document that this code cannot read nothing is said (ledger/README.md, rule 10). */
async function reviewKept<Document>(kind: DocumentKind<Document>, c: Context<ConnectedEnv>, document: Document) {
  try {
    kind.parse(document);
  } catch {
    return [];
  }
  return review(kind, c, document);
}

function renderVersion<Document>(
  kind: DocumentKind<Document>,
  kept: Kept<Document>,
  warnings: readonly Warning[],
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return privateJson(withWarnings(kind.render(kept), warnings), status, { ...versionTag(kept.version), ...headers });
}
